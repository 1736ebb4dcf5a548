using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Sqlite.App;

/// <summary>A work order may belong to a customer who was erased without a case. SQLite cannot loosen a column: the table is made again.</summary>
public partial class CopiesWithoutCase : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("""
            CREATE TABLE "work_orders_new" (
                "id" BLOB NOT NULL CONSTRAINT "PK_work_orders" PRIMARY KEY,
                "case_id" BLOB NULL,
                "customer_id" INTEGER NULL,
                "step" TEXT NULL,
                "task" TEXT NOT NULL,
                "english" TEXT NOT NULL,
                "chinese" TEXT NOT NULL,
                "department" TEXT NOT NULL DEFAULT 'Technical',
                "system" TEXT NULL,
                "irreversible" INTEGER NOT NULL,
                "due_on" TEXT NOT NULL,
                "created_at" INTEGER NOT NULL,
                "sent_at" INTEGER NULL,
                "failure" TEXT NULL,
                "is_waived" INTEGER NOT NULL,
                "text_id" BLOB NULL,
                "done_by" TEXT NULL,
                "done_at" INTEGER NULL,
                "version" INTEGER NOT NULL,
                CONSTRAINT "work_order_has_one_subject" CHECK ((case_id IS NULL) <> (customer_id IS NULL)));
            INSERT INTO "work_orders_new" ("id", "case_id", "step", "task", "english", "chinese", "department", "system", "irreversible", "due_on", "created_at", "sent_at", "failure", "is_waived", "text_id", "done_by", "done_at", "version")
                SELECT "id", "case_id", "step", "task", "english", "chinese", "department", "system", "irreversible", "due_on", "created_at", "sent_at", "failure", "is_waived", "text_id", "done_by", "done_at", "version" FROM "work_orders";
            DROP TABLE "work_orders";
            ALTER TABLE "work_orders_new" RENAME TO "work_orders";
            CREATE UNIQUE INDEX "IX_work_orders_case_id_step_task" ON "work_orders" ("case_id", "step", "task");
            CREATE UNIQUE INDEX "IX_work_orders_customer_id_task" ON "work_orders" ("customer_id", "task");
            CREATE INDEX "IX_work_orders_done_at_due_on" ON "work_orders" ("done_at", "due_on");
            """);

    protected override void Down(MigrationBuilder migrationBuilder) => throw new NotSupportedException("What is ordered without a case cannot go back.");
}
