using Exeunt.Core.Offboarding;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Offboarding;

public sealed class EqualTreatmentTests
{
    private static int _n;

    private static TreatedCase Case(string measure, long spend = 5000_00, long arrears = 120_00, string ground = "OFFBOARD_BREACH", string tier = "Normal", string currency = "CNY") =>
        new(Guid.NewGuid(), $"O-{++_n:D6}", ground, tier, currency, spend, arrears, measure, null);

    [Theory]
    [InlineData(0, "CNY", 0)]
    [InlineData(99, "CNY", 0)]
    [InlineData(100, "CNY", 1)]
    [InlineData(999, "CNY", 1)]
    [InlineData(1000, "CNY", 2)]
    [InlineData(9, "JPY", 1)]
    [InlineData(10, "JPY", 2)]
    [InlineData(-500, "CNY", 0)]
    public void Bands_by_powers_of_ten_of_the_major_unit(long minor, string currency, int band) => EqualTreatment.Band(minor, currency).ShouldBe(band);

    [Fact]
    public void Finds_who_was_treated_otherwise_than_most_who_are_alike()
    {
        var odd = Case("ended");
        var groups = EqualTreatment.Compare([Case("cure"), odd, Case("cure"), Case("open"), Case("ended", spend: 90_000_00), Case("ended", ground: "OFFBOARD_RISK"), Case("cure", tier: "Vip"), Case("cure", currency: "EUR")]);
        var group = groups.ShouldHaveSingleItem();
        (group.Usual, group.Cases.Count).ShouldBe(("cure", 4));
        group.Otherwise.ShouldBe([odd]);
    }

    [Fact]
    public void Names_nobody_where_no_measure_has_more_than_half()
    {
        var group = EqualTreatment.Compare([Case("cure"), Case("ended")]).ShouldHaveSingleItem();
        group.Usual.ShouldBeNull();
        group.Otherwise.ShouldBeEmpty();
    }
}
