using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Sqlite.App;

/// <summary>When an erasure that was granted begins; two people stand behind it. SQLite takes a check together with its column.</summary>
public partial class WhatIsGrantedCanBeStopped : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("""
            ALTER TABLE "data_requests" ADD COLUMN "begins_at" INTEGER NULL CONSTRAINT "what_is_granted_has_two_people" CHECK (begins_at IS NULL OR decided_by <> received_by);
            ALTER TABLE "data_requests" ADD COLUMN "wanted_id" BLOB NULL;
            """);

    protected override void Down(MigrationBuilder migrationBuilder) => throw new NotSupportedException("What can be stopped cannot be made unstoppable.");
}
