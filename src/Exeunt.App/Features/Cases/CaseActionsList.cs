using Exeunt.App.Data;
using Exeunt.App.Features.Approvals;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>One thing that can be done in a case, and why not now.</summary>
/// <param name="Code">Stable, kebab-case; its words are the text "action.CODE".</param>
/// <param name="Roles">Whose it is; empty: the customer's or the system's own.</param>
/// <param name="Mine">Whether the caller holds one of the roles for the case's unit.</param>
/// <param name="Refusal">Why it would be refused now; null: it would not.</param>
/// <param name="PossibleOn">From when it becomes possible by itself, where there is a date.</param>
public sealed record CaseAction(string Code, IReadOnlyList<Role> Roles, bool Mine, Refusal? Refusal, DateOnly? PossibleOn);

/// <summary>
/// Every command that the case's procedure has, for the one who looks: possible, or why not. The commands are asked themselves
/// (<see cref="ExitCase.WhyNot"/>), so the list cannot say something else than the button.
/// </summary>
public static class CaseActionsList
{
    private static readonly Role[] Judges = [Role.BranchHead, Role.Legal];
    private static readonly Role[] Approvers = [Role.BranchHead, Role.Finance, Role.Legal];

    /// <param name="today">Business date in the case's zone.</param>
    /// <param name="unitPath">Path of the case's unit; null before it has one.</param>
    /// <param name="approved">Whether the actor approved the settlement in force, be it an approval that does not stand any more.</param>
    public static IReadOnlyList<CaseAction> Of(ExitCase exit, Actor actor, string? unitPath, DateOnly today, bool approved)
    {
        var me = actor.Id;
        var list = new List<CaseAction>();
        void Add(string code, IReadOnlyList<Role> roles, Refusal? no, DateOnly? possibleOn = null) =>
            list.Add(new(code, roles, roles.Any(r => unitPath is null ? actor.Has(r) : actor.Has(r, unitPath)), no, no is null ? null : possibleOn ?? no.PossibleOn));
        void Try(string code, Permission permission, Func<ExitCase, Refusal?> command) => Add(code, Permissions.RolesWith(permission), exit.WhyNot(command));

        // Whoever has the case.
        Try("take", Permission.HandleCases, e => e.Assign(me));
        Try("assign", Permission.AssignCases, e => e.Assign(me));
        Try("talk", Permission.HandleCases, e => e.RecordTalk("NONE", null, "phone", 0, null));
        if (exit.Kind == CaseKind.Offboarding)
            Try("conclude-talk", Permission.HandleCases, e => e.ConcludeTalk(TalkResult.GoesOn, null));
        Try("offer", Permission.HandleCases, e => e.MakeOffer(default, "none"));
        Try("offer-skip", Permission.HandleCases, e => e.SkipOffer("none-fits"));
        Try("propose", Permission.HandleCases, e => e.CannotPropose());
        Try("confirm-proposal", Permission.HandleCases, e => e.ConfirmProposal(false, e.ProposalDigest ?? ""));
        Try("facts", Permission.HandleCases, e => e.CannotChangeMoney());
        Try("add-line", Permission.HandleCases, e => e.CannotChangeMoney());
        Add("recompute", Permissions.RolesWith(Permission.HandleCases), exit.SettlementId is null && !exit.IsClosed ? CaseRefusals.NoSettlement : exit.CannotChangeMoney());
        Try("hold", Permission.HandleCases, e => e.Hold("customer-asked"));
        Try("resume", Permission.HandleCases, e => e.Resume());
        Add("message", Permissions.RolesWith(Permission.HandleCases), exit.IsClosed ? CaseRefusals.Closed : null);
        Try("ask-upwards", Permission.HandleCases, e => e.AskUpwards(default, me));
        Try("answer-upwards", Permission.HandleCases, e => e.AnswerUpwards(default, me));
        Try("refuse-application", Permission.HandleCases, e => e.CannotRefuse());
        if (Has(StepKind.CheckList) || Has(StepKind.AutoCheck) || Has(StepKind.Formalities))
            Add("item", Permissions.RolesWith(Permission.HandleCases), Open(StepKind.CheckList, StepKind.AutoCheck, StepKind.Formalities));
        // What only the company's own endings have is not spoken of in a customer's.
        if (Has(StepKind.CurePeriod))
        {
            Try("agree-cure", Permission.HandleCases, e => e.AgreeCure(default, today.AddDays(30), today));
            Try("judge-cure", Permission.HandleCases, e => e.JudgeCure(false, null));
        }
        if (exit.Kind == CaseKind.Offboarding)
        {
            Try("cured", Permission.HandleCases, e => e.CannotCure());
            Try("draft-decision", Permission.HandleCases, e => e.CannotDraftDecision());
            Add("decide-objection", Judges, exit.CannotDecideObjection(me));
            Add("reverse-decision", Judges, exit.WhyNot(e => e.ReverseDecision(Judges.FirstOrDefault(actor.Has, Role.Legal), me, default)));
            Add("object", [], exit.CannotObject(today));
        }

        if (exit.OrderId is not null)
        {
            Try("return-decision", Permission.DecideLines, e => e.AdmitReturn(null, null));
            Try("return-parcel", Permission.CarryOutWork, e => e.ReceiveParcel(today));
            Add("return-inspection", Permissions.RolesWith(Permission.CarryOutWork), exit.CannotInspect(me));
            Add("return-confirmation", [], exit.WhyNot(e => e.ConfirmResult(false)));
        }

        // Approvals, each for its role.
        foreach (var (of, code) in new[] { (ApprovalSubject.Settlement, "approve"), (ApprovalSubject.Decision, "approve-decision") })
            if (exit.Plan.Steps.Any(s => s.Of == of))
                foreach (var role in RolesOf(exit, of))
                    Add($"{code}:{role}", [role], exit.CannotApprove(of, role, me));
        Add("return", Approvers, RolesOf(exit, ApprovalSubject.Settlement).Where(actor.Has).Select(r => exit.CannotApprove(ApprovalSubject.Settlement, r, me)).DefaultIfEmpty(CaseRefusals.NotYourApproval).MinBy(r => r is not null));
        Add("recall-approval", Approvers, exit.WhyNot(e => e.RecallApproval(ApprovalSubject.Settlement, me)));

        // Money, work, disputes, judgements.
        Add("release-money", [Role.Finance], exit.CannotReleaseMoney(me) ?? (approved ? CaseRefusals.OwnApproval : null));
        Add("reconcile", [Role.Finance], Open(StepKind.Reconcile));
        Add("confirm-work", Permissions.RolesWith(Permission.CarryOutWork), Open(StepKind.WorkOrders, StepKind.WindDown, StepKind.HandOver));
        Add("open-dispute", [Role.Legal], exit.WhyNot(e => e.OpenDispute(default, "court", 0)));
        Add("close-dispute", [Role.Legal], exit.WhyNot(e => e.CloseDispute(default, "settled")));
        Add("decide-appeal", Judges, exit.CannotDecideAppeal(me));

        // The customer's, and what goes by itself.
        Add("answer-offer", [], exit.WhyNot(e => e.AnswerOffer(false)));
        Add("withdraw", [], exit.CannotWithdraw(today));
        Add("appeal", [], exit.CannotAppeal());
        Add("end-aftercare", [], exit.WhyNot(e => e.EndAftercare()));
        Add("execute", [], exit.IsClosed ? CaseRefusals.Closed : Open(StepKind.WaitUntilDate) ?? (exit.EffectiveOn is { } last && today <= last && !exit.EndsAtOnce ? NotYet(last) : null),
            exit.IsActive(StepKind.WaitUntilDate) && exit.EffectiveOn is { } on && today <= on && !exit.EndsAtOnce ? on.AddDays(1) : null);
        Add("pay", [], exit.IsClosed ? CaseRefusals.Closed
            : exit.HoldsMoney ? CaseActionRefusals.MoneyHeld
            : exit.Round(ApprovalSubject.Settlement) is { IsComplete: false } round ? CaseActionRefusals.ApprovalMissing([.. round.Missing.SelectMany(a => a.AnyOf).Distinct()])
            : Open(StepKind.OrderMoney));
        Add("erase", [], exit.IsClosed ? CaseRefusals.Closed : exit.IsDisputed ? CaseActionRefusals.Disputed : exit.HoldsMoney ? CaseActionRefusals.MoneyHeld : exit.Holds.Contains(ExitCase.OpenClaim) ? CaseRefusals.ClaimOpen : Open(StepKind.Erase));
        return list;

        bool Has(StepKind kind) => exit.Find(kind) is not null;

        Refusal? Open(params StepKind[] kinds) => exit.IsClosed ? CaseRefusals.Closed : !exit.HasCustomer ? CaseRefusals.IdentityFirst : kinds.Any(exit.IsActive) ? null : CaseRefusals.StepNotActive;
    }

    /// <summary>The roles that approve a subject: by its round, before there is one by the procedure.</summary>
    private static IReadOnlyList<Role> RolesOf(ExitCase exit, ApprovalSubject of) =>
        exit.Round(of) is { } round
            ? [.. round.Stages.SelectMany(s => s).SelectMany(a => a.AnyOf).Distinct()]
            : exit.Plan.Steps.FirstOrDefault(s => s.Of == of)?.Roles ?? [];

    private static Refusal NotYet(DateOnly last) => CaseActionRefusals.EffectiveDateAhead(last);
}

/// <summary>Why what goes by itself has not gone yet.</summary>
public static class CaseActionRefusals
{
    public static readonly Refusal MoneyHeld = new(RefusalKind.Conflict, "case.held",
        "The case is on hold: money and erasure wait, the end of the service does not.", "案件暂停中：款项与删除暂缓，服务终止不受影响。");

    public static readonly Refusal Disputed = new(RefusalKind.Conflict, "case.disputed",
        "There is a dispute: nothing is erased until it is over.", "存在法律纠纷：了结前不删除数据。");

    public static Refusal EffectiveDateAhead(DateOnly last) => new(RefusalKind.Conflict, "case.effective-date-ahead",
        $"The contract runs until {last:yyyy-MM-dd}, 24:00.", $"合同有效至 {last:yyyy-MM-dd} 24:00。", last.AddDays(1));

    public static Refusal ApprovalMissing(IReadOnlyList<Role> missing)
    {
        var (en, zh) = (Texts.English, Texts.Chinese);
        return new(RefusalKind.Conflict, "case.approval-missing",
            $"The settlement still needs the approval of {string.Join(" and ", missing.Select(r => en.Of("desk.role", r)))}.", $"结算单尚待{string.Join("、", missing.Select(r => zh.Of("desk.role", r)))}审批。");
    }
}

/// <summary>Every action there is in a case, for the caller: possible now, or why not and from when.</summary>
public sealed class ListCaseActions(AppDb db, CaseDesk desk) : UseCase<ListCaseActions.Request, IReadOnlyList<CaseAction>>(db)
{
    public sealed record Request(Guid CaseId);

    public override Permission Needs => Permission.ViewCases;

    protected override async Task<Outcome<IReadOnlyList<CaseAction>>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        var unit = exit.UnitId is { } id ? await Db.Units.AsNoTracking().Where(u => u.Id == id).Select(u => u.Path).SingleAsync(ct) : null;
        return Done(CaseActionsList.Of(exit, call.Actor, unit, call.Today(exit.Zone ?? Clocks.CompanyZone), await FourEyes.Approved(Db, exit, call.Actor.Id, ct)));
    }

    private static Outcome<IReadOnlyList<CaseAction>> Done(IReadOnlyList<CaseAction> list) => (Outcome<IReadOnlyList<CaseAction>>)(List<CaseAction>)[.. list];
}
