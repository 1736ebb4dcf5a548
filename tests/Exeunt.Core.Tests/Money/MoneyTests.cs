using System.Text.Json;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests;

public sealed class MoneyTests
{
    [Fact]
    public void Currencies_do_not_mix() =>
        Should
            .Throw<CalculationException>(() => new Money(1, "CNY") + new Money(1, "USD"))
            .Code.ShouldBe("MIXED_CURRENCY");

    [Fact]
    public void Amounts_stay_within_the_limits()
    {
        Should
            .Throw<CalculationException>(() => new Money(long.MaxValue, "CNY") + new Money(1, "CNY"))
            .Code.ShouldBe("OVERFLOW");
        Should
            .Throw<CalculationException>(() => new Money(-long.MaxValue, "CNY") - new Money(1, "CNY"))
            .Code.ShouldBe("OVERFLOW");
    }

    [Theory]
    [InlineData("12.50", 1250)]
    [InlineData("12.5", 1250)]
    [InlineData("12", 1200)]
    [InlineData("0", 0)]
    [InlineData("-0", 0)]
    [InlineData("0012.50", 1250)]
    public void An_amount_is_read_exactly(string text, long minor) =>
        Money.Parse(text, "EUR").ShouldBe(new Money(minor, "EUR"));

    [Theory]
    [InlineData("\"12.50 EUR\"", 1250)]
    [InlineData("\"-12.50 EUR\"", -1250)]
    public void An_amount_in_JSON_names_its_currency(string json, long minor)
    {
        JsonSerializer.Deserialize<Money>(json).ShouldBe(new Money(minor, "EUR"));
        JsonSerializer.Serialize(new Money(minor, "EUR")).ShouldBe(json);
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Money>("\"12.50\""));
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Money>("\"--12.50 EUR\""));
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Money>("\"12.505 EUR\""));
    }

    [Fact]
    public void Parts_go_to_the_largest_remainders_and_add_up()
    {
        Allocation.LargestRemainder(100, [1, 1, 1]).ShouldBe([34, 33, 33]);
        Allocation.LargestRemainder(10, [1, 5, 3]).ShouldBe([1, 6, 3]);
        Allocation.LargestRemainder(-10, [1, 5, 3]).ShouldBe([-1, -6, -3]);
        new Money(5, "CNY").Allocate(0, 1, 0).Select(m => m.Minor).ShouldBe([0L, 5L, 0L]);
        Allocation.LargestRemainder(long.MaxValue, [long.MaxValue, long.MaxValue]).Sum().ShouldBe(long.MaxValue);
    }

    [Fact]
    public void A_share_is_rounded_once()
    {
        new Money(9000, "CNY").Share(17, 31).ShouldBe(new Money(4935, "CNY"));
        new Money(5, "CNY").Share(1, 2, RoundingMode.HalfEven).ShouldBe(new Money(2, "CNY"));
        new Money(-5, "CNY").Share(1, 2).ShouldBe(new Money(-3, "CNY"));
        new Money(long.MaxValue, "CNY").Share(3652058, 3652058).Minor.ShouldBe(long.MaxValue);
    }

    [Theory]
    [InlineData("0.06")]
    [InlineData("1.30")]
    [InlineData("0")]
    [InlineData("12")]
    public void A_rate_is_kept_as_it_was_written(string text) => Rate.Parse(text).ToString().ShouldBe(text);
}
