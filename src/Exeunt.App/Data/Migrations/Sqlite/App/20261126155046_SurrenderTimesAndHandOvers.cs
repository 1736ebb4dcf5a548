using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Sqlite.App
{
    /// <inheritdoc />
    public partial class SurrenderTimesAndHandOvers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AlterColumn<byte[]>(
                name: "case_id",
                table: "notifications",
                type: "BLOB",
                nullable: true,
                oldClrType: typeof(byte[]),
                oldType: "BLOB");

            migrationBuilder.AddColumn<string>(
                name: "path",
                table: "notifications",
                type: "TEXT",
                maxLength: 120,
                nullable: true);

            migrationBuilder.AlterColumn<byte[]>(
                name: "case_id",
                table: "documents",
                type: "BLOB",
                nullable: true,
                oldClrType: typeof(byte[]),
                oldType: "BLOB");

            migrationBuilder.AddColumn<DateOnly>(
                name: "given_up_on",
                table: "customers",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "policy_loan",
                table: "contracts",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<DateOnly>(
                name: "policy_loan_on",
                table: "contracts",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "premiums_paid",
                table: "contracts",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "rights",
                table: "contracts",
                type: "INTEGER",
                maxLength: 40,
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "sum_insured",
                table: "contracts",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "counted_until",
                table: "cases",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateTable(
                name: "claims",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    contract_id = table.Column<long>(type: "INTEGER", nullable: false),
                    number = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    reported_on = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    closed_on = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    recorded_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    closed_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_claims", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "giving_ups",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    customer_id = table.Column<long>(type: "INTEGER", nullable: false),
                    reason = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    grounds_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    letter_text_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    alternative = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    successor = table.Column<byte[]>(type: "BLOB", nullable: true),
                    from_on = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    digest = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    asked_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    asked_at = table.Column<long>(type: "INTEGER", nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    decided_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    decided_at = table.Column<long>(type: "INTEGER", nullable: true),
                    decision_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    letter = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    letter_version = table.Column<int>(type: "INTEGER", nullable: false),
                    document_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    mail_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    done_at = table.Column<long>(type: "INTEGER", nullable: true),
                    code = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_giving_ups", x => x.id);
                    table.CheckConstraint("giving_up_needs_two", "successor IS NOT NULL OR decided_by IS NULL OR decided_by <> asked_by");
                });

            migrationBuilder.CreateTable(
                name: "owner_changes",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    customer_id = table.Column<long>(type: "INTEGER", nullable: false),
                    from_owner = table.Column<byte[]>(type: "BLOB", nullable: true),
                    to_owner = table.Column<byte[]>(type: "BLOB", nullable: true),
                    from_on = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    reason = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    text_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    decided_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    decided_at = table.Column<long>(type: "INTEGER", nullable: false),
                    giving_up_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    plan_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    done_at = table.Column<long>(type: "INTEGER", nullable: true),
                    cases_moved = table.Column<int>(type: "INTEGER", nullable: false),
                    cases_kept = table.Column<int>(type: "INTEGER", nullable: false),
                    code = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_owner_changes", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "portfolio_items",
                columns: table => new
                {
                    plan_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    position = table.Column<int>(type: "INTEGER", nullable: false),
                    customer_id = table.Column<long>(type: "INTEGER", nullable: false),
                    unit_id = table.Column<int>(type: "INTEGER", nullable: false),
                    open = table.Column<int>(type: "INTEGER", nullable: false),
                    value = table.Column<long>(type: "INTEGER", nullable: false),
                    currency = table.Column<string>(type: "TEXT", maxLength: 3, nullable: false),
                    by_hand = table.Column<bool>(type: "INTEGER", nullable: false),
                    successor = table.Column<byte[]>(type: "BLOB", nullable: true),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    code = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    letter = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    document_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    mail_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    visit = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    visit_kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    visit_on = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    visited_on = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    minutes_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    outcome = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    visit_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    visit_at = table.Column<long>(type: "INTEGER", nullable: true),
                    waiver_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_portfolio_items", x => new { x.plan_id, x.position });
                });

            migrationBuilder.CreateTable(
                name: "portfolio_plans",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    owner_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    unit_id = table.Column<int>(type: "INTEGER", nullable: false),
                    reason = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    last_day = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    from_on = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    visit_share = table.Column<int>(type: "INTEGER", nullable: false),
                    visit_by = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    made_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    made_at = table.Column<long>(type: "INTEGER", nullable: false),
                    started_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    started_at = table.Column<long>(type: "INTEGER", nullable: true),
                    stage = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    total = table.Column<int>(type: "INTEGER", nullable: false),
                    moved = table.Column<int>(type: "INTEGER", nullable: false),
                    left = table.Column<int>(type: "INTEGER", nullable: false),
                    closed_by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    closed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_portfolio_plans", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "step_times",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    case_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    procedure = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    step = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    unit_id = table.Column<int>(type: "INTEGER", nullable: true),
                    month = table.Column<int>(type: "INTEGER", nullable: false),
                    started_at = table.Column<long>(type: "INTEGER", nullable: false),
                    ended_at = table.Column<long>(type: "INTEGER", nullable: true),
                    due_at = table.Column<long>(type: "INTEGER", nullable: true),
                    how = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    late = table.Column<bool>(type: "INTEGER", nullable: false),
                    escalated = table.Column<int>(type: "INTEGER", nullable: false),
                    elapsed = table.Column<long>(type: "INTEGER", nullable: false),
                    for_customer = table.Column<long>(type: "INTEGER", nullable: false),
                    for_staff = table.Column<long>(type: "INTEGER", nullable: false),
                    for_system = table.Column<long>(type: "INTEGER", nullable: false),
                    for_date = table.Column<long>(type: "INTEGER", nullable: false),
                    stopped = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_step_times", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_claims_contract_id_number",
                table: "claims",
                columns: new[] { "contract_id", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_giving_ups_open",
                table: "giving_ups",
                column: "customer_id",
                unique: true,
                filter: "state IN ('Asked', 'Approved')");

            migrationBuilder.CreateIndex(
                name: "IX_giving_ups_state_asked_at",
                table: "giving_ups",
                columns: new[] { "state", "asked_at" });

            migrationBuilder.CreateIndex(
                name: "IX_owner_changes_customer_id_done_at",
                table: "owner_changes",
                columns: new[] { "customer_id", "done_at" });

            migrationBuilder.CreateIndex(
                name: "IX_owner_changes_from_owner_customer_id",
                table: "owner_changes",
                columns: new[] { "from_owner", "customer_id" });

            migrationBuilder.CreateIndex(
                name: "ix_owner_changes_planned",
                table: "owner_changes",
                column: "customer_id",
                unique: true,
                filter: "state = 'Planned'");

            migrationBuilder.CreateIndex(
                name: "IX_portfolio_items_customer_id",
                table: "portfolio_items",
                column: "customer_id");

            migrationBuilder.CreateIndex(
                name: "IX_portfolio_items_plan_id_customer_id",
                table: "portfolio_items",
                columns: new[] { "plan_id", "customer_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_portfolio_items_plan_id_state_position",
                table: "portfolio_items",
                columns: new[] { "plan_id", "state", "position" });

            migrationBuilder.CreateIndex(
                name: "IX_portfolio_items_visit_visit_on",
                table: "portfolio_items",
                columns: new[] { "visit", "visit_on" });

            migrationBuilder.CreateIndex(
                name: "ix_portfolio_plans_open",
                table: "portfolio_plans",
                columns: new[] { "owner_id", "unit_id" },
                unique: true,
                filter: "closed_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_step_times_case_id",
                table: "step_times",
                column: "case_id");

            migrationBuilder.CreateIndex(
                name: "IX_step_times_procedure_month_step_how_unit_id_elapsed",
                table: "step_times",
                columns: new[] { "procedure", "month", "step", "how", "unit_id", "elapsed" });

            migrationBuilder.CreateIndex(
                name: "IX_step_times_step_month_how_procedure_unit_id_elapsed",
                table: "step_times",
                columns: new[] { "step", "month", "how", "procedure", "unit_id", "elapsed" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "claims");

            migrationBuilder.DropTable(
                name: "giving_ups");

            migrationBuilder.DropTable(
                name: "owner_changes");

            migrationBuilder.DropTable(
                name: "portfolio_items");

            migrationBuilder.DropTable(
                name: "portfolio_plans");

            migrationBuilder.DropTable(
                name: "step_times");

            migrationBuilder.DropColumn(
                name: "path",
                table: "notifications");

            migrationBuilder.DropColumn(
                name: "given_up_on",
                table: "customers");

            migrationBuilder.DropColumn(
                name: "policy_loan",
                table: "contracts");

            migrationBuilder.DropColumn(
                name: "policy_loan_on",
                table: "contracts");

            migrationBuilder.DropColumn(
                name: "premiums_paid",
                table: "contracts");

            migrationBuilder.DropColumn(
                name: "rights",
                table: "contracts");

            migrationBuilder.DropColumn(
                name: "sum_insured",
                table: "contracts");

            migrationBuilder.DropColumn(
                name: "counted_until",
                table: "cases");

            migrationBuilder.AlterColumn<byte[]>(
                name: "case_id",
                table: "notifications",
                type: "BLOB",
                nullable: false,
                defaultValue: new byte[0],
                oldClrType: typeof(byte[]),
                oldType: "BLOB",
                oldNullable: true);

            migrationBuilder.AlterColumn<byte[]>(
                name: "case_id",
                table: "documents",
                type: "BLOB",
                nullable: false,
                defaultValue: new byte[0],
                oldClrType: typeof(byte[]),
                oldType: "BLOB",
                oldNullable: true);
        }
    }
}
