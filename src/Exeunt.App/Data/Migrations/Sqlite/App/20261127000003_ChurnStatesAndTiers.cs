using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Sqlite.App
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
                    customer_id = table.Column<long>(type: "INTEGER", nullable: false),
                    on = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    from = table.Column<short>(type: "INTEGER", maxLength: 40, nullable: true),
                    to = table.Column<short>(type: "INTEGER", maxLength: 40, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_churn_changes", x => new { x.customer_id, x.on });
                });

            migrationBuilder.CreateTable(
                name: "churn_states",
                columns: table => new
                {
                    customer_id = table.Column<long>(type: "INTEGER", nullable: false),
                    state = table.Column<short>(type: "INTEGER", maxLength: 40, nullable: false),
                    is_intermittent = table.Column<bool>(type: "INTEGER", nullable: false),
                    since = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_churn_states", x => x.customer_id);
                });

            migrationBuilder.CreateTable(
                name: "tier_changes",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    serial = table.Column<long>(type: "INTEGER", nullable: false),
                    customer_id = table.Column<long>(type: "INTEGER", nullable: false),
                    from = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    to = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    codes = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    text_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    proposed_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    proposed_on = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    decided_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    decided_on = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    review_on = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    is_told = table.Column<bool>(type: "INTEGER", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
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
