using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Sqlite.App
{
    /// <inheritdoc />
    public partial class Console : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "unanswered_since",
                table: "cases",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "batch_items",
                columns: table => new
                {
                    batch_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    position = table.Column<int>(type: "INTEGER", nullable: false),
                    case_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    code = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    english = table.Column<string>(type: "TEXT", nullable: true),
                    chinese = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_batch_items", x => new { x.batch_id, x.position });
                });

            migrationBuilder.CreateTable(
                name: "batches",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    action = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    argument = table.Column<string>(type: "TEXT", maxLength: 80, nullable: true),
                    state = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    total = table.Column<int>(type: "INTEGER", nullable: false),
                    done = table.Column<int>(type: "INTEGER", nullable: false),
                    refused = table.Column<int>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    ended_at = table.Column<long>(type: "INTEGER", nullable: true),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_batches", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "case_views",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    owner_id = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    query = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: false),
                    unit_id = table.Column<int>(type: "INTEGER", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_case_views", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "notification_wishes",
                columns: table => new
                {
                    person_id = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    in_app = table.Column<bool>(type: "INTEGER", nullable: false),
                    by_mail = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_notification_wishes", x => new { x.person_id, x.kind });
                });

            migrationBuilder.CreateTable(
                name: "notifications",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    to = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    case_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    number = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    about = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    by = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    read_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_notifications", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "waits",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    case_id = table.Column<byte[]>(type: "BLOB", nullable: false),
                    key = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    what = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    roles = table.Column<int>(type: "INTEGER", nullable: false),
                    unit_id = table.Column<int>(type: "INTEGER", nullable: true),
                    assigned_to = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    due_at = table.Column<long>(type: "INTEGER", nullable: false),
                    priority = table.Column<int>(type: "INTEGER", nullable: false),
                    since = table.Column<long>(type: "INTEGER", nullable: false),
                    barred = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_waits", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_cases_ends",
                table: "cases",
                columns: new[] { "effective_on", "id", "state", "kind", "unit_id", "assigned_to", "channel", "reason", "customer_id" });

            migrationBuilder.CreateIndex(
                name: "ix_cases_list",
                table: "cases",
                columns: new[] { "id", "state", "kind", "unit_id", "assigned_to", "channel", "reason", "customer_id", "effective_on" });

            migrationBuilder.CreateIndex(
                name: "IX_batch_items_batch_id_state_position",
                table: "batch_items",
                columns: new[] { "batch_id", "state", "position" });

            migrationBuilder.CreateIndex(
                name: "IX_batches_by",
                table: "batches",
                column: "by");

            migrationBuilder.CreateIndex(
                name: "IX_case_views_owner_id",
                table: "case_views",
                column: "owner_id");

            migrationBuilder.CreateIndex(
                name: "IX_case_views_unit_id",
                table: "case_views",
                column: "unit_id");

            migrationBuilder.CreateIndex(
                name: "IX_notifications_to_id",
                table: "notifications",
                columns: new[] { "to", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_notifications_to_read_at_id",
                table: "notifications",
                columns: new[] { "to", "read_at", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_waits_case_id_key",
                table: "waits",
                columns: new[] { "case_id", "key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_waits_due_at_case_id",
                table: "waits",
                columns: new[] { "due_at", "case_id" });

            migrationBuilder.CreateIndex(
                name: "IX_waits_roles_assigned_to_due_at_priority_id_unit_id_what",
                table: "waits",
                columns: new[] { "roles", "assigned_to", "due_at", "priority", "id", "unit_id", "what" });

            migrationBuilder.CreateIndex(
                name: "IX_waits_roles_due_at_priority_id_unit_id",
                table: "waits",
                columns: new[] { "roles", "due_at", "priority", "id", "unit_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "batch_items");

            migrationBuilder.DropTable(
                name: "batches");

            migrationBuilder.DropTable(
                name: "case_views");

            migrationBuilder.DropTable(
                name: "notification_wishes");

            migrationBuilder.DropTable(
                name: "notifications");

            migrationBuilder.DropTable(
                name: "waits");

            migrationBuilder.DropIndex(
                name: "ix_cases_ends",
                table: "cases");

            migrationBuilder.DropIndex(
                name: "ix_cases_list",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "unanswered_since",
                table: "cases");
        }
    }
}
