using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Offboarding;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Procedures;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Documents;

/// <summary>
/// Effect "step.notify": the letter that the step names. "ended" tells that the contract has ended, with the settlement; "decision" and
/// "immediate" give notice of a decision to end it; any other is a letter of the procedure's own.
/// </summary>
public sealed class NotifyStep(AppDb db, CaseDesk desk, CaseLetters letters, Papers papers, Letterhead letterhead, DecisionNotice notice, OwnLetters own) : IEffect
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        if (exit.StepOf(effect, StepKind.Notify) is not { } step)
            return EffectResult.Done;
        if (exit.Plan.Step(step).Letter is DecisionNotice.Decided or DecisionNotice.Immediate)
        {
            if (await notice.Stage(exit, step, exit.Plan.Step(step).Letter!, call, ct) is { } why)
                return EffectResult.Park(why);
            desk.Stage(exit, call);
            return EffectResult.Done;
        }
        if (exit.Plan.Letter(exit.Plan.Step(step).Letter!) is { } letterOfOwn)
        {
            exit.Finish(step, (await own.Stage(exit, step, letterOfOwn, call, ct)).ToString("N"));
            desk.Stage(exit, call);
            return EffectResult.Done;
        }
        var t = Texts.In(exit.Language);
        var settlement = await db.Settlements.AsNoTracking().SingleAsync(s => s.Id == exit.SettlementId, ct);
        var lines = StatementLines.Read(settlement.Statement, t);
        var approved = exit.HasEnded(StepKind.Approve);
        var net = new Money(-settlement.Total, settlement.Currency);
        var letter = new LetterContent(
            exit.Language, await letterhead.Issuer(t, ct), [await letters.NameOf(exit.CustomerId!.Value, ct) ?? ""], exit.Number,
            t["letter.statement.title"],
            [t["letter.statement.opening", t.Date(exit.EffectiveOn!.Value)]],
            [.. lines.Select(l => new AmountLine(l.Label, l.Explanation, -l.Amount))],
            net,
            [t[net.Minor > 0 ? "letter.statement.we-pay" : net.Minor < 0 ? "letter.statement.you-pay" : "letter.statement.even"], approved ? t["letter.statement.approved"] : t["letter.statement.pending"]],
            call.Now, TimeZoneInfo.FindSystemTimeZoneById(exit.Zone!));
        var pdf = LetterDocument.Make(letter, Letterhead.Fonts, await letterhead.Key(ct));
        var document = await papers.Stage(exit, exit.CustomerId!.Value, DataClass.Case, DocumentKind.Statement, $"{exit.Number}-settlement.pdf", "application/pdf", pdf, call, ct);
        await letters.Mail(exit, call, "mail.notice", [exit.Number, t.Date(exit.EffectiveOn!.Value)], [document.Id], ct);
        exit.Finish(step, document.Id.ToString("N"));
        desk.Stage(exit, call);
        return EffectResult.Done;
    }
}

/// <summary>The lines of a stored statement in a language.</summary>
public static class StatementLines
{
    /// <param name="Amount">+ the customer owes, - the customer gets.</param>
    public sealed record Line(string Code, string Label, Money Amount, string Formula, string Explanation, string Clause, string Inputs);

    public static IReadOnlyList<Line> Read(string statement, Texts t)
    {
        using var json = JsonDocument.Parse(statement);
        var currency = json.RootElement.GetProperty("currency").GetString()!;
        return [.. json.RootElement.GetProperty("lines").EnumerateArray().Select(line => new Line(
            line.GetProperty("line").GetString()!,
            line.TryGetProperty("label", out var own) ? own.GetProperty(t.Language).GetString()! : Label(t, line.GetProperty("line").GetString()!),
            Signed(line.GetProperty("amount").GetString()!, currency),
            line.GetProperty("formula").GetString()!,
            line.GetProperty("explanation").GetProperty(t.Language).GetString()!,
            line.GetProperty("clause").GetString()!,
            line.GetProperty("inputs").GetRawText()))];
    }

    private static Money Signed(string amount, string currency) =>
        amount.StartsWith('-') ? -Money.Parse(amount[1..], currency, "amount") : Money.Parse(amount, currency, "amount");

    /// <summary>The label of a line, by its code or the kind before its point; any other keeps its code.</summary>
    public static string Label(Texts t, string code) =>
        Texts.Everything.ContainsKey($"line.{code}") ? t[$"line.{code}"]
        : Texts.Everything.ContainsKey($"line.{LineCode.KindOf(code)}") ? t[$"line.{LineCode.KindOf(code)}"]
        : code;
}
