using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Postgres.App
{
    /// <inheritdoc />
    public partial class Procedures : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_approvals_case_id_digest_by",
                table: "approvals");

            migrationBuilder.DropIndex(
                name: "IX_approvals_case_id_role_digest",
                table: "approvals");

            migrationBuilder.AddColumn<string>(
                name: "of",
                table: "approvals",
                type: "character varying(40)",
                maxLength: 40,
                nullable: false,
                defaultValueSql: "'Settlement'");

            migrationBuilder.AddColumn<string>(
                name: "on_behalf_of",
                table: "approvals",
                type: "character varying(80)",
                maxLength: 80,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "part",
                table: "approvals",
                type: "character varying(40)",
                maxLength: 40,
                nullable: false,
                defaultValueSql: "'Approver'");

            migrationBuilder.AddColumn<long>(
                name: "voided_at",
                table: "approvals",
                type: "bigint",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "delegations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    from = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    to = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    role = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    from_on = table.Column<DateOnly>(type: "date", nullable: false),
                    until_on = table.Column<DateOnly>(type: "date", nullable: false),
                    reason = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false),
                    ended_at = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_delegations", x => x.id);
                    table.CheckConstraint("nobody_stands_in_for_themselves", "\"from\" <> \"to\"");
                });

            migrationBuilder.CreateTable(
                name: "escalations",
                columns: table => new
                {
                    case_id = table.Column<Guid>(type: "uuid", nullable: false),
                    step = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    role = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    due_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_escalations", x => new { x.case_id, x.step, x.role });
                });

            migrationBuilder.CreateTable(
                name: "four_eyes",
                columns: table => new
                {
                    case_id = table.Column<Guid>(type: "uuid", nullable: false),
                    digest = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    person = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    part = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_four_eyes", x => new { x.case_id, x.digest, x.person });
                    table.UniqueConstraint("AK_four_eyes_case_id_digest_person_part", x => new { x.case_id, x.digest, x.person, x.part });
                });

            // Approvals from before they had to say who had which part.
            migrationBuilder.Sql(
                "INSERT INTO four_eyes (case_id, digest, person, part, at) SELECT case_id, digest, \"by\", 'Approver', MIN(at) FROM approvals GROUP BY case_id, digest, \"by\"");

            migrationBuilder.CreateTable(
                name: "signed_document_turns",
                columns: table => new
                {
                    turn_id = table.Column<Guid>(type: "uuid", nullable: false),
                    id = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false),
                    words = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_signed_document_turns", x => x.turn_id);
                });

            migrationBuilder.CreateTable(
                name: "signed_documents",
                columns: table => new
                {
                    id = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    status = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    document = table.Column<string>(type: "text", nullable: false),
                    digest = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    effective_from = table.Column<DateOnly>(type: "date", nullable: true),
                    round = table.Column<int>(type: "integer", nullable: false),
                    revision = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_signed_documents", x => new { x.id, x.version });
                });

            migrationBuilder.CreateTable(
                name: "signed_document_hands",
                columns: table => new
                {
                    id = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    round = table.Column<int>(type: "integer", nullable: false),
                    by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    part = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    digest = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_signed_document_hands", x => new { x.id, x.version, x.round, x.by });
                    table.ForeignKey(
                        name: "FK_signed_document_hands_signed_documents_id_version",
                        columns: x => new { x.id, x.version },
                        principalTable: "signed_documents",
                        principalColumns: new[] { "id", "version" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_approvals_case_id_digest_by",
                table: "approvals",
                columns: new[] { "case_id", "digest", "by" },
                unique: true,
                filter: "voided_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_approvals_case_id_digest_by_part",
                table: "approvals",
                columns: new[] { "case_id", "digest", "by", "part" });

            migrationBuilder.AddCheckConstraint(
                name: "approval_is_of_an_approver",
                table: "approvals",
                sql: "part = 'Approver'");

            migrationBuilder.CreateIndex(
                name: "IX_delegations_from_until_on",
                table: "delegations",
                columns: new[] { "from", "until_on" });

            migrationBuilder.CreateIndex(
                name: "IX_delegations_to_until_on",
                table: "delegations",
                columns: new[] { "to", "until_on" });

            migrationBuilder.CreateIndex(
                name: "IX_escalations_role_due_at",
                table: "escalations",
                columns: new[] { "role", "due_at" });

            migrationBuilder.CreateIndex(
                name: "IX_signed_document_hands_id_version_round_part",
                table: "signed_document_hands",
                columns: new[] { "id", "version", "round", "part" },
                unique: true,
                filter: "part <> 'Author'");

            migrationBuilder.CreateIndex(
                name: "IX_signed_document_turns_id_version",
                table: "signed_document_turns",
                columns: new[] { "id", "version" });

            migrationBuilder.CreateIndex(
                name: "IX_signed_documents_id",
                table: "signed_documents",
                column: "id",
                unique: true,
                filter: "status IN ('Draft', 'InSignOff')");

            migrationBuilder.AddForeignKey(
                name: "FK_approvals_four_eyes_case_id_digest_by_part",
                table: "approvals",
                columns: new[] { "case_id", "digest", "by", "part" },
                principalTable: "four_eyes",
                principalColumns: new[] { "case_id", "digest", "person", "part" },
                onDelete: ReferentialAction.Restrict);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_approvals_four_eyes_case_id_digest_by_part",
                table: "approvals");

            migrationBuilder.DropTable(
                name: "delegations");

            migrationBuilder.DropTable(
                name: "escalations");

            migrationBuilder.DropTable(
                name: "four_eyes");

            migrationBuilder.DropTable(
                name: "signed_document_hands");

            migrationBuilder.DropTable(
                name: "signed_document_turns");

            migrationBuilder.DropTable(
                name: "signed_documents");

            migrationBuilder.DropIndex(
                name: "IX_approvals_case_id_digest_by",
                table: "approvals");

            migrationBuilder.DropIndex(
                name: "IX_approvals_case_id_digest_by_part",
                table: "approvals");

            migrationBuilder.DropCheckConstraint(
                name: "approval_is_of_an_approver",
                table: "approvals");

            migrationBuilder.DropColumn(
                name: "of",
                table: "approvals");

            migrationBuilder.DropColumn(
                name: "on_behalf_of",
                table: "approvals");

            migrationBuilder.DropColumn(
                name: "part",
                table: "approvals");

            migrationBuilder.DropColumn(
                name: "voided_at",
                table: "approvals");

            migrationBuilder.CreateIndex(
                name: "IX_approvals_case_id_digest_by",
                table: "approvals",
                columns: new[] { "case_id", "digest", "by" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_approvals_case_id_role_digest",
                table: "approvals",
                columns: new[] { "case_id", "role", "digest" },
                unique: true);
        }
    }
}
