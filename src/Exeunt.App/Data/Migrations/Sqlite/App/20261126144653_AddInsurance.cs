using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Sqlite.App
{
    /// <inheritdoc />
    public partial class AddInsurance : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
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

            migrationBuilder.CreateIndex(
                name: "IX_claims_contract_id_number",
                table: "claims",
                columns: new[] { "contract_id", "number" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "claims");

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
        }
    }
}
