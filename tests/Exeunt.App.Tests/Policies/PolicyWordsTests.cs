using Exeunt.App.Features.Policies;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Calendar;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Policies;

/// <summary>A policy in plain words: from its data, in both languages, with figures.</summary>
public sealed class PolicyWordsTests
{
    [Fact]
    public void Says_the_general_policy_in_both_languages()
    {
        var english = PolicyWords.Of(GeneralPolicy.Document, Texts.English);
        var chinese = PolicyWords.Of(GeneralPolicy.Document, Texts.Chinese);

        english.ShouldContain("The customer gives 30 days’ notice, counted from the day after it arrives, unless the contract names another.");
        english.ShouldContain("Leaving within the term costs 20% of the monthly fee for each month of the term that has not begun. Once the term is served there is no fee.");
        chinese.ShouldContain("押金全额退还。");
        chinese.Count.ShouldBe(english.Count);
    }

    [Fact]
    public void Has_words_for_every_rule()
    {
        var fees = new EtfRule?[]
        {
            null, new FlatFee(new(30000, "EUR")), new RemainingShareFee(Rate.Parse("0.125", "pct"), new(1000, "EUR")), new DecliningFee(new(35000, "USD"), new(1000, "USD")),
            new ScheduledFee([new(100, "CNY"), new(50, "CNY")]), new LeastFee([new FlatFee(new(100, "GBP")), new RemainingShareFee(Rate.Parse("0.2", "pct"))]),
        };
        foreach (var t in (Texts[])[Texts.English, Texts.Chinese])
        foreach (var unit in Enum.GetValues<NoticeUnit>())
        foreach (var ends in Enum.GetValues<EndsOn>())
        foreach (var device in Enum.GetValues<DeviceRule>())
        foreach (var clawback in Enum.GetValues<ClawbackKind>())
        foreach (var rounding in Enum.GetValues<RoundingMode>())
        foreach (var fee in fees)
            PolicyWords.Of(GeneralPolicy.Document with { Notice = new NoticePeriod(2, unit), EndsOn = ends, Device = device, Clawback = clawback, Rounding = rounding, Etf = fee }, t)
                .ShouldAllBe(s => s.Length > 5 && !s.Contains('{'));
    }

    [Fact]
    public void Says_a_share_as_a_percentage() =>
        PolicyWords.Fee(new RemainingShareFee(Rate.Parse("0.125", "pct")), Texts.English).ShouldStartWith("12.5% of the monthly fee");

    [Theory]
    [InlineData("CNY")]
    [InlineData("EUR")]
    [InlineData("JPY")]
    [InlineData("KWD")]
    public void Works_an_example_out_in_the_policys_currency(string currency)
    {
        var policy = GeneralPolicy.Document with { Etf = new FlatFee(new(1000, currency)) };

        var (contract, facts) = PolicyWords.Example(policy);
        var statement = StatementBuilder.Build(contract, policy, facts);

        statement.Succeeded.ShouldBeTrue();
        statement.Value.Currency.ShouldBe(currency);
        statement.Value.Lines.Single(l => l.Code == LineCode.Etf).Amount.ShouldBe(new Money(1000, currency));
    }
}
