using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Sqlite.App;

/// <summary>A legal hold and an erasure certificate may stand without a case. SQLite cannot loosen a column: the tables are made again.</summary>
public partial class HoldsAndErasuresWithoutCase : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("""
            CREATE TABLE "legal_holds_new" (
                "id" BLOB NOT NULL CONSTRAINT "PK_legal_holds" PRIMARY KEY,
                "customer_id" INTEGER NOT NULL,
                "case_id" BLOB NULL,
                "reason" TEXT NOT NULL,
                "placed_by" TEXT NOT NULL,
                "placed_at" INTEGER NOT NULL,
                "lift_asked_by" TEXT NULL,
                "lift_asked_as" TEXT NULL,
                "lifted_by" TEXT NULL,
                "lifted_at" INTEGER NULL,
                "version" INTEGER NOT NULL,
                CONSTRAINT "hold_is_lifted_by_two" CHECK (lifted_by IS NULL OR lifted_by <> lift_asked_by));
            INSERT INTO "legal_holds_new" ("id", "customer_id", "case_id", "reason", "placed_by", "placed_at", "lift_asked_by", "lift_asked_as", "lifted_by", "lifted_at", "version")
                SELECT "id", "customer_id", "case_id", "reason", "placed_by", "placed_at", "lift_asked_by", "lift_asked_as", "lifted_by", "lifted_at", "version" FROM "legal_holds";
            DROP TABLE "legal_holds";
            ALTER TABLE "legal_holds_new" RENAME TO "legal_holds";
            CREATE INDEX "IX_legal_holds_customer_id" ON "legal_holds" ("customer_id");
            CREATE TABLE "certificates_new" (
                "serial" TEXT NOT NULL CONSTRAINT "PK_certificates" PRIMARY KEY,
                "case_id" BLOB NULL,
                "data_request_id" BLOB NULL,
                "document_id" BLOB NOT NULL,
                "sha256" BLOB NOT NULL,
                "issued_on" TEXT NOT NULL,
                "state" TEXT NOT NULL,
                "kind" TEXT NOT NULL DEFAULT 'Termination',
                "superseded_by" TEXT NULL,
                "reason" TEXT NULL,
                "changed_by" TEXT NULL,
                "changed_at" INTEGER NULL,
                "version" INTEGER NOT NULL,
                CONSTRAINT "certificate_has_one_cause" CHECK ((case_id IS NULL) <> (data_request_id IS NULL)));
            INSERT INTO "certificates_new" ("serial", "case_id", "document_id", "sha256", "issued_on", "state", "kind", "superseded_by", "reason", "changed_by", "changed_at", "version")
                SELECT "serial", "case_id", "document_id", "sha256", "issued_on", "state", "kind", "superseded_by", "reason", "changed_by", "changed_at", "version" FROM "certificates";
            DROP TABLE "certificates";
            ALTER TABLE "certificates_new" RENAME TO "certificates";
            CREATE INDEX "IX_certificates_case_id" ON "certificates" ("case_id");
            CREATE INDEX "IX_certificates_data_request_id" ON "certificates" ("data_request_id");
            CREATE INDEX "IX_certificates_issued_on_serial" ON "certificates" ("issued_on", "serial");
            CREATE INDEX "IX_certificates_sha256" ON "certificates" ("sha256");
            ALTER TABLE "data_requests" ADD COLUMN "link_hash" BLOB NULL;
            CREATE INDEX "IX_data_requests_link_hash" ON "data_requests" ("link_hash");
            """);

    protected override void Down(MigrationBuilder migrationBuilder) => throw new NotSupportedException("What stands without a case cannot go back.");
}
