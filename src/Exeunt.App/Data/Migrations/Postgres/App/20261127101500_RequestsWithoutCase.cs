using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Postgres.App;

/// <summary>A request about personal data may come without a case.</summary>
public partial class RequestsWithoutCase : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.AlterColumn<Guid>(name: "case_id", table: "data_requests", type: "uuid", nullable: true, oldClrType: typeof(Guid), oldType: "uuid");

    protected override void Down(MigrationBuilder migrationBuilder) => throw new NotSupportedException("A request without a case cannot go back.");
}
