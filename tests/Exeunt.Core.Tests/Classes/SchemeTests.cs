using Exeunt.Core.Activity;
using Exeunt.Core.Classes;
using Exeunt.Core.Standards;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Classes;

public sealed class SchemeTests
{
    private static readonly Func<string, IReadOnlyCollection<int>> Units = code => code == "EAST" ? [1, 2] : [];

    private static string Codes(Scheme scheme) => string.Join(' ', SchemeCheck.Of(scheme, code => code == "EAST").Select(p => p.Code).Order(StringComparer.Ordinal));

    private static string Read(string json) => string.Join(' ', SchemeDocument.Read(json).Problems.Select(p => p.Code).Order(StringComparer.Ordinal));

    private static Condition When(string text) => ConditionText.Read(text).Condition!;

    private static Scheme With(Scheme scheme, int at, Func<SchemeClass, SchemeClass> change) => scheme with { Classes = [.. scheme.Classes.Select((c, i) => i == at ? change(c) : c)] };

    [Fact]
    public void Ready_made_schemes_can_be_published_and_say_the_same_after_reading()
    {
        foreach (var scheme in SchemeStarts.All)
        {
            var read = SchemeDocument.Read(SchemeDocument.Write(scheme));
            read.Problems.ShouldBeEmpty(scheme.Id);
            SchemeDocument.ToJson(read.Scheme!).ShouldBe(SchemeDocument.ToJson(scheme));
            Codes(scheme).ShouldBe(scheme.Kind == SchemeKind.Clusters ? "scheme.not-found" : "", scheme.Id);
        }
    }

    [Fact]
    public void What_must_not_decide_cannot_be_written()
    {
        var json = SchemeDocument.Write(SchemeStarts.Loyalty);
        Read(json.Replace("tenure_months", "customer_age", StringComparison.Ordinal)).ShouldBe("standard.protected standard.protected");
        Read(json.Replace("\"when\":", "\"scope\": { \"nationality\": [\"CN\"] }, \"when\":", StringComparison.Ordinal)).ShouldContain("standard.protected");
        Read(json.Replace("tenure_months", "shoe_size", StringComparison.Ordinal)).ShouldContain("standard.unknown-indicator");
        var groups = SchemeStarts.Groups;
        Read(SchemeDocument.Write(groups with { Clusters = groups.Clusters! with { Indicators = ["orders_12m", "gender"] } })).ShouldBe("standard.protected");
    }

    [Fact]
    public void Values_are_checked_with_their_place()
    {
        var scheme = SchemeStarts.Loyalty;
        SchemeDocument.Check(scheme with { Id = "plan" }).ShouldHaveSingleItem().Code.ShouldBe("scheme.reserved");
        SchemeDocument.Check(With(scheme, 1, c => c with { Code = "new" })).ShouldHaveSingleItem().ShouldSatisfyAllConditions(p => p.Code.ShouldBe("scheme.repeated"), p => p.Path.ShouldBe("classes[1].code"));
        SchemeDocument.Check(With(scheme, 0, c => c with { Plan = [new("call", new("Call", "致电"), 900, 0)] })).Select(p => p.Path).ShouldBe(["classes[0].plan[0].after", "classes[0].plan[0].every"]);
        SchemeDocument.Check(With(scheme, 0, c => c with { Strategy = new("", "好") })).ShouldHaveSingleItem().Path.ShouldBe("classes[0].strategy.english");
        SchemeDocument.Check(With(scheme, 0, c => c with { Scope = new(Currencies: ["XXZ"]) })).ShouldContain(p => p.Path == "classes[0].scope.currencies[0]");
        SchemeDocument.Check(SchemeStarts.Abc with { Abc = new(90, 80) }).ShouldHaveSingleItem().Code.ShouldBe("scheme.order");
        SchemeDocument.Check(SchemeStarts.Groups with { Clusters = new(["orders_12m", "churn_state"], 3) }).ShouldHaveSingleItem().Code.ShouldBe("scheme.no-measure");
        SchemeDocument.Check(SchemeStarts.Groups with { Clusters = new(["orders_12m"], 9) }).Select(p => p.Code).ShouldBe(["scheme.range", "scheme.indicators"]);
        Read("{}").ShouldContain("scheme.missing");
        Read("[1").ShouldBe("scheme.not-json");
    }

    [Fact]
    public void What_has_no_place_or_no_strategy_is_not_published()
    {
        var scheme = SchemeStarts.Importance;
        Codes(With(scheme, 2, c => c with { When = When("orders_12m < 1") })).ShouldBe("scheme.last-open");
        Codes(With(scheme, 0, c => c with { When = null })).ShouldBe("scheme.no-condition");
        Codes(With(scheme, 1, c => c with { Strategy = null })).ShouldBe("scheme.no-strategy");
        Codes(With(scheme, 1, c => c with { When = When("return_rate_12m > 30%") })).ShouldBe("standard.return-few-orders", "the same rules as for standards");
        Codes(With(scheme, 1, c => c with { Scope = new(Units: ["WEST"]) })).ShouldBe("standard.unknown-unit");
        Codes(scheme with { Rfm = new() }).ShouldBe("scheme.settings-unused");
        Codes(SchemeStarts.Rfm with { Classes = [.. SchemeStarts.Rfm.Classes.Skip(1)] }).ShouldBe("scheme.fixed-classes");
        Codes(With(SchemeStarts.Abc, 0, c => c with { When = When("orders_12m > 1") })).ShouldBe("scheme.rule-unused");
        Codes(SchemeStarts.Groups with { Clusters = new(["orders_12m", "spend_12m"], 3) }).ShouldBe("scheme.needs-currency scheme.not-found");
    }

    [Fact]
    public void The_first_rule_that_holds_wins_and_everybody_else_is_in_the_last_class()
    {
        var scheme = new CompiledScheme(new("s", 1, new("S", "S"), SchemeKind.Rules,
        [
            new("makers", new("Makers", "制造"), Scope: new(Industries: ["making"])), new("east", new("East", "东"), When("orders_12m >= 2"), new(Units: ["EAST"])),
            new("rich", new("Rich", "富"), When("spend_12m >= 100 CNY")), new("rest", new("Rest", "其余")),
        ]), Units);
        Of(scheme, new(), Traits(9, "making")).ShouldBe("makers");
        Of(scheme, new() { [Indicator.Orders12m] = 2, [Indicator.Spend12m] = 900_00 }, Traits(2)).ShouldBe("east");
        Of(scheme, new() { [Indicator.Orders12m] = 2, [Indicator.Spend12m] = 900_00 }, Traits(3)).ShouldBe("rich");
        Of(scheme, new() { [Indicator.Spend12m] = 900_00 }, Traits(3, currency: "GBP")).ShouldBe("rest", "an amount of another currency is not known");
        Of(scheme, new(), Traits(1)).ShouldBe("rest", "who has no history at all is somebody too");
    }

    [Fact]
    public void Rfm_and_abc_need_the_population_of_the_customers_own_currency()
    {
        var rfm = new CompiledScheme(SchemeStarts.Rfm, Units);
        var abc = new CompiledScheme(SchemeStarts.Abc, Units);
        var (m, n) = (new SchemeMeasures(), new SchemeMeasures());
        for (var i = 1; i <= 10; i++)
        {
            var values = new Values(Customer(i));
            rfm.Measure(ref values, "CNY", m);
            abc.Measure(ref values, "CNY", n);
        }
        var none = new Values(new() { [Indicator.Orders12m] = 0, [Indicator.Spend12m] = 0, [Indicator.DaysSinceOrder] = 700 });
        rfm.Measure(ref none, "CNY", m);
        var cuts = SchemeCuts.Read(m.Cuts(rfm.Scheme).ToJson());
        Of(rfm, Customer(10), Traits(1), cuts).ShouldBe("hhh");
        Of(rfm, Customer(1), Traits(1), cuts).ShouldBe("lll");
        Of(rfm, new() { [Indicator.Orders12m] = 10, [Indicator.Spend12m] = 10_000, [Indicator.DaysSinceOrder] = 300 }, Traits(1), cuts).ShouldBe("lhh");
        Of(rfm, Customer(10), Traits(1, currency: "GBP"), cuts).ShouldBeNull("nobody of that currency was there");
        Of(rfm, new() { [Indicator.Orders12m] = 0, [Indicator.Spend12m] = 0, [Indicator.DaysSinceOrder] = 700 }, Traits(1), cuts).ShouldBeNull("who ordered nothing is not scored");
        // A lower bar makes more of them high.
        Of(new CompiledScheme(SchemeStarts.Rfm with { Rfm = new(1 + 1, 2, 2) }, Units), Customer(4), Traits(1), cuts).ShouldBe("hhh");

        // 1 to 10 thousand: 55 in all; 10+9+8+7 make 34, with 6 it is 40, so those up to 5 begin below 80 % (44).
        var shares = SchemeCuts.Read(n.Cuts(abc.Scheme).ToJson());
        Enumerable.Range(1, 10).Select(i => Of(abc, Customer(i), Traits(1), shares)).ShouldBe(["c", "b", "b", "b", "a", "a", "a", "a", "a", "a"]);
        Of(abc, new(), Traits(1), shares).ShouldBeNull();
    }

    [Fact]
    public void Groups_are_found_named_and_then_decide_by_the_stored_centres()
    {
        var random = new Random(3);
        var rows = Enumerable.Range(0, 60).Select(i => i < 40 ? new long[] { random.Next(1, 4), random.Next(200, 400) } : [random.Next(40, 60), random.Next(1, 20)]).ToList();
        var scheme = SchemeStarts.Groups with { Clusters = new(["orders_12m", "days_since_order"], 2) };
        var found = FindGroups.In(scheme, rows, new(2026, 3, 16))!;
        var groups = found.Clusters!.Found!;
        groups.Groups.Select(g => g.Size).ShouldBe([40, 20]);
        groups.Groups[0].Medians[0].ShouldBeInRange(1, 3);
        groups.Groups[1].Medians[0].ShouldBeInRange(40, 59);
        SchemeDocument.ToJson(FindGroups.In(scheme, rows, new(2026, 3, 16))!).ShouldBe(SchemeDocument.ToJson(found), "the same customers give the same groups");
        Codes(found).ShouldBe("scheme.no-strategy scheme.no-strategy scheme.not-named scheme.not-named");
        var named = found with { Classes = [.. found.Classes.Select((c, i) => c with { Name = new(i == 0 ? "Quiet" : "Busy", "组"), Strategy = new("Serve", "服务") })] };
        Codes(named).ShouldBe("");
        var read = SchemeDocument.Read(SchemeDocument.Write(named)).Scheme!;
        var compiled = new CompiledScheme(read, Units);
        rows.Select(r => Of(compiled, new() { [Indicator.Orders12m] = r[0], [Indicator.DaysSinceOrder] = r[1] }, Traits(1))).ShouldBe([.. Enumerable.Repeat("g1", 40), .. Enumerable.Repeat("g2", 20)]);
        Of(compiled, new() { [Indicator.Orders12m] = 50 }, Traits(1)).ShouldBeNull("an indicator is not known");
        Of(new CompiledScheme(read with { Clusters = read.Clusters! with { Currency = "GBP" } }, Units), new() { [Indicator.Orders12m] = 50, [Indicator.DaysSinceOrder] = 3 }, Traits(1)).ShouldBeNull("another currency");
        // Other indicators or another number of groups need other groups.
        SchemeDocument.Check(read with { Clusters = read.Clusters! with { Groups = 3 } }).ShouldHaveSingleItem().Code.ShouldBe("scheme.found");
        FindGroups.In(scheme, [[1, 1], [1, 1]], new(2026, 3, 16)).ShouldBeNull();
        SchemeDocument.ReadFound(SchemeDocument.ToJson(groups)).ShouldNotBeNull();
        SchemeDocument.ReadFound("""{"on":"2026-01-01"}""").ShouldBeNull();
    }

    [Fact]
    public void A_step_is_due_after_its_days_and_again_after_it_was_done()
    {
        var step = new PlanStep("call", new("Call", "致电"), 7, 30);
        (step.FirstDue(new(2026, 3, 1)), step.NextDue(new(2026, 3, 20))).ShouldBe((new DateOnly(2026, 3, 8), new DateOnly(2026, 4, 19)));
        (step with { Every = null }).NextDue(new(2026, 3, 20)).ShouldBeNull();
    }

    [Fact]
    public void The_schema_names_every_field()
    {
        SchemeSchema.Json.ShouldContain("\"$ref\": \"#/$defs/condition\"");
        SchemeSchema.NameOf("classes[2].strategy").Chinese.ShouldBe("此类客户的服务、维系、跟进或放弃策略");
        SchemeSchema.Json.ShouldNotContain("\"description\": \"plan plan\"");
    }

    private static Dictionary<Indicator, long> Customer(int i) => new() { [Indicator.Orders12m] = i, [Indicator.Spend12m] = i * 1_000, [Indicator.DaysSinceOrder] = 100 - (i * 10) };

    private static CustomerTraits Traits(int unit, string industry = "", string currency = "CNY") => new(CustomerSort.Organisation, StandardTier.Normal, unit, industry, currency);

    private static string? Of(CompiledScheme scheme, Dictionary<Indicator, long> known, CustomerTraits traits, SchemeCuts? cuts = null)
    {
        var values = new Values(known);
        return scheme.ClassOf(ref values, traits, cuts ?? new())?.Code;
    }

    private readonly struct Values(Dictionary<Indicator, long> known) : IIndicatorValues
    {
        public long this[Indicator indicator] => known.TryGetValue(indicator, out var value) ? value : IIndicatorValues.Unknown;
    }
}
