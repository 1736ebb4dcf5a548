using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Exeunt.App.Data.Migrations.Postgres.App;

/// <summary>Changes of the intermittent flag are kept as those of states are; figures of back-tests are kept by unit. What was before is not known.</summary>
public partial class FlagHistoryAndUnitFigures : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<DateOnly>(name: "intermittent_since", table: "churn_states", type: "date", nullable: true);
        migrationBuilder.AddColumn<bool>(name: "was_intermittent", table: "churn_changes", type: "boolean", nullable: true);
        migrationBuilder.AddColumn<bool>(name: "is_intermittent", table: "churn_changes", type: "boolean", nullable: true);
        migrationBuilder.CreateTable(
            name: "standard_backtest_units",
            columns: table => new
            {
                backtest_id = table.Column<Guid>(type: "uuid", nullable: false),
                unit_id = table.Column<int>(type: "integer", nullable: false),
                counts = table.Column<string>(type: "text", nullable: false),
            },
            constraints: table => table.PrimaryKey("PK_standard_backtest_units", x => new { x.backtest_id, x.unit_id }));
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable(name: "standard_backtest_units");
        migrationBuilder.DropColumn(name: "is_intermittent", table: "churn_changes");
        migrationBuilder.DropColumn(name: "was_intermittent", table: "churn_changes");
        migrationBuilder.DropColumn(name: "intermittent_since", table: "churn_states");
    }
}
