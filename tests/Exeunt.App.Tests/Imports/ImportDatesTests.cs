using System.Globalization;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Imports;

/// <summary>Days of facts: those that can be true, in the mapping's form or in a workbook's own.</summary>
public sealed class ImportDatesTests
{
    private static readonly DateOnly Today = Clocks.DateIn(TimeProvider.System.GetUtcNow(), Clocks.CompanyZone);

    [Fact]
    public async Task Days_before_1970_and_after_tomorrow_are_no_days_of_facts()
    {
        await using var app = await Installation.On("sqlite");
        await app.Import("customers", app.File("customer,name,currency", "1,Company,CNY"));
        string[] days = ["0001-01-01", "1969-12-31", "9999-12-31", Day(Today.AddDays(3)), "1970-01-01", Day(Today)];

        var invoices = await app.Import("invoices", app.File(["customer,document,date,amount,currency", .. days.Select((d, i) => $"1,D{i},{d},1.00,CNY")]));
        var complaints = await app.Import("complaints", app.File(["customer,document,date", .. days.Select((d, i) => $"1,C{i},{d}")]));
        var facts = await app.Import("facts", app.File(["customer,kind,number,date", .. days.Select((d, i) => $"1,usage,U{i},{d}")]));

        foreach (var (exit, _, error) in new[] { invoices, complaints, facts })
        {
            exit.ShouldBe(2);
            for (var line = 2; line <= 5; line++)
                error.ShouldContain($"line {line}, column date: fact.date");
            error.ShouldContain("2 new, 0 changed, 0 there already, 4 refused");
        }
    }

    [Fact]
    public async Task A_day_that_falls_due_may_lie_ahead()
    {
        await using var app = await Installation.On("sqlite");
        await app.Import("customers", app.File("customer,name,currency", "1,Company,CNY"));

        var (exit, _, error) = await app.Import("facts", app.File("customer,kind,number,date,amount,due_on", $"1,due,B1,{Day(Today)},10,{Day(Today.AddDays(300))}"));

        exit.ShouldBe(0, error);
    }

    [Theory]
    [InlineData("\"d.M.yyyy\"")]
    [InlineData("\"yyyy-dd-MM\"")]
    [InlineData("\"dd/MM/yy HH:mm\"")]
    public async Task A_date_cell_of_a_workbook_is_understood_whatever_the_form_of_dates(string form)
    {
        await using var app = await Installation.On("sqlite");
        var map = app.FileOf("{ \"currency\": \"CNY\", \"dates\": [" + form + "], \"columns\": { \"customer\": \"K\", \"document\": \"B\", \"date\": \"D\", \"amount\": \"A\" } }");
        var file = app.FileOf(Workbook(["K", "B", "D", "A"], [["7", "D1", new DateTime(2024, 5, 1), 1.5], ["7", "D2", new DateTime(2024, 5, 13, 8, 30, 0), 1.5]]));

        var (exit, _, error) = await app.Import("invoices", file, "--map", map);

        exit.ShouldBe(0, error);
        (await app.With((_, db) => db.Facts.AsNoTracking().OrderBy(f => f.On).Select(f => f.On).ToListAsync())).ShouldBe([new DateOnly(2024, 5, 1), new DateOnly(2024, 5, 13)]);
    }

    [Fact]
    public async Task Date_cells_are_understood_by_the_shipped_mapping_and_of_every_noun()
    {
        await using var app = await Installation.On("sqlite");
        var day = new DateTime(2024, 5, 1);

        var retail = await app.Import("invoices", app.FileOf(Workbook(
            ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"],
            [["536365", "85123A", "LAMP", 6d, new DateTime(2010, 12, 1, 8, 26, 0), 2.55, "17850", "United Kingdom"]])));
        retail.Exit.ShouldBe(0, retail.Error);
        var map = app.FileOf("{ \"dates\": [\"d.M.yyyy\"], \"columns\": { \"customer\": \"customer\", \"since\": \"since\" } }");
        (await app.Import("customers", app.FileOf(Workbook(["customer", "since"], [["Q1", day]])), "--map", map)).Error.ShouldContain("1 new, 0 changed, 0 there already, 0 refused");
        map = app.FileOf("{ \"dates\": [\"d.M.yyyy\"], \"columns\": { \"customer\": \"customer\", \"kind\": \"kind\", \"date\": \"date\", \"amount\": \"amount\", \"due_on\": \"due_on\" } }");
        (await app.Import("facts", app.FileOf(Workbook(["customer", "kind", "date", "amount", "due_on"], [["Q1", "due", day, 10d, day.AddDays(30)]])), "--map", map)).Error.ShouldContain("1 new, 0 changed, 0 there already, 0 refused");
        string[] contract = ["customer", "contract", "product", "start_on", "term_months", "monthly_fee", "signed_on"];
        map = app.FileOf("{ \"dates\": [\"d.M.yyyy\"], \"columns\": { " + string.Join(", ", contract.Select(c => $"\"{c}\": \"{c}\"")) + " } }");
        (await app.Import("contracts", app.FileOf(Workbook(contract, [["Q1", "HT-1", "GYM", day, 12d, 99d, day]])), "--map", map)).Error.ShouldContain("1 new, 0 changed, 0 there already, 0 refused");
        string[] order = ["customer", "order", "ordered_on", "product", "quantity", "unit_price", "tax_rate", "shipped_on"];
        map = app.FileOf("{ \"dates\": [\"d.M.yyyy\"], \"columns\": { " + string.Join(", ", order.Select(c => $"\"{c}\": \"{c}\"")) + " } }");
        (await app.Import("orders", app.FileOf(Workbook(order, [["Q1", "SO-1", day, "LAMP", 1d, 10d, 0.13, day.AddDays(1)]])), "--map", map)).Error.ShouldContain("0 refused");
        await app.With(async (_, db) =>
        {
            (await db.Customers.AsNoTracking().OrderBy(c => c.Id).LastAsync()).Since.ShouldBe(new DateOnly(2024, 5, 1));
            (await db.Contracts.AsNoTracking().SingleAsync()).StartOn.ShouldBe(new DateOnly(2024, 5, 1));
            (await db.Facts.AsNoTracking().OrderBy(f => f.On).Select(f => f.On).ToListAsync()).ShouldContain(new DateOnly(2024, 5, 1));
            return 0;
        });
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A workbook of texts, numbers and real dates.</summary>
    private static byte[] Workbook(string[] header, object[][] rows)
    {
        using var stream = new MemoryStream();
        using (var book = SpreadsheetDocument.Create(stream, DocumentFormat.OpenXml.SpreadsheetDocumentType.Workbook))
        {
            var workbook = book.AddWorkbookPart();
            // Format 14 is a day, 22 a day with a time.
            workbook.AddNewPart<WorkbookStylesPart>().Stylesheet = new Stylesheet(
                new Fonts(new Font()), new Fills(new Fill()), new Borders(new Border()), new CellStyleFormats(new CellFormat()),
                new CellFormats(new CellFormat(), new CellFormat { NumberFormatId = 14, ApplyNumberFormat = true }, new CellFormat { NumberFormatId = 22, ApplyNumberFormat = true }));
            var sheet = workbook.AddNewPart<WorksheetPart>();
            sheet.Worksheet = new Worksheet(new SheetData(rows.Prepend(header).Select(r => new Row(r.Select(CellOf)))));
            workbook.Workbook = new Workbook(new Sheets(new Sheet { Id = workbook.GetIdOfPart(sheet), SheetId = 1, Name = "S" }));
        }
        return stream.ToArray();
    }

    private static Cell CellOf(object value) =>
        value switch
        {
            DateTime at => new Cell { CellValue = new CellValue(at.ToOADate().ToString(CultureInfo.InvariantCulture)), StyleIndex = at.TimeOfDay == TimeSpan.Zero ? 1u : 2u },
            double number => new Cell { CellValue = new CellValue(number.ToString(CultureInfo.InvariantCulture)) },
            _ => new Cell { DataType = CellValues.InlineString, InlineString = new InlineString(new Text((string)value)) },
        };
}
