using Exeunt.Core.Activity;
using Exeunt.Core.Churn;
using Exeunt.Core.Standards;
using Exeunt.Core.Tests.Activity;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Churn;

public sealed class ChurnDefinitionTests
{
    private static readonly DateOnly AsOf = new(2012, 1, 1);

    private static readonly ChurnThresholds Slow = ChurnThresholds.Usual with { SilentMonths = 6, NewMonths = 2, LateAt = 25_000, BrokenAt = 50_000, WatchDrop = 2_000, PartialDrop = 4_000 };

    private static readonly Dictionary<string, HashSet<int>> Units = new() { ["HQ"] = [1, 2, 3, 4], ["EAST"] = [2, 3], ["EAST-1"] = [3], ["WEST"] = [4] };

    private static ChurnSegment Segment(string code, ChurnScope scope, ChurnThresholds? by = null) => new(code, new(code, code), scope, by ?? Slow);

    private static ChurnDefinition Definition(params ChurnSegment[] segments) => new(1, ChurnThresholds.Usual, segments);

    private static ChurnStatus StatusOf(string months, ChurnThresholds by) => ChurnStatus.Of(Histories.Packed(months, AsOf), AsOf, by: by);

    [Theory]
    [InlineData("1 11111 000", 6, ChurnState.Borderline, 3)]
    [InlineData("1 111 00000", 6, ChurnState.Borderline, 5)]
    [InlineData("1 111 000000", 6, ChurnState.Churned, 6)]
    [InlineData("1 111 000000 1", 6, ChurnState.Reactivated, 0)]
    [InlineData("1 111 000 1", 6, ChurnState.Active, 0)]
    [InlineData("1 1111 0", 1, ChurnState.Churned, 1)]
    [InlineData("1 1111 01", 1, ChurnState.Reactivated, 0)]
    [InlineData("1 1111 000", 24, ChurnState.Borderline, 3)]
    [InlineData("1 000 11", 3, ChurnState.Active, 0)]
    public void The_silent_months_say_who_is_churned(string months, int silent, ChurnState state, int monthsSilent)
    {
        var status = StatusOf(months, ChurnThresholds.Usual with { SilentMonths = silent });

        (status.State, status.MonthsSilent).ShouldBe((state, (int?)monthsSilent));
    }

    [Fact]
    public void Churn_is_detected_when_the_last_of_the_silent_months_has_closed()
    {
        var status = StatusOf("1 111 0000000", ChurnThresholds.Usual with { SilentMonths = 6 });

        status.EventOn.ShouldBe(new DateOnly(2011, 6, 1));
        status.DetectedOn.ShouldBe(new DateOnly(2011, 12, 1));
    }

    [Theory]
    [InlineData("11", 1, ChurnState.Active)]
    [InlineData("1", 1, ChurnState.New)]
    [InlineData("111111", 6, ChurnState.New)]
    [InlineData("1111111", 6, ChurnState.Active)]
    public void A_customer_is_new_for_the_months_of_the_definition(string months, int young, ChurnState state) =>
        StatusOf(months, ChurnThresholds.Usual with { NewMonths = young }).State.ShouldBe(state);

    [Theory]
    [InlineData("1 101010", 6, 3, true)]
    [InlineData("1 101011", 6, 3, false)]
    [InlineData("1 0111110", 7, 2, true)]
    [InlineData("1 0111110", 6, 2, false)]
    public void Gaps_count_in_the_window_of_the_definition(string months, int window, int runs, bool intermittent) =>
        StatusOf(months, ChurnThresholds.Usual with { SilentMonths = 24, IntermittentWindow = window, IntermittentRuns = runs }).IsIntermittent.ShouldBe(intermittent);

    [Fact]
    public void A_silence_of_every_year_is_judged_where_the_definition_says_so()
    {
        var status = StatusOf("1 001111111111 001111111111 00", ChurnThresholds.Usual with { SeasonalExcluded = false });

        (status.State, status.Exclusion).ShouldBe((ChurnState.Borderline, null));
    }

    [Fact]
    public void Who_comes_back_after_the_silence_of_every_year_was_not_churned()
    {
        const string years = "1 0000 11111111 0000 11111111 0000 ";
        (StatusOf(years, ChurnThresholds.Usual).State, StatusOf(years + "1", ChurnThresholds.Usual).State).ShouldBe((ChurnState.Excluded, ChurnState.Active));
        StatusOf(years + "1", ChurnThresholds.Usual with { SeasonalExcluded = false }).State.ShouldBe(ChurnState.Reactivated);
        // A month longer than in the years before is more than the season.
        StatusOf(years + "0", ChurnThresholds.Usual).State.ShouldBe(ChurnState.Churned);
        StatusOf(years + "01", ChurnThresholds.Usual).State.ShouldBe(ChurnState.Reactivated);
    }

    [Fact]
    public void Rhythm_and_drop_are_judged_by_the_thresholds()
    {
        new[] { 24_999L, 25_000, 49_999, 50_000 }.Select(r => Cadence.Of(r, Slow)).ShouldBe([RhythmState.OnTime, RhythmState.Late, RhythmState.Late, RhythmState.Broken]);
        new[] { 1_999L, 2_000, 3_999, 4_000 }.Select(d => PartialDefection.Of(d, Slow)).ShouldBe([Defection.None, Defection.Watched, Defection.Watched, Defection.Partial]);
    }

    /// <summary>A machine that lives through the months one by one, shares no code with Core, and knows the thresholds.</summary>
    [Fact]
    public void Every_pattern_is_judged_as_the_slow_machine_judges_it_by_any_thresholds()
    {
        var random = new Random(20_120_101);
        for (var n = 0; n < 6_000; n++)
        {
            var window = random.Next(3, 25);
            var by = new ChurnThresholds(random.Next(1, 25), random.Next(1, 25), window, random.Next(2, Math.Min(12, (window + 1) / 2) + 1), random.Next(2) == 0, 20_000, 30_000, 3_000, 5_000);
            var density = random.NextDouble();
            var active = new List<bool>();
            var length = random.Next(1, 62);
            while (active.Count < length)
                // Runs rather than single months, so that long silences come up too.
                active.AddRange(Enumerable.Repeat(random.NextDouble() < density, random.Next(1, 9)));
            active = [.. active.Take(length)];
            var text = string.Concat(active.Select(a => a ? '1' : '0'));

            var status = StatusOf(text, by);

            var expected = SlowMachine(active, by);
            (status.State, status.IsIntermittent, status.MonthsSilent).ShouldBe(expected, $"{text} by {by}");
        }
    }

    private static (ChurnState State, bool Intermittent, int? Silent) SlowMachine(List<bool> active, ChurnThresholds by)
    {
        var lived = active.SkipWhile(a => !a).ToList();
        if (lived.Count == 0)
            return (ChurnState.Prospect, false, null);
        var state = ChurnState.Prospect;
        var (zeros, wasChurned) = (0, false);
        for (var month = 1; month <= lived.Count; month++)
        {
            var before = state;
            zeros = lived[month - 1] ? 0 : zeros + 1;
            state = zeros >= by.SilentMonths ? by.SeasonalExcluded && PlainChurn.IsSeasonal([.. lived.Take(month)]) ? ChurnState.Excluded : ChurnState.Churned
                : zeros == 0 && before == ChurnState.Churned ? ChurnState.Reactivated
                : month <= by.NewMonths && !wasChurned ? ChurnState.New
                : zeros == 0 ? ChurnState.Active : ChurnState.Borderline;
            wasChurned |= state == ChurnState.Churned;
        }
        var runs = 0;
        var silent = false;
        foreach (var a in lived.TakeLast(by.IntermittentWindow))
        {
            runs += !a && !silent ? 1 : 0;
            silent = !a;
        }
        if (by.SeasonalExcluded && PlainChurn.IsSeasonal(active))
            state = ChurnState.Excluded;
        return (state, runs >= by.IntermittentRuns, zeros);
    }

    [Fact]
    public void The_first_segment_that_fits_wins()
    {
        var compiled = new CompiledChurn(
            Definition(Segment("east-firms", new([CustomerSort.Organisation], ["EAST"])), Segment("east", new(Units: ["EAST"])), Segment("tourism", new(Industries: ["tourism"]))), code => Units[code]);

        compiled.PlaceOf(3, null, true).ShouldBe((byte)1);
        compiled.PlaceOf(3, "tourism", false).ShouldBe((byte)2);
        compiled.PlaceOf(4, "tourism", false).ShouldBe((byte)3);
        compiled.PlaceOf(4, null, true).ShouldBe((byte)0);
        compiled.Of(4, null, true).ShouldBe(ChurnThresholds.Usual);
        CompiledChurn.Usual.IsPlain.ShouldBeTrue();
    }

    [Fact]
    public void Customers_in_memory_are_judged_by_their_own_segment()
    {
        var packed = Histories.Packed("1 1111 0000", AsOf);
        var builder = new CustomerBase.Builder(3, packed.Length * 3, []);
        builder.Add(new(1, 4, "CNY"), packed);
        builder.Add(new(2, 3, "CNY"), packed);
        builder.Add(new(3, 4, "CNY", IsOrganisation: true), packed);
        var all = builder.Build();
        var scratch = new HistoryScratch();
        List<ChurnState> States(CustomerBase of) => [.. Enumerable.Range(0, of.Count).Select(i => of.Open(i, scratch).At(AsOf).Churn!.Value.State)];

        States(all).ShouldBe([ChurnState.Churned, ChurnState.Churned, ChurnState.Churned], "by the usual thresholds");
        var other = all.With(new(Definition(Segment("east", new(Units: ["EAST"])), Segment("firms", new([CustomerSort.Organisation]))) with { Version = 4 }, code => Units[code]));
        States(other).ShouldBe([ChurnState.Churned, ChurnState.Borderline, ChurnState.Borderline]);
        other.Churn.Version.ShouldBe(4);
        Enumerable.Range(0, 3).Select(i => other.SegmentOf(i)?.Code).ShouldBe([null, "east", "firms"]);
        ((long)ChurnState.Borderline).ShouldBe(other.Open(1, scratch).At(AsOf)[Indicator.ChurnState]);
        all.Open(1, scratch).At(AsOf).ChurnBy(Slow)!.Value.State.ShouldBe(ChurnState.Borderline);
        States(all)[1].ShouldBe(ChurnState.Churned, "the first base is as it was");
    }

    [Fact]
    public void Defection_and_rhythm_are_indicators_judged_by_the_customers_own_thresholds()
    {
        // Thirteen months with three orders ten days apart, of the last a good 40 % less; then 25 days without.
        var end = Month.Of(AsOf).FirstDay;
        var facts = Enumerable.Range(1, 13).SelectMany(back => new[] { 1, 11, 21 }.Select(day => new Fact(FactKind.Order, end.AddMonths(-back).AddDays(day - 1), back == 1 ? 19_99 : 33_33, $"{back}-{day}"))).ToArray();
        var packed = ActivityMonths.Build(facts);
        var asOf = end.AddMonths(-1).AddDays(20 + 25);
        var builder = new CustomerBase.Builder(2, packed.Length * 2, []);
        builder.Add(new(1, 4, "CNY"), packed);
        builder.Add(new(2, 3, "CNY"), packed);
        var all = builder.Build();
        var scratch = new HistoryScratch();
        (long, long) Of(CustomerBase of, int i) => (of.Open(i, scratch).At(asOf)[Indicator.Defection], of.Open(i, scratch).At(asOf)[Indicator.Rhythm]);

        Of(all, 0).ShouldBe(((long)Defection.Watched, (long)RhythmState.Late));
        var strict = ChurnThresholds.Usual with { BrokenAt = 25_000, PartialDrop = 4_000 };
        var other = all.With(new(Definition(Segment("east", new(Units: ["EAST"]), strict)) with { Version = 4 }, code => Units[code]));
        Of(other, 0).ShouldBe(((long)Defection.Watched, (long)RhythmState.Late), "for everybody as before");
        Of(other, 1).ShouldBe(((long)Defection.Partial, (long)RhythmState.Broken));
        all.Open(1, scratch).At(asOf).DefectionBy(strict).ShouldBe(Defection.Partial);
        all.Open(1, scratch).At(asOf).RhythmBy(strict).ShouldBe(RhythmState.Broken);
    }

    [Fact]
    public void A_document_comes_back_as_it_was_written()
    {
        var definition = Definition(Segment("east-firms", new([CustomerSort.Organisation], ["EAST"], ["tourism"])), Segment("west", new(Units: ["WEST"]), Slow with { SeasonalExcluded = false }));

        foreach (var text in new[] { ChurnDocument.ToJson(definition), ChurnDocument.Write(definition) })
        {
            var read = ChurnDocument.Read(text);
            read.Problems.ShouldBeEmpty();
            read.Definition.ShouldBe(definition);
        }
        ChurnDocument.ToJson(definition).ShouldContain("\"seasonalExcluded\":false");
        ChurnDocument.Read(ChurnDocument.ToJson(ChurnDefinition.Usual with { Version = 1 })).Definition!.Everybody.ShouldBe(ChurnThresholds.Usual);
        ChurnDocument.Read(ChurnDocument.ToJson(ChurnDefinition.Usual)).Problems.ShouldContain(p => p.Path == "version" && p.Code == "churn.range", "the product's own is no document");
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_with_its_place()
    {
        var text = ChurnDocument.Write(Definition(Segment("east", new(Units: ["EAST"])), Segment("west", new(Units: ["WEST"]))))
            .Replace("\"silentMonths\": 3", "\"silentMonths\": 25", StringComparison.Ordinal).Replace("\"west\",\n", "\"east\",\n", StringComparison.Ordinal)
            .Replace("\"partialDrop\": 4000", "\"partialDrop\": 1999", StringComparison.Ordinal).Replace("\"brokenAt\": 30000", "\"brokenAt\": 9999", StringComparison.Ordinal);

        var read = ChurnDocument.Read(text);

        read.Definition.ShouldBeNull();
        read.Problems.Select(p => (p.Code, p.Path)).ShouldBe(
        [
            ("churn.range", "everybody.silentMonths"), ("churn.range", "everybody.brokenAt"), ("churn.order", "everybody.brokenAt"),
            ("churn.order", "segments[0].thresholds.partialDrop"), ("churn.repeated", "segments[1].code"), ("churn.order", "segments[1].thresholds.partialDrop"),
        ]);
        read.Problems[0].Line.ShouldBe(4);
        read.Problems[0].Column.ShouldBeGreaterThan(1);
        read.Problems.ShouldAllBe(p => p.Says.English.Length > 0 && p.Says.Chinese.Length > 0);
    }

    [Theory]
    [InlineData("[]", "churn.wrong-type")]
    [InlineData("{", "churn.not-json")]
    [InlineData("""{"version":1,"everybody":{},"segments":[]}""", "churn.missing")]
    [InlineData("""{"version":1,"segments":[],"more":2}""", "churn.unknown-name")]
    public void A_document_of_another_shape_is_refused(string text, string code) => ChurnDocument.Read(text).Problems.ShouldContain(p => p.Code == code);

    [Fact]
    public void A_segment_by_what_must_not_decide_cannot_be_written()
    {
        var text = ChurnDocument.ToJson(Definition(Segment("old", new(Units: ["EAST"])))).Replace("\"units\"", "\"nationality\"", StringComparison.Ordinal);

        ChurnDocument.Read(text).Problems.ShouldContain(p => p.Code == "standard.protected");
    }

    [Theory]
    [InlineData(3, 2, true)]
    [InlineData(3, 3, false)]
    [InlineData(6, 3, true)]
    [InlineData(6, 4, false)]
    [InlineData(24, 12, true)]
    public void Runs_must_fit_into_the_window(int window, int runs, bool fits) =>
        ChurnDocument.Check(Definition() with { Everybody = ChurnThresholds.Usual with { IntermittentWindow = window, IntermittentRuns = runs } }).Any().ShouldBe(!fits);

    [Fact]
    public void A_segment_that_can_never_be_the_first_is_found()
    {
        List<(string, string)> Of(params ChurnSegment[] segments) => [.. ChurnCheck.Of(Definition(segments), Units).Select(p => (p.Code, p.Path))];

        Of(Segment("east", new(Units: ["EAST"])), Segment("east-1", new(Units: ["EAST-1"]))).ShouldBe([("churn.never-wins", "segments[1]")], "the office lies below the branch");
        Of(Segment("east-1", new(Units: ["EAST-1"])), Segment("east", new(Units: ["EAST"]))).ShouldBeEmpty();
        Of(Segment("people", new([CustomerSort.Person])), Segment("firms", new([CustomerSort.Organisation])), Segment("west", new(Units: ["WEST"])))
            .ShouldBe([("churn.never-wins", "segments[2]")], "two before it together take everybody");
        Of(Segment("all", new(Units: ["HQ"])), Segment("tourism", new(Industries: ["tourism"]))).ShouldBe([("churn.never-wins", "segments[1]")], "the root is everybody");
        Of(Segment("tourism", new(Industries: ["tourism"])), Segment("firms", new([CustomerSort.Organisation]))).ShouldBeEmpty();
        Of(Segment("open", new())).ShouldBe([("churn.no-scope", "segments[0].scope")]);
        Of(Segment("gone", new(Units: ["GONE", "EAST"]))).ShouldBe([("churn.unknown-unit", "segments[0].scope.units[0]")]);
        ChurnCheck.Of(Definition(Segment("a", new(Units: ["A"])), Segment("b", new(Units: ["B"])))).ShouldBeEmpty("without a tree codes are different units");
    }

    [Fact]
    public void The_definition_reads_aloud_in_both_languages()
    {
        var words = ChurnWords.Of(Slow);

        words.English.ShouldStartWith("A customer is churned after 6 months in a row without orders");
        words.English.ShouldContain("from 2.5 times");
        words.Chinese.ShouldContain("连续 6 个整月没有合作为普通流失");
        words.Chinese.ShouldContain("下降 20% 为关注");
        ChurnWords.Of(Slow with { SilentMonths = 1 }).English.ShouldStartWith("A customer is churned after 1 month without orders.");
        ChurnWords.Of(new ChurnScope([CustomerSort.Person], ["EAST"])).English.ShouldBe("persons of EAST and below");
    }

    [Fact]
    public void The_schema_describes_every_field()
    {
        ChurnSchema.Json.ShouldContain("\"maximum\": 24");
        ChurnSchema.Json.ShouldContain("流失月数");
        ChurnSchema.NameOf("segments[1].thresholds.lateAt").English.ShouldStartWith("Late");
    }
}
