using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Sqlite.App
{
    /// <inheritdoc />
    public partial class MoneyAndLaw : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_payment_orders_case_id_direction",
                table: "payment_orders");

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

            migrationBuilder.AddColumn<string>(
                name: "digest",
                table: "policies",
                type: "TEXT",
                maxLength: 64,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<DateOnly>(
                name: "effective_until",
                table: "policies",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "review_on",
                table: "policies",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "revision",
                table: "policies",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "round",
                table: "policies",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

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

            migrationBuilder.AddColumn<bool>(
                name: "auto_renew",
                table: "contracts",
                type: "INTEGER",
                nullable: false,
                defaultValue: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "billing_anchor",
                table: "contracts",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "billing_months",
                table: "contracts",
                type: "INTEGER",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<int>(
                name: "device_months",
                table: "contracts",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "earnest",
                table: "contracts",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "earnest_price",
                table: "contracts",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "monthly_discount",
                table: "contracts",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "notice_days",
                table: "contracts",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "party",
                table: "contracts",
                type: "TEXT",
                maxLength: 40,
                nullable: false,
                defaultValue: "Consumer");

            migrationBuilder.AddColumn<long>(
                name: "prepaid_consumed",
                table: "contracts",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<DateOnly>(
                name: "prepaid_from",
                table: "contracts",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "prepaid_gift",
                table: "contracts",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "prepaid_paid",
                table: "contracts",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<DateOnly>(
                name: "prepaid_paid_on",
                table: "contracts",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "prepaid_until",
                table: "contracts",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "unpaid_due_on",
                table: "contracts",
                type: "TEXT",
                nullable: true);

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
                name: "calendar_days",
                columns: table => new
                {
                    jurisdiction = table.Column<string>(type: "TEXT", maxLength: 10, nullable: false),
                    day = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    worked = table.Column<bool>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_calendar_days", x => new { x.jurisdiction, x.day });
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
                name: "policy_confirmations",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    policy_number = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    policy_version = table.Column<int>(type: "INTEGER", nullable: false),
                    language = table.Column<string>(type: "TEXT", maxLength: 2, nullable: false),
                    sha256 = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    where = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    contract_id = table.Column<long>(type: "INTEGER", nullable: false),
                    case_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_policy_confirmations", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "policy_reviews",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    number = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    due_on = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    done_at = table.Column<long>(type: "INTEGER", nullable: true),
                    done_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    words = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: true),
                    next_on = table.Column<DateOnly>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_policy_reviews", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "policy_sign_offs",
                columns: table => new
                {
                    number = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    round = table.Column<int>(type: "INTEGER", nullable: false),
                    by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    step = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    digest = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_policy_sign_offs", x => new { x.number, x.version, x.round, x.by });
                    table.ForeignKey(
                        name: "FK_policy_sign_offs_policies_number_version",
                        columns: x => new { x.number, x.version },
                        principalTable: "policies",
                        principalColumns: new[] { "number", "version" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "policy_texts",
                columns: table => new
                {
                    sha256 = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    policy_number = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    policy_version = table.Column<int>(type: "INTEGER", nullable: false),
                    language = table.Column<string>(type: "TEXT", maxLength: 2, nullable: false),
                    text = table.Column<string>(type: "TEXT", nullable: false),
                    first_shown_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_policy_texts", x => x.sha256);
                });

            migrationBuilder.CreateTable(
                name: "policy_turns",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    number = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    step = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    words = table.Column<string>(type: "TEXT", maxLength: 2000, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_policy_turns", x => x.id);
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
                name: "reviews",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    subject = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    case_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    rule = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    pack = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    part = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    english = table.Column<string>(type: "TEXT", nullable: false),
                    chinese = table.Column<string>(type: "TEXT", nullable: false),
                    opened_at = table.Column<long>(type: "INTEGER", nullable: false),
                    closed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    closed_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    words = table.Column<string>(type: "TEXT", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
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
                    issued_on = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    imported_at = table.Column<long>(type: "INTEGER", nullable: false),
                    imported_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rule_packs", x => new { x.jurisdiction, x.version });
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
                name: "IX_policy_confirmations_case_id",
                table: "policy_confirmations",
                column: "case_id");

            migrationBuilder.CreateIndex(
                name: "IX_policy_confirmations_contract_id",
                table: "policy_confirmations",
                column: "contract_id");

            migrationBuilder.CreateIndex(
                name: "IX_policy_reviews_number_version_due_on",
                table: "policy_reviews",
                columns: new[] { "number", "version", "due_on" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_policy_sign_offs_number_version_round_step",
                table: "policy_sign_offs",
                columns: new[] { "number", "version", "round", "step" },
                unique: true,
                filter: "step <> 'Prepared'");

            migrationBuilder.CreateIndex(
                name: "IX_policy_texts_policy_number_policy_version",
                table: "policy_texts",
                columns: new[] { "policy_number", "policy_version" });

            migrationBuilder.CreateIndex(
                name: "IX_policy_turns_number_version",
                table: "policy_turns",
                columns: new[] { "number", "version" });

            migrationBuilder.CreateIndex(
                name: "IX_red_letters_state",
                table: "red_letters",
                column: "state");

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
                name: "calendar_days");

            migrationBuilder.DropTable(
                name: "instalment_plans");

            migrationBuilder.DropTable(
                name: "instalments");

            migrationBuilder.DropTable(
                name: "payment_allocations");

            migrationBuilder.DropTable(
                name: "policy_confirmations");

            migrationBuilder.DropTable(
                name: "policy_reviews");

            migrationBuilder.DropTable(
                name: "policy_sign_offs");

            migrationBuilder.DropTable(
                name: "policy_texts");

            migrationBuilder.DropTable(
                name: "policy_turns");

            migrationBuilder.DropTable(
                name: "red_letters");

            migrationBuilder.DropTable(
                name: "reviews");

            migrationBuilder.DropTable(
                name: "rule_packs");

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
                name: "digest",
                table: "policies");

            migrationBuilder.DropColumn(
                name: "effective_until",
                table: "policies");

            migrationBuilder.DropColumn(
                name: "review_on",
                table: "policies");

            migrationBuilder.DropColumn(
                name: "revision",
                table: "policies");

            migrationBuilder.DropColumn(
                name: "round",
                table: "policies");

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
                name: "auto_renew",
                table: "contracts");

            migrationBuilder.DropColumn(
                name: "billing_anchor",
                table: "contracts");

            migrationBuilder.DropColumn(
                name: "billing_months",
                table: "contracts");

            migrationBuilder.DropColumn(
                name: "device_months",
                table: "contracts");

            migrationBuilder.DropColumn(
                name: "earnest",
                table: "contracts");

            migrationBuilder.DropColumn(
                name: "earnest_price",
                table: "contracts");

            migrationBuilder.DropColumn(
                name: "monthly_discount",
                table: "contracts");

            migrationBuilder.DropColumn(
                name: "notice_days",
                table: "contracts");

            migrationBuilder.DropColumn(
                name: "party",
                table: "contracts");

            migrationBuilder.DropColumn(
                name: "prepaid_consumed",
                table: "contracts");

            migrationBuilder.DropColumn(
                name: "prepaid_from",
                table: "contracts");

            migrationBuilder.DropColumn(
                name: "prepaid_gift",
                table: "contracts");

            migrationBuilder.DropColumn(
                name: "prepaid_paid",
                table: "contracts");

            migrationBuilder.DropColumn(
                name: "prepaid_paid_on",
                table: "contracts");

            migrationBuilder.DropColumn(
                name: "prepaid_until",
                table: "contracts");

            migrationBuilder.DropColumn(
                name: "unpaid_due_on",
                table: "contracts");

            migrationBuilder.DropColumn(
                name: "offer_forbidden_by",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "rule_packs",
                table: "cases");

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

            migrationBuilder.CreateIndex(
                name: "IX_payment_orders_case_id_direction",
                table: "payment_orders",
                columns: new[] { "case_id", "direction" },
                unique: true);
        }
    }
}
