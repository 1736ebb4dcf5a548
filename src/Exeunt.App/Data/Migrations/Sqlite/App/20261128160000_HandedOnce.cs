using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Sqlite.App;

/// <summary>That an order was handed to the bank is known to every node. What the log says was instructed before has been handed over, somewhere.</summary>
public partial class HandedOnce : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("""
            ALTER TABLE "payment_orders" ADD COLUMN "handed_at" INTEGER NULL;
            ALTER TABLE "payment_orders" ADD COLUMN "handed_by" TEXT NULL;
            ALTER TABLE "payment_orders" ADD COLUMN "attempt" INTEGER NOT NULL DEFAULT 1;
            ALTER TABLE "payment_orders" ADD COLUMN "again_by" TEXT NULL;
            CREATE INDEX "IX_bank_lines_reference" ON "bank_lines" ("reference");
            UPDATE payment_orders SET handed_at = ordered_at, handed_by = 'before'
            WHERE state = 'Ordered' AND 'payment:' || lower(hex(id)) IN (SELECT target FROM audit_log WHERE verb = 'payment.instructed');
            """);

    protected override void Down(MigrationBuilder migrationBuilder) => throw new NotSupportedException("What was handed over stays so.");
}
