using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Sqlite.App;

/// <summary>The papers of a customer, also those of no case, are found without reading all papers.</summary>
public partial class DocumentsBySubject : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.CreateIndex(name: "IX_documents_subject", table: "documents", column: "subject");

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropIndex(name: "IX_documents_subject", table: "documents");
}
