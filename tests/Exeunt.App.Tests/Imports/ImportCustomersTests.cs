using System.Text;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Imports;

public sealed class ImportCustomersTests
{
    private const string Header = "customer,name,kind,contact_person,mail,phone,address,country,since,language,currency,tier,notes";
    private const string Wang = "CRM-0001,王芳,person,,wang.fang@canary.example,+86 138-1234-5678,上海市,CN,2020-02-29,zh,CNY,vip,Canary-Notes";
    private const string Northgate = "CRM-0002,Northgate Interiors Ltd,organisation,Anna Canary,anna@canary.example,+447700900123,London,United Kingdom,,en,GBP,,";

    [Theory, ClassData(typeof(Databases))]
    public async Task Imported_customers_are_found_by_name_phone_mail_and_number(string database)
    {
        await using var app = await Installation.On(database);

        (await app.Import("customers", app.File(Header, Wang, Northgate))).Exit.ShouldBe(0);

        await app.With(async (storage, db) =>
        {
            var ids = await db.Customers.OrderBy(c => c.Id).Select(c => c.Id).ToListAsync();
            async Task Finds(TokenKind kind, string text, long id) => (await storage.Search.Find(kind, text, 50, CancellationToken.None)).ShouldContain(id, text);
            await Finds(TokenKind.Name, "王芳", ids[0]);
            await Finds(TokenKind.Name, "no", ids[1]);
            await Finds(TokenKind.Name, "gate int", ids[1]);
            await Finds(TokenKind.Name, "Canary", ids[1]);
            await Finds(TokenKind.Phone, "8613812345678", ids[0]);
            await Finds(TokenKind.Mail, "ANNA@canary.example", ids[1]);
            await Finds(TokenKind.Number, "CRM-0002", ids[1]);
            (await storage.Search.Find(TokenKind.Name, "zz", 50, CancellationToken.None)).ShouldBeEmpty();
            return 0;
        });
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_name_with_a_line_feed_is_refused_and_notes_keep_theirs(string database)
    {
        await using var app = await Installation.On(database);

        var said = await app.Import("customers", app.File(Header, Wang.Replace("Canary-Notes", "\"two\nlines\"", StringComparison.Ordinal), "CRM-0003,\"Li\nPaid in full\",person,,,,,CN,,en,CNY,,"));

        await app.With(async (_, db) =>
        {
            (await db.Customers.CountAsync()).ShouldBe(1, $"{said}");
            return 0;
        });
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task What_is_sealed_opens_again_and_what_is_clear_is_right(string database)
    {
        await using var app = await Installation.On(database);
        await app.Import("customers", app.File(Header, Wang, Northgate));

        await app.With(async (storage, db) =>
        {
            var vault = new Vault(storage.Keys);
            var customers = await db.Customers.AsNoTracking().OrderBy(c => c.Id).ToListAsync();
            var wang = customers[0];
            (await vault.Open<CustomerProfile>(wang.Id, DataClass.Profile, CustomerTable.ProfilePlace, wang.Row, wang.Profile, default)).ShouldBe(new CustomerProfile("CRM-0001", "Canary-Notes"));
            (await vault.Open<CustomerContact>(wang.Id, DataClass.Contact, CustomerTable.ContactPlace, wang.Row, wang.Contact, default)).ShouldBe(new CustomerContact("wang.fang@canary.example", "+86 138-1234-5678", "上海市"));
            (await vault.Open<CustomerIdentity>(wang.Id, DataClass.Case, CustomerTable.IdentityPlace, wang.Row, wang.Identity, default)).ShouldBe(new CustomerIdentity("王芳"));
            (wang.Kind, wang.Tier, wang.Since, wang.Language, wang.Currency, wang.Country, wang.OrganisationName)
                .ShouldBe((CustomerKind.Person, CustomerTier.Vip, new DateOnly(2020, 2, 29), "zh", "CNY", "CN", null));
            (customers[1].Kind, customers[1].Currency, customers[1].Country, customers[1].OrganisationName)
                .ShouldBe((CustomerKind.Organisation, "GBP", "GB", "Northgate Interiors Ltd"));
            return 0;
        });
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task The_same_file_twice_changes_nothing_and_a_new_phone_is_taken_over(string database)
    {
        await using var app = await Installation.On(database);
        await app.Import("customers", app.File(Header, Wang, Northgate));

        (await app.Import("customers", app.File(Header, Wang, Northgate))).Error.ShouldContain("0 new, 0 changed, 2 there already, 0 refused");
        (await app.Import("contacts", app.File("customer,phone", "CRM-0001,13900001111", "CRM-9999,13900001111"))).Error.ShouldContain("0 new, 1 changed, 0 there already, 1 refused");

        await app.With(async (storage, db) =>
        {
            var wang = await db.Customers.AsNoTracking().OrderBy(c => c.Id).FirstAsync();
            var contact = await new Vault(storage.Keys).Open<CustomerContact>(wang.Id, DataClass.Contact, CustomerTable.ContactPlace, wang.Row, wang.Contact, default);
            contact.ShouldBe(new CustomerContact("wang.fang@canary.example", "13900001111", "上海市"));
            (await storage.Search.Find(TokenKind.Phone, "139 0000 1111", 50, default)).ShouldContain(wang.Id);
            return 0;
        });
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Two_spellings_of_a_number_are_one_customer(string database)
    {
        await using var app = await Installation.On(database);

        var first = await app.Import("customers", app.File("customer,name", "CRM-7,王芳", "ｃｒｍ－７,李明"));
        first.Error.ShouldContain("line 3, column customer: import.twice");
        first.Error.ShouldContain("1 new");
        (await app.Import("contacts", app.File("customer,phone", "crm-7 ,１３９００００１１１１"))).Error.ShouldContain("0 new, 1 changed, 0 there already, 0 refused");
        var contracts = await app.Import("contracts", app.File("customer,contract,product,start_on,term_months,monthly_fee", "crm-7,HT-7,GYM,2024-03-10,24,99.00", "CRM-7,ｈｔ－７,GYM,2024-03-10,24,99.00"));
        contracts.Error.ShouldContain("line 3, column contract: import.twice");
        contracts.Error.ShouldContain("1 new");
        (await app.Import("invoices", app.File("customer,document,date,amount,currency", "Crm-9,D1,2024-01-05,1.00,CNY", "CRM-9,D2,2024-01-06,1.00,CNY", "crm-7,D3,2024-01-07,1.00,CNY"))).Exit.ShouldBe(0);

        await app.With(async (storage, db) =>
        {
            var all = await db.Customers.AsNoTracking().OrderBy(c => c.Id).ToListAsync();
            all.Count.ShouldBe(2);
            // What is shown stays as it was written first.
            var vault = new Vault(storage.Keys);
            (await vault.Open<CustomerProfile>(all[0].Id, DataClass.Profile, CustomerTable.ProfilePlace, all[0].Row, all[0].Profile, default))!.ExternalNumber.ShouldBe("CRM-7");
            (await vault.Open<CustomerProfile>(all[1].Id, DataClass.Profile, CustomerTable.ProfilePlace, all[1].Row, all[1].Profile, default))!.ExternalNumber.ShouldBe("Crm-9");
            (await storage.Search.Find(TokenKind.Phone, "+86 139 0000 1111", 50, default)).ShouldContain(all[0].Id);
            return 0;
        });
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_customer_whose_number_an_earlier_version_kept_as_it_was_written_is_known(string database)
    {
        await using var app = await Installation.On(database);
        await app.Import("customers", app.File("customer,name", "A-1,One", "A-2,Two"));
        // Earlier versions told small and capital letters apart.
        await app.With(async (storage, db) =>
        {
            var all = await db.Customers.OrderBy(c => c.Id).ToListAsync();
            (all[0].NumberToken, all[1].NumberToken) = (storage.Numbers.Of("own", "crm-7"), storage.Numbers.Of("own", "CRM-7"));
            db.Audit(new Call(Core.Actor.System, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch), "test.tokens", "customers");
            return await db.SaveChangesAsync();
        });

        // Each of the two by its own spelling, also in one file; a third spelling is no third customer.
        (await app.Import("contacts", app.File("customer,phone", "crm-7,13900001111", "CRM-7,13900002222"))).Error.ShouldContain("0 new, 2 changed, 0 there already, 0 refused");
        (await app.Import("customers", app.File("customer,phone", "ＣＲＭ－７,13900003333"))).Error.ShouldContain("0 new, 1 changed, 0 there already, 0 refused");

        await app.With(async (storage, db) =>
        {
            var all = await db.Customers.AsNoTracking().OrderBy(c => c.Id).ToListAsync();
            all.Count.ShouldBe(2);
            var vault = new Vault(storage.Keys);
            (await vault.Open<CustomerContact>(all[0].Id, DataClass.Contact, CustomerTable.ContactPlace, all[0].Row, all[0].Contact, default))!.Phone.ShouldBe("13900001111");
            (await vault.Open<CustomerContact>(all[1].Id, DataClass.Contact, CustomerTable.ContactPlace, all[1].Row, all[1].Contact, default))!.Phone.ShouldBe("13900003333");
            return 0;
        });
    }

    [Fact]
    public async Task Ids_that_the_case_of_a_letter_tells_apart_are_two_customers()
    {
        await using var app = await Installation.On("sqlite");

        (await app.Import("customers", app.File("customer,name", "001D000000IRFma,One", "001D000000IRFmA,Two", "aB3x,Three", "aB3X,Four"))).Error.ShouldContain("4 new, 0 changed, 0 there already, 0 refused");
    }

    [Fact]
    public async Task Numbers_with_white_space_at_another_place_are_two_customers()
    {
        await using var app = await Installation.On("sqlite");

        (await app.Import("customers", app.File("customer,name", "1 23,One", "12 3,Two", "123,Three"))).Error.ShouldContain("3 new, 0 changed, 0 there already, 0 refused");
    }

    [Fact]
    public async Task A_mail_address_in_full_width_is_kept_as_one_can_write_to_it()
    {
        await using var app = await Installation.On("sqlite");

        (await app.Import("customers", app.File("customer,mail", "A-1,ｗａｎｇ＠ｃａｎａｒｙ．ｅｘａｍｐｌｅ", "A-2,ｗａｎｇ"))).Error.ShouldContain("1 new, 0 changed, 0 there already, 1 refused");

        await app.With(async (storage, db) =>
        {
            var one = await db.Customers.AsNoTracking().SingleAsync();
            (await new Vault(storage.Keys).Open<CustomerContact>(one.Id, DataClass.Contact, CustomerTable.ContactPlace, one.Row, one.Contact, default))!.Mail.ShouldBe("wang@canary.example");
            return 0;
        });
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task What_a_later_file_does_not_say_stays_as_it_is(string database)
    {
        await using var app = await Installation.On(database);
        await app.Import("customers", app.File("customer,name", "Q0,Nobody"));
        await app.With(async (_, db) =>
        {
            db.Units.Add(new Features.Units.Unit { Id = 2, ParentId = 1, Path = "1.2.", Kind = Features.Units.UnitKind.Subsidiary, Code = "EAST", Chinese = "东部", English = "East" });
            db.Audit(new Call(Core.Actor.System, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch), "test.unit", "unit:2");
            return await db.SaveChangesAsync();
        });
        (await app.Import("customers", app.File("customer,name,kind,tier,language,unit", "Q1,Q One,organisation,highrisk,zh,EAST"))).Exit.ShouldBe(0);

        // The columns are not there.
        (await app.Import("customers", app.File("customer,phone", "Q1,13800001111"))).Error.ShouldContain("0 new, 1 changed, 0 there already, 0 refused");
        // The columns are there and their cells are empty.
        (await app.Import("customers", app.File("customer,phone,name,kind,tier,language,unit", "Q1,13800002222,,,,,"))).Error.ShouldContain("0 new, 1 changed, 0 there already, 0 refused");

        await app.With(async (storage, db) =>
        {
            var one = await db.Customers.AsNoTracking().OrderBy(c => c.Id).LastAsync();
            (one.Kind, one.Tier, one.Language, one.UnitId, one.OrganisationName).ShouldBe((CustomerKind.Organisation, CustomerTier.HighRisk, "zh", 2, "Q One"));
            (await new Vault(storage.Keys).Open<CustomerContact>(one.Id, DataClass.Contact, CustomerTable.ContactPlace, one.Row, one.Contact, default)).ShouldBe(new CustomerContact(null, "13800002222", null));
            return 0;
        });

        // What it does say is taken over.
        (await app.Import("customers", app.File("customer,kind,language,unit", "Q1,person,en,HQ"))).Error.ShouldContain("0 new, 1 changed, 0 there already, 0 refused");
        await app.With(async (_, db) =>
        {
            var one = await db.Customers.AsNoTracking().OrderBy(c => c.Id).LastAsync();
            (one.Kind, one.Tier, one.Language, one.UnitId, one.OrganisationName).ShouldBe((CustomerKind.Person, CustomerTier.HighRisk, "en", 1, null));
            return 0;
        });
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_new_customer_of_whom_little_is_said_has_the_usual_values(string database)
    {
        await using var app = await Installation.On(database);

        (await app.Import("customers", app.File("customer,phone", "Q1,13800001111"))).Exit.ShouldBe(0);
        (await app.Import("invoices", app.File("customer,document,date,amount,currency", "Q2,D1,2024-01-05,1.00,CNY"))).Exit.ShouldBe(0);

        await app.With(async (_, db) =>
        {
            foreach (var one in await db.Customers.AsNoTracking().ToListAsync())
                (one.Kind, one.Tier, one.Language, one.UnitId, one.OrganisationName).ShouldBe((CustomerKind.Person, CustomerTier.Normal, "en", 1, null));
            return 0;
        });
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task The_tier_of_a_known_customer_is_not_moved_by_a_file(string database)
    {
        await using var app = await Installation.On(database);
        await app.Import("customers", app.File("customer,name,tier", "Q1,Q One,vip", "Q2,Q Two,vip", "Q3,Q Three,"));

        var (exit, _, error) = await app.Import("customers", app.File("customer,name,phone,tier", "Q1,Q One,13800001111,highrisk", "Q2,Q Two,13800002222,vip", "Q3,Q Three,13800003333,vip", "Q4,Q Four,,highrisk"));

        exit.ShouldBe(2);
        error.ShouldContain("line 2, column tier: import.tier-of-known");
        error.ShouldContain("line 4, column tier: import.tier-of-known");
        error.ShouldContain("1 new, 1 changed, 0 there already, 2 refused");
        await app.With(async (_, db) =>
        {
            var all = await db.Customers.AsNoTracking().OrderBy(c => c.Id).ToListAsync();
            all.Select(c => c.Tier).ShouldBe([CustomerTier.Vip, CustomerTier.Vip, CustomerTier.Normal, CustomerTier.HighRisk]);
            // The line is refused as a whole.
            all.Select(c => c.Contact is not null).ShouldBe([false, true, false, false]);
            return 0;
        });
        // A mapping's default is for new customers.
        var map = app.FileOf("{ \"columns\": { \"customer\": \"No\", \"phone\": \"Tel\" }, \"defaults\": { \"tier\": \"normal\" } }");
        (await app.Import("customers", app.File("No,Tel", "Q1,13800004444", "Q5,13800005555"), "--map", map)).Error.ShouldContain("1 new, 1 changed, 0 there already, 0 refused");
        await app.With(async (_, db) =>
        {
            (await db.Customers.AsNoTracking().OrderBy(c => c.Id).FirstAsync()).Tier.ShouldBe(CustomerTier.Vip);
            return 0;
        });
    }

    [Fact]
    public async Task Nothing_personal_stands_in_clear_in_any_file_of_the_data_folder()
    {
        await using var app = await Installation.On("sqlite");
        var (_, output, error) = await app.Import("customers", app.File(Header, Wang, "CRM-0003,Robert Canary,person,,r@canary.example,+4477009001230,Canary Street,GB,,en,GBP,,Canary", "CRM-Canary,Bad Canary,alien,,,,,,,,,,"));
        await app.Import("invoices", app.File("customer,document,date,amount,currency", "CRM-Canary,D-Canary,2024-01-05,1.00,CNY"), "--source", "canary-source");
        await app.Import("contracts", app.File("customer,contract,product,start_on,term_months,monthly_fee", "CRM-0001,HT-Canary,CLOUD,2024-01-01,12,99.00"));

        foreach (var file in Directory.EnumerateFiles(app.Data, "*", SearchOption.AllDirectories))
        {
            var bytes = File.ReadAllBytes(file);
            foreach (var canary in new[] { "Canary", "canary.example", "王芳", "13812345678", "138-1234", "CRM-000", "上海市" })
                bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(canary)).ShouldBe(-1, $"{canary} in {Path.GetFileName(file)}");
        }
        (output + error).ShouldNotContain("Canary");
    }

    [Theory]
    [InlineData("X,A,alien,,,,,,,,,,", "kind: import.word")]
    [InlineData("X,A,,,no-mail,,,,,,,,", "mail: import.mail")]
    [InlineData("X,A,,,,12,,,,,,,", "phone: import.phone")]
    [InlineData("X,A,,,,,,,31/12/2020,,,,", "since: import.date")]
    [InlineData("X,A,,,,,,,,fr,,,", "language: import.word")]
    [InlineData("X,A,,,,,,,,,RMB,,", "currency: import.currency")]
    [InlineData("X,A,,,,,,,,,,1,", "tier: import.word")]
    [InlineData("CRM-0001,A,,,,,,,,,,,", "customer: import.twice")]
    public async Task A_bad_row_names_its_column(string row, string expected)
    {
        await using var app = await Installation.On("sqlite");

        var (exit, _, error) = await app.Import("customers", app.File(Header, Wang, row));

        exit.ShouldBe(2);
        error.ShouldContain("line 3, column " + expected);
        error.ShouldContain("1 new");
    }

    [Fact]
    public async Task A_workbook_is_read_and_a_formula_counts_with_its_saved_value()
    {
        await using var app = await Installation.On("sqlite");
        using var stream = new MemoryStream();
        using (var book = SpreadsheetDocument.Create(stream, DocumentFormat.OpenXml.SpreadsheetDocumentType.Workbook))
        {
            var workbook = book.AddWorkbookPart();
            var sheet = workbook.AddNewPart<WorksheetPart>();
            static Cell Text(string text) => new() { DataType = CellValues.InlineString, InlineString = new InlineString(new Text(text)) };
            sheet.Worksheet = new Worksheet(new SheetData(
                new Row(Text("customer"), Text("document"), Text("date"), Text("quantity"), Text("unit_price"), Text("currency")),
                new Row(Text("00007"), Text("D1"), Text("2024-01-05"), new Cell { CellValue = new CellValue("3") }, new Cell { CellFormula = new CellFormula("1+1.5"), CellValue = new CellValue("2.5") }, Text("CNY")),
                new Row(Text("00008"), Text("D1"), Text("2024-01-05"), new Cell { CellValue = new CellValue("3") }, new Cell { CellFormula = new CellFormula("1+1.5") }, Text("CNY"))));
            workbook.Workbook = new Workbook(new Sheets(new Sheet { Id = workbook.GetIdOfPart(sheet), SheetId = 1, Name = "S" }));
        }

        var (exit, _, error) = await app.Import("invoices", app.FileOf(stream.ToArray()));

        exit.ShouldBe(2, error);
        error.ShouldContain("line 3, column unit_price: import.number");
        (await app.Evaluate("2024-02-01")).Output.ShouldContain("00007,new,0,0,1,7.50,");
    }

    [Fact]
    public async Task The_template_of_every_noun_fits_itself()
    {
        await using var app = await Installation.On("sqlite");
        foreach (var noun in new[] { "customers", "contacts", "contracts", "invoices", "complaints" })
        {
            var (exit, header, _) = await app.Import(noun, "--template");
            exit.ShouldBe(0);
            (await app.Import(noun, app.FileOf(header + "x\n"))).Error.ShouldContain("mapping template");
        }
    }
}
