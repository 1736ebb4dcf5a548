using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Postgres.App;

/// <summary>When an erasure that was granted begins; two people stand behind it.</summary>
public partial class WhatIsGrantedCanBeStopped : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<long>(name: "begins_at", table: "data_requests", type: "bigint", nullable: true);
        migrationBuilder.AddColumn<Guid>(name: "wanted_id", table: "data_requests", type: "uuid", nullable: true);
        migrationBuilder.AddCheckConstraint(name: "what_is_granted_has_two_people", table: "data_requests", sql: "begins_at IS NULL OR decided_by <> received_by");
    }

    protected override void Down(MigrationBuilder migrationBuilder) => throw new NotSupportedException("What can be stopped cannot be made unstoppable.");
}
