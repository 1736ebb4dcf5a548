using System;
using Microsoft.EntityFrameworkCore.Migrations;

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

            migrationBuilder.AddColumn<bool>(
                name: "irreversible",
                table: "work_orders",
                type: "boolean",
                nullable: false,
                defaultValue: false);

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

            migrationBuilder.CreateIndex(
                name: "IX_work_orders_case_id_step_task",
                table: "work_orders",
                columns: new[] { "case_id", "step", "task" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_work_orders_case_id_step_task",
                table: "work_orders");

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
                name: "irreversible",
                table: "work_orders");

            migrationBuilder.DropColumn(
                name: "step",
                table: "work_orders");

            migrationBuilder.DropColumn(
                name: "system",
                table: "work_orders");

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
        }
    }
}
