using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Exeunt.App.Data.Migrations.Postgres.App
{
    /// <inheritdoc />
    public partial class CaseEngine : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_work_orders_case_id_task",
                table: "work_orders");

            migrationBuilder.DropIndex(
                name: "IX_offers_case_id",
                table: "offers");

            migrationBuilder.DropIndex(
                name: "IX_approvals_case_id_digest_by",
                table: "approvals");

            migrationBuilder.DropIndex(
                name: "IX_approvals_case_id_role_digest",
                table: "approvals");

            migrationBuilder.AlterColumn<string>(
                name: "task",
                table: "work_orders",
                type: "character varying(60)",
                maxLength: 60,
                nullable: false,
                oldClrType: typeof(string),
                oldType: "character varying(40)",
                oldMaxLength: 40);

            migrationBuilder.AddColumn<string>(
                name: "chinese",
                table: "work_orders",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "department",
                table: "work_orders",
                type: "character varying(40)",
                maxLength: 40,
                nullable: false,
                defaultValue: "Technical");

            migrationBuilder.AddColumn<string>(
                name: "english",
                table: "work_orders",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "failure",
                table: "work_orders",
                type: "character varying(60)",
                maxLength: 60,
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "irreversible",
                table: "work_orders",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "is_waived",
                table: "work_orders",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "sent_at",
                table: "work_orders",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "step",
                table: "work_orders",
                type: "character varying(60)",
                maxLength: 60,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "system",
                table: "work_orders",
                type: "character varying(60)",
                maxLength: 60,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "text_id",
                table: "work_orders",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "amount",
                table: "offers",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "answer_by",
                table: "offers",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "answered_on",
                table: "offers",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "approval",
                table: "offers",
                type: "character varying(40)",
                maxLength: 40,
                nullable: false,
                defaultValue: "NotNeeded");

            migrationBuilder.AddColumn<string>(
                name: "approver",
                table: "offers",
                type: "character varying(40)",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "conditions",
                table: "offers",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<long>(
                name: "decided_at",
                table: "offers",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "decided_by",
                table: "offers",
                type: "character varying(80)",
                maxLength: 80,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "decision_text_id",
                table: "offers",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "digest",
                table: "offers",
                type: "character varying(64)",
                maxLength: 64,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "entry",
                table: "offers",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "entry_code",
                table: "offers",
                type: "character varying(40)",
                maxLength: 40,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "entry_digest",
                table: "offers",
                type: "character varying(64)",
                maxLength: 64,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<int>(
                name: "entry_version",
                table: "offers",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "expired_at",
                table: "offers",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "inputs",
                table: "offers",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<long>(
                name: "new_fee",
                table: "offers",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "result",
                table: "offers",
                type: "character varying(40)",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "result_on",
                table: "offers",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "value",
                table: "offers",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "version",
                table: "offers",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "words_chinese",
                table: "offers",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "words_english",
                table: "offers",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AlterColumn<string>(
                name: "hold_reason",
                table: "cases",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true,
                oldClrType: typeof(string),
                oldType: "text",
                oldNullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "agreed_by_company",
                table: "cases",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "agreed_by_customer",
                table: "cases",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<Guid>(
                name: "agreement_id",
                table: "cases",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "asked_person",
                table: "cases",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "cure_until",
                table: "cases",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "deciders",
                table: "cases",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "decision_digest",
                table: "cases",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "decision_id",
                table: "cases",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "disputes",
                table: "cases",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "evidence_digest",
                table: "cases",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ground",
                table: "cases",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "linked_to",
                table: "cases",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "object_until",
                table: "cases",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "objection_made",
                table: "cases",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "objection_open",
                table: "cases",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<Guid>(
                name: "open_appeal_id",
                table: "cases",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "party",
                table: "cases",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "proposal_by_customer",
                table: "cases",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "proposal_digest",
                table: "cases",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "proposal_id",
                table: "cases",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "proposal_number",
                table: "cases",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "rounds",
                table: "cases",
                type: "text",
                nullable: false,
                defaultValueSql: "'[]'");

            migrationBuilder.AddColumn<string>(
                name: "tier",
                table: "cases",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "unanswered_since",
                table: "cases",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "receipt",
                table: "case_index",
                type: "bytea",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "of",
                table: "approvals",
                type: "character varying(40)",
                maxLength: 40,
                nullable: false,
                defaultValueSql: "'Settlement'");

            migrationBuilder.AddColumn<string>(
                name: "on_behalf_of",
                table: "approvals",
                type: "character varying(80)",
                maxLength: 80,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "part",
                table: "approvals",
                type: "character varying(40)",
                maxLength: 40,
                nullable: false,
                defaultValueSql: "'Approver'");

            migrationBuilder.AddColumn<long>(
                name: "voided_at",
                table: "approvals",
                type: "bigint",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "appeals",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    case_id = table.Column<Guid>(type: "uuid", nullable: false),
                    text_id = table.Column<Guid>(type: "uuid", nullable: false),
                    made_at = table.Column<long>(type: "bigint", nullable: false),
                    answer_by = table.Column<DateOnly>(type: "date", nullable: false),
                    upheld = table.Column<bool>(type: "boolean", nullable: true),
                    answer_id = table.Column<Guid>(type: "uuid", nullable: true),
                    decided_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    decided_at = table.Column<long>(type: "bigint", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_appeals", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "audit_blocks",
                columns: table => new
                {
                    index = table.Column<long>(type: "bigint", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit_blocks", x => x.index);
                });

            migrationBuilder.CreateTable(
                name: "batch_items",
                columns: table => new
                {
                    batch_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    case_id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    code = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    english = table.Column<string>(type: "text", nullable: true),
                    chinese = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_batch_items", x => new { x.batch_id, x.position });
                });

            migrationBuilder.CreateTable(
                name: "batches",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    action = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    argument = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    total = table.Column<int>(type: "integer", nullable: false),
                    done = table.Column<int>(type: "integer", nullable: false),
                    refused = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    ended_at = table.Column<long>(type: "bigint", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_batches", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "case_views",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    name = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    query = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    unit_id = table.Column<int>(type: "integer", nullable: true),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_case_views", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "connected_systems",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    url = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    secret = table.Column<byte[]>(type: "bytea", nullable: false),
                    is_active = table.Column<bool>(type: "boolean", nullable: false),
                    changed_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    changed_at = table.Column<long>(type: "bigint", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_connected_systems", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "contract_amendments",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    contract_id = table.Column<long>(type: "bigint", nullable: false),
                    case_id = table.Column<Guid>(type: "uuid", nullable: false),
                    offer_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    from = table.Column<DateOnly>(type: "date", nullable: false),
                    until = table.Column<DateOnly>(type: "date", nullable: true),
                    currency = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: false),
                    monthly_fee = table.Column<long>(type: "bigint", nullable: true),
                    off = table.Column<long>(type: "bigint", nullable: true),
                    free = table.Column<bool>(type: "boolean", nullable: false),
                    added_months = table.Column<int>(type: "integer", nullable: false),
                    taken_back = table.Column<bool>(type: "boolean", nullable: false),
                    fee_before = table.Column<long>(type: "bigint", nullable: false),
                    fee_after = table.Column<long>(type: "bigint", nullable: false),
                    term_end_before = table.Column<DateOnly>(type: "date", nullable: false),
                    term_end_after = table.Column<DateOnly>(type: "date", nullable: false),
                    due_before = table.Column<DateOnly>(type: "date", nullable: true),
                    due_after = table.Column<DateOnly>(type: "date", nullable: true),
                    paid = table.Column<long>(type: "bigint", nullable: true),
                    at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_contract_amendments", x => x.id);
                    table.ForeignKey(
                        name: "FK_contract_amendments_contracts_contract_id",
                        column: x => x.contract_id,
                        principalTable: "contracts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "cure_agreements",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    case_id = table.Column<Guid>(type: "uuid", nullable: false),
                    from_on = table.Column<DateOnly>(type: "date", nullable: false),
                    until_on = table.Column<DateOnly>(type: "date", nullable: false),
                    targets = table.Column<string>(type: "text", nullable: false),
                    currency = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: false),
                    text_id = table.Column<Guid>(type: "uuid", nullable: false),
                    consequence_id = table.Column<Guid>(type: "uuid", nullable: false),
                    agreed_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false),
                    reminded_at = table.Column<long>(type: "bigint", nullable: true),
                    met = table.Column<bool>(type: "boolean", nullable: true),
                    figures = table.Column<string>(type: "text", nullable: true),
                    judged_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    judged_at = table.Column<long>(type: "bigint", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_cure_agreements", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "decision_effects",
                columns: table => new
                {
                    case_id = table.Column<Guid>(type: "uuid", nullable: false),
                    days = table.Column<int>(type: "integer", nullable: false),
                    on = table.Column<DateOnly>(type: "date", nullable: false),
                    outcome = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    still_there = table.Column<bool>(type: "boolean", nullable: false),
                    spend_before = table.Column<long>(type: "bigint", nullable: false),
                    spend_after = table.Column<long>(type: "bigint", nullable: false),
                    currency = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: false),
                    complaints = table.Column<int>(type: "integer", nullable: false),
                    disputed = table.Column<bool>(type: "boolean", nullable: false),
                    came_back = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_decision_effects", x => new { x.case_id, x.days });
                });

            migrationBuilder.CreateTable(
                name: "decisions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    case_id = table.Column<Guid>(type: "uuid", nullable: false),
                    digest = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    data = table.Column<byte[]>(type: "bytea", nullable: false),
                    drafted_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_decisions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "delegations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    from = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    to = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    role = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    from_on = table.Column<DateOnly>(type: "date", nullable: false),
                    until_on = table.Column<DateOnly>(type: "date", nullable: false),
                    reason = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false),
                    ended_at = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_delegations", x => x.id);
                    table.CheckConstraint("nobody_stands_in_for_themselves", "\"from\" <> \"to\"");
                });

            migrationBuilder.CreateTable(
                name: "dispute_deadlines",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    dispute_id = table.Column<Guid>(type: "uuid", nullable: false),
                    case_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    due_on = table.Column<DateOnly>(type: "date", nullable: false),
                    added_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    reminded_at = table.Column<long>(type: "bigint", nullable: true),
                    done_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    done_at = table.Column<long>(type: "bigint", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_dispute_deadlines", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "disputes",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    case_id = table.Column<Guid>(type: "uuid", nullable: false),
                    forum = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    text_id = table.Column<Guid>(type: "uuid", nullable: false),
                    lines = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    contested = table.Column<long>(type: "bigint", nullable: false),
                    currency = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: true),
                    opened_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    opened_at = table.Column<long>(type: "bigint", nullable: false),
                    result = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    upheld = table.Column<long>(type: "bigint", nullable: true),
                    ruling_id = table.Column<Guid>(type: "uuid", nullable: true),
                    closed_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    closed_at = table.Column<long>(type: "bigint", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_disputes", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "escalations",
                columns: table => new
                {
                    case_id = table.Column<Guid>(type: "uuid", nullable: false),
                    step = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    role = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    due_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_escalations", x => new { x.case_id, x.step, x.role });
                });

            migrationBuilder.CreateTable(
                name: "follow_up_tasks",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    case_id = table.Column<Guid>(type: "uuid", nullable: false),
                    text_id = table.Column<Guid>(type: "uuid", nullable: false),
                    due_on = table.Column<DateOnly>(type: "date", nullable: false),
                    added_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    added_at = table.Column<long>(type: "bigint", nullable: false),
                    done_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    done_at = table.Column<long>(type: "bigint", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_follow_up_tasks", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "formalities",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    case_id = table.Column<Guid>(type: "uuid", nullable: false),
                    step = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    code = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    english = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    chinese = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    side = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    due_on = table.Column<DateOnly>(type: "date", nullable: false),
                    needs_evidence = table.Column<bool>(type: "boolean", nullable: false),
                    price = table.Column<long>(type: "bigint", nullable: true),
                    currency = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: true),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    text_id = table.Column<Guid>(type: "uuid", nullable: true),
                    evidence_id = table.Column<Guid>(type: "uuid", nullable: true),
                    receipt = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    receipt_id = table.Column<Guid>(type: "uuid", nullable: true),
                    done_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    done_at = table.Column<long>(type: "bigint", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_formalities", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "four_eyes",
                columns: table => new
                {
                    case_id = table.Column<Guid>(type: "uuid", nullable: false),
                    digest = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    person = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    part = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_four_eyes", x => new { x.case_id, x.digest, x.person });
                    table.UniqueConstraint("AK_four_eyes_case_id_digest_person_part", x => new { x.case_id, x.digest, x.person, x.part });
                });

            // Approvals of before: nobody can be made to be their requester.
            migrationBuilder.Sql(
                "INSERT INTO four_eyes (case_id, digest, person, part, at) SELECT case_id, digest, \"by\", 'Approver', MIN(at) FROM approvals GROUP BY case_id, digest, \"by\"");

            migrationBuilder.CreateTable(
                name: "late_charges",
                columns: table => new
                {
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    document = table.Column<long>(type: "bigint", nullable: false),
                    line = table.Column<long>(type: "bigint", nullable: false),
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    case_id = table.Column<Guid>(type: "uuid", nullable: false),
                    on = table.Column<DateOnly>(type: "date", nullable: false),
                    amount = table.Column<long>(type: "bigint", nullable: false),
                    currency = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: false),
                    found_at = table.Column<long>(type: "bigint", nullable: false),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    text_id = table.Column<Guid>(type: "uuid", nullable: true),
                    decided_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    decided_at = table.Column<long>(type: "bigint", nullable: true),
                    order_id = table.Column<Guid>(type: "uuid", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_late_charges", x => new { x.customer_id, x.document, x.line });
                });

            migrationBuilder.CreateTable(
                name: "notification_wishes",
                columns: table => new
                {
                    person_id = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    in_app = table.Column<bool>(type: "boolean", nullable: false),
                    by_mail = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_notification_wishes", x => new { x.person_id, x.kind });
                });

            migrationBuilder.CreateTable(
                name: "notifications",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    to = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    case_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    about = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false),
                    read_at = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_notifications", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "offer_entries",
                columns: table => new
                {
                    code = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    document = table.Column<string>(type: "text", nullable: false),
                    digest = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_offer_entries", x => new { x.code, x.version });
                });

            migrationBuilder.CreateTable(
                name: "open_orders",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    case_id = table.Column<Guid>(type: "uuid", nullable: false),
                    text_id = table.Column<Guid>(type: "uuid", nullable: false),
                    amount = table.Column<long>(type: "bigint", nullable: false),
                    currency = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: false),
                    added_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    added_at = table.Column<long>(type: "bigint", nullable: false),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    done_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    done_at = table.Column<long>(type: "bigint", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_open_orders", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "pending_details",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    case_id = table.Column<Guid>(type: "uuid", nullable: false),
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    data = table.Column<byte[]>(type: "bytea", nullable: true),
                    by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false),
                    held_until = table.Column<long>(type: "bigint", nullable: false),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_pending_details", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "proposals",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    case_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    by_customer = table.Column<bool>(type: "boolean", nullable: false),
                    by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false),
                    ends_on = table.Column<DateOnly>(type: "date", nullable: false),
                    fee = table.Column<long>(type: "bigint", nullable: false),
                    policy_fee = table.Column<long>(type: "bigint", nullable: false),
                    currency = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: false),
                    instalments = table.Column<int>(type: "integer", nullable: true),
                    text_id = table.Column<Guid>(type: "uuid", nullable: true),
                    words_sha256 = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    digest = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    confirmed_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    confirmed_at = table.Column<long>(type: "bigint", nullable: true),
                    agreement_id = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_proposals", x => x.id);
                    table.CheckConstraint("agreement_has_two_sides", "confirmed_by IS NULL OR confirmed_by <> \"by\"");
                });

            migrationBuilder.CreateTable(
                name: "re_entries",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    case_id = table.Column<Guid>(type: "uuid", nullable: false),
                    requested_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    requested_at = table.Column<long>(type: "bigint", nullable: false),
                    words = table.Column<byte[]>(type: "bytea", nullable: false),
                    approved = table.Column<bool>(type: "boolean", nullable: true),
                    decision = table.Column<byte[]>(type: "bytea", nullable: true),
                    decided_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    decided_at = table.Column<long>(type: "bigint", nullable: true),
                    lifted_token = table.Column<byte[]>(type: "bytea", maxLength: 16, nullable: true),
                    welcomed_at = table.Column<long>(type: "bigint", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_re_entries", x => x.id);
                    table.CheckConstraint("re_entry_is_not_approved_by_requester", "decided_by IS NULL OR decided_by <> requested_by");
                });

            migrationBuilder.CreateTable(
                name: "reasons",
                columns: table => new
                {
                    code = table.Column<string>(type: "character varying(81)", maxLength: 81, nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    english = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    chinese = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    customer_english = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    customer_chinese = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    retired = table.Column<bool>(type: "boolean", nullable: false),
                    ask_english = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    ask_chinese = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    answer_english = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    answer_chinese = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_reasons", x => x.code);
                });

            migrationBuilder.CreateTable(
                name: "recognition_tokens",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    token = table.Column<byte[]>(type: "bytea", maxLength: 16, nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    case_id = table.Column<Guid>(type: "uuid", nullable: false),
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    @class = table.Column<string>(name: "class", type: "character varying(40)", maxLength: 40, nullable: false),
                    until = table.Column<DateOnly>(type: "date", nullable: false),
                    approver = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_recognition_tokens", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "signed_document_turns",
                columns: table => new
                {
                    turn_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false),
                    words = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_signed_document_turns", x => x.turn_id);
                });

            migrationBuilder.CreateTable(
                name: "signed_documents",
                columns: table => new
                {
                    id = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    status = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    document = table.Column<string>(type: "text", nullable: false),
                    digest = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    effective_from = table.Column<DateOnly>(type: "date", nullable: true),
                    round = table.Column<int>(type: "integer", nullable: false),
                    revision = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_signed_documents", x => new { x.id, x.version });
                });

            migrationBuilder.CreateTable(
                name: "spot_decisions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    case_id = table.Column<Guid>(type: "uuid", nullable: true),
                    unit_id = table.Column<int>(type: "integer", nullable: false),
                    ground = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    told_at = table.Column<long>(type: "bigint", nullable: false),
                    told_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    subject = table.Column<long>(type: "bigint", nullable: false),
                    data = table.Column<byte[]>(type: "bytea", nullable: false),
                    recorded_at = table.Column<long>(type: "bigint", nullable: false),
                    review_due_at = table.Column<long>(type: "bigint", nullable: false),
                    reviewed_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    reviewed_at = table.Column<long>(type: "bigint", nullable: true),
                    stands = table.Column<bool>(type: "boolean", nullable: true),
                    review = table.Column<byte[]>(type: "bytea", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_spot_decisions", x => x.id);
                    table.CheckConstraint("reviewer_did_not_tell", "reviewed_by IS NULL OR reviewed_by <> told_by");
                });

            migrationBuilder.CreateTable(
                name: "system_messages",
                columns: table => new
                {
                    system_id = table.Column<Guid>(type: "uuid", nullable: false),
                    message_id = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    timestamp = table.Column<long>(type: "bigint", nullable: false),
                    order_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_system_messages", x => new { x.system_id, x.message_id });
                });

            migrationBuilder.CreateTable(
                name: "waits",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    case_id = table.Column<Guid>(type: "uuid", nullable: false),
                    key = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    what = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    roles = table.Column<int>(type: "integer", nullable: false),
                    unit_id = table.Column<int>(type: "integer", nullable: true),
                    assigned_to = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    due_at = table.Column<long>(type: "bigint", nullable: false),
                    priority = table.Column<int>(type: "integer", nullable: false),
                    since = table.Column<long>(type: "bigint", nullable: false),
                    barred = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_waits", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "reason_offers",
                columns: table => new
                {
                    reason = table.Column<string>(type: "character varying(81)", maxLength: 81, nullable: false),
                    entry = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_reason_offers", x => new { x.reason, x.entry });
                    table.ForeignKey(
                        name: "FK_reason_offers_reasons_reason",
                        column: x => x.reason,
                        principalTable: "reasons",
                        principalColumn: "code",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "signed_document_hands",
                columns: table => new
                {
                    id = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    round = table.Column<int>(type: "integer", nullable: false),
                    by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    part = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    digest = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_signed_document_hands", x => new { x.id, x.version, x.round, x.by });
                    table.ForeignKey(
                        name: "FK_signed_document_hands_signed_documents_id_version",
                        columns: x => new { x.id, x.version },
                        principalTable: "signed_documents",
                        principalColumns: new[] { "id", "version" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_work_orders_case_id_step_task",
                table: "work_orders",
                columns: new[] { "case_id", "step", "task" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_offers_approval",
                table: "offers",
                column: "approval");

            migrationBuilder.CreateIndex(
                name: "IX_offers_case_id",
                table: "offers",
                column: "case_id",
                unique: true,
                filter: "approval NOT IN ('Returned', 'Refused')");

            migrationBuilder.CreateIndex(
                name: "IX_offers_entry_code",
                table: "offers",
                column: "entry_code");

            migrationBuilder.AddCheckConstraint(
                name: "approved_offer_has_approver",
                table: "offers",
                sql: "approval <> 'Approved' OR decided_by IS NOT NULL");

            migrationBuilder.AddCheckConstraint(
                name: "offer_is_not_approved_by_its_maker",
                table: "offers",
                sql: "decided_by IS NULL OR decided_by <> made_by");

            migrationBuilder.AddCheckConstraint(
                name: "unapproved_offer_has_no_answer",
                table: "offers",
                sql: "approval <> 'Waiting' OR accepted IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_cases_ends",
                table: "cases",
                columns: new[] { "effective_on", "id", "state", "kind", "unit_id", "assigned_to", "channel", "reason", "customer_id" });

            migrationBuilder.CreateIndex(
                name: "ix_cases_list",
                table: "cases",
                columns: new[] { "id", "state", "kind", "unit_id", "assigned_to", "channel", "reason", "customer_id", "effective_on" });

            migrationBuilder.CreateIndex(
                name: "IX_approvals_case_id_digest_by",
                table: "approvals",
                columns: new[] { "case_id", "digest", "by" },
                unique: true,
                filter: "voided_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_approvals_case_id_digest_by_part",
                table: "approvals",
                columns: new[] { "case_id", "digest", "by", "part" });

            migrationBuilder.AddCheckConstraint(
                name: "approval_is_of_an_approver",
                table: "approvals",
                sql: "part = 'Approver'");

            migrationBuilder.CreateIndex(
                name: "IX_appeals_case_id",
                table: "appeals",
                column: "case_id");

            migrationBuilder.CreateIndex(
                name: "IX_appeals_decided_at_answer_by",
                table: "appeals",
                columns: new[] { "decided_at", "answer_by" });

            migrationBuilder.CreateIndex(
                name: "IX_batch_items_batch_id_state_position",
                table: "batch_items",
                columns: new[] { "batch_id", "state", "position" });

            migrationBuilder.CreateIndex(
                name: "IX_batches_by",
                table: "batches",
                column: "by");

            migrationBuilder.CreateIndex(
                name: "IX_case_views_owner_id",
                table: "case_views",
                column: "owner_id");

            migrationBuilder.CreateIndex(
                name: "IX_case_views_unit_id",
                table: "case_views",
                column: "unit_id");

            migrationBuilder.CreateIndex(
                name: "IX_connected_systems_name",
                table: "connected_systems",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_contract_amendments_contract_id_number",
                table: "contract_amendments",
                columns: new[] { "contract_id", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_contract_amendments_offer_id",
                table: "contract_amendments",
                column: "offer_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_cure_agreements_case_id",
                table: "cure_agreements",
                column: "case_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_decisions_case_id",
                table: "decisions",
                column: "case_id");

            migrationBuilder.CreateIndex(
                name: "IX_delegations_from_until_on",
                table: "delegations",
                columns: new[] { "from", "until_on" });

            migrationBuilder.CreateIndex(
                name: "IX_delegations_to_until_on",
                table: "delegations",
                columns: new[] { "to", "until_on" });

            migrationBuilder.CreateIndex(
                name: "IX_dispute_deadlines_dispute_id",
                table: "dispute_deadlines",
                column: "dispute_id");

            migrationBuilder.CreateIndex(
                name: "IX_dispute_deadlines_done_at_due_on",
                table: "dispute_deadlines",
                columns: new[] { "done_at", "due_on" });

            migrationBuilder.CreateIndex(
                name: "IX_disputes_case_id",
                table: "disputes",
                column: "case_id");

            migrationBuilder.CreateIndex(
                name: "IX_escalations_role_due_at",
                table: "escalations",
                columns: new[] { "role", "due_at" });

            migrationBuilder.CreateIndex(
                name: "IX_follow_up_tasks_case_id",
                table: "follow_up_tasks",
                column: "case_id");

            migrationBuilder.CreateIndex(
                name: "IX_follow_up_tasks_done_at_due_on",
                table: "follow_up_tasks",
                columns: new[] { "done_at", "due_on" });

            migrationBuilder.CreateIndex(
                name: "IX_formalities_case_id_code",
                table: "formalities",
                columns: new[] { "case_id", "code" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_late_charges_case_id",
                table: "late_charges",
                column: "case_id");

            migrationBuilder.CreateIndex(
                name: "IX_late_charges_id",
                table: "late_charges",
                column: "id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_late_charges_state_found_at",
                table: "late_charges",
                columns: new[] { "state", "found_at" });

            migrationBuilder.CreateIndex(
                name: "IX_notifications_to_id",
                table: "notifications",
                columns: new[] { "to", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_notifications_to_read_at_id",
                table: "notifications",
                columns: new[] { "to", "read_at", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_open_orders_case_id",
                table: "open_orders",
                column: "case_id");

            migrationBuilder.CreateIndex(
                name: "IX_pending_details_case_id_state",
                table: "pending_details",
                columns: new[] { "case_id", "state" });

            migrationBuilder.CreateIndex(
                name: "IX_proposals_case_id_number",
                table: "proposals",
                columns: new[] { "case_id", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_re_entries_case_id",
                table: "re_entries",
                column: "case_id");

            migrationBuilder.CreateIndex(
                name: "IX_re_entries_lifted_token",
                table: "re_entries",
                column: "lifted_token");

            migrationBuilder.CreateIndex(
                name: "IX_recognition_tokens_case_id_kind",
                table: "recognition_tokens",
                columns: new[] { "case_id", "kind" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_recognition_tokens_token",
                table: "recognition_tokens",
                column: "token");

            migrationBuilder.CreateIndex(
                name: "IX_recognition_tokens_until",
                table: "recognition_tokens",
                column: "until");

            migrationBuilder.CreateIndex(
                name: "IX_signed_document_hands_id_version_round_part",
                table: "signed_document_hands",
                columns: new[] { "id", "version", "round", "part" },
                unique: true,
                filter: "part <> 'Author'");

            migrationBuilder.CreateIndex(
                name: "IX_signed_document_turns_id_version",
                table: "signed_document_turns",
                columns: new[] { "id", "version" });

            migrationBuilder.CreateIndex(
                name: "IX_signed_documents_id",
                table: "signed_documents",
                column: "id",
                unique: true,
                filter: "status IN ('Draft', 'InSignOff')");

            migrationBuilder.CreateIndex(
                name: "IX_spot_decisions_case_id",
                table: "spot_decisions",
                column: "case_id");

            migrationBuilder.CreateIndex(
                name: "IX_spot_decisions_reviewed_at_review_due_at",
                table: "spot_decisions",
                columns: new[] { "reviewed_at", "review_due_at" });

            migrationBuilder.CreateIndex(
                name: "IX_waits_case_id_key",
                table: "waits",
                columns: new[] { "case_id", "key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_waits_due_at_case_id",
                table: "waits",
                columns: new[] { "due_at", "case_id" });

            migrationBuilder.CreateIndex(
                name: "IX_waits_roles_assigned_to_due_at_priority_id_unit_id_what",
                table: "waits",
                columns: new[] { "roles", "assigned_to", "due_at", "priority", "id", "unit_id", "what" });

            migrationBuilder.CreateIndex(
                name: "IX_waits_roles_due_at_priority_id_unit_id",
                table: "waits",
                columns: new[] { "roles", "due_at", "priority", "id", "unit_id" });

            migrationBuilder.AddForeignKey(
                name: "FK_approvals_four_eyes_case_id_digest_by_part",
                table: "approvals",
                columns: new[] { "case_id", "digest", "by", "part" },
                principalTable: "four_eyes",
                principalColumns: new[] { "case_id", "digest", "person", "part" },
                onDelete: ReferentialAction.Restrict);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_approvals_four_eyes_case_id_digest_by_part",
                table: "approvals");

            migrationBuilder.DropTable(
                name: "appeals");

            migrationBuilder.DropTable(
                name: "audit_blocks");

            migrationBuilder.DropTable(
                name: "batch_items");

            migrationBuilder.DropTable(
                name: "batches");

            migrationBuilder.DropTable(
                name: "case_views");

            migrationBuilder.DropTable(
                name: "connected_systems");

            migrationBuilder.DropTable(
                name: "contract_amendments");

            migrationBuilder.DropTable(
                name: "cure_agreements");

            migrationBuilder.DropTable(
                name: "decision_effects");

            migrationBuilder.DropTable(
                name: "decisions");

            migrationBuilder.DropTable(
                name: "delegations");

            migrationBuilder.DropTable(
                name: "dispute_deadlines");

            migrationBuilder.DropTable(
                name: "disputes");

            migrationBuilder.DropTable(
                name: "escalations");

            migrationBuilder.DropTable(
                name: "follow_up_tasks");

            migrationBuilder.DropTable(
                name: "formalities");

            migrationBuilder.DropTable(
                name: "four_eyes");

            migrationBuilder.DropTable(
                name: "late_charges");

            migrationBuilder.DropTable(
                name: "notification_wishes");

            migrationBuilder.DropTable(
                name: "notifications");

            migrationBuilder.DropTable(
                name: "offer_entries");

            migrationBuilder.DropTable(
                name: "open_orders");

            migrationBuilder.DropTable(
                name: "pending_details");

            migrationBuilder.DropTable(
                name: "proposals");

            migrationBuilder.DropTable(
                name: "re_entries");

            migrationBuilder.DropTable(
                name: "reason_offers");

            migrationBuilder.DropTable(
                name: "recognition_tokens");

            migrationBuilder.DropTable(
                name: "signed_document_hands");

            migrationBuilder.DropTable(
                name: "signed_document_turns");

            migrationBuilder.DropTable(
                name: "spot_decisions");

            migrationBuilder.DropTable(
                name: "system_messages");

            migrationBuilder.DropTable(
                name: "waits");

            migrationBuilder.DropTable(
                name: "reasons");

            migrationBuilder.DropTable(
                name: "signed_documents");

            migrationBuilder.DropIndex(
                name: "IX_work_orders_case_id_step_task",
                table: "work_orders");

            migrationBuilder.DropIndex(
                name: "IX_offers_approval",
                table: "offers");

            migrationBuilder.DropIndex(
                name: "IX_offers_case_id",
                table: "offers");

            migrationBuilder.DropIndex(
                name: "IX_offers_entry_code",
                table: "offers");

            migrationBuilder.DropCheckConstraint(
                name: "approved_offer_has_approver",
                table: "offers");

            migrationBuilder.DropCheckConstraint(
                name: "offer_is_not_approved_by_its_maker",
                table: "offers");

            migrationBuilder.DropCheckConstraint(
                name: "unapproved_offer_has_no_answer",
                table: "offers");

            migrationBuilder.DropIndex(
                name: "ix_cases_ends",
                table: "cases");

            migrationBuilder.DropIndex(
                name: "ix_cases_list",
                table: "cases");

            migrationBuilder.DropIndex(
                name: "IX_approvals_case_id_digest_by",
                table: "approvals");

            migrationBuilder.DropIndex(
                name: "IX_approvals_case_id_digest_by_part",
                table: "approvals");

            migrationBuilder.DropCheckConstraint(
                name: "approval_is_of_an_approver",
                table: "approvals");

            migrationBuilder.DropColumn(
                name: "chinese",
                table: "work_orders");

            migrationBuilder.DropColumn(
                name: "department",
                table: "work_orders");

            migrationBuilder.DropColumn(
                name: "english",
                table: "work_orders");

            migrationBuilder.DropColumn(
                name: "failure",
                table: "work_orders");

            migrationBuilder.DropColumn(
                name: "irreversible",
                table: "work_orders");

            migrationBuilder.DropColumn(
                name: "is_waived",
                table: "work_orders");

            migrationBuilder.DropColumn(
                name: "sent_at",
                table: "work_orders");

            migrationBuilder.DropColumn(
                name: "step",
                table: "work_orders");

            migrationBuilder.DropColumn(
                name: "system",
                table: "work_orders");

            migrationBuilder.DropColumn(
                name: "text_id",
                table: "work_orders");

            migrationBuilder.DropColumn(
                name: "amount",
                table: "offers");

            migrationBuilder.DropColumn(
                name: "answer_by",
                table: "offers");

            migrationBuilder.DropColumn(
                name: "answered_on",
                table: "offers");

            migrationBuilder.DropColumn(
                name: "approval",
                table: "offers");

            migrationBuilder.DropColumn(
                name: "approver",
                table: "offers");

            migrationBuilder.DropColumn(
                name: "conditions",
                table: "offers");

            migrationBuilder.DropColumn(
                name: "decided_at",
                table: "offers");

            migrationBuilder.DropColumn(
                name: "decided_by",
                table: "offers");

            migrationBuilder.DropColumn(
                name: "decision_text_id",
                table: "offers");

            migrationBuilder.DropColumn(
                name: "digest",
                table: "offers");

            migrationBuilder.DropColumn(
                name: "entry",
                table: "offers");

            migrationBuilder.DropColumn(
                name: "entry_code",
                table: "offers");

            migrationBuilder.DropColumn(
                name: "entry_digest",
                table: "offers");

            migrationBuilder.DropColumn(
                name: "entry_version",
                table: "offers");

            migrationBuilder.DropColumn(
                name: "expired_at",
                table: "offers");

            migrationBuilder.DropColumn(
                name: "inputs",
                table: "offers");

            migrationBuilder.DropColumn(
                name: "new_fee",
                table: "offers");

            migrationBuilder.DropColumn(
                name: "result",
                table: "offers");

            migrationBuilder.DropColumn(
                name: "result_on",
                table: "offers");

            migrationBuilder.DropColumn(
                name: "value",
                table: "offers");

            migrationBuilder.DropColumn(
                name: "version",
                table: "offers");

            migrationBuilder.DropColumn(
                name: "words_chinese",
                table: "offers");

            migrationBuilder.DropColumn(
                name: "words_english",
                table: "offers");

            migrationBuilder.DropColumn(
                name: "agreed_by_company",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "agreed_by_customer",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "agreement_id",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "asked_person",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "cure_until",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "deciders",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "decision_digest",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "decision_id",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "disputes",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "evidence_digest",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "ground",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "linked_to",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "object_until",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "objection_made",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "objection_open",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "open_appeal_id",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "party",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "proposal_by_customer",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "proposal_digest",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "proposal_id",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "proposal_number",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "rounds",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "tier",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "unanswered_since",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "receipt",
                table: "case_index");

            migrationBuilder.DropColumn(
                name: "of",
                table: "approvals");

            migrationBuilder.DropColumn(
                name: "on_behalf_of",
                table: "approvals");

            migrationBuilder.DropColumn(
                name: "part",
                table: "approvals");

            migrationBuilder.DropColumn(
                name: "voided_at",
                table: "approvals");

            migrationBuilder.AlterColumn<string>(
                name: "task",
                table: "work_orders",
                type: "character varying(40)",
                maxLength: 40,
                nullable: false,
                oldClrType: typeof(string),
                oldType: "character varying(60)",
                oldMaxLength: 60);

            migrationBuilder.AlterColumn<string>(
                name: "hold_reason",
                table: "cases",
                type: "text",
                nullable: true,
                oldClrType: typeof(string),
                oldType: "character varying(200)",
                oldMaxLength: 200,
                oldNullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_work_orders_case_id_task",
                table: "work_orders",
                columns: new[] { "case_id", "task" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_offers_case_id",
                table: "offers",
                column: "case_id");

            migrationBuilder.CreateIndex(
                name: "IX_approvals_case_id_digest_by",
                table: "approvals",
                columns: new[] { "case_id", "digest", "by" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_approvals_case_id_role_digest",
                table: "approvals",
                columns: new[] { "case_id", "role", "digest" },
                unique: true);
        }
    }
}
