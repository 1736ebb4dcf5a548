using Exeunt.Core.Disputes;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Disputes;

public sealed class ContestedMoneyTests
{
    private static Money Of(long minor) => new(minor, "CNY");

    [Theory]
    // A claim of 100 of which 30 is contested: 70 is asked for.
    [InlineData(100, 30, 70)]
    [InlineData(100, 100, 0)]
    // More is contested than is owed together: nothing is claimed, nothing is paid out before the ruling.
    [InlineData(100, 150, 0)]
    // A refund of 100; the customer contests a charge in it: the refund goes out as it is.
    [InlineData(-100, 30, -100)]
    // A refund of 100 of which a credit of 40 is contested: 60 goes out.
    [InlineData(-100, -40, -60)]
    [InlineData(-100, -140, 0)]
    [InlineData(100, -40, 100)]
    [InlineData(0, 40, 0)]
    public void Orders_what_nobody_contests(long total, long contested, long ordered) => ContestedMoney.Uncontested(Of(total), Of(contested)).ShouldBe(Of(ordered));

    [Fact]
    public void Pays_together_what_the_ruling_leaves()
    {
        var random = new Random(4);
        for (var i = 0; i < 2000; i++)
        {
            var (total, contested) = (Of(random.Next(-500, 500)), Of(random.Next(-500, 500)));
            var upheld = Of((long)(contested.Minor * random.NextDouble()));
            ContestedMoney.Check(contested, upheld).ShouldBeNull();
            var now = ContestedMoney.Uncontested(total, contested);
            var later = ContestedMoney.Difference(total, contested, upheld, now);
            (now + later).ShouldBe(total - contested + upheld);
        }
    }

    [Theory]
    [InlineData(100, 101)]
    [InlineData(100, -1)]
    [InlineData(-100, 1)]
    [InlineData(0, 1)]
    public void Refuses_a_ruling_over_more_than_was_contested(long contested, long upheld) => ContestedMoney.Check(Of(contested), Of(upheld))!.Code.ShouldBe("dispute.more-than-contested");
}
