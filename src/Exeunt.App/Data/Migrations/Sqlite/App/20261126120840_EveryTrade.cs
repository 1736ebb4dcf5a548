using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Sqlite.App
{
    /// <inheritdoc />
    public partial class EveryTrade : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "order_payment",
                table: "payment_orders",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "kind",
                table: "drafts",
                type: "TEXT",
                maxLength: 40,
                nullable: false,
                defaultValue: "Application");

            migrationBuilder.AddColumn<DateOnly>(
                name: "signed_on",
                table: "contracts",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "declared",
                table: "cases",
                type: "TEXT",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "order_id",
                table: "cases",
                type: "BLOB",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "page",
                table: "cases",
                type: "TEXT",
                maxLength: 65,
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "return_comes_back",
                table: "cases",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "return_is_statutory",
                table: "cases",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "return_needs_person",
                table: "cases",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<DateOnly>(
                name: "send_back_by",
                table: "cases",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "chat_messages",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    conversation_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    system = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    message_id = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    sent_at = table.Column<long>(type: "INTEGER", nullable: true),
                    data = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_chat_messages", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "conversations",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    subject = table.Column<long>(type: "INTEGER", nullable: false),
                    system = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    token = table.Column<byte[]>(type: "BLOB", nullable: true),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    started_at = table.Column<long>(type: "INTEGER", nullable: false),
                    last_at = table.Column<long>(type: "INTEGER", nullable: false),
                    unanswered = table.Column<bool>(type: "INTEGER", nullable: false),
                    case_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    decided_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    reason = table.Column<string>(type: "TEXT", maxLength: 60, nullable: true),
                    data = table.Column<byte[]>(type: "BLOB", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_conversations", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "feedback",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    number = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    serial = table.Column<long>(type: "INTEGER", nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    category = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    channel = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    through_authority = table.Column<bool>(type: "INTEGER", nullable: false),
                    is_proven = table.Column<bool>(type: "INTEGER", nullable: false),
                    language = table.Column<string>(type: "TEXT", maxLength: 2, nullable: false),
                    received_at = table.Column<long>(type: "INTEGER", nullable: false),
                    due_at = table.Column<long>(type: "INTEGER", nullable: false),
                    overdue_at = table.Column<long>(type: "INTEGER", nullable: true),
                    assigned_to = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    case_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    customer_id = table.Column<long>(type: "INTEGER", nullable: true),
                    unit_id = table.Column<int>(type: "INTEGER", nullable: true),
                    joined_into = table.Column<byte[]>(type: "BLOB", nullable: true),
                    verdict = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    remedies = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    answered_at = table.Column<long>(type: "INTEGER", nullable: true),
                    judges = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false),
                    was_reopened = table.Column<bool>(type: "INTEGER", nullable: false),
                    end = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    closed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    entries = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_feedback", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "feedback_entries",
                columns: table => new
                {
                    feedback_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    what = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    about = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    words = table.Column<byte[]>(type: "BLOB", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_feedback_entries", x => new { x.feedback_id, x.number });
                });

            migrationBuilder.CreateTable(
                name: "feedback_index",
                columns: table => new
                {
                    feedback_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    token_hash = table.Column<byte[]>(type: "BLOB", nullable: true),
                    subject = table.Column<long>(type: "INTEGER", nullable: false),
                    typed = table.Column<byte[]>(type: "BLOB", nullable: true),
                    contact = table.Column<byte[]>(type: "BLOB", nullable: true),
                    mail_token = table.Column<byte[]>(type: "BLOB", maxLength: 16, nullable: true),
                    at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_feedback_index", x => x.feedback_id);
                });

            migrationBuilder.CreateTable(
                name: "identity_vouches",
                columns: table => new
                {
                    case_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    contract_id = table.Column<long>(type: "INTEGER", nullable: false),
                    method = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    text_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_identity_vouches", x => x.case_id);
                    table.ForeignKey(
                        name: "FK_identity_vouches_contracts_contract_id",
                        column: x => x.contract_id,
                        principalTable: "contracts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "inbound_mail_files",
                columns: table => new
                {
                    mail_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    data = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_inbound_mail_files", x => x.mail_id);
                });

            migrationBuilder.CreateTable(
                name: "inbound_mails",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    subject = table.Column<long>(type: "INTEGER", nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    sha256 = table.Column<byte[]>(type: "BLOB", nullable: false),
                    size = table.Column<long>(type: "INTEGER", nullable: false),
                    message_hash = table.Column<byte[]>(type: "BLOB", nullable: true),
                    content_hash = table.Column<byte[]>(type: "BLOB", nullable: true),
                    sender_token = table.Column<byte[]>(type: "BLOB", nullable: true),
                    arrived_at = table.Column<long>(type: "INTEGER", nullable: false),
                    taken_at = table.Column<long>(type: "INTEGER", nullable: false),
                    case_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    decided_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    decided_at = table.Column<long>(type: "INTEGER", nullable: true),
                    reason = table.Column<string>(type: "TEXT", maxLength: 60, nullable: true),
                    data = table.Column<byte[]>(type: "BLOB", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_inbound_mails", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "intakes",
                columns: table => new
                {
                    case_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    channel = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    taken_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    data = table.Column<byte[]>(type: "BLOB", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_intakes", x => x.case_id);
                });

            migrationBuilder.CreateTable(
                name: "orders",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    customer_id = table.Column<long>(type: "INTEGER", nullable: false),
                    number_token = table.Column<byte[]>(type: "BLOB", maxLength: 16, nullable: true),
                    number = table.Column<byte[]>(type: "BLOB", nullable: true),
                    currency = table.Column<string>(type: "TEXT", maxLength: 3, nullable: false),
                    ordered_on = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    zone = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    jurisdiction = table.Column<string>(type: "TEXT", maxLength: 10, nullable: false),
                    party = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    distance = table.Column<bool>(type: "INTEGER", nullable: false),
                    informed_on = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    free_returns = table.Column<bool>(type: "INTEGER", nullable: false),
                    discount = table.Column<long>(type: "INTEGER", nullable: false),
                    freight = table.Column<long>(type: "INTEGER", nullable: false),
                    standard_freight = table.Column<long>(type: "INTEGER", nullable: false),
                    location = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    invoice_number = table.Column<string>(type: "TEXT", maxLength: 60, nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_orders", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "phone_calls",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    subject = table.Column<long>(type: "INTEGER", nullable: false),
                    by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    started_at = table.Column<long>(type: "INTEGER", nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    proven_at = table.Column<long>(type: "INTEGER", nullable: true),
                    ended_at = table.Column<long>(type: "INTEGER", nullable: true),
                    call_back_at = table.Column<long>(type: "INTEGER", nullable: true),
                    case_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    data = table.Column<byte[]>(type: "BLOB", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_phone_calls", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "products",
                columns: table => new
                {
                    code = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    chinese = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    english = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    price = table.Column<long>(type: "INTEGER", nullable: false),
                    currency = table.Column<string>(type: "TEXT", maxLength: 3, nullable: false),
                    tax_code = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    tax_rate = table.Column<string>(type: "TEXT", maxLength: 12, nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_products", x => x.code);
                });

            migrationBuilder.CreateTable(
                name: "return_photos",
                columns: table => new
                {
                    document_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    case_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    line = table.Column<int>(type: "INTEGER", nullable: false),
                    by_customer = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_return_photos", x => x.document_id);
                });

            migrationBuilder.CreateTable(
                name: "returns",
                columns: table => new
                {
                    case_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    order_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    wish = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    declared_on = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    sent_on = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    received_on = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    refund_by = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    red_on = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    stalls_after = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    exchange_product = table.Column<string>(type: "TEXT", maxLength: 60, nullable: true),
                    exchange_price = table.Column<long>(type: "INTEGER", nullable: false),
                    goods = table.Column<long>(type: "INTEGER", nullable: false),
                    freight = table.Column<long>(type: "INTEGER", nullable: false),
                    deducted = table.Column<long>(type: "INTEGER", nullable: false),
                    exchanged = table.Column<long>(type: "INTEGER", nullable: false),
                    currency = table.Column<string>(type: "TEXT", maxLength: 3, nullable: false),
                    settled_at = table.Column<long>(type: "INTEGER", nullable: true),
                    confirm_by = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    credit_note = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    again = table.Column<byte[]>(type: "BLOB", nullable: true),
                    not_by = table.Column<string>(type: "TEXT", maxLength: 400, nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_returns", x => x.case_id);
                });

            migrationBuilder.CreateTable(
                name: "stock_moves",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    location = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    product = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    part = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    quantity = table.Column<int>(type: "INTEGER", nullable: false),
                    cause = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    case_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    order_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    line = table.Column<int>(type: "INTEGER", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_stock_moves", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "order_lines",
                columns: table => new
                {
                    order_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    product = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    product_chinese = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    product_english = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    quantity = table.Column<int>(type: "INTEGER", nullable: false),
                    unit_price = table.Column<long>(type: "INTEGER", nullable: false),
                    paid = table.Column<long>(type: "INTEGER", nullable: false),
                    freight_share = table.Column<long>(type: "INTEGER", nullable: false),
                    tax_code = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    tax_rate = table.Column<string>(type: "TEXT", maxLength: 12, nullable: false),
                    shipped_on = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    delivered_on = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    opened = table.Column<bool>(type: "INTEGER", nullable: false),
                    confirmed_unsuitable = table.Column<bool>(type: "INTEGER", nullable: false),
                    claimed = table.Column<int>(type: "INTEGER", nullable: false),
                    refunded = table.Column<int>(type: "INTEGER", nullable: false),
                    exchanged_for = table.Column<int>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_order_lines", x => new { x.order_id, x.number });
                    table.CheckConstraint("no_more_back_than_sold", "claimed >= 0 AND claimed <= quantity");
                    table.CheckConstraint("no_more_refunded_than_back", "refunded >= 0 AND refunded <= claimed");
                    table.ForeignKey(
                        name: "FK_order_lines_orders_order_id",
                        column: x => x.order_id,
                        principalTable: "orders",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "order_payments",
                columns: table => new
                {
                    order_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    means = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    reference = table.Column<byte[]>(type: "BLOB", nullable: true),
                    amount = table.Column<long>(type: "INTEGER", nullable: false),
                    paid_on = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    refunded = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_order_payments", x => new { x.order_id, x.number });
                    table.CheckConstraint("no_more_back_than_paid", "refunded >= 0 AND refunded <= amount");
                    table.ForeignKey(
                        name: "FK_order_payments_orders_order_id",
                        column: x => x.order_id,
                        principalTable: "orders",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "return_lines",
                columns: table => new
                {
                    case_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    line = table.Column<int>(type: "INTEGER", nullable: false),
                    quantity = table.Column<int>(type: "INTEGER", nullable: false),
                    reason = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    text_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    basis = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    rule = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    last_day = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    return_freight = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    outward_freight = table.Column<bool>(type: "INTEGER", nullable: false),
                    accepted = table.Column<int>(type: "INTEGER", nullable: true),
                    rejected = table.Column<int>(type: "INTEGER", nullable: true),
                    condition = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    ground = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    finding_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    fate = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    fate_on = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    deducted_share = table.Column<string>(type: "TEXT", maxLength: 12, nullable: true),
                    goods = table.Column<long>(type: "INTEGER", nullable: false),
                    goods_vat = table.Column<long>(type: "INTEGER", nullable: false),
                    freight = table.Column<long>(type: "INTEGER", nullable: false),
                    freight_vat = table.Column<long>(type: "INTEGER", nullable: false),
                    deducted = table.Column<long>(type: "INTEGER", nullable: false),
                    accepted_before = table.Column<int>(type: "INTEGER", nullable: false),
                    goods_before = table.Column<long>(type: "INTEGER", nullable: false),
                    deducted_before = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_return_lines", x => new { x.case_id, x.line });
                    table.CheckConstraint("no_more_looked_at_than_claimed", "COALESCE(accepted, 0) + COALESCE(rejected, 0) <= quantity");
                    table.ForeignKey(
                        name: "FK_return_lines_returns_case_id",
                        column: x => x.case_id,
                        principalTable: "returns",
                        principalColumn: "case_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_cases_order_id",
                table: "cases",
                column: "order_id");

            migrationBuilder.CreateIndex(
                name: "IX_chat_messages_conversation_id_id",
                table: "chat_messages",
                columns: new[] { "conversation_id", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_chat_messages_system_message_id",
                table: "chat_messages",
                columns: new[] { "system", "message_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_conversations_case_id",
                table: "conversations",
                column: "case_id");

            migrationBuilder.CreateIndex(
                name: "IX_conversations_state_id",
                table: "conversations",
                columns: new[] { "state", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_conversations_subject",
                table: "conversations",
                column: "subject");

            migrationBuilder.CreateIndex(
                name: "IX_conversations_token",
                table: "conversations",
                column: "token",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_feedback_assigned_to_state",
                table: "feedback",
                columns: new[] { "assigned_to", "state" });

            migrationBuilder.CreateIndex(
                name: "IX_feedback_case_id",
                table: "feedback",
                column: "case_id");

            migrationBuilder.CreateIndex(
                name: "IX_feedback_customer_id",
                table: "feedback",
                column: "customer_id");

            migrationBuilder.CreateIndex(
                name: "IX_feedback_joined_into",
                table: "feedback",
                column: "joined_into");

            migrationBuilder.CreateIndex(
                name: "IX_feedback_number",
                table: "feedback",
                column: "number",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_feedback_serial",
                table: "feedback",
                column: "serial",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_feedback_state_due_at_serial",
                table: "feedback",
                columns: new[] { "state", "due_at", "serial" });

            migrationBuilder.CreateIndex(
                name: "IX_feedback_index_mail_token_at",
                table: "feedback_index",
                columns: new[] { "mail_token", "at" });

            migrationBuilder.CreateIndex(
                name: "IX_feedback_index_token_hash",
                table: "feedback_index",
                column: "token_hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_identity_vouches_contract_id",
                table: "identity_vouches",
                column: "contract_id");

            migrationBuilder.CreateIndex(
                name: "IX_inbound_mails_message_hash",
                table: "inbound_mails",
                column: "message_hash");

            migrationBuilder.CreateIndex(
                name: "IX_inbound_mails_sender_token_taken_at",
                table: "inbound_mails",
                columns: new[] { "sender_token", "taken_at" });

            migrationBuilder.CreateIndex(
                name: "IX_inbound_mails_sha256",
                table: "inbound_mails",
                column: "sha256",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_inbound_mails_state_id",
                table: "inbound_mails",
                columns: new[] { "state", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_inbound_mails_subject",
                table: "inbound_mails",
                column: "subject");

            migrationBuilder.CreateIndex(
                name: "IX_orders_customer_id_ordered_on",
                table: "orders",
                columns: new[] { "customer_id", "ordered_on" });

            migrationBuilder.CreateIndex(
                name: "IX_orders_number_token",
                table: "orders",
                column: "number_token",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_phone_calls_state_id",
                table: "phone_calls",
                columns: new[] { "state", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_phone_calls_subject",
                table: "phone_calls",
                column: "subject");

            migrationBuilder.CreateIndex(
                name: "IX_return_photos_case_id",
                table: "return_photos",
                column: "case_id");

            migrationBuilder.CreateIndex(
                name: "IX_returns_credit_note",
                table: "returns",
                column: "credit_note",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_returns_order_id",
                table: "returns",
                column: "order_id");

            migrationBuilder.CreateIndex(
                name: "IX_returns_settled_at_refund_by",
                table: "returns",
                columns: new[] { "settled_at", "refund_by" });

            migrationBuilder.CreateIndex(
                name: "IX_stock_moves_case_id",
                table: "stock_moves",
                column: "case_id");

            migrationBuilder.CreateIndex(
                name: "IX_stock_moves_product_location",
                table: "stock_moves",
                columns: new[] { "product", "location" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "chat_messages");

            migrationBuilder.DropTable(
                name: "conversations");

            migrationBuilder.DropTable(
                name: "feedback");

            migrationBuilder.DropTable(
                name: "feedback_entries");

            migrationBuilder.DropTable(
                name: "feedback_index");

            migrationBuilder.DropTable(
                name: "identity_vouches");

            migrationBuilder.DropTable(
                name: "inbound_mail_files");

            migrationBuilder.DropTable(
                name: "inbound_mails");

            migrationBuilder.DropTable(
                name: "intakes");

            migrationBuilder.DropTable(
                name: "order_lines");

            migrationBuilder.DropTable(
                name: "order_payments");

            migrationBuilder.DropTable(
                name: "phone_calls");

            migrationBuilder.DropTable(
                name: "products");

            migrationBuilder.DropTable(
                name: "return_lines");

            migrationBuilder.DropTable(
                name: "return_photos");

            migrationBuilder.DropTable(
                name: "stock_moves");

            migrationBuilder.DropTable(
                name: "orders");

            migrationBuilder.DropTable(
                name: "returns");

            migrationBuilder.DropIndex(
                name: "IX_cases_order_id",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "order_payment",
                table: "payment_orders");

            migrationBuilder.DropColumn(
                name: "kind",
                table: "drafts");

            migrationBuilder.DropColumn(
                name: "signed_on",
                table: "contracts");

            migrationBuilder.DropColumn(
                name: "declared",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "order_id",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "page",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "return_comes_back",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "return_is_statutory",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "return_needs_person",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "send_back_by",
                table: "cases");
        }
    }
}
