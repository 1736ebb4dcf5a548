using System.Text.RegularExpressions;
using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Policies;
using Exeunt.App.Features.Units;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Exeunt.App.Tests.Harness;

/// <summary>A customer with one contract, as a test knows them.</summary>
public sealed record Customership(long Id, string Number, string Name, string Mail, string Phone);

/// <summary>What the world is like when a test begins.</summary>
public static partial class Worlds
{
    private static int _next = 900_000;

    /// <summary>
    /// A contract in force since 15 December 2024 for 24 months at ¥199.00, with a deposit of ¥300.00 and a device of ¥1,200.00, under
    /// version 1 of a policy, the general one of 30 days' notice when none is named.
    /// </summary>
    public static async Task<Customership> AContract(
        this ExeuntApp app, string? number = null, string? mail = null, string name = "王小芳", string language = "zh", ContractState state = ContractState.InForce,
        string policy = GeneralPolicy.Number, string jurisdiction = "CN")
    {
        var id = (long)Interlocked.Increment(ref _next);
        var made = new Customership(id, number ?? $"HT-2024-{id}", name, mail ?? $"customer{id}@world.example", $"139{id:D8}");
        await app.With<IServiceProvider>(async services =>
        {
            var db = services.GetRequiredService<AppDb>();
            var vault = services.GetRequiredService<Vault>();
            var numbers = services.GetRequiredService<NumberTokens>();
            var row = $"{id}";
            var unit = await db.Units.OrderBy(u => u.Path.Length).FirstOrDefaultAsync();
            if (unit is null)
                db.Units.Add(unit = new Unit { Id = 1, Path = "1.", Code = "HQ", Chinese = "总部", English = "Head office", Kind = UnitKind.Headquarters });
            db.Customers.Add(new Customer
            {
                Id = id, Source = "world", NumberToken = numbers.Of("world", row), UnitId = unit.Id, Kind = CustomerKind.Person, Language = language, Currency = "CNY",
                Profile = await vault.Seal(id, DataClass.Profile, CustomerTable.ProfilePlace, row, new CustomerProfile(row), default),
                Contact = await vault.Seal(id, DataClass.Contact, CustomerTable.ContactPlace, row, new CustomerContact(made.Mail, made.Phone, null), default),
                Identity = await vault.Seal(id, DataClass.Case, CustomerTable.IdentityPlace, row, new CustomerIdentity(name), default),
            });
            db.Contracts.Add(new Contract
            {
                Id = id, CustomerId = id, NumberToken = numbers.Of("contract", SearchStore.Normal(TokenKind.Number, made.Number)),
                Number = await vault.Seal(id, DataClass.Case, ContractTable.NumberPlace, row, made.Number, default),
                Product = "HOME-500", ProductChinese = "家庭宽带 500M", ProductEnglish = "Home broadband 500", Currency = "CNY",
                StartOn = new DateOnly(2024, 12, 15), TermMonths = 24, MonthlyFee = 19900, CurrentMonthPrepaid = true, Deposit = 30000, DeviceValue = 120000,
                PolicyNumber = policy, PolicyVersion = 1, Zone = "Asia/Shanghai", Jurisdiction = jurisdiction, State = state,
            });
            var clocks = services.GetRequiredService<Clocks>();
            db.Audit(new Call(Actor.System, clocks.Now, clocks.BusinessNow), "test.contract", $"contract:{id}");
            await db.SaveChangesAsync();
        });
        return made;
    }

    /// <summary>The code in the newest mail to a customer.</summary>
    public static async Task<string> CodeOf(this ExeuntApp app, Customership customer)
    {
        await app.Drain();
        return Digits().Match(app.Mails(customer.Mail).Last(m => Digits().IsMatch(m.Text)).Text).Value;
    }

    [GeneratedRegex(@"\b\d{8}\b")]
    private static partial Regex Digits();
}
