using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Postgres.App
{
    /// <inheritdoc />
    public partial class Offboarding : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "failure",
                table: "work_orders",
                type: "character varying(60)",
                maxLength: 60,
                nullable: true);

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

            migrationBuilder.AddColumn<Guid>(
                name: "text_id",
                table: "work_orders",
                type: "uuid",
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

            migrationBuilder.CreateIndex(
                name: "IX_appeals_case_id",
                table: "appeals",
                column: "case_id");

            migrationBuilder.CreateIndex(
                name: "IX_appeals_decided_at_answer_by",
                table: "appeals",
                columns: new[] { "decided_at", "answer_by" });

            migrationBuilder.CreateIndex(
                name: "IX_connected_systems_name",
                table: "connected_systems",
                column: "name",
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
                name: "IX_open_orders_case_id",
                table: "open_orders",
                column: "case_id");

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
                name: "IX_spot_decisions_case_id",
                table: "spot_decisions",
                column: "case_id");

            migrationBuilder.CreateIndex(
                name: "IX_spot_decisions_reviewed_at_review_due_at",
                table: "spot_decisions",
                columns: new[] { "reviewed_at", "review_due_at" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "appeals");

            migrationBuilder.DropTable(
                name: "connected_systems");

            migrationBuilder.DropTable(
                name: "cure_agreements");

            migrationBuilder.DropTable(
                name: "decision_effects");

            migrationBuilder.DropTable(
                name: "decisions");

            migrationBuilder.DropTable(
                name: "dispute_deadlines");

            migrationBuilder.DropTable(
                name: "disputes");

            migrationBuilder.DropTable(
                name: "follow_up_tasks");

            migrationBuilder.DropTable(
                name: "formalities");

            migrationBuilder.DropTable(
                name: "late_charges");

            migrationBuilder.DropTable(
                name: "open_orders");

            migrationBuilder.DropTable(
                name: "re_entries");

            migrationBuilder.DropTable(
                name: "recognition_tokens");

            migrationBuilder.DropTable(
                name: "spot_decisions");

            migrationBuilder.DropTable(
                name: "system_messages");

            migrationBuilder.DropColumn(
                name: "failure",
                table: "work_orders");

            migrationBuilder.DropColumn(
                name: "is_waived",
                table: "work_orders");

            migrationBuilder.DropColumn(
                name: "sent_at",
                table: "work_orders");

            migrationBuilder.DropColumn(
                name: "text_id",
                table: "work_orders");
        }
    }
}
