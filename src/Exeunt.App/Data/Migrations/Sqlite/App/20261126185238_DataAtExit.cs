using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Sqlite.App
{
    /// <inheritdoc />
    public partial class DataAtExit : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "objected_at",
                table: "customers",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "restricted_at",
                table: "customers",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "changed_at",
                table: "certificates",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "changed_by",
                table: "certificates",
                type: "TEXT",
                maxLength: 80,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "kind",
                table: "certificates",
                type: "TEXT",
                maxLength: 40,
                nullable: false,
                defaultValue: "Termination");

            migrationBuilder.AddColumn<string>(
                name: "reason",
                table: "certificates",
                type: "TEXT",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "superseded_by",
                table: "certificates",
                type: "TEXT",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "version",
                table: "certificates",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "anonymous_months",
                columns: table => new
                {
                    unit_id = table.Column<int>(type: "INTEGER", nullable: false),
                    currency = table.Column<string>(type: "TEXT", maxLength: 3, nullable: false),
                    month = table.Column<string>(type: "TEXT", maxLength: 7, nullable: false),
                    ordered = table.Column<long>(type: "INTEGER", nullable: false),
                    returned = table.Column<long>(type: "INTEGER", nullable: false),
                    adjusted = table.Column<long>(type: "INTEGER", nullable: false),
                    orders = table.Column<long>(type: "INTEGER", nullable: false),
                    customers = table.Column<int>(type: "INTEGER", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_anonymous_months", x => new { x.unit_id, x.currency, x.month });
                });

            migrationBuilder.CreateTable(
                name: "data_requests",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    serial = table.Column<long>(type: "INTEGER", nullable: false),
                    number = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    customer_id = table.Column<long>(type: "INTEGER", nullable: false),
                    case_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    proof = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    law = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    received_at = table.Column<long>(type: "INTEGER", nullable: false),
                    received_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    due_on = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    receipt_by = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    extendable_until = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    extended_at = table.Column<long>(type: "INTEGER", nullable: true),
                    text_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    extension_reason = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    result = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    decided_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    decided_at = table.Column<long>(type: "INTEGER", nullable: true),
                    reminded_at = table.Column<long>(type: "INTEGER", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_data_requests", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "legal_holds",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    customer_id = table.Column<long>(type: "INTEGER", nullable: false),
                    case_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    reason = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    placed_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    placed_at = table.Column<long>(type: "INTEGER", nullable: false),
                    lift_asked_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    lift_asked_as = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    lifted_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    lifted_at = table.Column<long>(type: "INTEGER", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_legal_holds", x => x.id);
                    table.CheckConstraint("hold_is_lifted_by_two", "lifted_by IS NULL OR lifted_by <> lift_asked_by");
                });

            migrationBuilder.CreateTable(
                name: "retained",
                columns: table => new
                {
                    customer_id = table.Column<long>(type: "INTEGER", nullable: false),
                    category = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    case_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    outcome = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    until = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    rule = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    done_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_retained", x => new { x.customer_id, x.category });
                });

            migrationBuilder.CreateIndex(
                name: "IX_data_requests_customer_id",
                table: "data_requests",
                column: "customer_id");

            migrationBuilder.CreateIndex(
                name: "IX_data_requests_serial",
                table: "data_requests",
                column: "serial",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_data_requests_state_due_on",
                table: "data_requests",
                columns: new[] { "state", "due_on" });

            migrationBuilder.CreateIndex(
                name: "IX_legal_holds_customer_id",
                table: "legal_holds",
                column: "customer_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "anonymous_months");

            migrationBuilder.DropTable(
                name: "data_requests");

            migrationBuilder.DropTable(
                name: "legal_holds");

            migrationBuilder.DropTable(
                name: "retained");

            migrationBuilder.DropColumn(
                name: "objected_at",
                table: "customers");

            migrationBuilder.DropColumn(
                name: "restricted_at",
                table: "customers");

            migrationBuilder.DropColumn(
                name: "changed_at",
                table: "certificates");

            migrationBuilder.DropColumn(
                name: "changed_by",
                table: "certificates");

            migrationBuilder.DropColumn(
                name: "kind",
                table: "certificates");

            migrationBuilder.DropColumn(
                name: "reason",
                table: "certificates");

            migrationBuilder.DropColumn(
                name: "superseded_by",
                table: "certificates");

            migrationBuilder.DropColumn(
                name: "version",
                table: "certificates");
        }
    }
}
