using Exeunt.App.Ui;
using Exeunt.Core;
using Exeunt.Core.Cases;

namespace Exeunt.App.Features.Cases;

/// <summary>The history of a case in words: every kind of event has a sentence in both languages.</summary>
public static class CaseHistory
{
    /// <summary>The texts' key of an event kind.</summary>
    public static string KeyOf(CaseEvent what) => "desk.event." + Data.CaseDesk.TypeOf(what);

    /// <summary>Whether the event is one of the procedure's own turns, which a reader may pass over.</summary>
    public static bool IsMachinery(CaseEvent what) => what is StepStarted or StepDone or StepSkipped { Reason: not "none-fits" };

    public static string Words(RecordedEvent recorded, CaseSheet sheet)
    {
        var t = sheet.T;
        var key = KeyOf(recorded.What);
        return recorded.What switch
        {
            CaseReceived e => t[key, e.Number, t.Of("desk.channel", e.Channel)],
            IdentityProven e => t[key, t.Date(e.EffectiveOn), Known(sheet, "desk.method", e.Method)],
            CaseAssigned e => e.To == recorded.By ? t[key + ".self"] : t[key, sheet.Name(e.To)],
            TalkRecorded e => t[key, t["desk.talk." + e.Channel], e.Minutes, Reasons.Words(e.Reason, e.Detail, t.IsChinese)] + Quoted(e.TextId, sheet),
            OfferMade e => t[key, sheet.View.Offer is { } offer && offer.Id == e.OfferId ? Offers.OfferWords.Of(offer, t) : t["offer.kind." + e.OfferKind]],
            OfferAnswered e => t[key + (e.Accepted ? ".accepted" : ".declined")],
            SettlementComputed e => t[key, sheet.TotalInWords(new Money(e.Total, e.Currency))],
            ApprovalGiven e => t[key, t.Of("desk.role", e.Role)],
            ApprovalReturned e => t[key, t.Of("desk.role", e.Role)] + Quoted(e.TextId, sheet),
            CaseHeld e => t[key, Known(sheet, "desk.hold", e.Reason)],
            CaseLapsed e => t[key],
            CaseJoined => t[key],
            StepStarted e => t[key, StepName(e.Step, sheet)],
            StepDone e => t[key, StepName(e.Step, sheet)],
            StepSkipped { Reason: "none-fits" } => t["desk.event.no-offer"],
            StepSkipped e => t[key, StepName(e.Step, sheet), sheet.SkipReason(e.Reason)],
            WorkConfirmed e => t[key, t["work.task." + e.Task]],
            CaseClosed e => t[key, t.Of("desk.outcome", e.Outcome)],
            MessageLeft e => t[key + (e.FromCustomer ? ".in" : ".out")] + Quoted(e.TextId, sheet),
            _ => t[key],
        };
    }

    /// <summary>The name of a step of the procedure.</summary>
    public static string StepName(string step, CaseSheet sheet) => sheet.T["desk.step." + step];

    private static string Known(CaseSheet sheet, string prefix, string code) =>
        Platform.Texts.Everything.ContainsKey($"{prefix}.{code}") ? sheet.T[$"{prefix}.{code}"] : code;

    /// <summary>The personal text an event points to; once erased, it says so.</summary>
    private static string Quoted(Guid? text, CaseSheet sheet) =>
        text is not { } id ? "" : sheet.View.Texts.TryGetValue(id, out var words) ? sheet.T["desk.quoted", words] : sheet.T["desk.quoted-erased"];
}
