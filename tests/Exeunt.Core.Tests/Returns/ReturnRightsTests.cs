using System.Globalization;
using Exeunt.Core.Calendar;
using Exeunt.Core.Policies;
using Exeunt.Core.Returns;
using Exeunt.Core.Rules;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Returns;

/// <summary>Who may return what until when, and who pays.</summary>
public sealed class ReturnRightsTests
{
    private static readonly ReturnPolicy Policy = new();

    /// <summary>R4: received 2026-05-01, back 2026-05-12.</summary>
    [Fact]
    public void China_gives_seven_days_from_receipt_and_the_money_seven_days_after_the_goods_are_back()
    {
        var sale = Sale("CN", Line(delivered: "2026-05-01"));
        var right = Right(sale, "2026-05-08");
        (right.Basis, right.Rule, right.LastDay, right.Statutory).ShouldBe((ReturnBasis.Withdrawal, "CN-CP25", D("2026-05-08"), true));
        (right.ReturnFreight, right.OutwardFreight).ShouldBe((FreightPayer.Customer, false));
        ReturnRights.RefundBy(sale, D("2026-05-08"), D("2026-05-12"), Policy, Packs("CN"), Calendar("CN")).ShouldBe(D("2026-05-19"));
        // The day after, the company's own promise holds instead, and it is not law.
        var later = Right(sale, "2026-05-09");
        (later.Basis, later.Statutory, later.LastDay).ShouldBe((ReturnBasis.OwnPolicy, false, D("2026-05-31")));
        Right(sale, "2026-06-01").Basis.ShouldBe(ReturnBasis.Goodwill);
    }

    [Theory]
    [InlineData(GoodsKind.CustomMade, false, false)]
    [InlineData(GoodsKind.Perishable, false, false)]
    [InlineData(GoodsKind.Newspaper, false, false)]
    [InlineData(GoodsKind.Digital, true, false)]
    [InlineData(GoodsKind.Digital, false, true)]
    [InlineData(GoodsKind.Goods, false, true)]
    public void China_excepts_what_the_act_excepts(GoodsKind kind, bool opened, bool holds) =>
        (Right(Sale("CN", Line(delivered: "2026-05-01") with { Kind = kind, Opened = opened }), "2026-05-02").Basis == ReturnBasis.Withdrawal).ShouldBe(holds);

    [Fact]
    public void China_excepts_what_the_customer_confirmed_as_unsuitable_and_what_was_not_sold_at_a_distance_or_to_a_business()
    {
        var line = Line(delivered: "2026-05-01");
        Right(Sale("CN", line with { ConfirmedUnsuitable = true }), "2026-05-02").Statutory.ShouldBeFalse();
        Right(Sale("CN", line) with { Distance = false }, "2026-05-02").Statutory.ShouldBeFalse();
        Right(Sale("CN", line) with { Party = Party.Business }, "2026-05-02").Statutory.ShouldBeFalse();
    }

    [Fact]
    public void Free_returns_and_faults_are_on_the_company()
    {
        Right(Sale("CN", Line(delivered: "2026-05-01")) with { FreeReturns = true }, "2026-05-02").ReturnFreight.ShouldBe(FreightPayer.Company);
        var fault = Right(Sale("CN", Line(delivered: "2026-05-01")), "2026-05-08", ReturnReason.Defective);
        (fault.Basis, fault.Rule, fault.Statutory, fault.ReturnFreight, fault.OutwardFreight).ShouldBe((ReturnBasis.Fault, "CN-CP24", true, FreightPayer.Company, true));
        // A fault beyond the days of the law is the company's promise; custom-made goods have it too.
        var late = Right(Sale("CN", Line(delivered: "2026-05-01") with { Kind = GoodsKind.CustomMade }), "2026-12-01", ReturnReason.Defective);
        (late.Basis, late.Statutory).ShouldBe((ReturnBasis.Fault, false));
    }

    [Fact]
    public void Europe_gives_fourteen_days_pays_the_outward_freight_back_and_two_years_for_faults()
    {
        // Received on a Saturday; fourteen days on is a Saturday again, so Monday.
        var sale = Sale("DE", Line(delivered: "2026-06-20"));
        var right = Right(sale, "2026-07-06");
        (right.Basis, right.Rule, right.LastDay, right.OutwardFreight, right.ReturnFreight).ShouldBe((ReturnBasis.Withdrawal, "EU-CRD", D("2026-07-06"), true, FreightPayer.Customer));
        Right(sale, "2026-07-07").Basis.ShouldBe(ReturnBasis.OwnPolicy);
        var fault = Right(sale, "2028-06-20", ReturnReason.NotAsDescribed);
        (fault.Basis, fault.Rule, fault.LastDay).ShouldBe((ReturnBasis.Fault, "EU-SGD", D("2028-06-20")));
    }

    [Fact]
    public void Europe_adds_twelve_months_when_the_customer_was_not_told_and_fourteen_days_when_told_late()
    {
        var sale = Sale("DE", Line(delivered: "2026-06-19")) with { InformedOn = null };
        var right = Right(sale, "2027-06-01");
        // 14 days end 2026-07-03, twelve months later is Saturday 2027-07-03, so Monday.
        (right.Basis, right.LastDay, right.ReturnFreight).ShouldBe((ReturnBasis.Withdrawal, D("2027-07-05"), FreightPayer.Company));
        Right(sale with { InformedOn = D("2026-09-01") }, "2026-09-02").LastDay.ShouldBe(D("2026-09-15"));
        Right(sale with { InformedOn = D("2026-09-01") }, "2026-09-16").Basis.ShouldNotBe(ReturnBasis.Withdrawal);
    }

    [Fact]
    public void Europe_counts_from_the_last_part_of_an_order_and_services_from_their_conclusion()
    {
        var first = Line(delivered: "2026-06-01");
        var sale = Sale("FR", first, first with { Number = 2, DeliveredOn = null });
        (Right(sale, "2026-07-15").Basis, Right(sale, "2026-07-15").LastDay).ShouldBe((ReturnBasis.Withdrawal, null));
        Right(Sale("FR", first, first with { Number = 2, DeliveredOn = D("2026-07-01") }), "2026-07-15").Statutory.ShouldBeTrue();
        var service = Line() with { Kind = GoodsKind.Service };
        Right(Sale("FR", service) with { ConcludedOn = D("2026-06-19") }, "2026-07-03").LastDay.ShouldBe(D("2026-07-03"));
    }

    [Fact]
    public void Europe_pays_within_fourteen_days_of_the_declaration_but_never_before_goods_or_proof_are_there()
    {
        var sale = Sale("DE", Line(delivered: "2026-06-19"));
        ReturnRights.RefundBy(sale, D("2026-06-22"), D("2026-06-25"), Policy, Packs("DE"), Calendar("DE")).ShouldBe(D("2026-07-06"));
        ReturnRights.RefundBy(sale, D("2026-06-22"), D("2026-07-20"), Policy, Packs("DE"), Calendar("DE")).ShouldBe(D("2026-07-20"));
    }

    [Fact]
    public void What_was_not_sent_is_cancelled_and_what_was_made_for_one_customer_is_asked_about()
    {
        var line = Line() with { ShippedOn = null };
        (Right(Sale("CN", line), "2026-05-02").Basis, Right(Sale("CN", line), "2026-05-02").Statutory).ShouldBe((ReturnBasis.BeforeShipping, true));
        Right(Sale("CN", line with { Kind = GoodsKind.CustomMade }), "2026-05-02").Basis.ShouldBe(ReturnBasis.Goodwill);
    }

    [Fact]
    public void Stalling_is_near_on_day_ten_and_there_after_day_fifteen()
    {
        ReturnRights.Stalling(Sale("CN", Line(delivered: "2026-05-01")), D("2026-05-12"), Packs("CN")).ShouldBe((D("2026-05-22"), D("2026-05-27")));
        ReturnRights.Stalling(Sale("DE", Line(delivered: "2026-05-01")), D("2026-05-12"), Packs("DE")).ShouldBeNull();
    }

    /// <summary>A pack stored before the exceptions were figures of it excepts the same.</summary>
    [Fact]
    public void An_older_pack_excepts_the_same()
    {
        var old = Packs("CN").Select(p => p with { Rules = [.. p.Rules.Select(r => r.Id == "CN-CP25" ? r with { Figures = r.Figures.Where(f => f.Key != "except").ToDictionary(f => f.Key, f => f.Value) } : r)] }).ToList();
        var sale = Sale("CN", Line(delivered: "2026-05-01") with { Kind = GoodsKind.Perishable });
        ReturnRights.Of(sale, sale.Lines[0], ReturnReason.NoReason, Policy, old, D("2026-05-02"), Calendar("CN")).Statutory.ShouldBeFalse();
    }

    private static ReturnRight Right(Sale sale, string today, ReturnReason reason = ReturnReason.NoReason) =>
        ReturnRights.Of(sale, sale.Lines[0], reason, Policy, Packs(sale.Jurisdiction), D(today), Calendar(sale.Jurisdiction));

    private static Sale Sale(string place, params SoldLine[] lines) => new(place, Party.Consumer, true, D("2026-04-20"), D("2026-04-20"), false, lines);

    private static SoldLine Line(string? delivered = null) =>
        new(1, GoodsKind.Goods, 3, new Money(10000, "CNY"), new Money(1000, "CNY"), Rate.Parse("0.13"), delivered is null ? null : D("2026-04-21"), delivered is null ? null : D(delivered));

    private static IReadOnlyList<RulePack> Packs(string place) => BuiltInPacks.For(place);

    private static BusinessDays Calendar(string place) => HolidayCalendars.For(place);

    private static DateOnly D(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
