using Exeunt.Core.Offboarding;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Offboarding;

public sealed class DecisionPaperTests
{
    private static readonly DecisionPaper Paper = new("O-2026-000001", "OFFBOARD_BREACH", ["A06", "A08"], "Staff were threatened twice.", new(2026, 4, 30), null, 10, "ab");

    [Fact]
    public void Says_what_is_missing()
    {
        var today = new DateOnly(2026, 4, 1);
        Paper.Check(today).ShouldBeNull();
        (Paper with { Reasons = " " }).Check(today)!.Code.ShouldBe("decision.reasons-needed");
        foreach (string[] codes in new string[][] { [], ["A06", "A06"], ["A99"], ["A01", "A02", "A03", "A04", "A05"] })
            (Paper with { Codes = codes }).Check(today)!.Code.ShouldBe("decision.codes");
        (Paper with { ObjectDays = 4 }).Check(today)!.Code.ShouldBe("decision.object-days");
        (Paper with { ObjectDays = 61 }).Check(today)!.Code.ShouldBe("decision.object-days");
        var early = Paper.Check(new(2026, 5, 1))!;
        (early.Code, early.PossibleOn).ShouldBe(("decision.too-early", new DateOnly(2026, 5, 1)));
    }

    [Fact]
    public void Ends_at_most_two_years_after_the_earliest_day()
    {
        var earliest = new DateOnly(2026, 4, 1);
        (Paper with { EffectiveOn = new(2028, 4, 1) }).Check(earliest).ShouldBeNull();
        foreach (var day in new[] { new DateOnly(2028, 4, 2), DateOnly.MaxValue })
        {
            var late = (Paper with { EffectiveOn = day }).Check(earliest)!;
            (late.Code, late.Field).ShouldBe(("decision.too-late", "effectiveOn"));
        }
    }

    [Fact]
    public void Keeps_the_day_of_a_signed_agreement()
    {
        var agreed = new DateOnly(2026, 4, 8);
        (Paper with { EffectiveOn = agreed }).Check(new(2026, 5, 1), agreed).ShouldBeNull("the earliest day is for those who did not agree");
        var other = Paper.Check(new(2026, 4, 1), agreed)!;
        (other.Code, other.PossibleOn, other.Field).ShouldBe(("decision.agreed-day", agreed, "effectiveOn"));
        // Also when the decision was written before the agreement, and though the time to object is longer.
        Paper.ServedOn(new(2026, 4, 1), new(2026, 5, 1), agreed).ShouldBe((agreed, new DateOnly(2026, 4, 11)));
    }

    [Fact]
    public void Moves_the_last_day_on_for_law_and_objection_when_it_is_served_late()
    {
        Paper.ServedOn(new(2026, 4, 1), new(2026, 4, 1)).ShouldBe((new DateOnly(2026, 4, 30), new DateOnly(2026, 4, 11)));
        Paper.ServedOn(new(2026, 4, 25), new(2026, 4, 25)).ShouldBe((new DateOnly(2026, 5, 5), new DateOnly(2026, 5, 5)));
        Paper.ServedOn(new(2026, 4, 25), new(2026, 5, 25)).ShouldBe((new DateOnly(2026, 5, 25), new DateOnly(2026, 5, 5)));
    }

    [Fact]
    public void Has_another_digest_for_other_words()
    {
        DecisionPaper.Read(Paper.ToBytes()).Digest().ShouldBe(Paper.Digest());
        foreach (var other in new[] { Paper with { Reasons = "Other." }, Paper with { EffectiveOn = new(2026, 5, 1) }, Paper with { Restricted = "x" }, Paper with { EvidenceDigest = "cd" }, Paper with { Codes = ["A06"] } })
            other.Digest().ShouldNotBe(Paper.Digest());
    }
}
