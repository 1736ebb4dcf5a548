using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

public enum LineDecision
{
    /// <summary>A credit counts.</summary>
    Approve,

    /// <summary>A credit does not count.</summary>
    Refuse,

    /// <summary>The charge stands in spite of the objection.</summary>
    Uphold,

    /// <summary>The charge is dropped because of the objection.</summary>
    Drop,
}

/// <summary>Decides on a line somebody else added: a waiver within one's authority, an objection with words. The customer is told.</summary>
public sealed class DecideLine(AppDb db, CaseDesk desk, SettleStep step, CaseFacts facts, CaseTexts texts, CaseLetters letters) : UseCase<DecideLine.Request, Done>(db)
{
    /// <param name="Words">Why; an approval needs none.</param>
    public sealed record Request(Guid CaseId, Guid LineId, LineDecision? Decision, string? Words);

    public override Permission Needs => Permission.DecideLines;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit || (await facts.Lines(exit.Id, ct)).Find(l => l.Id == request.LineId) is not { } line)
            return CommonRefusals.NotFound;
        if (exit.CannotChangeMoney() is { } fixedNow)
            return fixedNow;
        if (request.Decision is not { } decision || !Enum.IsDefined(decision))
            return CommonRefusals.Required("decision");
        var words = request.Words?.Trim() ?? "";
        if (words.Length == 0 && decision != LineDecision.Approve)
            return CommonRefusals.Required("words");
        if (words.Length > AddLine.MaxWords)
            return CommonRefusals.TooLong("words", AddLine.MaxWords);
        Guid? text = words.Length == 0 ? null : await texts.Stage(exit, "line", words, ct);
        var refused = decision == LineDecision.Approve ? await Approve(exit, line, call, ct) : Decide(exit, line, decision, text, call);
        if (refused is not null)
            return refused;
        if (line.State is CaseLineState.Approved or CaseLineState.Dropped && await step.StageAgain(exit, call, ct) is { } no)
            return no;
        desk.Stage(exit, call);
        // A credit that was refused had not been promised: the customer is not told of it.
        if (line.State is CaseLineState.Approved or CaseLineState.Dropped)
            await letters.Mail(exit, call, "mail.line-" + line.State.ToString().ToLowerInvariant(), [exit.Number, new Words(line.LabelEnglish, line.LabelChinese).In(exit.Language), Amounts.Text(line.Value), words], [], ct);
        return await Commit(Done.It, ct);
    }

    private async Task<Refusal?> Approve(ExitCase exit, CaseLine line, Call call, CancellationToken ct)
    {
        var path = await Db.Units.AsNoTracking().Where(u => u.Id == exit.UnitId).Select(u => u.Path).SingleAsync(ct);
        return line.Approve(call.Actor, path, WaiverMatrix.Needed(GivenUp(await facts.Lines(exit.Id, ct), line)), call.Now, out var complete)
            ?? exit.ApproveLine(line.Id, complete);
    }

    private static Refusal? Decide(ExitCase exit, CaseLine line, LineDecision decision, Guid? text, Call call) =>
        (decision == LineDecision.Refuse ? line.Refuse(call.Actor.Id, text, call.Now) : line.DecideObjection(decision == LineDecision.Uphold, call.Actor.Id, text!.Value, call.Now))
        ?? exit.DecideLine(line.Id, line.State, text);

    /// <summary>Everything given up in the case, with this line.</summary>
    public static Money GivenUp(IEnumerable<CaseLine> lines, CaseLine with) =>
        lines.Where(l => l.IsCredit && (l.Id == with.Id || l.State is CaseLineState.Approved or CaseLineState.Proposed)).Aggregate(Money.Zero(with.Currency), (sum, l) => sum + l.Value);
}
