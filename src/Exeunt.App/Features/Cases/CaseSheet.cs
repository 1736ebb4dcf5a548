using System.Globalization;
using System.Text.Json;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Features.Work;
using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Progress = Exeunt.Core.Cases.StepState;

namespace Exeunt.App.Features.Cases;

/// <summary>A form of the case page that was refused: which one, why, and what was typed.</summary>
public sealed record ReturnedForm(string Form, Refusal Refusal, IReadOnlyDictionary<string, string> Typed);

/// <summary>What a case can wait for, in the order in which a person is shown it.</summary>
public enum NextKind
{
    Closed,
    Identity,
    Held,
    Talk,
    Offer,
    OfferApproval,
    OfferAnswer,
    Approve,
    Work,
    Reconcile,
    Survey,
    System,
    Date,

    /// <summary>A step whose card stands below: checks, improvement, wind-down, hand-over, follow-up.</summary>
    Below,
}

/// <summary>One thing a case waits for. <paramref name="Mine"/>: whoever looks may do it now.</summary>
public sealed record NextThing(NextKind Kind, bool Mine);

/// <summary>The case page's material: the case, who looks, and a form that came back.</summary>
public sealed record CaseSheet(ShowCase.View View, Caller Caller, ReturnedForm? Returned = null)
{
    /// <summary>What the cards of other features show.</summary>
    public CaseParts.Sheets Parts { get; init; } = CaseParts.None;

    public ExitCase Case => View.Case;
    public Texts T => Caller.T;
    public string Zone => Case.Zone ?? Clocks.CompanyZone;
    public string Path => $"/cases/{Case.Id}";

    /// <summary>Whether whoever looks holds the permission for this case's unit.</summary>
    public bool May(Permission permission) =>
        View.UnitPath is { } unit ? Caller.Actor.Allows(permission, unit) : Caller.May(permission);

    /// <summary>The message beside a field of a form that came back; the field "" takes those that belong to none.</summary>
    public string? Error(string form, string field) =>
        Returned?.Form == form && (Returned.Refusal.Field ?? "") == field ? Returned.Refusal.In(T.Language) : null;

    /// <summary>What was typed in a form that came back, else the value given.</summary>
    public string Typed(string form, string field, string otherwise = "") =>
        Returned?.Form == form && Returned.Typed.TryGetValue(field, out var typed) ? typed : otherwise;

    /// <summary>Who somebody is in a history: a name, or the system, the customer, the applicant.</summary>
    public string Name(string? actor) =>
        actor switch
        {
            null or "" => "—",
            "system" => T["desk.actor.system"],
            "anonymous" => T["desk.actor.applicant"],
            _ when actor.StartsWith("case:", StringComparison.Ordinal) => T["desk.actor.customer"],
            _ => View.Names.GetValueOrDefault(actor) ?? T["desk.actor.unknown"],
        };

    public Money? Total => Case.SettlementTotal is { } total ? new Money(total, Case.SettlementCurrency!) : null;

    /// <summary>"Customer pays ¥257.92" or "We pay ¥160.48".</summary>
    public string TotalInWords(Money total) =>
        T[total.Minor > 0 ? "desk.customer-pays" : total.Minor < 0 ? "desk.we-pay" : "desk.even", Amounts.Text(new Money(Math.Abs(total.Minor), total.Currency))];

    /// <summary>The roles whose approval is still missing while the settlement waits for it.</summary>
    public IReadOnlyList<Role> MissingApprovals =>
        Case.IsClosed || Case.Round(ApprovalSubject.Settlement) is not { } round ? [] : [.. round.Missing.SelectMany(a => a.AnyOf).Distinct()];

    /// <summary>The approvals whoever looks can give now, for themselves or for somebody absent.</summary>
    public IReadOnlyList<Approvals.Seat> Seats => [.. View.Seats.Where(s => s.WhyNot is null)];

    public static Permission PermissionOf(Role role) => role == Role.Finance ? Permission.ApproveMoney : Permission.ApproveLegal;

    /// <summary>Every action of the case for whoever looks: possible, or why not.</summary>
    public IReadOnlyList<CaseAction> Actions { get; } = CaseActionsList.Of(View.Case, Caller.Actor, View.UnitPath, View.Today, View.ApprovedOnce);
    /// <summary>Why whoever looks cannot decide on the offer that waits; null when they can.</summary>
    public Refusal? CannotDecideOffer =>
        May(Permission.ApproveOffers) ? Offers.DecideOffer.WhyNot(View.Offers.Waiting, Caller.Actor, View.UnitPath ?? "") : CommonRefusals.NotAllowed(Permission.ApproveOffers);

    public IReadOnlyList<WorkOrder> OpenWork => [.. View.Work.Where(w => w.DoneAt is null)];

    /// <summary>What people do in a card of its own, further down the page.</summary>
    private static readonly string[] InCards = ["objection", "appeal", "draft-decision", "check-list", "auto-check", "cure-period", "wind-down", "admit-return", "inspect-return"];

    /// <summary>Whether the customer of an offboarding was heard and it is not said yet what the talk came to.</summary>
    private bool TalkIsHeld => Case is { Kind: CaseKind.Offboarding, Reason: not null } && Case.IsActive(StepKind.Talk);

    /// <summary>What waits for people in a card further down, first what whoever looks may do; null: nothing does.</summary>
    public Waiting? Below =>
        TalkIsHeld ? Case.Waits.First(w => w.What == "talk") with { What = "talk-result" }
        : Case.Waits.Where(w => InCards.Contains(w.What)).OrderByDescending(IsMine).FirstOrDefault();

    private bool IsMine(Waiting wait) =>
        wait.Roles.Any(r => View.UnitPath is { } unit ? Caller.Actor.Has(r, unit) : Caller.Actor.Has(r))
        && !(wait.What is "objection" or "appeal" && Case.TookPart(Caller.Actor.Id));

    /// <summary>Everything the case waits for; first what whoever looks can do.</summary>
    public IReadOnlyList<NextThing> Next
    {
        get
        {
            var things = new List<NextThing>();
            void Add(bool when, NextKind kind, bool mine = false)
            {
                if (when)
                    things.Add(new(kind, mine));
            }
            var (handles, alive) = (May(Permission.HandleCases), !Case.IsClosed);
            Add(alive && !Case.HasCustomer, NextKind.Identity);
            Add(Case.State == CaseState.Held, NextKind.Held, handles);
            Add(alive && Case.IsActive(StepKind.Talk) && !TalkIsHeld, NextKind.Talk, handles);
            Add(alive && View.Offers.Waiting is null && Case.IsActive(StepKind.Offer) && Case.OpenOfferId is null, NextKind.Offer, handles);
            Add(alive && View.Offers.Waiting is not null, NextKind.OfferApproval, CannotDecideOffer is null);
            Add(alive && Case.OpenOfferId is not null, NextKind.OfferAnswer);
            Add(alive && Case.Rounds.Any(r => Case.IsActive(r.Step) && !r.IsComplete), NextKind.Approve, Seats.Count > 0);
            Add(OpenWork.Count > 0, NextKind.Work, May(Permission.CarryOutWork));
            Add(alive && Case.IsActive(StepKind.Reconcile), NextKind.Reconcile, May(Permission.HandleMoney));
            Add(alive && Case.IsActive(StepKind.Survey), NextKind.Survey);
            Add(alive && Case.Waits.Any(w => w.For == WaitsFor.System), NextKind.System);
            Add(alive && Case.IsActive(StepKind.WaitUntilDate), NextKind.Date);
            Add(Case.IsClosed, NextKind.Closed);
            var below = Below;
            Add(below is not null || things.Count == 0, NextKind.Below, below is not null && IsMine(below));
            return [.. things.OrderByDescending(t => t.Mine)];
        }
    }

    /// <summary>The date that counts now, with its label's key: the last service day while it lies ahead, else what is due next.</summary>
    public (string Label, DateOnly On)? Deadline
    {
        get
        {
            if (Case.IsClosed)
                return ("desk.closed-on", Clocks.DateIn(View.History.Count > 0 ? View.History[0].BusinessAt : Case.BusinessReceivedAt, Zone));
            if (!Case.HasCustomer)
                return ("desk.lapses-on", Clocks.DateIn(Case.BusinessReceivedAt.AddDays(ExitCase.IdentityDays), Zone));
            if (Case.IsActive(StepKind.WaitUntilDate) && Case.EffectiveOn is { } effective)
                return ("desk.ends-on", effective);
            if (OpenWork.Count > 0)
                return ("desk.work-due", OpenWork.Min(w => w.DueOn));
            return Case.IsActive(StepKind.Survey) && SurveyUntil is { } until ? ("desk.survey-until", until) : null;
        }
    }

    public DateOnly? SurveyUntil =>
        Case.Find(StepKind.Survey) is { StartedAt: { } sent } step ? Clocks.DateIn(sent.AddDays(Case.Plan.Step(step.Id).Days!.Value), Zone) : null;

    /// <summary>How long the customer has been with us: "6 years 2 months".</summary>
    public string? Tenure
    {
        get
        {
            if ((View.Customer?.Since ?? View.Contract?.StartOn) is not { } since || since > View.Today)
                return null;
            var months = (View.Today.Year - since.Year) * 12 + View.Today.Month - since.Month - (View.Today.Day < since.Day ? 1 : 0);
            string?[] parts = [Count("desk.year", months / 12), Count("desk.month", months % 12)];
            var words = string.Join(' ', parts.OfType<string>());
            return T["desk.tenure", words.Length == 0 ? T["desk.months", 0] : words];
        }
    }

    private string? Count(string key, int n) => n == 0 ? null : n == 1 ? T[key, n] : T[key + "s", n];

    /// <summary>"4 min", "3 h", "2 days".</summary>
    public string Span(DateTimeOffset from, DateTimeOffset until)
    {
        var span = until - from;
        return span.TotalMinutes < 1 ? T["desk.span.moment"]
            : span.TotalHours < 1 ? T["desk.span.minutes", (int)span.TotalMinutes]
            : span.TotalDays < 1 ? T["desk.span.hours", (int)span.TotalHours]
            : T[(int)span.TotalDays == 1 ? "desk.span.day" : "desk.span.days", (int)span.TotalDays];
    }

    public string ShortDate(DateOnly on) => on.ToString(T.IsChinese ? "MM-dd" : "d MMM", T.Culture);

    public string ShortDate(DateTimeOffset at) => ShortDate(Clocks.DateIn(at, Zone));

    // ---- the line of steps -----------------------------------------------------------------------------------------

    /// <summary>Which part of the line a step belongs to; null: it is not shown there (what was not asked for, or closing itself).</summary>
    private string? GroupOf(ProcedureStep step) =>
        step.Kind switch
        {
            StepKind.VerifyIdentity => "identity",
            StepKind.Talk => "talk",
            StepKind.Offer => "offer",
            StepKind.Negotiate => Case.Step(step.Id).State == Progress.Waiting ? null : "negotiation",
            StepKind.CurePeriod => Case.Step(step.Id).State == Progress.Waiting ? null : "cure",
            StepKind.Formalities => Case.Step(step.Id) is { State: Progress.Skipped } or { State: Progress.Waiting } ? null : "formalities",
            StepKind.AutoCheck => Case.Kind == CaseKind.Offboarding ? "decision" : "approval",
            StepKind.Period => "execution",
            StepKind.CheckList or StepKind.Approve when step.Kind == StepKind.CheckList || step.Of == ApprovalSubject.Decision => "decision",
            StepKind.Settle or StepKind.Approve => "approval",
            StepKind.Notify when step.Letter is "decision" or "immediate" => "notice",
            StepKind.WaitUntilDate or StepKind.Archive or StepKind.WorkOrders or StepKind.WindDown or StepKind.HandOver or StepKind.Notify => "execution",
            StepKind.OrderMoney or StepKind.Reconcile => "money",
            StepKind.Certify or StepKind.Survey or StepKind.FollowUp => "certificate",
            StepKind.Erase => "erasure",
            StepKind.AdmitReturn => Case.Step(step.Id).State == Progress.Skipped ? null : "admit-return",
            StepKind.SendBack => "send-back",
            StepKind.InspectReturn => "inspection",
            StepKind.SettleReturn => "money",
            StepKind.ConfirmResult => "result",
            _ => null,
        };

    /// <summary>The procedure's steps in a few parts, with where we are and how long each took.</summary>
    public IReadOnlyList<Step> Steps =>
        [.. Case.Plan.Steps.GroupBy(GroupOf).Where(g => g.Key is not null).Select(g => StepOf(g.Key!, [.. g.Select(s => Case.Step(s.Id))]))];

    private Step StepOf(string key, StepProgress[] steps)
    {
        var name = T["desk.group." + key];
        if (steps.All(s => s.HasEnded))
            return new Step(name, StepMark.Done, DoneNote(key, steps));
        // A contract that runs on until its last day is not being executed yet.
        if (Case.IsClosed || !steps.Any(s => s.State == Progress.Active && s.Kind != StepKind.WaitUntilDate))
            return new Step(name, StepMark.Next, key == "execution" && !Case.IsClosed && Case.EffectiveOn is { } on ? T["desk.after", ShortDate(on)] : null);
        if (key is "approval" or "decision" && Case.Round(key == "approval" ? ApprovalSubject.Settlement : ApprovalSubject.Decision) is { Given.Count: > 0 } round)
            name = $"{name} {round.Given.Count}/{round.Stages.Sum(s => s.Count)}";
        var since = steps.Where(s => s.State == Progress.Active && s.Kind != StepKind.WaitUntilDate).Min(s => s.StartedAt!.Value);
        return new Step(name, StepMark.Now, $"{Waits(key)} · {Span(since, Caller.BusinessNow)}");
    }

    private string DoneNote(string key, StepProgress[] steps)
    {
        if (steps.All(s => s.State == Progress.Skipped))
            return SkipReason(steps[0].Note);
        if (key == "offer" && View.Offer is { Accepted: null, ExpiredAt: not null })
            return T["desk.offer-expired"];
        if (key == "offer" && View.Offer?.Accepted is { } accepted)
            return T[accepted ? "desk.offer-accepted" : "desk.offer-declined"];
        if (key == "money" && View.Money?.Plan is { State: not Settlements.PlanState.Paid })
            return T["desk.by-instalments"];
        var worked = steps.Where(s => s.Kind != StepKind.WaitUntilDate && s.StartedAt is not null).ToList();
        var end = steps.Max(s => s.EndedAt!.Value);
        var start = worked.Min(s => s.StartedAt!.Value);
        return end - start < TimeSpan.FromMinutes(1) ? ShortDate(end) : $"{ShortDate(end)} · {Span(start, end)}";
    }

    private string Waits(string key) =>
        key switch
        {
            "approval" when MissingApprovals.Count > 0 => T["desk.waits.approval", string.Join(T["desk.and"], MissingApprovals.Select(r => T.Of("desk.role", r)))],
            "offer" => T[View.Offers.Waiting is not null ? "desk.waits.offer-approval" : Case.OpenOfferId is null ? "desk.waits.offer" : "desk.waits.answer"],
            "execution" => T[Case.IsActive(StepKind.WorkOrders) ? "desk.waits.work" : Case.IsActive(StepKind.WindDown) ? "desk.waits.orders" : "desk.waits.system"],
            "money" => T[Case.IsActive(StepKind.Reconcile) ? "desk.waits.bank" : "desk.waits.system"],
            "certificate" => T[Case.IsActive(StepKind.Survey) ? "desk.waits.survey" : "desk.waits.system"],
            "identity" or "talk" or "decision" or "cure" or "negotiation" or "formalities" or "admit-return" or "send-back" or "inspection" or "result" => T["desk.waits." + key],
            _ => T["desk.waits.system"],
        };

    /// <summary>Why a step was left out, in words; a reason without words stays as it is.</summary>
    public string SkipReason(string? reason) => reason is ['l', 'a', 'w', ':', .. var rule] ? T["desk.skip.law", rule] : reason is { } r && Texts.Everything.ContainsKey("desk.skip." + r) ? T["desk.skip." + r] : T["desk.skipped"];

    // ---- the settlement ----------------------------------------------------------------------------------------------

    /// <summary>
    /// The fee for leaving beside the loss, once the loss is known: agreed, loss, guideline ceiling, whether it is excessive and
    /// which decision that asks for. It is shown; nothing is cut.
    /// </summary>
    public (string Ld, string Loss, string Ceiling, bool Excessive, string Decision)? Damages
    {
        get
        {
            if (View.Settlement?.Statement is not { } statement)
                return null;
            using var document = JsonDocument.Parse(statement);
            if (!document.RootElement.TryGetProperty("damages", out var shown))
                return null;
            string Text(string name) => $"{shown.GetProperty(name).GetString()} {document.RootElement.GetProperty("currency").GetString()}";
            return (Text("ld"), Text("loss"), Text("ceiling"), shown.GetProperty("excessive").GetBoolean(), shown.GetProperty("decision").GetString()!);
        }
    }

    /// <summary>What the law changed in the settlement in force: the rule, its pack, and what.</summary>
    public IReadOnlyList<(string Rule, string Pack, string What)> Law
    {
        get
        {
            if (View.Settlement is not { } settlement)
                return [];
            using var document = JsonDocument.Parse(settlement.Statement);
            return document.RootElement.TryGetProperty("law", out var law)
                ? [.. law.EnumerateArray().Select(l => (l.GetProperty("rule").GetString()!, l.GetProperty("pack").GetString()!, l.GetProperty(T.IsChinese ? "zh" : "en").GetString()!))]
                : [];
        }
    }

    public IReadOnlyList<StatementLines.Line> Lines => View.Settlement is { } s ? StatementLines.Read(s.Statement, T) : [];

    /// <summary>What the settlement would come to on other dates.</summary>
    public ShowCurve.View? Curve => View.Settlement is { } s ? ShowCurve.Of(Case, s.Statement) : null;

    /// <summary>The rounding of a statement, as it was computed.</summary>
    public string RoundingWords => T[(View.Policy?.Rounding ?? RoundingMode.HalfUp) == RoundingMode.HalfEven ? "desk.half-even" : "desk.half-up"];

    /// <summary>The clause a line rests on, with its words.</summary>
    public string? Clause(StatementLines.Line line) =>
        line.Clause.Length == 0 ? null
        : View.Policy?.Lines.GetValueOrDefault(line.Code) is { } terms ? T["desk.clause-words", line.Clause, T.Pick(terms.English, terms.Chinese)]
        : T["desk.clause", line.Clause];

    /// <summary>A formula's inputs as "name value" pairs.</summary>
    public static IEnumerable<(string Name, string Value)> Inputs(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. Flat("", document.RootElement)];
    }

    private static IEnumerable<(string, string)> Flat(string name, JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().SelectMany(p => Flat(name.Length == 0 ? p.Name : $"{name}.{p.Name}", p.Value)),
            JsonValueKind.Array => element.EnumerateArray().SelectMany((e, i) => Flat(string.Create(CultureInfo.InvariantCulture, $"{name}[{i}]"), e)),
            _ => [(name, element.ToString())],
        };
}
