using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Exeunt.App.Data.Migrations.Postgres.App
{
    /// <inheritdoc />
    public partial class SurrenderTimesAndHandOvers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AlterColumn<Guid>(
                name: "case_id",
                table: "notifications",
                type: "uuid",
                nullable: true,
                oldClrType: typeof(Guid),
                oldType: "uuid");

            migrationBuilder.AddColumn<string>(
                name: "path",
                table: "notifications",
                type: "character varying(120)",
                maxLength: 120,
                nullable: true);

            migrationBuilder.AlterColumn<Guid>(
                name: "case_id",
                table: "documents",
                type: "uuid",
                nullable: true,
                oldClrType: typeof(Guid),
                oldType: "uuid");

            migrationBuilder.AddColumn<DateOnly>(
                name: "given_up_on",
                table: "customers",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "policy_loan",
                table: "contracts",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<DateOnly>(
                name: "policy_loan_on",
                table: "contracts",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "premiums_paid",
                table: "contracts",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "rights",
                table: "contracts",
                type: "integer",
                maxLength: 40,
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "sum_insured",
                table: "contracts",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "counted_until",
                table: "cases",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateTable(
                name: "claims",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    contract_id = table.Column<long>(type: "bigint", nullable: false),
                    number = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    reported_on = table.Column<DateOnly>(type: "date", nullable: false),
                    closed_on = table.Column<DateOnly>(type: "date", nullable: true),
                    recorded_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    closed_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_claims", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "giving_ups",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    reason = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    grounds_id = table.Column<Guid>(type: "uuid", nullable: false),
                    letter_text_id = table.Column<Guid>(type: "uuid", nullable: false),
                    alternative = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    successor = table.Column<Guid>(type: "uuid", nullable: true),
                    from_on = table.Column<DateOnly>(type: "date", nullable: false),
                    digest = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    asked_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    asked_at = table.Column<long>(type: "bigint", nullable: false),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    decided_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    decided_at = table.Column<long>(type: "bigint", nullable: true),
                    decision_id = table.Column<Guid>(type: "uuid", nullable: true),
                    letter = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    letter_version = table.Column<int>(type: "integer", nullable: false),
                    document_id = table.Column<Guid>(type: "uuid", nullable: true),
                    mail_id = table.Column<Guid>(type: "uuid", nullable: true),
                    done_at = table.Column<long>(type: "bigint", nullable: true),
                    code = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
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
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    from_owner = table.Column<Guid>(type: "uuid", nullable: true),
                    to_owner = table.Column<Guid>(type: "uuid", nullable: true),
                    from_on = table.Column<DateOnly>(type: "date", nullable: false),
                    reason = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    text_id = table.Column<Guid>(type: "uuid", nullable: true),
                    decided_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    decided_at = table.Column<long>(type: "bigint", nullable: false),
                    giving_up_id = table.Column<Guid>(type: "uuid", nullable: true),
                    plan_id = table.Column<Guid>(type: "uuid", nullable: true),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    done_at = table.Column<long>(type: "bigint", nullable: true),
                    cases_moved = table.Column<int>(type: "integer", nullable: false),
                    cases_kept = table.Column<int>(type: "integer", nullable: false),
                    code = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_owner_changes", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "portfolio_items",
                columns: table => new
                {
                    plan_id = table.Column<Guid>(type: "uuid", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    unit_id = table.Column<int>(type: "integer", nullable: false),
                    open = table.Column<int>(type: "integer", nullable: false),
                    value = table.Column<long>(type: "bigint", nullable: false),
                    currency = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: false),
                    by_hand = table.Column<bool>(type: "boolean", nullable: false),
                    successor = table.Column<Guid>(type: "uuid", nullable: true),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    code = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    letter = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    document_id = table.Column<Guid>(type: "uuid", nullable: true),
                    mail_id = table.Column<Guid>(type: "uuid", nullable: true),
                    visit = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    visit_kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    visit_on = table.Column<DateOnly>(type: "date", nullable: true),
                    visited_on = table.Column<DateOnly>(type: "date", nullable: true),
                    minutes_id = table.Column<Guid>(type: "uuid", nullable: true),
                    outcome = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    visit_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    visit_at = table.Column<long>(type: "bigint", nullable: true),
                    waiver_id = table.Column<Guid>(type: "uuid", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_portfolio_items", x => new { x.plan_id, x.position });
                });

            migrationBuilder.CreateTable(
                name: "portfolio_plans",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    unit_id = table.Column<int>(type: "integer", nullable: false),
                    reason = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    last_day = table.Column<DateOnly>(type: "date", nullable: false),
                    from_on = table.Column<DateOnly>(type: "date", nullable: false),
                    visit_share = table.Column<int>(type: "integer", nullable: false),
                    visit_by = table.Column<DateOnly>(type: "date", nullable: false),
                    made_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    made_at = table.Column<long>(type: "bigint", nullable: false),
                    started_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    started_at = table.Column<long>(type: "bigint", nullable: true),
                    stage = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    total = table.Column<int>(type: "integer", nullable: false),
                    moved = table.Column<int>(type: "integer", nullable: false),
                    left = table.Column<int>(type: "integer", nullable: false),
                    closed_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    closed_at = table.Column<long>(type: "bigint", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_portfolio_plans", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "step_times",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    case_id = table.Column<Guid>(type: "uuid", nullable: false),
                    procedure = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    step = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    unit_id = table.Column<int>(type: "integer", nullable: true),
                    month = table.Column<int>(type: "integer", nullable: false),
                    started_at = table.Column<long>(type: "bigint", nullable: false),
                    ended_at = table.Column<long>(type: "bigint", nullable: true),
                    due_at = table.Column<long>(type: "bigint", nullable: true),
                    how = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    late = table.Column<bool>(type: "boolean", nullable: false),
                    escalated = table.Column<int>(type: "integer", nullable: false),
                    elapsed = table.Column<long>(type: "bigint", nullable: false),
                    for_customer = table.Column<long>(type: "bigint", nullable: false),
                    for_staff = table.Column<long>(type: "bigint", nullable: false),
                    for_system = table.Column<long>(type: "bigint", nullable: false),
                    for_date = table.Column<long>(type: "bigint", nullable: false),
                    stopped = table.Column<long>(type: "bigint", nullable: false)
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

            migrationBuilder.AlterColumn<Guid>(
                name: "case_id",
                table: "notifications",
                type: "uuid",
                nullable: false,
                defaultValue: new Guid("00000000-0000-0000-0000-000000000000"),
                oldClrType: typeof(Guid),
                oldType: "uuid",
                oldNullable: true);

            migrationBuilder.AlterColumn<Guid>(
                name: "case_id",
                table: "documents",
                type: "uuid",
                nullable: false,
                defaultValue: new Guid("00000000-0000-0000-0000-000000000000"),
                oldClrType: typeof(Guid),
                oldType: "uuid",
                oldNullable: true);
        }
    }
}
