using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Documents;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Exeunt.Core.Offboarding;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offboarding;

/// <summary>
/// The notice of a decision: a signed letter with ground, reasons, last day, how to object and until when, appeal and contact. It is mailed
/// with the customer's own link; the last day (unless it is agreed) and the time to object count from the day it is served.
/// </summary>
public sealed class DecisionNotice(AppDb db, Decisions decisions, CaseLetters letters, CaseLinks links, Papers papers, Letterhead letterhead)
{
    public const string Decided = "decision";
    public const string Immediate = "immediate";

    /// <summary>Stages letter, mail and service; the caller stages the case.</summary>
    /// <returns>Why people must look; null when it is served.</returns>
    public async Task<string?> Stage(ExitCase exit, string step, string letter, Call call, CancellationToken ct)
    {
        if (await decisions.Of(exit, ct) is not { } paper || OffboardingGround.Find(paper.Ground) is not { } ground)
            return "no-decision";
        if (!await letters.CanReach(exit, ct))
            return "no-mail-address";
        var today = call.Today(exit.Zone!);
        var (effectiveOn, objectUntil) = letter == Immediate
            ? (exit.EffectiveOn ?? today, today.AddDays(paper.ObjectDays))
            : paper.ServedOn(today, await decisions.EarliestEnd(exit, ground, today, ct), exit.AgreedOn);
        var t = Texts.In(exit.Language);
        var pdf = LetterDocument.Make(
            new LetterContent(
                exit.Language, await letterhead.Issuer(t, ct), [await letters.NameOf(exit.CustomerId!.Value, ct) ?? ""], exit.Number, t[$"letter.{letter}.title"],
                [
                    t[$"letter.{letter}.opening", t.Date(effectiveOn)],
                    t["letter.decision.ground", ground.Name.In(exit.Language)],
                    t["letter.decision.reasons", string.Join(t["letter.decision.and"], paper.Codes.Select(c => DecisionPaper.ReasonCodes[c].In(exit.Language)))],
                    paper.Reasons,
                    .. paper.Restricted is { } restricted ? new[] { t["letter.decision.restricted", restricted] } : [],
                    t["letter.decision.by-people"],
                ],
                [], null,
                [t["letter.decision.object", t.Date(objectUntil)], t[$"letter.{letter}.review"], t["letter.decision.appeal", DecisionPaper.AppealAnswerDays], await letterhead.Appeals(ct)],
                call.Now, TimeZoneInfo.FindSystemTimeZoneById(exit.Zone!)),
            Letterhead.Fonts, await letterhead.Key(ct));
        var document = await papers.Stage(exit, exit.CustomerId.Value, DataClass.Case, DocumentKind.Notice, $"{exit.Number}-notice.pdf", "application/pdf", pdf, call, ct);
        if (exit.ServeNotice(step, document.Id, effectiveOn, objectUntil) is not null)
            return null;
        var contract = await db.Contracts.SingleAsync(c => c.Id == exit.ContractId, ct);
        (contract.State, contract.LastServiceDay) = (ContractState.Ending, effectiveOn);
        contract.Version++;
        await letters.Mail(exit, call, $"mail.{letter}", [exit.Number, t.Date(effectiveOn), t.Date(objectUntil), await links.Fresh(exit, ct)], [document.Id], ct);
        return null;
    }
}
