using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;

namespace Exeunt.App.Features.Cases.Portal;

/// <summary>The procedure's steps as a customer understands them: nine, with done, now and next.</summary>
internal static class CaseWay
{
    private static readonly (string Key, StepKind[] Kinds)[] Groups =
    [
        ("confirmed", [StepKind.VerifyIdentity]),
        ("looked", [StepKind.Talk, StepKind.Offer]),
        ("settled", [StepKind.AutoCheck, StepKind.CheckList, StepKind.Settle, StepKind.Approve]),
        ("ends", [StepKind.WaitUntilDate]),
        ("stopped", [StepKind.Period, StepKind.WindDown, StepKind.Archive, StepKind.WorkOrders, StepKind.HandOver]),
        ("money", [StepKind.Notify, StepKind.OrderMoney, StepKind.Reconcile]),
        ("certificate", [StepKind.Certify]),
        ("erased", [StepKind.Erase]),
        ("closed", [StepKind.Survey, StepKind.FollowUp, StepKind.Close]),
    ];

    /// <summary>The same for the company's own ending.</summary>
    private static readonly (string Key, StepKind[] Kinds)[] CompanysGroups =
    [
        ("heard", [StepKind.Talk, StepKind.CurePeriod]),
        ("decided", [StepKind.AutoCheck, StepKind.CheckList]),
        ("ends", [StepKind.WaitUntilDate]),
        ("wound-down", [StepKind.WindDown]),
        ("settled", [StepKind.Settle]),
        ("handed-over", [StepKind.Archive, StepKind.HandOver]),
        ("money", [StepKind.OrderMoney, StepKind.Reconcile]),
        ("certificate", [StepKind.Certify]),
        ("erased", [StepKind.Erase]),
        ("closed", [StepKind.Survey, StepKind.FollowUp, StepKind.Close]),
    ];

    public static IReadOnlyList<Step> Of(ShowProgress.Details open, Texts t)
    {
        var steps = new List<Step>();
        foreach (var (key, kinds) in open.Rights.GroundName is null ? Groups : CompanysGroups)
        {
            // What was not asked for is not on the way.
            var parts = open.Steps.Where(s => kinds.Contains(s.Kind) && !(s.Kind is StepKind.CurePeriod && s.State == StepState.Waiting)).ToList();
            if (parts.Count == 0)
                continue;
            // Waiting for the date, or for a survey's answer, is nobody's work: next until everything before it is done.
            var state = parts.All(p => p.HasEnded) ? StepMark.Done
                : key is "ends" or "closed" && steps.Any(s => s.Mark != StepMark.Done) ? StepMark.Next
                : parts.Any(p => p.State == StepState.Active) ? StepMark.Now
                : StepMark.Next;
            steps.Add(new(t["portal.way." + key], state, Note(key, state, parts, open, t)));
        }
        return steps;
    }

    /// <summary>Whether the offer still waits for the customer; once the contract has ended it does not.</summary>
    public static bool AsksOffer(ShowProgress.Details open) =>
        open is { Outcome: null, Offer.Accepted: null } && open.Steps.Any(s => s.Kind == StepKind.Offer && s.State == StepState.Active);

    private static string? Note(string key, StepMark state, List<StepProgress> parts, ShowProgress.Details open, Texts t) =>
        (key, state) switch
        {
            ("ends", _) when !open.Rights.DateKnown => null,
            ("ends", _) => t.Date(open.EffectiveOn) + (state == StepMark.Done ? "" : " · " + t.Until(open.EffectiveOn, open.Today)),
            ("money", StepMark.Done) when open.Plan is { State: not PlanState.Paid } => t["portal.way.note.plan"],
            (_, StepMark.Done) => t.Date(Clocks.DateIn(parts.Max(p => p.EndedAt)!.Value, open.Zone)),
            (_, StepMark.Next) => null,
            ("looked", _) when AsksOffer(open) => t["portal.way.note.answer"],
            ("money", _) when open.Payment is { State: PaymentState.Ordered } payment =>
                t[payment.Direction == PaymentDirection.Claim ? "portal.way.note.payment" : "portal.way.note.bank"],
            ("closed", _) => t["portal.way.note.survey"],
            _ => t["portal.way.note.with-us"],
        };
}
