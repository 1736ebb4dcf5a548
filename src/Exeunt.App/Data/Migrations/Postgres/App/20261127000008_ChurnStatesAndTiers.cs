using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Postgres.App
{
    /// <inheritdoc />
    public partial class ChurnStatesAndTiers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "churn_changes",
                columns: table => new
                {
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    on = table.Column<DateOnly>(type: "date", nullable: false),
                    from = table.Column<short>(type: "smallint", maxLength: 40, nullable: true),
                    to = table.Column<short>(type: "smallint", maxLength: 40, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_churn_changes", x => new { x.customer_id, x.on });
                });

            migrationBuilder.CreateTable(
                name: "churn_states",
                columns: table => new
                {
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    state = table.Column<short>(type: "smallint", maxLength: 40, nullable: false),
                    is_intermittent = table.Column<bool>(type: "boolean", nullable: false),
                    since = table.Column<DateOnly>(type: "date", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_churn_states", x => x.customer_id);
                });

            migrationBuilder.CreateTable(
                name: "tier_changes",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    serial = table.Column<long>(type: "bigint", nullable: false),
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    from = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    to = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    codes = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    text_id = table.Column<Guid>(type: "uuid", nullable: false),
                    proposed_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    proposed_on = table.Column<DateOnly>(type: "date", nullable: false),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    decided_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    decided_on = table.Column<DateOnly>(type: "date", nullable: true),
                    review_on = table.Column<DateOnly>(type: "date", nullable: true),
                    is_told = table.Column<bool>(type: "boolean", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tier_changes", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_churn_states_state_customer_id",
                table: "churn_states",
                columns: new[] { "state", "customer_id" });

            migrationBuilder.CreateIndex(
                name: "IX_tier_changes_customer_id",
                table: "tier_changes",
                column: "customer_id");

            migrationBuilder.CreateIndex(
                name: "IX_tier_changes_serial",
                table: "tier_changes",
                column: "serial",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_tier_changes_state_review_on",
                table: "tier_changes",
                columns: new[] { "state", "review_on" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "churn_changes");

            migrationBuilder.DropTable(
                name: "churn_states");

            migrationBuilder.DropTable(
                name: "tier_changes");
        }
    }
}
