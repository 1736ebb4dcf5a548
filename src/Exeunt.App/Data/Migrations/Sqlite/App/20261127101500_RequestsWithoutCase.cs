using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Sqlite.App;

/// <summary>A request about personal data may come without a case. SQLite cannot loosen a column: the table is made again.</summary>
public partial class RequestsWithoutCase : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("""
            CREATE TABLE "data_requests_new" (
                "id" BLOB NOT NULL CONSTRAINT "PK_data_requests" PRIMARY KEY,
                "serial" INTEGER NOT NULL,
                "number" TEXT NOT NULL,
                "customer_id" INTEGER NOT NULL,
                "case_id" BLOB NULL,
                "kind" TEXT NOT NULL,
                "proof" TEXT NOT NULL,
                "law" TEXT NOT NULL,
                "received_at" INTEGER NOT NULL,
                "received_by" TEXT NOT NULL,
                "state" TEXT NOT NULL,
                "due_on" TEXT NOT NULL,
                "receipt_by" TEXT NULL,
                "extendable_until" TEXT NULL,
                "extended_at" INTEGER NULL,
                "text_id" BLOB NULL,
                "extension_reason" TEXT NULL,
                "result" TEXT NULL,
                "decided_by" TEXT NULL,
                "decided_at" INTEGER NULL,
                "reminded_at" INTEGER NULL,
                "version" INTEGER NOT NULL,
                "lift_reason" TEXT NULL,
                "lifted_at" INTEGER NULL,
                "lifts_at" INTEGER NULL);
            INSERT INTO "data_requests_new" ("id", "serial", "number", "customer_id", "case_id", "kind", "proof", "law", "received_at", "received_by", "state", "due_on", "receipt_by", "extendable_until", "extended_at", "text_id", "extension_reason", "result", "decided_by", "decided_at", "reminded_at", "version", "lift_reason", "lifted_at", "lifts_at")
                SELECT "id", "serial", "number", "customer_id", "case_id", "kind", "proof", "law", "received_at", "received_by", "state", "due_on", "receipt_by", "extendable_until", "extended_at", "text_id", "extension_reason", "result", "decided_by", "decided_at", "reminded_at", "version", "lift_reason", "lifted_at", "lifts_at" FROM "data_requests";
            DROP TABLE "data_requests";
            ALTER TABLE "data_requests_new" RENAME TO "data_requests";
            CREATE INDEX "IX_data_requests_customer_id" ON "data_requests" ("customer_id");
            CREATE UNIQUE INDEX "IX_data_requests_serial" ON "data_requests" ("serial");
            CREATE INDEX "IX_data_requests_state_due_on" ON "data_requests" ("state", "due_on");
            """);

    protected override void Down(MigrationBuilder migrationBuilder) => throw new NotSupportedException("A request without a case cannot go back.");
}
