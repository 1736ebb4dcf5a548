using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Postgres.App;

/// <summary>What becomes of a former customer's data may stand there without a case: they asked.</summary>
public partial class KeptWithoutCase : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.AlterColumn<Guid>(name: "case_id", table: "retained", type: "uuid", nullable: true, oldClrType: typeof(Guid), oldType: "uuid");

    protected override void Down(MigrationBuilder migrationBuilder) => throw new NotSupportedException("What is kept without a case cannot go back.");
}
