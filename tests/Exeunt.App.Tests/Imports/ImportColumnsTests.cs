using System.Text.Json;
using Exeunt.App.Features.Customers;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Imports;

/// <summary>The header of a file: its names are read as people write them, and no column is lost without a word.</summary>
public sealed class ImportColumnsTests
{
    [Fact]
    public async Task Names_are_known_in_any_case_with_blanks_or_underscores()
    {
        await using var app = await Installation.On("sqlite");

        (await app.Import("customers", app.File("Customer, NAME ,Contact Person,kind", "Q1,Q One Ltd,Ann,organisation"))).Exit.ShouldBe(0);
        var (exit, _, error) = await app.Import("facts", app.File("customer,kind,date,number,amount,productline,Cost,due_on", "Q1,order,2024-01-05,O1,10,LAMPS,4,"));

        exit.ShouldBe(0, error);
        await app.With(async (_, db) =>
        {
            var one = await db.Customers.AsNoTracking().SingleAsync();
            (one.Kind, one.OrganisationName).ShouldBe((CustomerKind.Organisation, "Q One Ltd"));
            (await db.ProductLines.AsNoTracking().SingleAsync()).Code.ShouldBe("LAMPS");
            (await db.Facts.AsNoTracking().SingleAsync()).Detail.ShouldBe(400);
            return 0;
        });
    }

    [Theory]
    [InlineData("customer,name,telephone,Fax", "import.unknown-columns", "\"telephone\", \"Fax\"")]
    [InlineData("customer,name,Customer,mail", "import.header-twice", "once")]
    [InlineData("customer,contact_person,contact person,mail", "import.header-twice", "once")]
    public async Task A_column_that_nobody_knows_or_two_alike_refuse_the_file(string header, string code, string words)
    {
        await using var app = await Installation.On("sqlite");

        var (exit, _, error) = await app.Import("customers", app.File(header, "Q1,Q One,1,2"));

        exit.ShouldBe(1);
        error.ShouldContain($"line 1: {code}");
        error.ShouldContain(words);
        if (code == "import.unknown-columns")
            error.ShouldContain("contact_person, mail, phone");
        (await app.With((_, db) => db.Customers.CountAsync())).ShouldBe(0);
    }

    [Fact]
    public async Task A_column_without_a_name_may_be_empty_but_holds_no_values()
    {
        await using var app = await Installation.On("sqlite");

        var (exit, _, error) = await app.Import("customers", app.File("customer,name,", "Q1,Q One,", "Q2,Q Two,lost"));

        exit.ShouldBe(2);
        error.ShouldContain("line 3: import.fields");
        error.ShouldContain("1 new");
    }

    [Fact]
    public async Task A_mapping_leaves_columns_out_and_the_result_names_them()
    {
        await using var app = await Installation.On("sqlite");
        var file = app.File("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country", "536365,85123A,LAMP,6,12/1/2010 8:26,2.55,17850,United Kingdom");

        var (exit, _, error) = await app.Import("invoices", file, "--dry-run");
        var (_, output, _) = await app.Import("invoices", file, "--json");

        exit.ShouldBe(0);
        error.ShouldContain("left out: StockCode, Description");
        using var json = JsonDocument.Parse(output);
        json.RootElement.GetProperty("leftOut").EnumerateArray().Select(c => c.GetString()).ShouldBe(["StockCode", "Description"]);
    }

    [Fact]
    public async Task A_mapping_finds_the_name_it_means_among_names_alike()
    {
        await using var app = await Installation.On("sqlite");
        var map = app.FileOf("{ \"columns\": { \"customer\": \"no\", \"name\": \"Full name\", \"kind\": \"Sort\" } }");

        var (exit, _, error) = await app.Import("customers", app.File("No,no,fullname,sort", "X,Q1,Q One Ltd,organisation"), "--map", map);

        exit.ShouldBe(0, error);
        error.ShouldContain("left out: No");
        (await app.With((storage, db) => db.Customers.AsNoTracking().Where(c => c.NumberToken == storage.Numbers.Of("own", "Q1")).Select(c => c.OrganisationName).SingleAsync())).ShouldBe("Q One Ltd");
    }
}
