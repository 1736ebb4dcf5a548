using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Exeunt.App.Data.Migrations.Postgres.App
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
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateTable(
                name: "step_times",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    case_id = table.Column<Guid>(type: "uuid", nullable: false),
                    procedure = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    step = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    unit_id = table.Column<int>(type: "integer", nullable: true),
                    month = table.Column<int>(type: "integer", nullable: false),
                    started_at = table.Column<long>(type: "bigint", nullable: false),
                    ended_at = table.Column<long>(type: "bigint", nullable: true),
                    due_at = table.Column<long>(type: "bigint", nullable: true),
                    how = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    late = table.Column<bool>(type: "boolean", nullable: false),
                    escalated = table.Column<int>(type: "integer", nullable: false),
                    elapsed = table.Column<long>(type: "bigint", nullable: false),
                    for_customer = table.Column<long>(type: "bigint", nullable: false),
                    for_staff = table.Column<long>(type: "bigint", nullable: false),
                    for_system = table.Column<long>(type: "bigint", nullable: false),
                    for_date = table.Column<long>(type: "bigint", nullable: false),
                    stopped = table.Column<long>(type: "bigint", nullable: false)
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
