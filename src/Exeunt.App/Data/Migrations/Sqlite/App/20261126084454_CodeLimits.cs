using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Sqlite.App
{
    /// <inheritdoc />
    public partial class CodeLimits : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "contact",
                table: "challenges",
                type: "BLOB",
                maxLength: 16,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "failed_at",
                table: "challenges",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "withheld",
                table: "challenges",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateIndex(
                name: "IX_challenges_contact_sent_at",
                table: "challenges",
                columns: new[] { "contact", "sent_at" });

            migrationBuilder.CreateIndex(
                name: "IX_challenges_sent_at",
                table: "challenges",
                column: "sent_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_challenges_contact_sent_at",
                table: "challenges");

            migrationBuilder.DropIndex(
                name: "IX_challenges_sent_at",
                table: "challenges");

            migrationBuilder.DropColumn(
                name: "contact",
                table: "challenges");

            migrationBuilder.DropColumn(
                name: "failed_at",
                table: "challenges");

            migrationBuilder.DropColumn(
                name: "withheld",
                table: "challenges");
        }
    }
}
