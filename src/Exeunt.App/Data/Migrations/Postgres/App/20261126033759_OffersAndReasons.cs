using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Postgres.App
{
    /// <inheritdoc />
    public partial class OffersAndReasons : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_offers_case_id",
                table: "offers");

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
                name: "IX_contract_amendments_contract_id_number",
                table: "contract_amendments",
                columns: new[] { "contract_id", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_contract_amendments_offer_id",
                table: "contract_amendments",
                column: "offer_id",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "contract_amendments");

            migrationBuilder.DropTable(
                name: "offer_entries");

            migrationBuilder.DropTable(
                name: "reason_offers");

            migrationBuilder.DropTable(
                name: "reasons");

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

            migrationBuilder.CreateIndex(
                name: "IX_offers_case_id",
                table: "offers",
                column: "case_id");
        }
    }
}
