using Exeunt.Core.Contracts;
using Exeunt.Core.Offboarding;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Offboarding;

public sealed class OffboardingGroundTests
{
    private static readonly DateOnly Served = new(2026, 4, 1);

    private static ContractTerms Contract(Party party = Party.Consumer, int? notice = null) =>
        new() { Number = "1", Currency = "EUR", Start = new(2025, 1, 1), TermMonths = 24, MonthlyFee = new(10_00, "EUR"), Jurisdiction = "DE", Party = party, NoticeDays = notice };

    private static IReadOnlyList<RulePack> Eu => [BuiltInPacks.All.First(p => p.Jurisdiction == "EU")];

    /// <summary>Reference: row R12 of the rules document.</summary>
    [Fact]
    public void Gives_a_business_user_of_a_platform_thirty_days()
    {
        OffboardingGround.Find("OFFBOARD_BREACH")!.EarliestEnd(Contract(Party.Platform), Eu, Served).ShouldBe(new DateOnly(2026, 5, 1));
        OffboardingGround.Find("LEGAL_ORDER")!.EarliestEnd(Contract(Party.Platform), Eu, Served).ShouldBe(Served);
        OffboardingGround.Find("OFFBOARD_BREACH")!.EarliestEnd(Contract(), Eu, Served).ShouldBe(Served);
    }

    [Theory]
    [InlineData(null, 30)]
    [InlineData(10, 30)]
    [InlineData(90, 90)]
    public void Waits_for_the_longer_notice_when_the_reason_is_commercial(int? agreed, int days) =>
        OffboardingGround.Find("OFFBOARD_COMMERCIAL")!.EarliestEnd(Contract(notice: agreed), [], Served).ShouldBe(Served.AddDays(days));

    [Fact]
    public void Costs_nobody_a_fee_by_itself()
    {
        foreach (var ground in OffboardingGround.All)
            ground.Ended.Fault.ShouldNotBe(Exeunt.Core.Settlement.Fault.Customer, ground.Code);
        OffboardingGround.Find("NO_SUCH").ShouldBeNull();
    }
}
