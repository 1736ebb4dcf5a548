using Exeunt.Core.Activity;
using Exeunt.Core.Churn;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Activity;

public sealed class EvaluationCsvTests
{
    private static readonly Indicators Some = new(
        new ChurnStatus(ChurnState.Borderline, true, 1, false, null, null, null),
        3,
        -12_05,
        10_00,
        1_00,
        new DateOnly(2011, 5, 9)
    );

    [Fact]
    public void A_row_has_the_columns_of_the_header()
    {
        EvaluationCsv.Row("(blank)", Some, 2, Defection.Partial, RhythmState.OnTime).ShouldBe("(blank),borderline,1,1,3,-12.05,0.1000,2011-05-09,partial,on_time");
        EvaluationCsv.Row("(blank)", Some, 2, null, null).ShouldBe("(blank),borderline,1,1,3,-12.05,0.1000,2011-05-09,,");
        EvaluationCsv.Header.Split(',').Length.ShouldBe(10);
    }

    [Fact]
    public void Spend_has_the_decimals_of_the_currency()
    {
        EvaluationCsv.Months("1", Some, 0).ShouldContain(",-1205,");
        EvaluationCsv.Months("1", Some, 3).ShouldContain(",-1.205,");
    }

    [Theory]
    [InlineData("00001", "00001,")]
    [InlineData("Müller, 王", "\"Müller, 王\",")]
    [InlineData("say \"x\"", "\"say \"\"x\"\"\",")]
    [InlineData("two\nlines", "\"two\nlines\",")]
    [InlineData(" x ", " x ,")]
    public void The_customer_is_the_sources_text_quoted_only_where_needed(string customer, string start) =>
        EvaluationCsv.Months(customer, Some, 2).ShouldStartWith(start, Case.Sensitive);

    [Fact]
    public void Customers_are_ordered_by_code_point()
    {
        string[] ordered =
        [
            "",
            "(blank)",
            "00001",
            "1",
            "10",
            "Z",
            "a",
            "\uE000",
            "\uFFFD",
            "\U00010000",
            "\U0001F600",
        ];

        ordered.Reverse().Order(EvaluationCsv.ByCodePoint).ShouldBe(ordered);
    }
}
