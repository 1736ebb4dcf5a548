using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Sqlite.App
{
    /// <inheritdoc />
    public partial class SettleMoney : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "calendar_days");

            migrationBuilder.DropTable(
                name: "reviews");

            migrationBuilder.DropTable(
                name: "rule_packs");

            migrationBuilder.DropIndex(
                name: "IX_payment_orders_case_id_direction",
                table: "payment_orders");

            migrationBuilder.DropColumn(
                name: "offer_forbidden_by",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "rule_packs",
                table: "cases");

            migrationBuilder.AlterColumn<byte[]>(
                name: "case_id",
                table: "postings",
                type: "BLOB",
                nullable: true,
                oldClrType: typeof(byte[]),
                oldType: "BLOB");

            migrationBuilder.AddColumn<string>(
                name: "cause",
                table: "postings",
                type: "TEXT",
                maxLength: 20,
                nullable: false,
                defaultValue: "settlement");

            migrationBuilder.AddColumn<long>(
                name: "cost",
                table: "payment_orders",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "interest",
                table: "payment_orders",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "number",
                table: "payment_orders",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "purpose",
                table: "payment_orders",
                type: "TEXT",
                maxLength: 40,
                nullable: false,
                defaultValue: "Settlement");

            migrationBuilder.AddColumn<byte[]>(
                name: "file_id",
                table: "bank_lines",
                type: "BLOB",
                nullable: false,
                defaultValue: new byte[0]);

            migrationBuilder.AddColumn<int>(
                name: "number",
                table: "bank_lines",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "reason",
                table: "bank_lines",
                type: "TEXT",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "resolved_at",
                table: "bank_lines",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "resolved_by",
                table: "bank_lines",
                type: "TEXT",
                maxLength: 80,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "state",
                table: "bank_lines",
                type: "TEXT",
                maxLength: 40,
                nullable: false,
                defaultValue: "Open");

            migrationBuilder.AddColumn<int>(
                name: "version",
                table: "bank_lines",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "why",
                table: "bank_lines",
                type: "TEXT",
                maxLength: 20,
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "words",
                table: "bank_lines",
                type: "BLOB",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "bank_files",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    sha256 = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    read_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    read_at = table.Column<long>(type: "INTEGER", nullable: false),
                    lines = table.Column<int>(type: "INTEGER", nullable: false),
                    known = table.Column<int>(type: "INTEGER", nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    closed_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    closed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_bank_files", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "instalment_plans",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    order_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    case_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    price = table.Column<long>(type: "INTEGER", nullable: false),
                    currency = table.Column<string>(type: "TEXT", maxLength: 3, nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    made_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    made_at = table.Column<long>(type: "INTEGER", nullable: false),
                    demanded_on = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_instalment_plans", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "instalments",
                columns: table => new
                {
                    plan_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    due_on = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    amount = table.Column<long>(type: "INTEGER", nullable: false),
                    paid = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_instalments", x => new { x.plan_id, x.number });
                    table.CheckConstraint("instalment_is_not_overpaid", "paid >= 0 AND paid <= amount");
                });

            migrationBuilder.CreateTable(
                name: "payment_allocations",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    line_key = table.Column<byte[]>(type: "BLOB", nullable: false),
                    order_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    case_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    booked_on = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    currency = table.Column<string>(type: "TEXT", maxLength: 3, nullable: false),
                    cost = table.Column<long>(type: "INTEGER", nullable: false),
                    interest = table.Column<long>(type: "INTEGER", nullable: false),
                    principal = table.Column<long>(type: "INTEGER", nullable: false),
                    unapplied = table.Column<long>(type: "INTEGER", nullable: false),
                    entry_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_payment_allocations", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "red_letters",
                columns: table => new
                {
                    case_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    code = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    net = table.Column<long>(type: "INTEGER", nullable: false),
                    vat = table.Column<long>(type: "INTEGER", nullable: false),
                    currency = table.Column<string>(type: "TEXT", maxLength: 3, nullable: false),
                    tax_code = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    tax_rate = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    decided_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    decided_at = table.Column<long>(type: "INTEGER", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_red_letters", x => new { x.case_id, x.code });
                });

            migrationBuilder.CreateTable(
                name: "settlement_facts",
                columns: table => new
                {
                    case_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    facts = table.Column<string>(type: "TEXT", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    changed_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    changed_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_settlement_facts", x => x.case_id);
                });

            migrationBuilder.CreateTable(
                name: "settlement_lines_added",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    case_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    code = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    amount = table.Column<long>(type: "INTEGER", nullable: false),
                    currency = table.Column<string>(type: "TEXT", maxLength: 3, nullable: false),
                    label_english = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    label_chinese = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    clause = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    text_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    evidence_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    added_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    added_at = table.Column<long>(type: "INTEGER", nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    first_approved_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    first_approved_as = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    decided_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    decided_at = table.Column<long>(type: "INTEGER", nullable: true),
                    objection_text_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    decision_text_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_settlement_lines_added", x => x.id);
                    table.CheckConstraint("approved_credit_has_approver", "state <> 'Approved' OR decided_by IS NOT NULL");
                    table.CheckConstraint("decider_is_not_adder", "decided_by IS NULL OR decided_by <> added_by");
                    table.CheckConstraint("first_approver_is_not_adder", "first_approved_by IS NULL OR first_approved_by <> added_by");
                    table.CheckConstraint("line_amount_is_positive", "amount > 0");
                    table.CheckConstraint("two_approvers_are_two", "first_approved_by IS NULL OR decided_by IS NULL OR first_approved_by <> decided_by");
                });

            migrationBuilder.CreateIndex(
                name: "IX_payment_orders_case_id_purpose_number",
                table: "payment_orders",
                columns: new[] { "case_id", "purpose", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_bank_lines_file_id_number",
                table: "bank_lines",
                columns: new[] { "file_id", "number" });

            migrationBuilder.CreateIndex(
                name: "IX_bank_lines_state_file_id",
                table: "bank_lines",
                columns: new[] { "state", "file_id" });

            migrationBuilder.CreateIndex(
                name: "IX_bank_files_sha256",
                table: "bank_files",
                column: "sha256",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_bank_files_state",
                table: "bank_files",
                column: "state");

            migrationBuilder.CreateIndex(
                name: "IX_instalment_plans_case_id",
                table: "instalment_plans",
                column: "case_id");

            migrationBuilder.CreateIndex(
                name: "IX_instalment_plans_order_id_state",
                table: "instalment_plans",
                columns: new[] { "order_id", "state" });

            migrationBuilder.CreateIndex(
                name: "IX_instalments_due_on",
                table: "instalments",
                column: "due_on");

            migrationBuilder.CreateIndex(
                name: "IX_payment_allocations_case_id",
                table: "payment_allocations",
                column: "case_id");

            migrationBuilder.CreateIndex(
                name: "IX_payment_allocations_line_key_order_id",
                table: "payment_allocations",
                columns: new[] { "line_key", "order_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_red_letters_state",
                table: "red_letters",
                column: "state");

            migrationBuilder.CreateIndex(
                name: "IX_settlement_lines_added_case_id_code",
                table: "settlement_lines_added",
                columns: new[] { "case_id", "code" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_settlement_lines_added_state",
                table: "settlement_lines_added",
                column: "state");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "bank_files");

            migrationBuilder.DropTable(
                name: "instalment_plans");

            migrationBuilder.DropTable(
                name: "instalments");

            migrationBuilder.DropTable(
                name: "payment_allocations");

            migrationBuilder.DropTable(
                name: "red_letters");

            migrationBuilder.DropTable(
                name: "settlement_facts");

            migrationBuilder.DropTable(
                name: "settlement_lines_added");

            migrationBuilder.DropIndex(
                name: "IX_payment_orders_case_id_purpose_number",
                table: "payment_orders");

            migrationBuilder.DropIndex(
                name: "IX_bank_lines_file_id_number",
                table: "bank_lines");

            migrationBuilder.DropIndex(
                name: "IX_bank_lines_state_file_id",
                table: "bank_lines");

            migrationBuilder.DropColumn(
                name: "cause",
                table: "postings");

            migrationBuilder.DropColumn(
                name: "cost",
                table: "payment_orders");

            migrationBuilder.DropColumn(
                name: "interest",
                table: "payment_orders");

            migrationBuilder.DropColumn(
                name: "number",
                table: "payment_orders");

            migrationBuilder.DropColumn(
                name: "purpose",
                table: "payment_orders");

            migrationBuilder.DropColumn(
                name: "file_id",
                table: "bank_lines");

            migrationBuilder.DropColumn(
                name: "number",
                table: "bank_lines");

            migrationBuilder.DropColumn(
                name: "reason",
                table: "bank_lines");

            migrationBuilder.DropColumn(
                name: "resolved_at",
                table: "bank_lines");

            migrationBuilder.DropColumn(
                name: "resolved_by",
                table: "bank_lines");

            migrationBuilder.DropColumn(
                name: "state",
                table: "bank_lines");

            migrationBuilder.DropColumn(
                name: "version",
                table: "bank_lines");

            migrationBuilder.DropColumn(
                name: "why",
                table: "bank_lines");

            migrationBuilder.DropColumn(
                name: "words",
                table: "bank_lines");

            migrationBuilder.AlterColumn<byte[]>(
                name: "case_id",
                table: "postings",
                type: "BLOB",
                nullable: false,
                defaultValue: new byte[0],
                oldClrType: typeof(byte[]),
                oldType: "BLOB",
                oldNullable: true);

            migrationBuilder.AddColumn<string>(
                name: "offer_forbidden_by",
                table: "cases",
                type: "TEXT",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "rule_packs",
                table: "cases",
                type: "TEXT",
                maxLength: 120,
                nullable: false,
                defaultValue: "");

            migrationBuilder.CreateTable(
                name: "calendar_days",
                columns: table => new
                {
                    jurisdiction = table.Column<string>(type: "TEXT", maxLength: 10, nullable: false),
                    day = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    worked = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_calendar_days", x => new { x.jurisdiction, x.day });
                });

            migrationBuilder.CreateTable(
                name: "reviews",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    case_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    chinese = table.Column<string>(type: "TEXT", nullable: false),
                    closed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    closed_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    english = table.Column<string>(type: "TEXT", nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    opened_at = table.Column<long>(type: "INTEGER", nullable: false),
                    pack = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    part = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    rule = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    subject = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    words = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_reviews", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "rule_packs",
                columns: table => new
                {
                    jurisdiction = table.Column<string>(type: "TEXT", maxLength: 10, nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    document = table.Column<string>(type: "TEXT", nullable: false),
                    imported_at = table.Column<long>(type: "INTEGER", nullable: false),
                    imported_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    issued_on = table.Column<DateOnly>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rule_packs", x => new { x.jurisdiction, x.version });
                });

            migrationBuilder.CreateIndex(
                name: "IX_payment_orders_case_id_direction",
                table: "payment_orders",
                columns: new[] { "case_id", "direction" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_reviews_case_id",
                table: "reviews",
                column: "case_id");

            migrationBuilder.CreateIndex(
                name: "IX_reviews_closed_at_opened_at",
                table: "reviews",
                columns: new[] { "closed_at", "opened_at" });

            migrationBuilder.CreateIndex(
                name: "IX_reviews_subject_rule_pack_part",
                table: "reviews",
                columns: new[] { "subject", "rule", "pack", "part" },
                unique: true);
        }
    }
}
