using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Sqlite.App;

/// <summary>What becomes of a former customer's data may stand there without a case: they asked. SQLite cannot loosen a column: the table is made again.</summary>
public partial class KeptWithoutCase : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("""
            CREATE TABLE "retained_new" (
                "customer_id" INTEGER NOT NULL,
                "category" TEXT NOT NULL,
                "case_id" BLOB NULL,
                "outcome" TEXT NOT NULL,
                "until" TEXT NULL,
                "rule" TEXT NULL,
                "done_at" INTEGER NULL,
                CONSTRAINT "PK_retained" PRIMARY KEY ("customer_id", "category"));
            INSERT INTO "retained_new" ("customer_id", "category", "case_id", "outcome", "until", "rule", "done_at")
                SELECT "customer_id", "category", "case_id", "outcome", "until", "rule", "done_at" FROM "retained";
            DROP TABLE "retained";
            ALTER TABLE "retained_new" RENAME TO "retained";
            """);

    protected override void Down(MigrationBuilder migrationBuilder) => throw new NotSupportedException("What is kept without a case cannot go back.");
}
