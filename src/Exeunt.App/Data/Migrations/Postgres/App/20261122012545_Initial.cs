using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Postgres.App
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "joined_into",
                table: "cases",
                type: "uuid",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "joined_into",
                table: "cases");
        }
    }
}
