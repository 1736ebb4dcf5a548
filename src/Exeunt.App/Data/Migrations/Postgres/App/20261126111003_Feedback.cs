using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Postgres.App
{
    /// <inheritdoc />
    public partial class Feedback : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "feedback",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    serial = table.Column<long>(type: "bigint", nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    category = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    channel = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    through_authority = table.Column<bool>(type: "boolean", nullable: false),
                    is_proven = table.Column<bool>(type: "boolean", nullable: false),
                    language = table.Column<string>(type: "character varying(2)", maxLength: 2, nullable: false),
                    received_at = table.Column<long>(type: "bigint", nullable: false),
                    due_at = table.Column<long>(type: "bigint", nullable: false),
                    overdue_at = table.Column<long>(type: "bigint", nullable: true),
                    assigned_to = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    case_id = table.Column<Guid>(type: "uuid", nullable: true),
                    customer_id = table.Column<long>(type: "bigint", nullable: true),
                    unit_id = table.Column<int>(type: "integer", nullable: true),
                    joined_into = table.Column<Guid>(type: "uuid", nullable: true),
                    verdict = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    remedies = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    answered_at = table.Column<long>(type: "bigint", nullable: true),
                    judges = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: false),
                    was_reopened = table.Column<bool>(type: "boolean", nullable: false),
                    end = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    closed_at = table.Column<long>(type: "bigint", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false),
                    entries = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_feedback", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "feedback_entries",
                columns: table => new
                {
                    feedback_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false),
                    by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    what = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    about = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    words = table.Column<byte[]>(type: "bytea", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_feedback_entries", x => new { x.feedback_id, x.number });
                });

            migrationBuilder.CreateTable(
                name: "feedback_index",
                columns: table => new
                {
                    feedback_id = table.Column<Guid>(type: "uuid", nullable: false),
                    token_hash = table.Column<byte[]>(type: "bytea", nullable: true),
                    subject = table.Column<long>(type: "bigint", nullable: false),
                    typed = table.Column<byte[]>(type: "bytea", nullable: true),
                    contact = table.Column<byte[]>(type: "bytea", nullable: true),
                    mail_token = table.Column<byte[]>(type: "bytea", maxLength: 16, nullable: true),
                    at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_feedback_index", x => x.feedback_id);
                });

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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "feedback");

            migrationBuilder.DropTable(
                name: "feedback_entries");

            migrationBuilder.DropTable(
                name: "feedback_index");
        }
    }
}
