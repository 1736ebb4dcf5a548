using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Sqlite.App
{
    /// <inheritdoc />
    public partial class StepTimes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "counted_until",
                table: "cases",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateTable(
                name: "step_times",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    case_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    procedure = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    step = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    unit_id = table.Column<int>(type: "INTEGER", nullable: true),
                    month = table.Column<int>(type: "INTEGER", nullable: false),
                    started_at = table.Column<long>(type: "INTEGER", nullable: false),
                    ended_at = table.Column<long>(type: "INTEGER", nullable: true),
                    due_at = table.Column<long>(type: "INTEGER", nullable: true),
                    how = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    late = table.Column<bool>(type: "INTEGER", nullable: false),
                    escalated = table.Column<int>(type: "INTEGER", nullable: false),
                    elapsed = table.Column<long>(type: "INTEGER", nullable: false),
                    for_customer = table.Column<long>(type: "INTEGER", nullable: false),
                    for_staff = table.Column<long>(type: "INTEGER", nullable: false),
                    for_system = table.Column<long>(type: "INTEGER", nullable: false),
                    for_date = table.Column<long>(type: "INTEGER", nullable: false),
                    stopped = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_step_times", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_step_times_case_id",
                table: "step_times",
                column: "case_id");

            migrationBuilder.CreateIndex(
                name: "IX_step_times_procedure_month_step_how_unit_id_elapsed",
                table: "step_times",
                columns: new[] { "procedure", "month", "step", "how", "unit_id", "elapsed" });

            migrationBuilder.CreateIndex(
                name: "IX_step_times_step_month_how_procedure_unit_id_elapsed",
                table: "step_times",
                columns: new[] { "step", "month", "how", "procedure", "unit_id", "elapsed" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "step_times");

            migrationBuilder.DropColumn(
                name: "counted_until",
                table: "cases");
        }
    }
}
