using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core;
using Exeunt.Core.Cases;

namespace Exeunt.App.Features.Cases;

/// <summary>The history of a case in words: every kind of event has a sentence in both languages.</summary>
public static class CaseHistory
{
    /// <summary>The texts' key of an event kind.</summary>
    public static string KeyOf(CaseEvent what) => "desk.event." + Data.CaseDesk.TypeOf(what);

    /// <summary>One line of the history.</summary>
    /// <param name="Quiet">Only the procedure's own turns.</param>
    public readonly record struct Line(DateTimeOffset At, string Words, bool Quiet);

    /// <summary>The history, newest first; turns of the procedure in the same minute stand in one quiet line.</summary>
    public static IReadOnlyList<Line> Lines(CaseSheet sheet)
    {
        var lines = new List<Line>();
        foreach (var recorded in sheet.View.History)
        {
            var quiet = IsMachinery(recorded.What);
            var words = Words(recorded, sheet);
            if (quiet && lines is [.., { Quiet: true } last] && (last.At - recorded.BusinessAt).Duration() < TimeSpan.FromMinutes(1))
                // Read from left to right in the order in which they happened.
                lines[^1] = last with { Words = words + sheet.T["desk.then"] + last.Words };
            else
                lines.Add(new Line(recorded.BusinessAt, quiet ? words : $"{Who(recorded, sheet)} {words}", quiet));
        }
        return lines;
    }

    /// <summary>Whether the event is one of the procedure's own turns, which a reader may pass over.</summary>
    public static bool IsMachinery(CaseEvent what) => what is StepStarted or StepDone or StepSkipped { Reason: not "none-fits" } or ItemDone { State: "passed" };

    /// <summary>Who did it; what follows by itself from a customer's step (the case goes to the account manager) is the system's.</summary>
    public static string Who(RecordedEvent recorded, CaseSheet sheet) =>
        recorded.What is CaseAssigned && !recorded.By.StartsWith("staff:", StringComparison.Ordinal) ? sheet.Name("system")
        : recorded.What is CaseClosed or CaseJoined or CaseLapsed or SettlementComputed && !recorded.By.StartsWith("staff:", StringComparison.Ordinal) ? sheet.Name("system")
        : sheet.Name(recorded.By);

    public static string Words(RecordedEvent recorded, CaseSheet sheet)
    {
        var t = sheet.T;
        var key = KeyOf(recorded.What);
        return recorded.What switch
        {
            CaseReceived { Kind: CaseKind.Offboarding } e => t[key + ".company", e.Number],
            CaseReceived e => t[key, e.Number, t.Of("desk.channel", e.Channel)],
            IdentityProven e => t[key, t.Date(e.EffectiveOn), Known(sheet, "desk.method", e.Method)],
            CaseAssigned e => e.To == recorded.By ? t[key + ".self"] : t[key, sheet.Name(e.To)],
            TalkRecorded e => t[key, t["desk.talk." + e.Channel], e.Minutes, sheet.View.Offers.Reasons.Words(e.Reason, e.Detail, t)] + Quoted(e.TextId, sheet),
            OfferMade e => t[key, sheet.View.Offers.Made.FirstOrDefault(o => o.Id == e.OfferId) is { } offer ? Offers.OfferWords.Of(offer, t) : t["offer.kind." + e.OfferKind]],
            OfferAnswered e => t[key + (e.Accepted ? ".accepted" : ".declined")],
            SettlementComputed e => t[key, sheet.TotalInWords(new Money(e.Total, e.Currency))],
            ApprovalGiven e => t[key, t.Of("desk.role", e.Role)] + (e.OnBehalfOf is { } absent ? t["desk.on-behalf", sheet.Name(absent)] : "") + Quoted(e.TextId, sheet),
            ApprovalReturned e => t[key, t.Of("desk.role", e.Role)] + Quoted(e.TextId, sheet),
            CaseHeld e => t[key, Known(sheet, "desk.hold", e.Reason)],
            CaseLapsed e => t[key],
            CaseJoined => t[key],
            IdentityRaised e => t[key, e.Level, Known(sheet, "desk.method", e.Method)],
            OffboardingOpened e => t[key, Known(sheet, "desk.ground", e.Ground), e.EvidenceDigest[..12]],
            TalkConcluded e => t[$"{key}.{e.Result}"] + Quoted(e.TextId, sheet),
            ProposalMade e => t[key + (e.ByCustomer ? ".customer" : ".company"), e.ProposalNumber],
            ProposalConfirmed e => t[key + (e.ByCustomer ? ".customer" : ".company")],
            AgreementSigned e => t[key, e.Digest[..12]],
            EffectiveDateChanged e => t[key, t.Date(e.On)],
            DecisionDrafted e => t[key, Known(sheet, "desk.ground", e.Ground), e.Digest[..12]],
            ApprovalRecalled e => t[key, StepName(e.Step, sheet)],
            MoneyReleased => t[key],
            CaseResumed e => e.Reason is null ? t[key] : t[key + ".of", Known(sheet, "desk.hold", e.Reason)],
            DetailsChanged e => t[$"{key}.{e.What}", t.Date(Clocks.DateIn(e.HeldUntil, sheet.Zone))],
            DetailsStopped e => t[$"{key}.{e.What}"] + Quoted(e.TextId, sheet),
            CaseLinked e => t[key, Known(sheet, "desk.relation", e.Relation)],
            CaseRefused e => t[key, Known(sheet, "desk.refused", e.Ground)] + Quoted(e.TextId, sheet),
            StepOverdue e => t[key, StepName(e.Step, sheet), string.Join(t["desk.and"], e.Told.Select(r => t.Of("desk.role", r)))],
            CheckFailed e => t[key, string.Join(t["desk.and"], e.Items.Select(i => Core.Procedures.AutomaticCheck.All.GetValueOrDefault(i)?.In(t.Language).TrimEnd('.', '。') ?? i))],
            ItemDone e => t[$"{key}.{e.State}", ItemName(e, sheet)] + Quoted(e.TextId, sheet),
            NoticeServed e => t[key, t.Date(e.EffectiveOn), t.Date(e.ObjectUntil)],
            ObjectionMade e => t[key] + Quoted(e.TextId, sheet),
            ObjectionDecided e => t[key + (e.Upheld ? ".upheld" : ".rejected")] + Quoted(e.TextId, sheet),
            CureAgreed e => t[key, t.Date(e.UntilOn)],
            CureJudged e => t[key + (e.Met ? ".met" : ".missed")] + Quoted(e.TextId, sheet),
            CaseCured e => t[key] + Quoted(e.TextId, sheet),
            DecisionReversed e => t[key] + Quoted(e.TextId, sheet),
            DisputeOpened e => t[key, Known(sheet, "desk.forum", e.Forum)],
            DisputeClosed e => t[key, Known(sheet, "desk.dispute", e.Result)],
            AppealMade e => t[key] + Quoted(e.TextId, sheet),
            AppealDecided e => t[key + (e.Upheld ? ".upheld" : ".rejected")] + Quoted(e.TextId, sheet),
            ProcedureChanged e => t[key, e.Version] + sheet.T["desk.quoted", e.Reason],
            AskedUpwards e => t[key, sheet.Name(e.To)] + Quoted(e.TextId, sheet),
            AnsweredUpwards e => t[key] + Quoted(e.TextId, sheet),
            StepStarted e => t[key, StepName(e.Step, sheet)],
            StepDone e => t[key, StepName(e.Step, sheet)],
            StepSkipped { Reason: "none-fits" } => t["desk.event.no-offer"],
            StepSkipped e => t[key, StepName(e.Step, sheet), sheet.SkipReason(e.Reason)],
            WorkConfirmed e => t[key, WorkName(e.OrderId, e.Task, sheet)],
            WorkWaived e => t[key, WorkName(e.OrderId, e.Task, sheet)] + Quoted(e.TextId, sheet),
            ConsequencesConfirmed e => t[key, e.Sha256[..12]],
            ReturnAdmitted e => t[key] + Quoted(e.TextId, sheet),
            ReturnSent e => t[key, t.Date(e.On)] + Quoted(e.TextId, sheet),
            ParcelReceived e => t[key, t.Date(e.On)],
            ReturnInspected e => t[key, e.Accepted, e.Rejected],
            ReturnSettled e => t[key, Amounts.Text(new Money(e.Refund, e.Currency))],
            ResultConfirmed e => t[e.ByTime ? key + ".time" : key],
            ResultContested e => t[key] + Quoted(e.TextId, sheet),
            CaseClosed e => t[key, t.Of("desk.outcome", e.Outcome)],
            MessageLeft e => t[key + (e.FromCustomer ? ".in" : ".out")] + Quoted(e.TextId, sheet),
            FactsChanged => t[key],
            LineAdded e => t[key, LineName(e.LineId, sheet)],
            LineApproved e => t[key + (e.Complete ? ".whole" : ".first"), LineName(e.LineId, sheet)],
            LineContested e => t[key, LineName(e.LineId, sheet)] + Quoted(e.TextId, sheet),
            LineDecided e => t[$"{key}.{e.State}", LineName(e.LineId, sheet)] + Quoted(e.TextId, sheet),
            _ => t[key],
        };
    }

    /// <summary>The name of a line that people added, with its amount.</summary>
    private static string LineName(Guid id, CaseSheet sheet) =>
        sheet.View.Money?.Lines.FirstOrDefault(l => l.Id == id) is { } line ? $"{sheet.T.Pick(line.LabelEnglish, line.LabelChinese)} {Amounts.Text(line.Value)}" : "—";

    private static string WorkName(Guid order, string task, CaseSheet sheet) => sheet.View.Work.FirstOrDefault(w => w.Id == order)?.Words(sheet.T) ?? task;

    private static string ItemName(ItemDone done, CaseSheet sheet) =>
        sheet.Case.Plan.Find(done.Step)?.Items.FirstOrDefault(i => i.Code == done.Item)?.Name.In(sheet.T.Language) ?? done.Item;

    /// <summary>The name of a step of the procedure.</summary>
    public static string StepName(string step, CaseSheet sheet) => sheet.Case.Plan.Find(step)?.Name.In(sheet.T.Language) ?? step;

    private static string Known(CaseSheet sheet, string prefix, string code) =>
        Platform.Texts.Everything.ContainsKey($"{prefix}.{code}") ? sheet.T[$"{prefix}.{code}"] : code;

    /// <summary>The personal text an event points to; once erased, it says so.</summary>
    private static string Quoted(Guid? text, CaseSheet sheet) =>
        text is not { } id ? "" : sheet.View.Texts.TryGetValue(id, out var words) ? sheet.T["desk.quoted", words] : sheet.T["desk.quoted-erased"];
}
