using Exeunt.Core.Activity;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Activity;

public sealed class FactReadingTests
{
    private static readonly DateOnly Day = new(2011, 8, 12);

    [Theory]
    [InlineData("536365", 40, 3.91, FactKind.Order, 156_40)]
    [InlineData("", 1, 11.77, FactKind.Order, 11_77)]
    [InlineData("C536379", -1, 27.50, FactKind.Return, -27_50)]
    [InlineData("C536379", 1, 27.50, FactKind.Return, 27_50)]
    [InlineData("536379", -2, 1.25, FactKind.Return, -2_50)]
    [InlineData("536379", -2, 0, FactKind.Return, 0)]
    [InlineData("A563185", 1, 11062.06, FactKind.Adjustment, 11062_06)]
    [InlineData("A563186", 1, -11062.06, FactKind.Adjustment, -11062_06)]
    [InlineData("A563187", -1, 5, FactKind.Adjustment, -5_00)]
    [InlineData("536414", 56, 0, FactKind.Other, 0)]
    [InlineData("536414", 1, 0.004, FactKind.Other, 0)]
    [InlineData("536414", 1, -3, FactKind.Other, -3_00)]
    [InlineData("c1", 1, 3, FactKind.Order, 3_00)]
    public void A_row_is_read_as_its_number_quantity_and_amount_say(
        string document,
        decimal quantity,
        decimal unitPrice,
        FactKind kind,
        long amount
    ) => FactReading.Read(document, Day, quantity, unitPrice, 2).Value.ShouldBe(new Fact(kind, Day, amount, document));

    [Theory]
    [InlineData(1, 0.125, 13)]
    [InlineData(-1, 0.125, -13)]
    [InlineData(1, 0.1249, 12)]
    [InlineData(5, 0.001, 1)]
    public void Half_a_minor_unit_is_rounded_away_from_zero(decimal quantity, decimal unitPrice, long amount) =>
        FactReading.Read("1", Day, quantity, unitPrice, 2).Value.Amount.ShouldBe(amount);

    [Theory]
    [InlineData(0, 12)]
    [InlineData(3, 12_346)]
    [InlineData(4, 123_456)]
    public void The_minor_unit_is_the_currencys(int minorDigits, long amount) =>
        FactReading.Read("1", Day, 1, 12.3456m, minorDigits).Value.Amount.ShouldBe(amount);

    [Fact]
    public void An_amount_beyond_the_limit_is_refused()
    {
        FactReading.Read("1", Day, 1, 10_000_000_000_000m / 10, 2).Succeeded.ShouldBeTrue();
        FactReading.Read("1", Day, 11, 1_000_000_000_000m, 2).Refusal.ShouldBe(FactRefusals.AmountTooLarge);
        FactReading.Read("1", Day, decimal.MaxValue, decimal.MaxValue, 4).Refusal.ShouldBe(FactRefusals.AmountTooLarge);
        FactReading
            .Read("1", Day, 1_000_000_000_000, -1_000_000_000_000, 4)
            .Refusal.ShouldBe(FactRefusals.AmountTooLarge);
    }
}
