using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Exeunt.Core.Settlement;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Settlement;

/// <summary>docs/settlement.md says what the code does: its examples are computed, its lists compared.</summary>
public sealed partial class SettlementManualTests
{
    private static readonly string Manual = File.ReadAllText(Path.Combine(Root(), "docs/settlement.md"));

    [Theory]
    [InlineData("## Example 1")]
    [InlineData("## Example 2")]
    public void The_examples_come_out_as_they_are_written(string heading)
    {
        var section = Manual[Manual.IndexOf(heading, StringComparison.Ordinal)..];
        if (section.IndexOf("\n## ", 1, StringComparison.Ordinal) is > 0 and var next)
            section = section[..next];
        var built = SettlementDocument.Settle(Fence().Match(section).Groups[1].Value);
        built.Refusal?.English.ShouldBeNull();
        var statement = built.Value;
        var written = Row().Matches(section).Select(m => $"{m.Groups[1].Value} {m.Groups[2].Value}").ToList();
        written.ShouldBe([.. statement.Lines.Select(l => $"{l.Code} {l.Amount}"), $"total {statement.Total}"]);
        using var json = JsonDocument.Parse(statement.ToJson());
        foreach (var line in json.RootElement.GetProperty("lines").EnumerateArray())
            Recomputed.Agrees(line);
    }

    [Fact]
    public void The_second_example_tells_its_tax_its_damages_and_its_plan()
    {
        var statement = SettlementDocument.Settle(Fence().Match(Manual[Manual.IndexOf("## Example 2", StringComparison.Ordinal)..]).Groups[1].Value).Value;
        (statement.LastBilledDay, statement.MFull, statement.MRem).ShouldBe((new DateOnly(2025, 7, 30), 6, 6));
        statement.Lines.Single(l => l.Code == LineCode.Etf).Tax!.Vat.ToString().ShouldBe("150.57");
        var guard = statement.Damages!.Guard;
        (guard.Excessive, guard.Ceiling.ToString(), guard.Cut.ToString()).ShouldBe((true, "2600.00", "60.00"));
        statement.Plan!.Select(p => $"{p.Amount} on {p.DueOn:yyyy-MM-dd}").ShouldBe(["1967.84 on 2025-07-14", "1967.83 on 2025-08-14", "1967.83 on 2025-09-14"]);
    }

    [Fact]
    public void Every_line_every_account_and_every_refusal_is_in_the_manual()
    {
        LineCode.All.Where(code => !Manual.Contains($"`{code}`", StringComparison.Ordinal)).ShouldBeEmpty();
        string[] kinds = [LineCode.Damage, LineCode.Missing, LineCode.Waiver, LineCode.Goodwill];
        kinds.Where(kind => !Manual.Contains($"`{kind}.`", StringComparison.Ordinal)).ShouldBeEmpty();
        typeof(LedgerAccount).GetFields().Select(f => (string)f.GetValue(null)!).Where(account => !Manual.Contains($"`{account}`", StringComparison.Ordinal)).ShouldBeEmpty();
        typeof(SettlementRefusals).GetFields().Select(f => ((Refusal)f.GetValue(null)!).Code["settlement.".Length..])
            .Append(SettlementRefusals.InstalmentCount(2).Code["settlement.".Length..]).Append(SettlementRefusals.TermNotServed(default).Code["settlement.".Length..])
            .Concat(CalculationError.All.Where(c => c != CalculationError.UnknownFormula).Select(c => c.ToLowerInvariant().Replace('_', '-')))
            .Where(code => !Manual.Contains($"`{code}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(typeof(Contracts.ContractTerms))]
    [InlineData(typeof(ExitFacts))]
    public void Every_name_of_a_document_is_in_the_manual(Type part)
    {
        var readOnly = new[] { "TermUntil", "TermEnd", "WholeTermMonths" };
        part.GetProperties().Select(p => p.Name).Where(n => n != "EqualityContract" && !readOnly.Contains(n))
            .Select(JsonNamingPolicy.CamelCase.ConvertName).Where(name => !Manual.Contains($"`{name}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^\| `?([\w.]+)`? \| (-?\d+\.\d\d) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
