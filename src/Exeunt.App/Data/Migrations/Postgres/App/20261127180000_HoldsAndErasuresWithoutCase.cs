using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Postgres.App;

/// <summary>A legal hold and an erasure certificate may stand without a case.</summary>
public partial class HoldsAndErasuresWithoutCase : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AlterColumn<Guid>(name: "case_id", table: "legal_holds", type: "uuid", nullable: true, oldClrType: typeof(Guid), oldType: "uuid");
        migrationBuilder.AlterColumn<Guid>(name: "case_id", table: "certificates", type: "uuid", nullable: true, oldClrType: typeof(Guid), oldType: "uuid");
        migrationBuilder.AddColumn<Guid>(name: "data_request_id", table: "certificates", type: "uuid", nullable: true);
        migrationBuilder.AddCheckConstraint(name: "certificate_has_one_cause", table: "certificates", sql: "(case_id IS NULL) <> (data_request_id IS NULL)");
        migrationBuilder.CreateIndex(name: "IX_certificates_data_request_id", table: "certificates", column: "data_request_id");
        migrationBuilder.CreateIndex(name: "IX_certificates_issued_on_serial", table: "certificates", columns: ["issued_on", "serial"]);
        migrationBuilder.AddColumn<byte[]>(name: "link_hash", table: "data_requests", type: "bytea", nullable: true);
        migrationBuilder.CreateIndex(name: "IX_data_requests_link_hash", table: "data_requests", column: "link_hash");
    }

    protected override void Down(MigrationBuilder migrationBuilder) => throw new NotSupportedException("What stands without a case cannot go back.");
}
