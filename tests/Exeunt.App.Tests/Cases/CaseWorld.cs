using System.Net.Http.Json;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Policies;
using Exeunt.App.Features.Units;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;

namespace Exeunt.App.Tests.Cases;

/// <summary>Customers with contracts, for tests of cases; and the oracle that folds every case.</summary>
public static class CaseWorld
{
    public sealed record AContract(long CustomerId, long ContractId, string Number, string Mail, string Phone, string Name);

    private static int _next;

    /// <summary>A person with one contract: 24 months from 2024-12-15, 199.00 CNY a month, deposit 300.00, device 1200.00, the month paid.</summary>
    public static async Task<AContract> AContractInForce(this ExeuntApp app, long unpaid = 0, string language = "zh", bool prepaid = true, long deposit = 30000, long device = 120000, string policy = GeneralPolicy.Number, string jurisdiction = "CN")
    {
        var id = 700_000 + Interlocked.Increment(ref _next);
        var made = new AContract(id, id, $"HT-2024-{id}", $"wang{id}@customer.example", $"138{id:D8}", "王小芳");
        await app.With<IServiceProvider>(async services =>
        {
            var db = services.GetRequiredService<AppDb>();
            var vault = services.GetRequiredService<Vault>();
            var numbers = services.GetRequiredService<NumberTokens>();
            var clocks = services.GetRequiredService<Clocks>();
            var call = new Call(Exeunt.Core.Actor.System, clocks.Now, clocks.BusinessNow);
            var unit = await db.Units.OrderBy(u => u.Path.Length).FirstOrDefaultAsync();
            if (unit is null)
                db.Units.Add(unit = new Unit { Id = 1, Path = "1.", Code = "HQ", Chinese = "总部", English = "Head office", Kind = UnitKind.Headquarters });
            var row = $"{id}";
            db.Customers.Add(new Customer
            {
                Id = id, Source = "test", NumberToken = numbers.Of("test", row), UnitId = unit.Id, Kind = CustomerKind.Person, Language = language, Currency = "CNY",
                Since = new DateOnly(2020, 5, 1),
                Profile = await vault.Seal(id, DataClass.Profile, CustomerTable.ProfilePlace, row, new CustomerProfile(row, "likes-tea-canary"), default),
                Contact = await vault.Seal(id, DataClass.Contact, CustomerTable.ContactPlace, row, new CustomerContact(made.Mail, made.Phone, "canary road 1"), default),
                Identity = await vault.Seal(id, DataClass.Case, CustomerTable.IdentityPlace, row, new CustomerIdentity(made.Name), default),
            });
            db.Contracts.Add(new Contract
            {
                Id = id, CustomerId = id, NumberToken = numbers.Of("contract", SearchStore.Normal(TokenKind.Number, made.Number)),
                Number = await vault.Seal(id, DataClass.Case, ContractTable.NumberPlace, row, made.Number, default),
                Product = "CLOUD", ProductChinese = "云服务年度合同", ProductEnglish = "Cloud service", Currency = "CNY", StartOn = new DateOnly(2024, 12, 15), TermMonths = 24,
                MonthlyFee = 19900, CurrentMonthPrepaid = prepaid, Deposit = deposit, DeviceValue = device, Unpaid = unpaid,
                PolicyNumber = policy, PolicyVersion = GeneralPolicy.Version, Zone = "Asia/Shanghai", Jurisdiction = jurisdiction,
            });
            db.Audit(call, "test.contract", $"contract:{id}");
            await db.SaveChangesAsync();
            await services.GetRequiredService<SearchStore>().Index(id, [(TokenKind.Name, made.Name), (TokenKind.Mail, made.Mail), (TokenKind.Phone, made.Phone)], default);
        });
        return made;
    }

    /// <summary>A second contract of the same customer, on the same terms.</summary>
    public static async Task<AContract> AnotherContract(this ExeuntApp app, AContract of)
    {
        var id = 700_000 + Interlocked.Increment(ref _next);
        var made = of with { ContractId = id, Number = $"HT-2024-{id}" };
        await app.With<IServiceProvider>(async services =>
        {
            var db = services.GetRequiredService<AppDb>();
            var first = await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == of.ContractId);
            db.Contracts.Add(new Contract
            {
                Id = id, CustomerId = of.CustomerId, NumberToken = services.GetRequiredService<NumberTokens>().Of("contract", SearchStore.Normal(TokenKind.Number, made.Number)),
                Number = await services.GetRequiredService<Vault>().Seal(of.CustomerId, DataClass.Case, ContractTable.NumberPlace, $"{id}", made.Number, default),
                Product = first.Product, ProductChinese = first.ProductChinese, ProductEnglish = first.ProductEnglish, Currency = first.Currency, StartOn = first.StartOn, TermMonths = first.TermMonths,
                MonthlyFee = first.MonthlyFee, CurrentMonthPrepaid = first.CurrentMonthPrepaid, Deposit = first.Deposit, DeviceValue = first.DeviceValue, Unpaid = first.Unpaid,
                PolicyNumber = first.PolicyNumber, PolicyVersion = first.PolicyVersion, Zone = first.Zone, Jurisdiction = first.Jurisdiction,
            });
            db.Audit(await app.SystemCall(), "test.contract", $"contract:{id}");
            await db.SaveChangesAsync();
        });
        return made;
    }

    /// <summary>The code in the newest mail to an address.</summary>
    public static async Task<string> CodeFor(this ExeuntApp app, string mail)
    {
        await app.Drain();
        var text = app.Mails(mail).Last(m => m.Subject.Contains("验证码") || m.Subject.Contains("code")).Text;
        return System.Text.RegularExpressions.Regex.Match(text, @"\d{8}").Value;
    }

    /// <summary>A customer who applied and proved possession of the contact on file; the client carries the session.</summary>
    public static async Task<(HttpClient Customer, Guid Id, string Token)> Applied(this ExeuntApp app, AContract contract)
    {
        var customer = app.Client("zh");
        var receipt = await (await customer.PostAsJsonAsync("/api/applications", new { contractNumber = contract.Number, name = contract.Name, contact = contract.Mail })).Done();
        var token = receipt.GetProperty("token").GetString()!;
        await (await customer.PostAsync($"/api/progress/{token}/code", null)).Done();
        var opened = await (await customer.PostAsJsonAsync($"/api/progress/{token}/identity", new { code = await app.CodeFor(contract.Mail) })).Done();
        customer.DefaultRequestHeaders.Add("Case-Session", opened.GetProperty("session").GetString());
        return (customer, receipt.GetProperty("caseId").GetGuid(), token);
    }

    /// <summary>The answer of a call that must succeed.</summary>
    public static async Task<JsonElement> Done(this HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue($"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri!.AbsolutePath}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    /// <summary>The code of a call that must be refused.</summary>
    public static async Task<string> Refusal(this HttpResponseMessage response)
    {
        response.IsSuccessStatusCode.ShouldBeFalse();
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString()!;
    }

    /// <summary>The case as its row has it.</summary>
    public static Task<ExitCase> TheCase(this ExeuntApp app, Guid id) => app.With<AppDb, ExitCase>(db => db.Cases.AsNoTracking().SingleAsync(c => c.Id == id));

    /// <summary>Folding the events of a case gives its row, and the times its steps were open.</summary>
    public static async Task ShouldFold(this ExeuntApp app, Guid caseId) => await app.With<IServiceProvider>(async services =>
    {
        var db = services.GetRequiredService<AppDb>();
        var row = await db.Cases.AsNoTracking().SingleAsync(c => c.Id == caseId);
        var events = (await db.CaseEvents.AsNoTracking().Where(e => e.CaseId == caseId).OrderBy(e => e.Number).ToListAsync()).Select(e => e.Read()).ToList();
        var folded = ExitCase.Fold(caseId, events, services.GetRequiredService<Features.Procedures.ProcedureBook>().Find);
        System.Text.Json.JsonSerializer.Serialize(folded, Json.Plain).ShouldBe(System.Text.Json.JsonSerializer.Serialize(row, Json.Plain));
        events.Select(e => e.Number).ShouldBe(Enumerable.Range(1, events.Count));
        var times = await db.StepTimes.AsNoTracking().Where(t => t.CaseId == caseId).ToListAsync();
        times.Select(t => t.Facts).ShouldBe(Features.ProcessMap.RebuildStepTimes.Of(folded, services.GetRequiredService<Features.Procedures.DueTimes>()).Select(t => t.Facts), ignoreOrder: true);
    });
}
