using System.Text.Json;
using Exeunt.Core.Calendar;
using Exeunt.Core.Contracts;
using Exeunt.Core.Packs;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;
using static Exeunt.Core.Tests.Settlement.Workbench;

namespace Exeunt.Core.Tests.Settlement;

/// <summary>Insurance policies given back: surrender tables with their ends, the cooling-off period, what is set off. Figures worked out by hand.</summary>
public sealed class InsuranceTests
{
    private const string Years = """[{"from":0,"share":"0"},{"from":1,"share":"0.15"},{"from":2,"share":"0.30"},{"from":3,"share":"0.45"},{"from":4,"share":"0.55"}]""";
    private const string Months = """[{"from":0,"share":"0.95"},{"from":1,"share":"0.90"},{"from":2,"share":"0.80"},{"from":3,"share":"0"}]""";

    [Theory]
    [InlineData("2023-03-01", "2023-03-01", "NONE", "0.00", 0)]
    [InlineData("2023-03-01", "2024-02-29", "NONE", "0.00", 0)]
    [InlineData("2023-03-01", "2024-03-01", "NONE", "4500.00", 1)]
    [InlineData("2023-03-01", "2026-02-28", "NONE", "9000.00", 2)]
    [InlineData("2023-03-01", "2026-03-01", "NONE", "13500.00", 3)]
    [InlineData("2023-03-01", "2040-01-01", "NONE", "16500.00", 16)]
    // 9,000 and 4,500 × 364 / 365.
    [InlineData("2023-03-01", "2026-02-28", "BY_DAYS", "13487.67", 2)]
    [InlineData("2023-03-01", "2026-03-01", "BY_DAYS", "13500.00", 3)]
    // Half of the leap year: 4,500 × 183 / 366.
    [InlineData("2023-03-01", "2023-08-31", "BY_DAYS", "2250.00", 0)]
    [InlineData("2023-03-01", "2029-06-01", "BY_DAYS", "16500.00", 6)]
    [InlineData("2024-02-29", "2025-02-28", "NONE", "4500.00", 1)]
    [InlineData("2024-02-29", "2025-02-27", "NONE", "0.00", 0)]
    public void A_surrender_value_by_completed_policy_years(string start, string effEnd, string between, string value, int reached)
    {
        var answer = Ask("surrender", $$"""{"currency":"CNY","basis":"PREMIUMS_PAID","amount":"30000","start":"{{start}}","effEnd":"{{effEnd}}","between":"{{between}}","rows":{{Years}}}""");
        answer.Text.ShouldBe($"value {value} → {value}");
        answer.Values.ShouldBe($$"""{"reached":{{reached}}}""");
    }

    [Theory]
    [InlineData("2026-01-01", "1140.00", 0)]
    [InlineData("2026-01-02", "1080.00", 1)]
    [InlineData("2026-02-01", "1080.00", 1)]
    [InlineData("2026-02-02", "960.00", 2)]
    [InlineData("2026-03-01", "960.00", 2)]
    [InlineData("2026-03-02", "0.00", 3)]
    [InlineData("2026-12-31", "0.00", 12)]
    public void A_short_rate_by_months_begun(string effEnd, string value, int reached)
    {
        var answer = Ask("surrender", $$"""{"currency":"CNY","basis":"PERIOD_PREMIUM","amount":"1200","start":"2026-01-01","effEnd":"{{effEnd}}","rows":{{Months}}}""");
        answer.Text.ShouldBe($"value {value} → {value}");
        answer.Values.ShouldBe($$"""{"reached":{{reached}}}""");
    }

    [Theory]
    [InlineData("JPY", "1000000", "0.01235", "HALF_UP", "12350")]
    [InlineData("CNY", "0.05", "0.5", "HALF_UP", "0.03")]
    [InlineData("CNY", "0.05", "0.5", "HALF_EVEN", "0.02")]
    [InlineData("KWD", "1.001", "1.5", "HALF_UP", "1.502")]
    [InlineData("CNY", "100", "10", "HALF_UP", "1000.00")]
    public void A_share_of_the_sum_insured_in_any_currency_is_rounded_once(string currency, string amount, string share, string rounding, string value) =>
        Ask("surrender", $$"""{"currency":"{{currency}}","basis":"SUM_INSURED","amount":"{{amount}}","start":"2025-01-01","effEnd":"2026-01-01","rounding":"{{rounding}}","rows":[{"from":0,"share":"{{share}}"}]}""")
            .Text.ShouldBe($"value {value} → {value}");

    [Theory]
    [InlineData("rows", """[{"from":0,"share":"0"},{"from":2,"share":"0.3"}]""", "INVALID_COUNT", "rows[1].from")]
    [InlineData("rows", """[{"from":1,"share":"0"}]""", "INVALID_COUNT", "rows[0].from")]
    [InlineData("rows", """[{"from":0,"share":"0"},{"from":0,"share":"0.3"}]""", "INVALID_COUNT", "rows[1].from")]
    [InlineData("rows", """[{"from":0,"share":"-0.1"}]""", "INVALID_RATE", "rows[0].share")]
    [InlineData("rows", """[{"from":0,"share":"10.01"}]""", "INVALID_RATE", "rows[0].share")]
    [InlineData("rows", """[{"from":0}]""", "MISSING_INPUT", "rows[0].share")]
    [InlineData("rows", "[]", "MISSING_INPUT", "rows")]
    [InlineData("rows", "7", "INVALID_INPUT", "rows")]
    [InlineData("amount", "\"-1\"", "NEGATIVE_AMOUNT", "amount")]
    [InlineData("effEnd", "\"2024-12-31\"", "END_BEFORE_START", null)]
    [InlineData("basis", "\"PREMIUM\"", "INVALID_INPUT", "basis")]
    [InlineData("between", "\"BY_MONTHS\"", "INVALID_INPUT", "between")]
    public void A_wrong_table_is_refused_by_name(string name, string value, string code, string? names)
    {
        var inputs = new Dictionary<string, string> { ["currency"] = "\"CNY\"", ["basis"] = "\"PREMIUMS_PAID\"", ["amount"] = "\"100\"", ["start"] = "\"2025-01-01\"", ["effEnd"] = "\"2026-01-01\"", ["rows"] = Years };
        inputs[name] = value;
        Refuses("surrender", "{" + string.Join(",", inputs.Select(i => $"\"{i.Key}\":{i.Value}")) + "}", code, names);
    }

    [Fact]
    public void A_short_rate_knows_no_days_and_gives_back_no_more_than_the_premium()
    {
        Refuses("surrender", $$"""{"currency":"CNY","basis":"PERIOD_PREMIUM","amount":"100","start":"2025-01-01","effEnd":"2025-02-01","between":"BY_DAYS","rows":{{Months}}}""", "INVALID_INPUT", "between");
        Refuses("surrender", """{"currency":"CNY","basis":"PERIOD_PREMIUM","amount":"100","start":"2025-01-01","effEnd":"2025-02-01","rows":[{"from":0,"share":"1.01"}]}""", "INVALID_RATE", "rows[0].share");
    }

    [Theory]
    [InlineData("10000", ",\"fee\":\"10\"", "fee 10.00, refund 9990.00 → 9990.00")]
    [InlineData("10000", "", "fee 0.00, refund 10000.00 → 10000.00")]
    [InlineData("5", ",\"fee\":\"10\"", "fee 5.00, refund 0.00 → 0.00")]
    public void Within_the_cooling_off_period_everything_comes_back_but_the_printed_policy(string paid, string fee, string expected) =>
        Ask("coolingOff", $$"""{"currency":"CNY","paid":"{{paid}}"{{fee}}}""").Text.ShouldBe(expected);

    private static readonly ContractTerms LifePolicy = new()
    {
        Number = "#1", Currency = "CNY", Start = new(2023, 3, 1), TermMonths = 240, MonthlyFee = Yuan(500_00), BillingMonths = 12, Party = Party.Financial, Jurisdiction = "CN",
        Insured = new(Yuan(24000_00), Yuan(100000_00), Yuan(3000_00), new(2025, 8, 28)),
    };

    private static readonly ContractTerms Home = new()
    {
        Number = "#2", Currency = "CNY", Start = new(2026, 1, 1), TermMonths = 12, MonthlyFee = Yuan(100_00), BillingMonths = 12, Party = Party.Financial, Jurisdiction = "CN",
    };

    private static Money Yuan(long minor) => new(minor, "CNY");

    /// <summary>24,000 × 0.45; 3,000 × 5 % × 184 / 365.</summary>
    [Fact]
    public void Loan_interest_and_open_premium_are_set_off_against_the_surrender_value()
    {
        Text(LifePolicy, Insurer.Life, new(new(2026, 2, 28), Yuan(500_00))).ShouldBe("surrender -10800.00, policyLoan 3000.00, policyLoanInterest 75.62, unpaid 500.00 → -7224.38");
        // A loan above the value: the customer owes the difference.
        Text(LifePolicy with { Insured = LifePolicy.Insured! with { Loan = Yuan(12000_00), LoanOn = null } }, Insurer.Life, new(new(2026, 2, 28))).ShouldBe("surrender -10800.00, policyLoan 12000.00 → 1200.00");
    }

    [Fact]
    public void A_withdrawal_gives_all_premiums_back_less_the_printed_policy_and_the_loan() =>
        Text(LifePolicy, Insurer.Life, new(new(2026, 2, 28)) { Ground = Ground.Withdrawal }).ShouldBe("coolingOff -23990.00, policyLoan 3000.00, policyLoanInterest 75.62 → -20914.38");

    /// <summary>Three months begun: 1,200 × 0.70. At our fault by days: 1,200 × 69 / 365 are used.</summary>
    [Fact]
    public void A_property_policy_goes_by_short_rate_for_the_customers_reason_and_by_days_for_ours()
    {
        Text(Home, Insurer.Property, new(new(2026, 3, 10))).ShouldBe("surrender -840.00 → -840.00");
        Text(Home, Insurer.Property, new(new(2025, 12, 31))).ShouldBe("surrender -1140.00 → -1140.00");
        Text(Home, Insurer.Property, new(new(2026, 3, 10)) { Fault = Fault.Company }).ShouldBe("unusedPrepaid -973.15 → -973.15");
        Text(Home with { CurrentPeriodPrepaid = false }, Insurer.Property, new(new(2026, 3, 10))).ShouldBe("serviceToEnd 226.85 → 226.85");
    }

    [Fact]
    public void What_a_table_needs_and_is_not_there_is_asked_for_by_name()
    {
        StatementBuilder.Build(LifePolicy with { Insured = null }, Insurer.Life, new(new(2026, 2, 28))).Refusal!.English.ShouldContain("contract.insured.premiumsPaid");
        StatementBuilder.Build(LifePolicy with { Insured = LifePolicy.Insured! with { Loan = new(1, "USD") } }, Insurer.Life, new(new(2026, 2, 28))).Refusal!.Code.ShouldBe("settlement.mixed-currency");
    }

    [Theory]
    [InlineData("\"from\": 3,", "\"from\": 4,", "policy.table-gap", "insurance.surrender.rows[3].from")]
    [InlineData("\"maxTermMonths\": 240", "\"maxTermMonths\": 252", "policy.table-short", "insurance.surrender.rows")]
    [InlineData("\"share\": \"0.45\"", "\"share\": \"-0.45\"", "policy.unreadable", "")]
    [InlineData("\"share\": \"0.45\"", "\"share\": \"10.45\"", "policy.range", "insurance.surrender.rows[3].share")]
    [InlineData("\"basis\": \"PREMIUMS_PAID\"", "\"basis\": \"PERIOD_PREMIUM\"", "policy.range", "insurance.surrender.between")]
    [InlineData("\"coolingOffDays\": 20,", "", "policy.range", "insurance.coolingOffFee")]
    [InlineData("\"coolingOffFee\": \"10.00 CNY\"", "\"coolingOffFee\": \"10.00 EUR\"", "", "")]
    public void A_wrong_policy_is_refused_where_it_stands(string part, string wrong, string code, string path)
    {
        var document = PolicyDocument.Write(Insurer.Life);
        document.ShouldContain(part);
        var read = PolicyDocument.Read(document.Replace(part, wrong, StringComparison.Ordinal));
        if (code.Length == 0)
            read.Errors.ShouldBeEmpty();
        else
            read.Errors.ShouldContain(e => (e.Code == code || (path.Length == 0 && e.Code.StartsWith("policy.", StringComparison.Ordinal))) && e.Path.Contains(path, StringComparison.Ordinal), string.Join("; ", read.Errors.Select(e => $"{e.Path} {e.Code}")));
    }

    [Fact]
    public void The_cooling_off_period_does_not_count_the_day_of_receipt()
    {
        Insurer.Life.Insurance!.CoolingOffUntil(new(2026, 11, 2)).ShouldBe(new(2026, 11, 23), "a Sunday is no last day");
        // Twenty days after 11 September end on National Day, and so after the holidays.
        Insurer.Life.Insurance!.CoolingOffUntil(new(2026, 9, 11), HolidayCalendars.For("CN")).ShouldBe(new(2026, 10, 8));
        Insurer.Life.Insurance!.CoolingOffUntil(new(2026, 11, 3)).ShouldBe(new(2026, 11, 23));
        Insurer.Property.Insurance!.CoolingOffUntil(new(2026, 11, 1)).ShouldBeNull();
    }

    /// <summary>By days the value never leaves what its two rows say, meets them on their days, and follows their order day by day.</summary>
    [Fact]
    public void By_days_a_value_lies_between_its_rows() =>
        Prop.ForAll(
            (from shares in Gen.Choose(0, 2000).ListOf(6) from amount in Gen.Choose(0, 1_000_000_000) from start in Gen.Choose(730_000, 760_000) from days in Gen.Choose(0, 3000) select (shares, amount, start, days)).ToArbitrary(),
            x =>
            {
                var table = new SurrenderTable(SurrenderBasis.PremiumsPaid, [.. x.shares.Select((s, i) => new SurrenderRow(i, Rate.Parse($"{s / 1000m:0.000}", "share")))], TableBetween.ByDays);
                var (amount, start) = (new Money(x.amount, "CNY"), DateOnly.FromDayNumber(x.start));
                Money At(SurrenderTable t, int day) => SurrenderValue.Of(t, amount, start, start.AddDays(day)).Value;
                var (value, next) = (At(table, x.days), At(table, x.days + 1));
                var stepped = table with { Between = TableBetween.None };
                var year = SurrenderValue.Of(table, amount, start, start.AddDays(x.days)).Reached;
                var (low, high) = (At(stepped, x.days), SurrenderValue.Of(stepped, amount, start, start.PlusMonths(12L * (year + 1))).Value);
                return value >= Money.Min(low, high) && value <= Money.Max(low, high)
                    && (start.PlusMonths(12L * year) != start.AddDays(x.days) || value == low)
                    && (SurrenderValue.Of(table, amount, start, start.AddDays(x.days + 1)).Reached != year || (high >= low ? next >= value : next <= value));
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000).WithQuietOnSuccess(true));

    private static string Text(ContractTerms contract, TerminationPolicy policy, ExitFacts facts)
    {
        var built = StatementBuilder.Build(contract, policy, facts);
        built.Refusal.ShouldBeNull();
        var json = built.Value.ToJson();
        using var document = JsonDocument.Parse(json);
        foreach (var line in document.RootElement.GetProperty("lines").EnumerateArray())
            Recomputed.Agrees(line);
        SettlementDocument.Settle(json).Value.ToJson().ShouldBe(json);
        Ledger.Sum(built.Value.Postings).ShouldBe((Int128)0);
        return string.Join(", ", built.Value.Lines.Select(l => $"{l.Code} {l.Amount}")) + $" → {built.Value.Total}";
    }
}
