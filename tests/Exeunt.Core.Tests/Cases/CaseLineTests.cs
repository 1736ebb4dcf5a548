using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Settlement;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Cases;

/// <summary>Lines that people add: who may decide, what counts, and by the matrix of authority.</summary>
public sealed class CaseLineTests
{
    private const string Unit = "1.3.";
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    private static Actor Staff(string id, params (Role Role, string Unit)[] roles) => new(ActorKind.Staff, $"staff:{id}", [.. roles.Select(r => new RoleAssignment(r.Role, r.Unit))]);

    private static readonly Actor Lead = Staff("lead", (Role.Supervisor, Unit));
    private static readonly Actor Manager = Staff("manager", (Role.BranchHead, Unit));
    private static readonly Actor Director = Staff("director", (Role.BranchHead, "1."));
    private static readonly Actor Finance = Staff("finance", (Role.Finance, "1."));

    private static CaseLine Line(CaseLineKind kind, long major = 100, string currency = "CNY", string by = "staff:agent") =>
        CaseLine.Add(Guid.NewGuid(), Guid.NewGuid(), kind, "x.1", new Money(major * 100, currency), new Words("X", "某项"), "", null, null, by, Now);

    private static Refusal? Approve(CaseLine line, Actor by) => line.Approve(by, Unit, WaiverMatrix.Needed(line.Value), Now, out _);

    [Theory]
    [InlineData(5_000, WaiverAuthority.Lead)]
    [InlineData(5_001, WaiverAuthority.Manager)]
    [InlineData(50_000, WaiverAuthority.Manager)]
    [InlineData(50_001, WaiverAuthority.Director)]
    [InlineData(500_000, WaiverAuthority.Director)]
    [InlineData(500_001, WaiverAuthority.Director, WaiverAuthority.Finance)]
    public void Asks_for_more_authority_with_the_amount(long major, params WaiverAuthority[] needed) =>
        WaiverMatrix.Needed(new Money(major * 100, "CNY")).ShouldBe(needed);

    [Fact]
    public void Takes_the_strictest_column_for_a_currency_without_thresholds() =>
        WaiverMatrix.Needed(new Money(1, "KWD")).ShouldBe([WaiverAuthority.Director, WaiverAuthority.Finance]);

    [Fact]
    public void Counts_a_credit_only_once_it_is_approved_and_a_charge_until_it_is_contested()
    {
        var (waiver, damage) = (Line(CaseLineKind.Waiver), Line(CaseLineKind.Damage));
        (waiver.Counts, damage.Counts).ShouldBe((false, true));

        Approve(waiver, Lead).ShouldBeNull();
        damage.Contest(Guid.NewGuid()).ShouldBeNull();

        (waiver.Counts, damage.Counts).ShouldBe((true, false));
        waiver.ToAdded().ShouldSatisfyAllConditions(l => l.Side.ShouldBe(StatementSide.Credit), l => l.ApprovedBy.ShouldBe("staff:lead"));
        damage.DecideObjection(true, "staff:lead", Guid.NewGuid(), Now).ShouldBeNull();
        damage.Counts.ShouldBeTrue();
        damage.ToAdded().ApprovedBy.ShouldBeNull();
        damage.Contest(Guid.NewGuid())!.Code.ShouldBe("line.objected-already");
    }

    [Fact]
    public void Refuses_whoever_added_the_line_and_whoever_lacks_the_authority()
    {
        Approve(Line(CaseLineKind.Waiver, by: Lead.Id), Lead)!.Code.ShouldBe("line.own");
        Approve(Line(CaseLineKind.Waiver, 5_001), Lead)!.Code.ShouldBe("line.over-authority");
        Approve(Line(CaseLineKind.Waiver, 5_001), Finance)!.Code.ShouldBe("line.over-authority");
        Approve(Line(CaseLineKind.Waiver, 50_001), Manager)!.Code.ShouldBe("line.over-authority");
        Approve(Line(CaseLineKind.Waiver, 5_001), Manager).ShouldBeNull();
        Approve(Line(CaseLineKind.Waiver, 5_001), Staff("other", (Role.BranchHead, "1.4.")))!.Code.ShouldBe("line.over-authority");
        var contested = Line(CaseLineKind.Damage);
        contested.Contest(Guid.NewGuid());
        contested.DecideObjection(false, contested.AddedBy, Guid.NewGuid(), Now)!.Code.ShouldBe("line.own");
        Line(CaseLineKind.Goodwill).TakeBack("staff:other", Now)!.Code.ShouldBe("line.not-yours");
    }

    [Fact]
    public void Needs_two_people_where_two_must_approve()
    {
        var both = Staff("both", (Role.BranchHead, "1."), (Role.Finance, "1."));
        var line = Line(CaseLineKind.Waiver, 10, "EUR");

        Approve(line, both).ShouldBeNull();
        line.Counts.ShouldBeFalse();
        Approve(line, both)!.Code.ShouldBe("line.second-person");
        Approve(line, Lead)!.Code.ShouldBe("line.over-authority");
        Approve(line, Finance).ShouldBeNull();

        line.Counts.ShouldBeTrue();
        (line.FirstApprovedBy, line.DecidedBy).ShouldBe(("staff:both", "staff:finance"));
    }

    [Fact]
    public void Decides_nothing_twice()
    {
        var line = Line(CaseLineKind.Goodwill);
        line.Refuse("staff:lead", null, Now).ShouldBeNull();

        Approve(line, Lead)!.Code.ShouldBe("line.nothing-to-decide");
        line.Refuse("staff:lead", null, Now)!.Code.ShouldBe("line.nothing-to-decide");
        line.Contest(Guid.NewGuid())!.Code.ShouldBe("line.nothing-to-object");
        line.TakeBack(line.AddedBy, Now)!.Code.ShouldBe("line.nothing-to-decide");
        Line(CaseLineKind.Damage).DecideObjection(true, "staff:lead", Guid.NewGuid(), Now)!.Code.ShouldBe("line.nothing-to-decide");
    }
}
