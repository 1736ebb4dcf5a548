using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Postgres.App
{
    /// <inheritdoc />
    public partial class ContractTerms : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "auto_renew",
                table: "contracts",
                type: "boolean",
                nullable: false,
                defaultValue: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "billing_anchor",
                table: "contracts",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "billing_months",
                table: "contracts",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            migrationBuilder.AddColumn<int>(
                name: "device_months",
                table: "contracts",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "earnest",
                table: "contracts",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "earnest_price",
                table: "contracts",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "monthly_discount",
                table: "contracts",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "notice_days",
                table: "contracts",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "party",
                table: "contracts",
                type: "character varying(40)",
                maxLength: 40,
                nullable: false,
                defaultValue: "Consumer");

            migrationBuilder.AddColumn<long>(
                name: "prepaid_consumed",
                table: "contracts",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<DateOnly>(
                name: "prepaid_from",
                table: "contracts",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "prepaid_gift",
                table: "contracts",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "prepaid_paid",
                table: "contracts",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<DateOnly>(
                name: "prepaid_paid_on",
                table: "contracts",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "prepaid_until",
                table: "contracts",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "unpaid_due_on",
                table: "contracts",
                type: "date",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
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
        }
    }
}
