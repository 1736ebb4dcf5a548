using System.Text.Json.Nodes;
using Exeunt.Core.Activity;
using Exeunt.Core.Standards;
using FsCheck;
using FsCheck.Fluent;
using NJsonSchema;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Standards;

public sealed class ConditionTests
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(2000);

    private const string Example = "spend_12m < 500 CNY and (return_rate_12m > 30 % or not orders_12m >= 2)";

    [Fact]
    public void The_example_reads_as_it_looks()
    {
        var condition = ConditionText.Read(Example).Condition;

        condition.ShouldBe(new AllOf(
        [
            new Compare("spend_12m", Operator.Less, Threshold.Amount(500, "CNY")),
            new AnyOf([new Compare("return_rate_12m", Operator.More, Threshold.Percent(30)), new NotOf(new Compare("orders_12m", Operator.AtLeast, Threshold.Of(2)))]),
        ]));
        ConditionText.Write(condition!).ShouldBe("spend_12m < 500.00 CNY and (return_rate_12m > 30% or not orders_12m >= 2)");
    }

    [Fact]
    public void Text_tree_and_document_say_the_same() =>
        Check.One(Config, Prop.ForAll(Conditions.Any.ToArbitrary(), condition =>
        {
            var text = ConditionText.Write(condition);
            var read = ConditionText.Read(text);
            read.Problems.ShouldBeEmpty(text);
            read.Condition.ShouldBe(condition, text);
            ConditionText.Write(read.Condition!).ShouldBe(text);
            var standard = Standards.Plain(condition);
            var again = StandardDocument.Read(StandardDocument.Write(standard));
            again.Problems.ShouldBeEmpty(StandardDocument.Write(standard));
            again.Standard!.When.ShouldBe(condition);
            again.Standard.ShouldBe(standard);
            StandardDocument.ToJson(again.Standard).ShouldBe(StandardDocument.ToJson(standard));
        }));

    [Fact]
    public async Task Every_document_fits_the_published_schema()
    {
        // The library knows drafts up to 7: what it lacks of 2020-12 is only the name of the definitions.
        var schema = await JsonSchema.FromJsonAsync(StandardSchema.Json.Replace("$defs", "definitions", StringComparison.Ordinal));
        foreach (var condition in Conditions.Any.Sample(50, 200))
            schema.Validate(StandardDocument.ToJson(Standards.Plain(condition))).ShouldBeEmpty(StandardDocument.ToJson(condition));
        var wrong = JsonNode.Parse(StandardDocument.ToJson(Standards.Plain(ConditionText.Read(Example).Condition!)))!;
        wrong["when"]!["kind"] = "xor";
        schema.Validate(wrong.ToJsonString()).ShouldNotBeEmpty();
    }

    [Fact]
    public void The_program_judges_as_the_tree_does() =>
        Check.One(Config, Prop.ForAll((from c in Conditions.Any from v in Conditions.ValuesFor(c) from currency in Gen.Elements("CNY", "GBP") select (c, v, currency)).ToArbitrary(), t =>
        {
            var (condition, values, currency) = t;
            var slowly = Conditions.Slowly(condition, values, currency);
            var program = ConditionProgram.Compile(condition);
            program.Of(ref values, ConditionProgram.CurrencyOf(currency)).ShouldBe(slowly switch { true => Truth.True, false => Truth.False, _ => Truth.Unknown });
            Conditions.Slowly(condition.Plain(), values, currency).ShouldBe(slowly);

            // What decided is enough: whoever differs in everything else only is listed too.
            var why = program.Why(ref values, currency);
            (why.Count > 0).ShouldBe(slowly == true);
            if (slowly != true)
                return;
            var only = new Values(why.GroupBy(d => d.Indicator).ToDictionary(g => IndicatorDefinition.Find(g.Key)!.Indicator, g => g.First().Value));
            Conditions.Slowly(condition, only, currency).ShouldBe(true);
            StandardDocument.ReasonsOf(StandardDocument.ToJson(why)).ShouldBe(why);
        }));

    [Fact]
    public void What_is_not_known_lists_nobody()
    {
        foreach (var text in new[] { Example, "not spend_12m < 500 CNY", "not attitude >= 3", "orders_12m >= 0", "not (orders_12m < 1 or days_overdue > 3 days)" })
        {
            var nothing = Values.Of();
            ConditionProgram.Compile(ConditionText.Read(text).Condition!).Of(ref nothing, ConditionProgram.CurrencyOf("CNY")).ShouldBe(Truth.Unknown, text);
        }
        var pounds = Values.Of((Indicator.Spend12m, 1));
        ConditionProgram.Compile(ConditionText.Read("spend_12m < 500 CNY").Condition!).Of(ref pounds, ConditionProgram.CurrencyOf("GBP")).ShouldBe(Truth.Unknown);
    }

    [Fact]
    public void Judging_allocates_nothing()
    {
        var program = ConditionProgram.Compile(ConditionText.Read(Example).Condition!);
        var values = Values.Of((Indicator.Spend12m, 100), (Indicator.Orders12m, 1), (Indicator.ReturnRate12m, 10));
        var currency = ConditionProgram.CurrencyOf("CNY");
        program.Of(ref values, currency).ShouldBe(Truth.True);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            program.Of(ref values, currency);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1000);
    }

    [Theory]
    [InlineData("", "standard.text-empty", 1, 1)]
    [InlineData("spend_12m < 500 CNY and", "standard.text-indicator", 1, 24)]
    [InlineData("spend_12m <\n  and orders_12m < 2", "standard.text-value", 2, 3)]
    [InlineData("(orders_12m < 2", "standard.text-bracket", 1, 16)]
    [InlineData("orders_12m < 2)", "standard.text-bracket", 1, 15)]
    [InlineData("orders_12m 2", "standard.text-sign", 1, 12)]
    [InlineData("orders_12m =< 2", "standard.text-value", 1, 13)]
    [InlineData("orders_12m < 2 orders_12m < 3", "standard.text-joint", 1, 16)]
    [InlineData("orders_12m < 2,000", "standard.text-number", 1, 14)]
    [InlineData("orders_12m < 2.5", "standard.threshold", 1, 14)]
    [InlineData("orders_12m < 30%", "standard.threshold", 1, 14)]
    [InlineData("return_rate_12m > 30", "standard.threshold", 1, 19)]
    [InlineData("return_rate_12m > 30.123%", "standard.threshold", 1, 19)]
    [InlineData("spend_12m < 500", "standard.threshold", 1, 13)]
    [InlineData("spend_12m < 500 XXX", "standard.text-unit", 1, 17)]
    [InlineData("spend_12m < 500.001 CNY", "standard.threshold", 1, 13)]
    [InlineData("spend_12m < 500.5 JPY", "standard.threshold", 1, 13)]
    [InlineData("churn_state > churned", "standard.operator", 1, 1)]
    [InlineData("churn_state = lost", "standard.threshold", 1, 15)]
    [InlineData("defection = churned", "standard.threshold", 1, 13)]
    [InlineData("rhythm = partial", "standard.threshold", 1, 10)]
    [InlineData("days_overdue > 3 months", "standard.text-unit", 1, 18)]
    [InlineData("customer_age > 60", "standard.protected", 1, 1)]
    [InlineData("国籍 = 1", "standard.protected", 1, 1)]
    [InlineData("spendings < 500 CNY", "standard.unknown-indicator", 1, 1)]
    [InlineData("orders_12m < 2 # x", "standard.text-sign", 1, 16)]
    [InlineData("orders_12m < -1", "standard.threshold", 1, 14)]
    [InlineData("attitude < 6", "standard.threshold", 1, 12)]
    public void A_wrong_text_is_told_where(string text, string code, int line, int column)
    {
        var problem = ConditionText.Read(text).Problems.ShouldHaveSingleItem();

        (problem.Code, problem.Line, problem.Column).ShouldBe((code, line, column), problem.In("en"));
        problem.Says.English.ShouldNotBeEmpty();
        problem.Says.Chinese.ShouldNotBeEmpty();
    }

    [Fact]
    public void Deep_and_long_texts_are_refused_without_harm()
    {
        ConditionText.Read(new string('(', 7000)).Problems.Single().Code.ShouldBe("standard.text-deep");
        ConditionText.Read(string.Concat(Enumerable.Repeat("not ", 1500)) + "orders_12m < 1").Problems.Single().Code.ShouldBe("standard.text-deep");
        ConditionText.Read(string.Join(" or ", Enumerable.Repeat("orders_12m < 1", 51))).Problems.Single().Code.ShouldBe("standard.text-many");
        ConditionText.Read(new string('x', 9000)).Problems.Single().Code.ShouldBe("standard.text-too-long");
        Check.One(Config, Prop.ForAll(ArbMap.Default.ArbFor<string>(), text => (ConditionText.Read(text ?? "") is { Condition: null, Problems.Count: 0 }).ShouldBeFalse()));
    }

    [Fact]
    public void Chinese_words_and_signs_are_understood() =>
        ConditionText.Read("（orders_12m ≤ 2 或 intermittent）且 非 churn_state = Churned").Condition.ShouldBe(new AllOf(
        [
            new AnyOf([new Compare("orders_12m", Operator.AtMost, Threshold.Of(2)), new Compare("intermittent", Operator.Equal, Threshold.Word("yes"))]),
            new NotOf(new Compare("churn_state", Operator.Equal, Threshold.Word("churned"))),
        ]));

    [Theory]
    [InlineData("orders_12m < 3 且非 intermittent", "orders_12m < 3 and not intermittent = yes")]
    [InlineData("orders_12m<3且非intermittent", "orders_12m < 3 and not intermittent = yes")]
    [InlineData("months_silent >= 3个月或非orders_12m >= 2", "months_silent >= 3 months or not orders_12m >= 2")]
    [InlineData("days_overdue > 30 天并且非（orders_12m ＞＝ 2或者intermittent = 是）", "days_overdue > 30 days and not (orders_12m >= 2 or intermittent = yes)")]
    [InlineData("intermittent = 否或非非orders_12m < 1", "intermittent = no or not not orders_12m < 1")]
    [InlineData("spend_12m ＜＝ 500 CNY", "spend_12m <= 500.00 CNY")]
    [InlineData("orders_12m ！＝ ２", "orders_12m != 2")]
    [InlineData("orders_12m ＜＞ 2", "orders_12m != 2")]
    [InlineData("orders_12m ＝＝ 2", "orders_12m = 2")]
    [InlineData("return_rate_12m ＞ 30 ％", "return_rate_12m > 30%")]
    [InlineData("spend_12m < 500 cny", "spend_12m < 500.00 CNY")]
    [InlineData("spend_12m < Cny 500 and orders_12m < 2", "spend_12m < 500.00 CNY and orders_12m < 2")]
    public void Chinese_and_small_letters_are_read_as_they_are_typed(string text, string canonical)
    {
        var read = ConditionText.Read(text);

        read.Problems.ShouldBeEmpty();
        ConditionText.Write(read.Condition!).ShouldBe(canonical);
        ConditionText.Read(canonical).Condition.ShouldBe(read.Condition);
    }

    [Fact]
    public void A_run_of_letters_is_split_only_where_a_joining_word_stands()
    {
        var problem = ConditionText.Read("orders_12m < 3 件且非 intermittent").Problems.ShouldHaveSingleItem();
        (problem.Code, problem.Column).ShouldBe(("standard.text-unit", 16));
        problem.In("zh").ShouldContain("“件”");
        ConditionText.Read("churn_state = all").Problems.ShouldHaveSingleItem().Code.ShouldBe("standard.threshold");
    }
}
