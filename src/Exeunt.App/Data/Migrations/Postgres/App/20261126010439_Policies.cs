using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Postgres.App
{
    /// <inheritdoc />
    public partial class Policies : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "digest",
                table: "policies",
                type: "character varying(64)",
                maxLength: 64,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<DateOnly>(
                name: "effective_until",
                table: "policies",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "review_on",
                table: "policies",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "revision",
                table: "policies",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "round",
                table: "policies",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "policy_reviews",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    due_on = table.Column<DateOnly>(type: "date", nullable: false),
                    done_at = table.Column<long>(type: "bigint", nullable: true),
                    done_by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    words = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    next_on = table.Column<DateOnly>(type: "date", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_policy_reviews", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "policy_sign_offs",
                columns: table => new
                {
                    number = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    round = table.Column<int>(type: "integer", nullable: false),
                    by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    step = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    digest = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_policy_sign_offs", x => new { x.number, x.version, x.round, x.by });
                    table.ForeignKey(
                        name: "FK_policy_sign_offs_policies_number_version",
                        columns: x => new { x.number, x.version },
                        principalTable: "policies",
                        principalColumns: new[] { "number", "version" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "policy_turns",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    step = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    by = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false),
                    words = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_policy_turns", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_policy_reviews_number_version_due_on",
                table: "policy_reviews",
                columns: new[] { "number", "version", "due_on" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_policy_sign_offs_number_version_round_step",
                table: "policy_sign_offs",
                columns: new[] { "number", "version", "round", "step" },
                unique: true,
                filter: "step <> 'Prepared'");

            migrationBuilder.CreateIndex(
                name: "IX_policy_turns_number_version",
                table: "policy_turns",
                columns: new[] { "number", "version" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "policy_reviews");

            migrationBuilder.DropTable(
                name: "policy_sign_offs");

            migrationBuilder.DropTable(
                name: "policy_turns");

            migrationBuilder.DropColumn(
                name: "digest",
                table: "policies");

            migrationBuilder.DropColumn(
                name: "effective_until",
                table: "policies");

            migrationBuilder.DropColumn(
                name: "review_on",
                table: "policies");

            migrationBuilder.DropColumn(
                name: "revision",
                table: "policies");

            migrationBuilder.DropColumn(
                name: "round",
                table: "policies");
        }
    }
}
