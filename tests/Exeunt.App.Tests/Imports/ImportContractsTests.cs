using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Settlements;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Imports;

/// <summary>Contracts from a file, with all that their settlement needs.</summary>
public sealed class ImportContractsTests
{
    private const string Needed = "customer,contract,product,start_on,term_months,monthly_fee";
    private const string All = Needed + ",party,billing_months,billing_anchor,monthly_discount,notice_days,auto_renew,device_months,unpaid,unpaid_due_on,prepaid_paid,prepaid_gift,prepaid_paid_on,prepaid_from,prepaid_until,prepaid_consumed,earnest,earnest_price";
    private const string Row = "CRM-1,HT-1,GYM,2024-03-10,24,99.00,business,3,2024-02-15,10.00,15,0,18,45.50,2025-01-31,1000.00,200.00,2024-03-09,2024-03-10,2025-03-10,600.00,2500.00,10000.00";

    [Theory, ClassData(typeof(Databases))]
    public async Task Every_optional_column_reaches_the_terms_and_the_facts(string database)
    {
        await using var app = await Installation.On(database);
        await app.Import("customers", app.File("customer,name,kind", "CRM-1,王芳,person"));
        var result = await app.Import("contracts", app.File(All, Row, "CRM-1,HT-2,GYM,2024-03-10,24,99.00,,,,,,,,,,,,,,,,,"));
        result.Exit.ShouldBe(0, result.Error + result.Output);

        await app.With(async (_, db) =>
        {
            var both = await db.Contracts.AsNoTracking().OrderBy(c => c.Id).ToListAsync();
            var terms = Settling.TermsOf(both[0]);
            (terms.Party, terms.BillingMonths, terms.BillingAnchor, terms.NoticeDays, terms.AutoRenew, terms.DeviceMonths)
                .ShouldBe((Party.Business, 3, new DateOnly(2024, 2, 15), 15, false, 18));
            terms.MonthlyDiscount.ShouldBe(new Money(10_00, "CNY"));
            terms.PrepaidCard.ShouldBe(new(new(1000_00, "CNY"), new(200_00, "CNY"), new(2024, 3, 9), new(2024, 3, 10), new(2025, 3, 10)));
            terms.Earnest.ShouldBe(new(new(2500_00, "CNY"), new(10000_00, "CNY")));
            var facts = Settling.FactsOf(both[0], new(2025, 3, 1));
            (facts.Unpaid, facts.UnpaidDueOn, facts.PrepaidConsumed).ShouldBe((new Money(45_50, "CNY"), new DateOnly(2025, 1, 31), new Money(600_00, "CNY")));
            // A contract that says nothing is billed by the month, renewed, of a consumer.
            var plain = Settling.TermsOf(both[1]);
            (plain.Party, plain.BillingMonths, plain.BillingAnchor, plain.NoticeDays, plain.AutoRenew, plain.PrepaidCard, plain.Earnest, plain.MonthlyDiscount)
                .ShouldBe((Party.Consumer, 1, null, null, true, null, null, null));
            return 0;
        });
        // The same file again changes nothing, another value does.
        (await app.Import("contracts", app.File(All, Row), "--json")).Output.ShouldContain("\"unchanged\":1");
        (await app.Import("contracts", app.File(All, Row.Replace(",15,0,18,", ",20,0,18,", StringComparison.Ordinal)), "--json")).Output.ShouldContain("\"changed\":1");
        (await app.With((_, db) => db.Contracts.Select(c => c.NoticeDays).FirstAsync(d => d != null))).ShouldBe(20);
    }

    [Theory]
    [InlineData(",business,", ",martian,", "party", "import.word")]
    [InlineData(",business,3,", ",business,0,", "billing_months", "import.whole-number")]
    [InlineData(",2024-02-15,", ",2024-03-11,", "billing_anchor", "import.billing-anchor")]
    [InlineData(",10.00,15,", ",-10.00,15,", "monthly_discount", "import.number")]
    [InlineData(",15,0,18,", ",15,yes,18,", "auto_renew", "import.word")]
    [InlineData(",2025-01-31,", ",2025-02-30,", "unpaid_due_on", "import.date")]
    [InlineData(",2024-03-10,2025-03-10,", ",2024-03-10,2024-03-10,", "prepaid_until", "import.card-term")]
    [InlineData(",2500.00,10000.00", ",2500.00,", "earnest_price", "import.required")]
    public async Task A_wrong_value_is_refused_where_it_stands(string part, string wrong, string column, string code)
    {
        await using var app = await Installation.On("sqlite");
        await app.Import("customers", app.File("customer,name,kind", "CRM-1,王芳,person"));
        var result = await app.Import("contracts", app.File(All, Row.Replace(part, wrong, StringComparison.Ordinal)), "--json");
        result.Exit.ShouldBe(2, result.Output);
        result.Output.ShouldContain(code);
        result.Output.ShouldContain($"\"{column}\"");
        (await app.With((_, db) => db.Contracts.CountAsync())).ShouldBe(0);
    }
}
