using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Postgres.App;

/// <summary>A work order may belong to a customer who was erased without a case.</summary>
public partial class CopiesWithoutCase : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AlterColumn<Guid>(name: "case_id", table: "work_orders", type: "uuid", nullable: true, oldClrType: typeof(Guid), oldType: "uuid");
        migrationBuilder.AddColumn<long>(name: "customer_id", table: "work_orders", type: "bigint", nullable: true);
        migrationBuilder.AlterColumn<string>(
            name: "task", table: "work_orders", type: "character varying(80)", maxLength: 80, nullable: false, oldClrType: typeof(string), oldType: "character varying(60)", oldMaxLength: 60);
        migrationBuilder.AddCheckConstraint(name: "work_order_has_one_subject", table: "work_orders", sql: "(case_id IS NULL) <> (customer_id IS NULL)");
        migrationBuilder.CreateIndex(name: "IX_work_orders_customer_id_task", table: "work_orders", columns: ["customer_id", "task"], unique: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder) => throw new NotSupportedException("What is ordered without a case cannot go back.");
}
