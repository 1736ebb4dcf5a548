using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Facts;
using Exeunt.App.Features.Imports;
using Exeunt.App.Features.Orders;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Imports;

/// <summary>What is kept in clear fits into the database, or is refused where it stands.</summary>
public sealed class ImportClearTextTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task A_text_longer_than_its_column_is_refused_and_the_rest_goes_in(string database)
    {
        await using var app = await Installation.On(database);
        string Long(int characters) => new('x', characters);

        var customers = await app.Import("customers", app.File("customer,name,industry", "Q1,One,retail", $"Q2,Two,{Long(70)}", $"Q3,Three,  {Long(60)} "));
        customers.Error.ShouldContain("line 3, column industry: import.too-long: Expected at most 60 characters.");
        customers.Error.ShouldContain("2 new, 0 changed, 0 there already, 1 refused");
        (await app.Import("customers", app.File("customer,industry", $"Q1,{Long(61)}"))).Error.ShouldContain("0 new, 0 changed, 0 there already, 1 refused");
        var contracts = await app.Import("contracts", app.File("customer,contract,product,product_zh,start_on,term_months,monthly_fee,jurisdiction",
            $"Q1,HT-1,{Long(41)},,2024-03-10,24,99.00,CN", $"Q1,HT-2,GYM,{Long(101)},2024-03-10,24,99.00,CN", $"Q1,HT-3,GYM,,2024-03-10,24,99.00,{Long(11)}", $"Q1,HT-4,GYM,{Long(100)},2024-03-10,24,99.00,DE"));
        contracts.Error.ShouldContain("line 2, column product: import.too-long: Expected at most 40 characters.");
        contracts.Error.ShouldContain("line 3, column product_zh: import.too-long: Expected at most 100 characters.");
        contracts.Error.ShouldContain("line 4, column jurisdiction: import.too-long: Expected at most 10 characters.");
        contracts.Error.ShouldContain("1 new, 0 changed, 0 there already, 3 refused");
        var invoices = await app.Import("invoices", app.File("customer,document,date,amount,currency,product_line", $"Q1,D1,2024-01-05,1.00,CNY,{Long(61)}", $"Q1,D2,2024-01-05,1.00,CNY,{Long(60)}"));
        invoices.Error.ShouldContain("line 2, column product_line: import.too-long: Expected at most 60 characters.");
        invoices.Error.ShouldContain("1 new, 0 changed, 0 there already, 1 refused");
        var orders = await app.Import("orders", app.File("customer,order,ordered_on,product,quantity,unit_price,location,zone", $"Q1,SO-1,2026-01-05,{Long(61)},1,10.00,,", $"Q1,SO-2,2026-01-05,LAMP,1,10.00,{Long(41)},", "Q1,SO-3,2026-01-05,LAMP,1,10.00,MAIN,Europe/Berlin"));
        orders.Error.ShouldContain("line 2, column product: import.too-long");
        orders.Error.ShouldContain("line 3, column location: import.too-long: Expected at most 40 characters.");
        orders.Error.ShouldContain("1 new, 0 changed, 0 there already, 2 refused");
    }

    /// <summary>A workbook writes such characters as <c>_x0000_</c>: NUL, and half of a character.</summary>
    [Theory, ClassData(typeof(Databases))]
    public async Task A_character_that_no_database_keeps_is_refused_where_it_stands(string database)
    {
        await using var app = await Installation.On(database);

        var customers = await app.Import("customers", app.FileOf(Workbook(["customer", "name", "industry"], ["Q1", "One", "re_x0000_tail"], ["Q2", "Two", "re_xD800_tail"], ["Q_xD800_3", "Three", "retail"], ["Q4", "Four", "retail"])));
        customers.Error.ShouldContain("line 2, column industry: import.control-character");
        customers.Error.ShouldContain("line 3, column industry: import.control-character");
        customers.Error.ShouldContain("line 4, column customer: import.control-character");
        customers.Error.ShouldContain("1 new, 0 changed, 0 there already, 3 refused");
        string[] invoice = ["customer", "document", "date", "amount", "currency", "product_line"];
        var invoices = await app.Import("invoices", app.FileOf(Workbook(invoice, ["Q4", "D1", "2024-01-05", "1.00", "CNY", "te_x0000_a"], ["Q4", "D2", "2024-01-05", "1.00", "CNY", "te_xD800_a"], ["Q4", "D3", "2024-01-05", "1.00", "CNY", "tea"])));
        invoices.Error.ShouldContain("line 2, column product_line: import.control-character");
        invoices.Error.ShouldContain("line 3, column product_line: import.control-character");
        invoices.Error.ShouldContain("1 new, 0 changed, 0 there already, 2 refused");
        string[] fact = ["customer", "kind", "date", "number", "amount", "product_line"];
        var facts = await app.Import("facts", app.FileOf(Workbook(fact, ["Q4", "order", "2024-01-05", "D4", "1.00", "te_x0000_a"], ["Q4", "order", "2024-01-05", "D5", "1.00", "te_xD800_a"], ["Q4", "order", "2024-01-05", "D6", "1.00", "tea"])));
        facts.Error.ShouldContain("line 2, column product_line: fact.characters");
        facts.Error.ShouldContain("line 3, column product_line: import.control-character");
        facts.Error.ShouldContain("1 new, 0 changed, 0 there already, 2 refused");
        string[] contract = ["customer", "contract", "product", "start_on", "term_months", "monthly_fee"];
        (await app.Import("contracts", app.FileOf(Workbook(contract, ["Q4", "HT-1", "GY_x0000_M", "2024-03-10", "24", "99.00"])))).Error.ShouldContain("line 2, column product: import.control-character");
        string[] order = ["customer", "order", "ordered_on", "product", "quantity", "unit_price", "location"];
        (await app.Import("orders", app.FileOf(Workbook(order, ["Q4", "SO-1", "2026-01-05", "LAMP", "1", "10.00", "MA_xD800_IN"])))).Error.ShouldContain("line 2, column location: import.control-character");
    }

    [Fact]
    public async Task No_column_takes_more_than_the_database_keeps()
    {
        await using var app = await Installation.On("sqlite");
        (ImportNoun Noun, string Column, Type Row, string Property)[] kept =
        [
            (ImportNoun.Customers, "name", typeof(Customer), nameof(Customer.OrganisationName)), (ImportNoun.Customers, "industry", typeof(Customer), nameof(Customer.Industry)),
            (ImportNoun.Contracts, "product", typeof(Contract), nameof(Contract.Product)), (ImportNoun.Contracts, "product_zh", typeof(Contract), nameof(Contract.ProductChinese)),
            (ImportNoun.Contracts, "product_en", typeof(Contract), nameof(Contract.ProductEnglish)), (ImportNoun.Contracts, "policy", typeof(Contract), nameof(Contract.PolicyNumber)),
            (ImportNoun.Contracts, "zone", typeof(Contract), nameof(Contract.Zone)), (ImportNoun.Contracts, "jurisdiction", typeof(Contract), nameof(Contract.Jurisdiction)),
            (ImportNoun.Invoices, "product_line", typeof(ProductLine), nameof(ProductLine.Code)), (ImportNoun.Facts, "product_line", typeof(ProductLine), nameof(ProductLine.Code)),
            (ImportNoun.Orders, "product", typeof(OrderLine), nameof(OrderLine.Product)), (ImportNoun.Orders, "product_zh", typeof(OrderLine), nameof(OrderLine.ProductChinese)),
            (ImportNoun.Orders, "product_en", typeof(OrderLine), nameof(OrderLine.ProductEnglish)), (ImportNoun.Orders, "tax_code", typeof(OrderLine), nameof(OrderLine.TaxCode)),
            (ImportNoun.Orders, "tax_rate", typeof(OrderLine), nameof(OrderLine.TaxRate)), (ImportNoun.Orders, "location", typeof(Order), nameof(Order.Location)),
            (ImportNoun.Orders, "invoice", typeof(Order), nameof(Order.InvoiceNumber)), (ImportNoun.Orders, "zone", typeof(Order), nameof(Order.Zone)),
            (ImportNoun.Orders, "jurisdiction", typeof(Order), nameof(Order.Jurisdiction)),
        ];

        await app.With((_, db) =>
        {
            foreach (var (noun, column, row, property) in kept)
                ImportMap.ColumnsOf[noun].Single(c => c.Name == column).Max.ShouldBeLessThanOrEqualTo(db.Model.FindEntityType(row)!.FindProperty(property)!.GetMaxLength()!.Value, $"{noun} {column}");
            return Task.FromResult(0);
        });
    }

    /// <summary>A workbook of texts, as they are written into it.</summary>
    private static byte[] Workbook(params string[][] rows)
    {
        using var stream = new MemoryStream();
        using (var book = SpreadsheetDocument.Create(stream, DocumentFormat.OpenXml.SpreadsheetDocumentType.Workbook))
        {
            var workbook = book.AddWorkbookPart();
            var sheet = workbook.AddNewPart<WorksheetPart>();
            sheet.Worksheet = new Worksheet(new SheetData(rows.Select(r => new Row(r.Select(t => new Cell { DataType = CellValues.InlineString, InlineString = new InlineString(new Text(t)) })))));
            workbook.Workbook = new Workbook(new Sheets(new Sheet { Id = workbook.GetIdOfPart(sheet), SheetId = 1, Name = "S" }));
        }
        return stream.ToArray();
    }
}
