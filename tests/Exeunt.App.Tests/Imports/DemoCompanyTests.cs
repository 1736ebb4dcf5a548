using System.Diagnostics;
using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Demo;
using Exeunt.App.Features.Evaluate;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Churn;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Exeunt.App.Tests.Imports;

public sealed class DemoCompanyTests(ITestOutputHelper output)
{
    private static readonly Call AtStart = new(Actor.System, new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero), new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero));

    [Theory, ClassData(typeof(Databases))]
    public async Task The_demo_company_loads_once_with_its_last_full_month_closed(string database)
    {
        await using var app = await Installation.On(database);
        await app.With(async (storage, db) =>
        {
            var watch = Stopwatch.StartNew();
            (await DemoCompany.Load(storage, AtStart, default)).ShouldBeTrue();
            output.WriteLine($"{database}: {watch.Elapsed.TotalSeconds:0.0} s");
            (await DemoCompany.Load(storage, AtStart, default)).ShouldBeFalse();

            (await db.Customers.CountAsync()).ShouldBe(1_460);
            ((double)await db.Contracts.CountAsync() / 1_460).ShouldBeInRange(0.35, 0.45);
            (await db.Facts.MaxAsync(f => f.On)).ShouldBeLessThan(new DateOnly(2026, 11, 22));
            var evaluated = EvaluateCustomers.Run(await LoadBase.Run(storage, withLines: false, default), new DateOnly(2026, 11, 22));
            EvaluateCustomers.Counts(evaluated).Keys.ShouldContain(ChurnState.Churned);
            evaluated.Max(e => e.Indicators.LastOrderOn)!.Value.Month.ShouldBe(10);
            return 0;
        });
    }

    [Fact]
    public async Task The_quick_tours_customers_are_found_by_contract_name_phone_and_mail()
    {
        await using var app = await Installation.On("sqlite");
        await app.With(async (storage, db) =>
        {
            await DemoCompany.Load(storage, AtStart, default);
            var contract = await db.Contracts.SingleAsync(c => c.NumberToken == storage.Numbers.Of("contract", SearchStore.Normal(TokenKind.Number, DemoCompany.TourContract)));
            (contract.TermMonths, contract.MonthlyFee, contract.Deposit, contract.DeviceValue, contract.Currency, contract.CurrentMonthPrepaid)
                .ShouldBe((24, 199_00, 300_00, 1200_00, "CNY", true));
            contract.StartOn.ShouldBe(new DateOnly(2025, 8, 22));
            foreach (var (kind, text) in new[] { (TokenKind.Number, "HT-2024-1187"), (TokenKind.Name, "华东包装"), (TokenKind.Name, "王芳"), (TokenKind.Phone, "13812345678"), (TokenKind.Mail, "wang.fang@huadong-pack.example") })
                (await storage.Search.Find(kind, text, 50, default)).ShouldContain(contract.CustomerId, text);
            (await db.Customers.SingleAsync(c => c.Id == contract.CustomerId)).Kind.ShouldBe(CustomerKind.Organisation);
            return 0;
        });
    }
}
