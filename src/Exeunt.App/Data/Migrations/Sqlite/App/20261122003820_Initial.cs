using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Sqlite.App
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "activity",
                columns: table => new
                {
                    customer_id = table.Column<long>(type: "INTEGER", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    months = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_activity", x => x.customer_id);
                });

            migrationBuilder.CreateTable(
                name: "audit_log",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    index = table.Column<long>(type: "INTEGER", nullable: true),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    actor = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    verb = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    target = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    data = table.Column<string>(type: "TEXT", nullable: false),
                    salt = table.Column<byte[]>(type: "BLOB", nullable: false),
                    leaf = table.Column<byte[]>(type: "BLOB", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit_log", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "contracts",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false),
                    customer_id = table.Column<long>(type: "INTEGER", nullable: false),
                    number_token = table.Column<byte[]>(type: "BLOB", maxLength: 16, nullable: true),
                    number = table.Column<byte[]>(type: "BLOB", nullable: true),
                    product = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    product_chinese = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    product_english = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    currency = table.Column<string>(type: "TEXT", maxLength: 3, nullable: false),
                    start_on = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    term_months = table.Column<int>(type: "INTEGER", nullable: false),
                    monthly_fee = table.Column<long>(type: "INTEGER", nullable: false),
                    current_month_prepaid = table.Column<bool>(type: "INTEGER", nullable: false),
                    deposit = table.Column<long>(type: "INTEGER", nullable: false),
                    device_value = table.Column<long>(type: "INTEGER", nullable: false),
                    unpaid = table.Column<long>(type: "INTEGER", nullable: false),
                    policy_number = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    policy_version = table.Column<int>(type: "INTEGER", nullable: false),
                    zone = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    jurisdiction = table.Column<string>(type: "TEXT", maxLength: 10, nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    last_service_day = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_contracts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "customers",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false),
                    source = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    number_token = table.Column<byte[]>(type: "BLOB", maxLength: 16, nullable: true),
                    unit_id = table.Column<int>(type: "INTEGER", nullable: false),
                    owner_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    tier = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    organisation_name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    country = table.Column<string>(type: "TEXT", maxLength: 60, nullable: true),
                    industry = table.Column<string>(type: "TEXT", maxLength: 60, nullable: true),
                    since = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    language = table.Column<string>(type: "TEXT", maxLength: 5, nullable: false),
                    currency = table.Column<string>(type: "TEXT", maxLength: 3, nullable: false),
                    profile = table.Column<byte[]>(type: "BLOB", nullable: true),
                    contact = table.Column<byte[]>(type: "BLOB", nullable: true),
                    identity = table.Column<byte[]>(type: "BLOB", nullable: true),
                    payout = table.Column<byte[]>(type: "BLOB", nullable: true),
                    erased_at = table.Column<long>(type: "INTEGER", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "effects",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    key = table.Column<string>(type: "TEXT", maxLength: 160, nullable: false),
                    case_id = table.Column<byte[]>(type: "BLOB", nullable: true),
                    payload = table.Column<string>(type: "TEXT", nullable: false),
                    clock = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    due_at = table.Column<long>(type: "INTEGER", nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    lease_until = table.Column<long>(type: "INTEGER", nullable: true),
                    fence = table.Column<int>(type: "INTEGER", nullable: false),
                    note = table.Column<string>(type: "TEXT", nullable: true),
                    done_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_effects", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "facts",
                columns: table => new
                {
                    key = table.Column<byte[]>(type: "BLOB", maxLength: 16, nullable: false),
                    customer_id = table.Column<long>(type: "INTEGER", nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    on = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    amount = table.Column<long>(type: "INTEGER", nullable: false),
                    document = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_facts", x => x.key);
                });

            migrationBuilder.CreateTable(
                name: "idempotency",
                columns: table => new
                {
                    actor = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    key = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    use_case = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    request_hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    answer = table.Column<string>(type: "TEXT", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_idempotency", x => new { x.actor, x.key });
                });

            migrationBuilder.CreateTable(
                name: "policies",
                columns: table => new
                {
                    number = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    status = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    document = table.Column<string>(type: "TEXT", nullable: false),
                    effective_from = table.Column<DateOnly>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_policies", x => new { x.number, x.version });
                });

            migrationBuilder.CreateTable(
                name: "settings",
                columns: table => new
                {
                    key = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    value = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_settings", x => x.key);
                });

            migrationBuilder.CreateTable(
                name: "tree_heads",
                columns: table => new
                {
                    size = table.Column<long>(type: "INTEGER", nullable: false),
                    root = table.Column<byte[]>(type: "BLOB", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    signature = table.Column<byte[]>(type: "BLOB", nullable: false),
                    frontier = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tree_heads", x => x.size);
                });

            migrationBuilder.CreateTable(
                name: "units",
                columns: table => new
                {
                    id = table.Column<int>(type: "INTEGER", nullable: false),
                    parent_id = table.Column<int>(type: "INTEGER", nullable: true),
                    path = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    code = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    chinese = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    english = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_units", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_audit_log_index",
                table: "audit_log",
                column: "index",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_audit_log_target",
                table: "audit_log",
                column: "target");

            migrationBuilder.CreateIndex(
                name: "IX_contracts_customer_id",
                table: "contracts",
                column: "customer_id");

            migrationBuilder.CreateIndex(
                name: "IX_contracts_number_token",
                table: "contracts",
                column: "number_token",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_number_token",
                table: "customers",
                column: "number_token",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_customers_owner_id",
                table: "customers",
                column: "owner_id");

            migrationBuilder.CreateIndex(
                name: "IX_customers_unit_id_id",
                table: "customers",
                columns: new[] { "unit_id", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_effects_case_id",
                table: "effects",
                column: "case_id");

            migrationBuilder.CreateIndex(
                name: "IX_effects_key",
                table: "effects",
                column: "key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_effects_state_clock_due_at",
                table: "effects",
                columns: new[] { "state", "clock", "due_at" });

            migrationBuilder.CreateIndex(
                name: "IX_facts_customer_id_on",
                table: "facts",
                columns: new[] { "customer_id", "on" });

            migrationBuilder.CreateIndex(
                name: "IX_units_code",
                table: "units",
                column: "code",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_units_path",
                table: "units",
                column: "path",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "activity");

            migrationBuilder.DropTable(
                name: "audit_log");

            migrationBuilder.DropTable(
                name: "contracts");

            migrationBuilder.DropTable(
                name: "customers");

            migrationBuilder.DropTable(
                name: "effects");

            migrationBuilder.DropTable(
                name: "facts");

            migrationBuilder.DropTable(
                name: "idempotency");

            migrationBuilder.DropTable(
                name: "policies");

            migrationBuilder.DropTable(
                name: "settings");

            migrationBuilder.DropTable(
                name: "tree_heads");

            migrationBuilder.DropTable(
                name: "units");
        }
    }
}
