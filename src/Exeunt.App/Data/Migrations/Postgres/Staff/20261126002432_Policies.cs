using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Postgres.Staff
{
    /// <inheritdoc />
    public partial class Policies : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {

        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {

        }
    }
}
