using Exeunt.Core.Calendar;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Policies;

/// <summary>Two versions side by side.</summary>
public sealed class PolicyDifferenceTests
{
    private static readonly TerminationPolicy Old = new()
    {
        Number = "JY-02", Version = 1, EffectiveFrom = new(2026, 1, 1), TitleEnglish = "T", TitleChinese = "政", Etf = new FlatFee(new(30000, "CNY")),
        HandOvers = [new(PolicySide.Customer, "router", new("Router", "路由器"), 14), new(PolicySide.Company, "data", new("Data", "数据"))],
        Lines = new Dictionary<string, LineTerms> { [LineCode.Etf] = new("4.2", "Fee", "费用") },
    };

    [Fact]
    public void Names_each_field_that_changed()
    {
        var changes = PolicyDifference.Between(Old, Old with
        {
            Version = 2, Notice = NoticePeriod.OfDays(20), Etf = new RemainingShareFee(Rate.Parse("0.20")),
            HandOvers = [Old.HandOvers[1], Old.HandOvers[0] with { Days = 7 }], Lines = new Dictionary<string, LineTerms>(),
        });

        changes.Select(c => (c.Path, c.Old, c.New)).ShouldBe(
        [
            ("notice.count", "30", "20"), ("etf.kind", "FLAT", "REMAIN_PCT"), ("etf.fee", "300.00 CNY", null), ("handOvers[router].days", "14", "7"),
            ("lines.etf.clause", "4.2", null), ("lines.etf.english", "Fee", null), ("lines.etf.chinese", "费用", null), ("lines.etf.taxCode", "NONE", null),
            ("etf.pct", null, "0.20"),
        ]);
        changes.Single(c => c.Path == "handOvers[router].days").Name.ShouldBe(new Words("What is handed in or over: Within days after the end (router)", "交还与移交：终止后几日内（router）"));
    }

    [Fact]
    public void Finds_nothing_between_a_policy_and_itself()
    {
        foreach (var policy in RandomPolicies.Some(300))
            PolicyDifference.Between(policy, policy with { Version = policy.Version + 1 }).ShouldBeEmpty();
    }

    [Fact]
    public void Finds_every_change_of_a_random_policy()
    {
        // Two documents that differ somewhere differ in at least one named field, and the other way round.
        var some = RandomPolicies.Some(300).ToList();
        foreach (var (one, other) in some.Zip(some.Skip(1)))
        {
            var changes = PolicyDifference.Between(one, other);
            changes.ShouldNotBeEmpty();
            changes.ShouldAllBe(c => c.Old != c.New && !string.IsNullOrEmpty(c.Name.Chinese));
        }
    }

    [Fact]
    public void Puts_sentences_of_one_topic_beside_each_other() =>
        PolicyDifference.Align([("a", "A"), ("b", "B"), ("d", "D")], [("a", "A"), ("c", "C"), ("b", "B2")])
            .ShouldBe([new("a", "A", "A"), new("c", null, "C"), new("b", "B", "B2"), new("d", "D", null)]);
}
