using System.Globalization;
using System.Reflection;
using System.Text;
using Exeunt.App.Data;
using Exeunt.App.Features.Imports;
using Exeunt.App.Features.Units;
using Exeunt.App.Platform;
using Exeunt.Core.Activity;
using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;

namespace Exeunt.App.Features.Demo;

/// <summary>
/// The demo company, loaded into an empty database by the same imports that a user has: units, customers and their contacts,
/// contracts, and the invoices of the Online Retail data set (see README.md here), moved by whole months so that its last
/// full month is the last closed one.
/// </summary>
public static class DemoCompany
{
    /// <summary>The quick tour's contracts.</summary>
    public const string TourContract = "HT-2024-1187";
    public const string EnglishTourContract = "EX-2025-0042";
    /// <summary>The quick tour's orders.</summary>
    public const string TourOrder = "SO-2026-1187";
    public const string EnglishTourOrder = "SO-2026-0042";
    private const string Zone = "Asia/Shanghai";
    private const string Source = "demo";
    private static readonly Month LastFullMonth = Month.Of(new DateOnly(2011, 11, 1));

    private sealed record Product(string Code, string Chinese, string English, decimal Fee, decimal Device);

    private static readonly Product[] Products =
    [
        new("CLOUD-STD", "云桌面标准版", "Cloud desktop standard", 199, 1200),
        new("FIBRE-200", "企业光纤 200M", "Business fibre 200", 358, 600),
        new("VOICE-10", "云总机 10 线", "Cloud switchboard 10", 129, 800),
        new("SEC-BASE", "安全托管基础版", "Managed security basic", 468, 0),
        new("IOT-SIM", "物联网卡套餐", "IoT SIM plan", 39, 0),
    ];

    private static readonly (int Id, int? Parent, UnitKind Kind, string Code, string Chinese, string English)[] Tree =
    [
        (1, null, UnitKind.Headquarters, "HQ", "总部", "Headquarters"),
        (2, 1, UnitKind.Subsidiary, "EAST", "华东分公司", "East China"),
        (3, 1, UnitKind.Subsidiary, "SOUTH", "华南分公司", "South China"),
        (4, 1, UnitKind.Subsidiary, "LDN", "伦敦子公司", "London"),
        (5, 2, UnitKind.Office, "EAST-SH", "上海办事处", "Shanghai office"),
        (6, 2, UnitKind.Office, "EAST-HZ", "杭州办事处", "Hangzhou office"),
        (7, 3, UnitKind.Office, "SOUTH-SZ", "深圳办事处", "Shenzhen office"),
        (8, 3, UnitKind.Office, "SOUTH-GZ", "广州办事处", "Guangzhou office"),
        (9, 4, UnitKind.Office, "LDN-CITY", "伦敦金融城办事处", "City office"),
        (10, 4, UnitKind.Office, "LDN-MAN", "曼彻斯特办事处", "Manchester office"),
        (11, 5, UnitKind.Team, "EAST-SH-1", "上海一组", "Shanghai team 1"),
        (12, 5, UnitKind.Team, "EAST-SH-2", "上海二组", "Shanghai team 2"),
        (13, 7, UnitKind.Team, "SOUTH-SZ-1", "深圳一组", "Shenzhen team 1"),
        (14, 9, UnitKind.Team, "LDN-CITY-1", "金融城一组", "City team 1"),
    ];

    /// <summary>Loads the company into a database without units; does nothing when there are some. Staff comes after it, owners by <see cref="AssignOwners"/>.</summary>
    /// <returns>Whether it was loaded.</returns>
    public static async Task<bool> Load(Storage storage, Call call, CancellationToken ct)
    {
        await using (var db = storage.NewAppDb())
        {
            if (await db.Units.AnyAsync(ct))
                return false;
            db.Units.AddRange(Tree.Select(u => new Unit { Id = u.Id, ParentId = u.Parent, Path = PathOf(u.Id), Kind = u.Kind, Code = u.Code, Chinese = u.Chinese, English = u.English }));
            db.Audit(call, "demo.loaded", "units", new { units = Tree.Length });
            await db.SaveChangesAsync(ct);
        }
        var today = call.Today(Zone);
        var invoices = Invoices(storage.Options, today);
        var (customers, contracts, orders) = Generate(invoices, today);
        await Import(storage, call, ImportNoun.Customers, customers, ct);
        await Import(storage, call, ImportNoun.Invoices, InvoiceFile(invoices, today), ct);
        await Import(storage, call, ImportNoun.Contracts, contracts, ct);
        await Import(storage, call, ImportNoun.Orders, orders, ct);
        return true;
    }

    /// <summary>Gives every demo customer an account manager of its unit, evenly; units without one keep none.</summary>
    public static async Task AssignOwners(Storage storage, Call call, IReadOnlyDictionary<int, IReadOnlyList<Guid>> managersByUnit, CancellationToken ct)
    {
        await using var db = storage.NewAppDb();
        var customers = await db.Customers.AsNoTracking().Where(c => c.Source == Source && c.OwnerId == null).OrderBy(c => c.Id).Select(c => new { c.Id, c.UnitId }).ToListAsync(ct);
        var rows = customers.Where(c => managersByUnit.GetValueOrDefault(c.UnitId) is { Count: > 0 })
            .Select(c => new object?[] { c.Id, managersByUnit[c.UnitId][(int)(c.Id % managersByUnit[c.UnitId].Count)] }).ToList();
        await using (var bulk = await Bulk.Alone(storage, ct))
            await bulk.Update("customers", [new("id", NpgsqlDbType.Bigint), new("owner_id", NpgsqlDbType.Uuid)], rows, ct);
        db.Audit(call, "demo.owners-assigned", "customers", new { customers = rows.Count });
        await db.SaveChangesAsync(ct);
    }

    /// <summary>The contracts of the quick tour and of the packs, which stay in force.</summary>
    public static async Task<IReadOnlySet<long>> TourContracts(Storage storage, AppDb db, CancellationToken ct)
    {
        var tokens = new[] { TourContract, EnglishTourContract, "TEL-2026-0002" }.Concat(Core.Packs.Packs.All.Select(p => p.TryNumber)).Select(storage.Numbers.OfContract).ToList();
        return (await db.Contracts.AsNoTracking().Where(c => tokens.Contains(c.NumberToken!)).Select(c => c.Id).ToListAsync(ct)).ToHashSet();
    }

    private static string PathOf(int id)
    {
        var unit = Array.Find(Tree, u => u.Id == id);
        return (unit.Parent is { } parent ? PathOf(parent) : "") + $"{id}.";
    }

    internal static async Task Import(Storage storage, Call call, ImportNoun noun, string csv, CancellationToken ct)
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(csv));
        var result = await new RunImport(storage, call).Run(file, new ImportRequest(noun, null, null, false, Source, [""]), ct);
        if (result.Refused > 0)
            throw new InvalidOperationException($"The demo's {noun} were refused: {result.Refusals[0]}");
    }

    /// <summary>The invoices of the data set: number, shifted date, customer, country, quantity, price.</summary>
    private static List<(string Document, DateOnly On, string Customer, string Country, string Quantity, string Price)> Invoices(HostOptions options, DateOnly today)
    {
        using var stream = options.DemoInvoices is { } file ? File.OpenRead(file) : Assembly.GetExecutingAssembly().GetManifestResourceStream("demo.invoices")!;
        var months = Month.Of(today) - 1 - LastFullMonth;
        var invoices = new List<(string, DateOnly, string, string, string, string)>();
        using var rows = RowReader.Open(stream, null);
        rows.Read();
        while (rows.Read())
        {
            var on = DateOnly.FromDateTime(DateTime.ParseExact(rows[1], "M/d/yyyy H:mm", CultureInfo.InvariantCulture)).AddMonths(months);
            invoices.Add((rows[0].ToString(), on, rows[2].ToString(), rows[3].ToString(), rows[4].ToString(), rows[5].ToString()));
        }
        return invoices;
    }

    private static string InvoiceFile(List<(string Document, DateOnly On, string Customer, string Country, string Quantity, string Price)> invoices, DateOnly today)
    {
        var csv = new StringBuilder("customer,document,date,quantity,unit_price,currency,country\n");
        foreach (var i in invoices)
            csv.Append(CultureInfo.InvariantCulture, $"{i.Customer},{i.Document},{i.On:yyyy-MM-dd},{i.Quantity},{i.Price},GBP,\"{i.Country}\"\n");
        for (var month = Month.Of(today) - 15; month < Month.Of(today); month += 1)
        {
            csv.Append(CultureInfo.InvariantCulture, $"HD-1187,JF-HD-{month},{month.Day(5):yyyy-MM-dd},1,199.00,CNY,CN\n");
            csv.Append(CultureInfo.InvariantCulture, $"NG-0042,JF-NG-{month},{month.Day(5):yyyy-MM-dd},1,90.00,GBP,GB\n");
        }
        return csv.ToString();
    }

    private static (string Customers, string Contracts, string Orders) Generate(
        List<(string Document, DateOnly On, string Customer, string Country, string Quantity, string Price)> invoices, DateOnly today)
    {
        var random = new DemoRandom(20151026);
        var people = new DemoNames(random);
        var customers = new StringBuilder("customer,name,kind,contact_person,mail,phone,address,country,since,language,currency,unit,tier\n");
        var contracts = new StringBuilder("customer,contract,product,product_zh,product_en,currency,start_on,term_months,monthly_fee,prepaid,deposit,device_value,unpaid,policy,policy_version,zone,jurisdiction\n");
        customers.Append(CultureInfo.InvariantCulture, $"HD-1187,华东包装有限公司,organisation,王芳,wang.fang@huadong-pack.example,13812345678,上海市中山路88号,CN,{today.AddMonths(-15):yyyy-MM-dd},zh,CNY,EAST-SH-1,normal\n");
        customers.Append(CultureInfo.InvariantCulture, $"NG-0042,Northgate Interiors Ltd,organisation,Anna Berg,anna.berg@northgate.example,+447700900123,12 Mill Road London,GB,{today.AddMonths(-15):yyyy-MM-dd},en,GBP,LDN-CITY-1,normal\n");
        contracts.Append(CultureInfo.InvariantCulture, $"HD-1187,{TourContract},CLOUD-STD,云桌面标准版,Cloud desktop standard,CNY,{today.AddMonths(-15):yyyy-MM-dd},24,199.00,1,300.00,1200.00,0,JY-01,1,Asia/Shanghai,CN\n");
        contracts.Append(CultureInfo.InvariantCulture, $"NG-0042,{EnglishTourContract},FIBRE-200,企业光纤 200M,Business fibre 200,GBP,{today.AddMonths(-15):yyyy-MM-dd},24,90.00,1,0,0,0,JY-01,1,Europe/London,GB\n");
        var orders = new StringBuilder("customer,order,ordered_on,currency,product,product_zh,product_en,kind,quantity,unit_price,tax_rate,shipped_on,delivered_on,discount,freight,means,paid,payment_reference,location,invoice,jurisdiction,party\n");
        AddOrders(orders, "HD-1187", TourOrder, today, "CNY", "CN", "business", 1);
        AddOrders(orders, "NG-0042", EnglishTourOrder, today, "GBP", "GB", "business", 1);
        string[] chinese = ["EAST-SH-1", "EAST-SH-2", "EAST-HZ", "SOUTH-SZ-1", "SOUTH-GZ"], english = ["LDN-CITY-1", "LDN-CITY", "LDN-MAN"];
        var n = 0;
        foreach (var group in invoices.Where(i => i.Customer.All(char.IsAsciiDigit)).GroupBy(i => i.Customer).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            n++;
            var isChinese = random.Chance(60);
            var isOrganisation = random.Chance(45);
            var (person, mailbox) = isChinese ? people.ChinesePerson() : people.EnglishPerson();
            var name = !isOrganisation ? person : isChinese ? people.ChineseOrganisation() : people.EnglishOrganisation();
            var unit = random.Of(isChinese ? chinese : english);
            customers.Append(CultureInfo.InvariantCulture,
                $"{group.Key},{name},{(isOrganisation ? "organisation" : "person")},{(isOrganisation ? person : "")},{mailbox}@{random.Of(["mail", "post", "corp"])}.example,"
                + $"{(isChinese ? people.ChinesePhone() : people.EnglishPhone())},{(isChinese ? people.ChineseAddress() : people.EnglishAddress())},{(isChinese ? "CN" : "GB")},"
                + $"{group.Min(i => i.On):yyyy-MM-dd},{(isChinese ? "zh" : "en")},GBP,{unit},{(random.Chance(5) ? "vip" : random.Chance(4) ? "highrisk" : "normal")}\n");
            if (!isOrganisation && n % 12 == 0)
                AddOrders(orders, group.Key, $"SO-{today.Year}-{n + 3000:0000}", today, "CNY", isChinese ? "CN" : "DE", "consumer", n % 5);
            if (!random.Chance(40))
                continue;
            var product = random.Of(Products);
            var start = today.AddMonths(-1 - random.Next(34)).AddDays(-random.Next(28));
            var fee = isChinese ? product.Fee : Math.Round(product.Fee / 9, 2);
            contracts.Append(CultureInfo.InvariantCulture,
                $"{group.Key},{(isChinese ? "HT" : "EX")}-{start.Year}-{n + 2000:0000},{product.Code},{product.Chinese},{product.English},{(isChinese ? "CNY" : "GBP")},{start:yyyy-MM-dd},"
                + $"{random.Of([12, 24, 24, 36])},{fee:0.00},{(random.Chance(85) ? 1 : 0)},{(random.Chance(30) ? 300 : 0)},{(random.Chance(35) ? product.Device : 0)},"
                + $"{(random.Chance(8) ? fee : 0):0.00},JY-01,1,{(isChinese ? Zone : "Europe/London")},{(isChinese ? "CN" : "GB")}\n");
        }
        return (customers.ToString(), contracts.ToString(), orders.ToString());
    }

    /// <summary>An order of two lines: some days old and delivered, or not sent yet.</summary>
    private static void AddOrders(StringBuilder orders, string customer, string number, DateOnly today, string currency, string place, string party, int daysAgo)
    {
        var (on, there) = (today.AddDays(-daysAgo - 3), daysAgo == 0 ? "," : $"{today.AddDays(-daysAgo - 2):yyyy-MM-dd},{today.AddDays(-daysAgo):yyyy-MM-dd}");
        orders.Append(CultureInfo.InvariantCulture, $"{customer},{number},{on:yyyy-MM-dd},{currency},LAMP-9,桌面台灯,Desk lamp,goods,3,99.99,0.13,{there},30.00,12.00,card,431.97,demo-card,WH-EAST,INV-{number},{place},{party}\n");
        orders.Append(CultureInfo.InvariantCulture, $"{customer},{number},{on:yyyy-MM-dd},{currency},KETTLE-2,电水壶,Kettle,goods,1,150.00,0.13,{there},,,,,,,,,\n");
    }
}
