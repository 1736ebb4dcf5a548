using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Postgres.App
{
    /// <inheritdoc />
    public partial class Negotiation : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "receipt",
                table: "case_index",
                type: "bytea",
                nullable: true);

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

            migrationBuilder.CreateIndex(
                name: "IX_proposals_case_id_number",
                table: "proposals",
                columns: new[] { "case_id", "number" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "audit_blocks");

            migrationBuilder.DropTable(
                name: "proposals");

            migrationBuilder.DropColumn(
                name: "receipt",
                table: "case_index");
        }
    }
}
