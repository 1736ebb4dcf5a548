using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Postgres.App;

/// <summary>What bank files were called may name a customer or an account: they are known by the days of their lines and the beginning of their hash.</summary>
public partial class NamesOfBankFiles : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("""
            UPDATE bank_files SET name = COALESCE((
                SELECT CASE WHEN min(booked_on) = max(booked_on) THEN to_char(min(booked_on), 'YYYY-MM-DD')
                    ELSE to_char(min(booked_on), 'YYYY-MM-DD') || ' – ' || to_char(max(booked_on), 'YYYY-MM-DD') END || ' · '
                FROM bank_lines WHERE file_id = bank_files.id), '') || substr(sha256, 1, 8);
            """);

    protected override void Down(MigrationBuilder migrationBuilder) => throw new NotSupportedException("What is forgotten stays forgotten.");
}
