using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Contracts;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Terms;

/// <summary>One of the short questions everybody asks, with the answer for one contract.</summary>
/// <param name="Id">"penalty", "way", "back", "credit" or "again".</param>
public sealed record OwnAnswer(string Id, string Question, IReadOnlyList<string> Lines);

/// <summary>What the customer of a proven contract reads of it: answers with figures, and what ending does.</summary>
public sealed record OwnView(IReadOnlyList<OwnAnswer> Answers, TermsText Consequences, DateTimeOffset? ConfirmedAt);

/// <summary>Answers the customer's own questions from contract, policy and statement. Only for a proven identity.</summary>
public sealed class OwnTerms(AppDb db, Settling settling)
{
    /// <param name="receivedOn">Day of receipt in the contract's zone; today while nothing is sent.</param>
    /// <param name="endsOn">Last day of service.</param>
    /// <param name="settled">The statement in force, once there is one; otherwise the estimate for the day is computed.</param>
    public async Task<OwnView> Of(Contract contract, DateOnly receivedOn, DateOnly earliestOn, DateOnly endsOn, string? settled, Guid? caseId, Texts t, CancellationToken ct)
    {
        var policy = await settling.PolicyOf(contract, ct);
        var statement = settled ?? (await settling.Compute(contract, endsOn, ct) is { Succeeded: true, Value: var built } ? built.ToJson() : null);
        var at = caseId is null ? null : await db.PolicyConfirmations.AsNoTracking().Where(c => c.CaseId == caseId).Select(c => (DateTimeOffset?)c.At).FirstOrDefaultAsync(ct);
        return new(
            OwnAnswers.Of(policy, Settling.TermsOf(contract), statement is null ? null : StatementLines.Read(statement, t), receivedOn, earliestOn, endsOn, t),
            TermsText.OfConsequences(policy, t), at);
    }

    /// <summary>The same for a running or closed case, whose contract and dates are known.</summary>
    public async Task<OwnView> Of(ExitCase exit, string? settled, Texts t, CancellationToken ct)
    {
        var contract = await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == exit.ContractId, ct);
        return await Of(contract, Clocks.DateIn(exit.BusinessReceivedAt, exit.Zone!), exit.EarliestOn!.Value, exit.EffectiveOn!.Value, settled, exit.Id, t, ct);
    }
}

/// <summary>The answers themselves: pure, from what is given.</summary>
public static class OwnAnswers
{
    /// <summary>The lines that leaving early costs; the others would be owed or come back anyway.</summary>
    private static readonly HashSet<string> Penalties = [LineCode.Etf, LineCode.Clawback];

    /// <param name="lines">The statement's lines; null when it cannot be computed.</param>
    public static IReadOnlyList<OwnAnswer> Of(
        TerminationPolicy policy, ContractTerms contract, IReadOnlyList<StatementLines.Line>? lines, DateOnly receivedOn, DateOnly earliestOn, DateOnly endsOn, Texts t) =>
        [
            new("penalty", t["own.penalty"], Penalty(contract, lines, endsOn, t)),
            new("way", t["own.way"], Way(policy, lines, receivedOn, earliestOn, endsOn, t)),
            new("back", t["own.back"], Back(policy, lines, endsOn, t)),
            new("credit", t["own.credit"], Credit(policy, lines, t)),
            new("again", t["own.again"], Again(policy, endsOn, t)),
        ];

    private static List<string> Penalty(ContractTerms contract, IReadOnlyList<StatementLines.Line>? lines, DateOnly endsOn, Texts t)
    {
        if (lines is null)
            return [t["own.unknown"]];
        var due = lines.Where(l => Penalties.Contains(LineCode.KindOf(l.Code)) && l.Amount.Minor > 0).ToList();
        if (due.Count == 0)
            return [t["own.penalty.no", t.Date(endsOn)]];
        var sum = due.Aggregate(Money.Zero(contract.Currency), (s, l) => s + l.Amount);
        var words = new List<string> { t["own.penalty.yes", Amounts.Text(sum), t.Date(endsOn)] };
        words.AddRange(due.Select(l => t["own.line", l.Label, Amounts.Text(l.Amount), l.Explanation]));
        if (endsOn < contract.TermEnd)
            words.Add(t["own.penalty.none-from", t.Date(contract.TermEnd)]);
        return words;
    }

    private static List<string> Way(TerminationPolicy policy, IReadOnlyList<StatementLines.Line>? lines, DateOnly receivedOn, DateOnly earliestOn, DateOnly endsOn, Texts t)
    {
        var words = new List<string>
        {
            t["own.way.received", t.Date(receivedOn)],
            t["own.way.notice", t.Date(earliestOn)],
            t["own.way.ends", t.Date(endsOn)],
            t["own.way.stopped", t.Date(endsOn.AddDays(1))],
        };
        words.AddRange(policy.HandOvers.OrderBy(h => h.Days).Select(h =>
            t[h.Side == PolicySide.Customer ? "own.way.you-hand" : "own.way.we-hand", h.Name.In(t.Language), t.Date(endsOn.AddDays(h.Days))]));
        words.Add(Total(lines) switch
        {
            { Minor: > 0 } owed => t["own.way.you-pay", Amounts.Text(owed)],
            { Minor: < 0 } back => t["own.way.we-pay", Amounts.Text(-back)],
            { } => t["own.way.even"],
            null => t["own.way.settled"],
        });
        words.Add(t["own.way.certificate"]);
        return words;
    }

    private static List<string> Back(TerminationPolicy policy, IReadOnlyList<StatementLines.Line>? lines, DateOnly endsOn, Texts t)
    {
        if (lines is null)
            return [t["own.unknown"]];
        var back = lines.Where(l => l.Amount.Minor < 0).ToList();
        var words = back.Count == 0 ? [t["own.back.nothing"]] : back.ConvertAll(l => t["own.line", l.Label, Amounts.Text(-l.Amount), l.Explanation]);
        if (back.Count > 0 && Total(lines) is { } total)
            words.Add(total.Minor < 0 ? t["own.back.paid", Amounts.Text(-total)] : t["own.back.set-off"]);
        return words;
    }

    private static List<string> Credit(TerminationPolicy policy, IReadOnlyList<StatementLines.Line>? lines, Texts t)
    {
        var words = new List<string> { t[policy.Consequences.ReportedToCreditBureau ? "own.credit.reported" : "own.credit.not"] };
        if (policy.Consequences.Credit is { } more)
            words.Add(more.In(t.Language));
        if (lines?.FirstOrDefault(l => l.Code == LineCode.Unpaid) is { Amount.Minor: > 0 } unpaid)
            words.Add(t["own.credit.unpaid", Amounts.Text(unpaid.Amount)]);
        return words;
    }

    private static List<string> Again(TerminationPolicy policy, DateOnly endsOn, Texts t)
    {
        var (days, first) = (policy.Consequences.ResignAfterDays, endsOn.AddDays(policy.Consequences.ResignAfterDays + 1));
        var words = new List<string> { days == 0 ? t["own.again.at-once", t.Date(first)] : t["own.again.after", t.Date(first), days] };
        if (policy.Consequences.Resign is { } more)
            words.Add(more.In(t.Language));
        return words;
    }

    private static Money? Total(IReadOnlyList<StatementLines.Line>? lines) =>
        lines is not { Count: > 0 } ? null : lines.Skip(1).Aggregate(lines[0].Amount, (sum, l) => sum + l.Amount);
}
