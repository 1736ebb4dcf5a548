using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Postgres.App
{
    /// <inheritdoc />
    public partial class Classes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "class_changes",
                columns: table => new
                {
                    scheme_id = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    on = table.Column<DateOnly>(type: "date", nullable: false),
                    from = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    to = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_class_changes", x => new { x.scheme_id, x.customer_id, x.on });
                });

            migrationBuilder.CreateTable(
                name: "class_members",
                columns: table => new
                {
                    scheme_id = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    @class = table.Column<string>(name: "class", type: "character varying(40)", maxLength: 40, nullable: false),
                    scheme_version = table.Column<int>(type: "integer", nullable: false),
                    since = table.Column<DateOnly>(type: "date", nullable: false),
                    revision = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_class_members", x => new { x.scheme_id, x.customer_id });
                });

            migrationBuilder.CreateTable(
                name: "class_runs",
                columns: table => new
                {
                    run_id = table.Column<Guid>(type: "uuid", nullable: false),
                    scheme_id = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    scheme_version = table.Column<int>(type: "integer", nullable: false),
                    cuts = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_class_runs", x => new { x.run_id, x.scheme_id });
                });

            migrationBuilder.CreateTable(
                name: "class_tasks",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    scheme_id = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    scheme_version = table.Column<int>(type: "integer", nullable: false),
                    @class = table.Column<string>(name: "class", type: "character varying(40)", maxLength: 40, nullable: false),
                    step = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    due_on = table.Column<DateOnly>(type: "date", nullable: false),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    skipped = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    closed_on = table.Column<DateOnly>(type: "date", nullable: true),
                    closed_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    revision = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_class_tasks", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_class_changes_customer_id",
                table: "class_changes",
                column: "customer_id");

            migrationBuilder.CreateIndex(
                name: "IX_class_members_customer_id",
                table: "class_members",
                column: "customer_id");

            migrationBuilder.CreateIndex(
                name: "IX_class_members_scheme_id_class_customer_id",
                table: "class_members",
                columns: new[] { "scheme_id", "class", "customer_id" });

            migrationBuilder.CreateIndex(
                name: "IX_class_tasks_customer_id",
                table: "class_tasks",
                column: "customer_id");

            migrationBuilder.CreateIndex(
                name: "IX_class_tasks_customer_id_scheme_id_class_step",
                table: "class_tasks",
                columns: new[] { "customer_id", "scheme_id", "class", "step" },
                unique: true,
                filter: "state = 'Open'");

            migrationBuilder.CreateIndex(
                name: "IX_class_tasks_state_due_on_id",
                table: "class_tasks",
                columns: new[] { "state", "due_on", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "class_changes");

            migrationBuilder.DropTable(
                name: "class_members");

            migrationBuilder.DropTable(
                name: "class_runs");

            migrationBuilder.DropTable(
                name: "class_tasks");
        }
    }
}
