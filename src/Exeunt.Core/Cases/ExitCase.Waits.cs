using System.Text.Json.Serialization;
using Exeunt.Core.Procedures;

namespace Exeunt.Core.Cases;

/// <summary>Who a case waits for.</summary>
public enum WaitsFor
{
    Customer,
    Staff,

    /// <summary>An effect that runs by itself, or a connected system.</summary>
    System,

    /// <summary>A date.</summary>
    Time,
}

/// <summary>One thing a case waits for, with its name.</summary>
/// <param name="What">Stable code: the step's kind in kebab-case ("talk", "approve"), or "offer-answer", "proposal", "objection", "appeal", "message", "question", "dispute", "declaration", "hold:REASON".</param>
/// <param name="Step">The step, where it is one.</param>
/// <param name="Roles">Who may do it; empty unless staff is waited for.</param>
/// <param name="Person">The one person it waits for ("staff:…"); null: anybody with the role.</param>
public sealed record Waiting(string What, WaitsFor For, string? Step, IReadOnlyList<Role> Roles, DateTimeOffset? Since, string? Person = null);

/// <summary>What the case waits for. A case that is not closed always waits for something named.</summary>
public sealed partial class ExitCase
{
    private static readonly Role[] Judges = [Role.BranchHead, Role.Legal];
    private static readonly Role[] Handlers = [Role.Agent, Role.AccountManager, Role.Supervisor];

    /// <summary>Everything that is waited for, in the procedure's order; empty when the case is closed.</summary>
    [JsonIgnore]
    public IReadOnlyList<Waiting> Waits
    {
        get
        {
            if (IsClosed)
                return [];
            var waits = new List<Waiting>();
            foreach (var step in Plan.Steps)
                if (Step(step.Id) is { State: StepState.Active } progress)
                    waits.Add(WaitOf(step, progress));
            void Add(bool when, Waiting wait)
            {
                if (when)
                    waits.Add(wait);
            }
            Add(ProposalId is not null && IsActive(StepKind.Negotiate) && AgreedByCustomer != AgreedByCompany,
                AgreedByCompany ? new("proposal", WaitsFor.Customer, null, [], null) : new("proposal", WaitsFor.Staff, null, Handlers, null));
            // Declared on a legal page, it must not be lost for want of a code: people look for whose it is.
            Add(Page is not null && !HasCustomer, new("declaration", WaitsFor.Staff, null, Handlers, ReceivedAt));
            Add(ObjectionOpen, new("objection", WaitsFor.Staff, null, Judges, null));
            Add(OpenAppealId is not null, new("appeal", WaitsFor.Staff, null, Judges, null));
            Add(UnansweredSince is not null, new("message", WaitsFor.Staff, null, Handlers, UnansweredSince));
            Add(AskedPerson is not null, new("question", WaitsFor.Staff, null, [], null, AskedPerson));
            Add(IsDisputed, new("dispute", WaitsFor.Staff, null, [Role.Legal], null));
            foreach (var hold in Holds)
                waits.Add(hold.EndsWith("-changed", StringComparison.Ordinal)
                    ? new("hold:" + hold, WaitsFor.Time, null, [], null)
                    : new("hold:" + hold, WaitsFor.Staff, null, Handlers, null));
            return waits;
        }
    }

    private Waiting WaitOf(ProcedureStep step, StepProgress progress)
    {
        Waiting Staff(IReadOnlyList<Role> roles, string? what = null) => new(what ?? CodeOf(step.Kind), WaitsFor.Staff, step.Id, roles, progress.StartedAt);
        Waiting Other(WaitsFor who, string? what = null) => new(what ?? CodeOf(step.Kind), who, step.Id, [], progress.StartedAt);
        return step.Kind switch
        {
            StepKind.VerifyIdentity or StepKind.Survey or StepKind.SendBack or StepKind.ConfirmResult => Other(WaitsFor.Customer),
            StepKind.Offer when OpenOfferId is not null => Other(WaitsFor.Customer, "offer-answer"),
            StepKind.AutoCheck when progress.Failed is null => Other(WaitsFor.System),
            StepKind.AutoCheck => Staff(step.Roles.Count > 0 ? step.Roles : Handlers),
            StepKind.WaitUntilDate or StepKind.Period or StepKind.FollowUp or StepKind.Negotiate => Other(WaitsFor.Time),
            StepKind.Approve when _rounds.FirstOrDefault(r => r.Step == step.Id) is { } round => Staff([.. round.Missing.SelectMany(a => a.AnyOf).Distinct()]),
            // Without a round there is nothing to approve yet: a settlement is computed by the system, a decision drafted by people.
            StepKind.Approve when step.Of == ApprovalSubject.Decision => Staff(Drafters, "draft-decision"),
            StepKind.Approve => Other(WaitsFor.System),
            StepKind.Talk or StepKind.Offer or StepKind.CheckList or StepKind.WindDown or StepKind.WorkOrders or StepKind.HandOver or StepKind.CurePeriod
                or StepKind.Formalities or StepKind.Reconcile or StepKind.AdmitReturn or StepKind.InspectReturn => Staff(step.Roles.Count > 0 ? step.Roles : Handlers),
            StepKind.OrderMoney when step.Manual => Staff([Role.Finance]),
            _ => Other(WaitsFor.System),
        };
    }

    private static readonly Role[] Drafters = [Role.AccountManager, Role.Supervisor];

    /// <summary>"WaitUntilDate" as "wait-until-date".</summary>
    public static string CodeOf(StepKind kind) =>
        string.Concat($"{kind}".Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(c) : $"{c}"));
}
