using System.Globalization;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Contracts;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;
using Exeunt.Core.Settlement;

namespace Exeunt.App.Features.Policies;

/// <summary>The figures of the worked example, as they were typed; blank ones are the example's own.</summary>
public sealed record ExampleInput(string Fee = "", string Term = "", string Start = "", string Leave = "");

/// <summary>What a document means: the right side of the editor.</summary>
/// <param name="Effect">What it would mean for the customers in force; null when the document cannot be read.</param>
/// <param name="Wrong">The figure of the example that cannot be read: "fee", "term", "start", "leave"; null when all can.</param>
public sealed record PolicyMeaning(
    PolicyReading Reading, IReadOnlyList<PolicyFinding> Findings, WeighPolicy.Effect? Effect, ExampleInput Example, ContractTerms? Contract, ExitFacts? Facts, Outcome<Statement>? Statement, string? Wrong);

/// <summary>Works out what a document means, for the editor and the page of a version.</summary>
public sealed class PolicyPreview(PolicyDesk desk, WeighPolicy weigh)
{
    public async Task<PolicyMeaning> Of(PolicyReading reading, ExampleInput example, Call call, CancellationToken ct)
    {
        if (!reading.IsValid)
            return new(reading, [], null, example, null, null, null, null);
        var policy = reading.Policy;
        var effect = await weigh.Run(call with { IdempotencyKey = null }, new(policy), ct);
        var findings = await desk.Findings(policy, ct);
        var (start, term, fee, leave) = (Date(example.Start), Months(example.Term), Fee(example.Fee, PolicyWords.CurrencyOf(policy)), Date(example.Leave));
        var wrong = Unread(example.Fee, fee) ? "fee" : Unread(example.Term, term) ? "term" : Unread(example.Start, start) ? "start" : Unread(example.Leave, leave) ? "leave" : null;
        var (contract, facts) = PolicyWords.Example(policy, start, term, fee, leave);
        return new(reading, findings, effect.Succeeded ? effect.Value : null, example, contract, facts, wrong is null ? (Outcome<Statement>?)StatementBuilder.Build(contract, policy, facts) : null, wrong);
    }

    private static bool Unread<T>(string text, T? value) where T : struct => text.Length > 0 && value is null;

    private static DateOnly? Date(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year is > 1900 and < 9000 ? date : null;

    private static int? Months(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var months) && months is >= 1 and <= 600 ? months : null;

    private static Money? Fee(string text, string currency)
    {
        try
        {
            return text.Length == 0 ? null : Money.Parse(text, currency);
        }
        catch (CalculationException)
        {
            return null;
        }
    }
}
