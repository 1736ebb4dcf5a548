using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.ReEntry;

/// <summary>Asks that a former customer whose record calls for an approval may come back.</summary>
public sealed class AskReEntry(AppDb db, CaseDesk desk, Vault vault) : UseCase<AskReEntry.Request, AskReEntry.Asked>(db)
{
    public const int MaxWords = 2000;

    public sealed record Request(Guid CaseId, string? Words);

    public sealed record Asked(Guid RequestId);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Asked>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { CustomerId: { } customer } exit)
            return CommonRefusals.NotFound;
        if (string.IsNullOrWhiteSpace(request.Words))
            return CommonRefusals.Required("words");
        if (request.Words.Length > MaxWords)
            return CommonRefusals.TooLong("words", MaxWords);
        if (await Db.Set<RecognitionToken>().AsNoTracking().FirstOrDefaultAsync(t => t.CaseId == exit.Id, ct) is not { Approver: not null })
            return ReEntryRefusals.NoApprovalNeeded;
        if (await Db.Set<ReEntryRequest>().AsNoTracking().AnyAsync(r => r.CaseId == exit.Id && r.Approved == null, ct))
            return ReEntryRefusals.AskedAlready;
        var id = Guid.CreateVersion7();
        Db.Add(new ReEntryRequest
        {
            Id = id, CaseId = exit.Id, RequestedBy = call.Actor.Id, RequestedAt = call.Now,
            Words = await vault.Seal(customer, DataClass.Case, ReEntryRequest.WordsPlace, id.ToString("N"), request.Words.Trim(), ct),
        });
        Db.Audit(call, "re-entry.asked", $"case:{exit.Id:N}", new { request = id });
        return await Commit(new Asked(id), ct);
    }
}

/// <summary>Another person, with the role the record calls for, decides whether a former customer may come back.</summary>
public sealed class DecideReEntry(AppDb db, CaseDesk desk, Vault vault) : UseCase<DecideReEntry.Request, Done>(db)
{
    public sealed record Request(Guid RequestId, bool? Approve, string? Words);

    public override Permission Needs => Permission.DecideOffboarding;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Set<ReEntryRequest>().SingleOrDefaultAsync(r => r.Id == request.RequestId, ct) is not { } asked || await desk.Find(asked.CaseId, call, Needs, ct) is not { CustomerId: { } customer } exit)
            return CommonRefusals.NotFound;
        if (asked.Approved is not null)
            return ReEntryRefusals.DecidedAlready;
        if (asked.RequestedBy == call.Actor.Id)
            return ReEntryRefusals.OwnRequest;
        var token = await Db.Set<RecognitionToken>().AsNoTracking().FirstOrDefaultAsync(t => t.CaseId == exit.Id, ct);
        var path = await Db.Units.AsNoTracking().Where(u => u.Id == exit.UnitId).Select(u => u.Path).SingleAsync(ct);
        if (token?.Approver is { } role && !call.Actor.Has(role, path))
            return ReEntryRefusals.OtherRole(role);
        if (request.Approve is not { } approve)
            return CommonRefusals.Required("approve");
        if (string.IsNullOrWhiteSpace(request.Words))
            return CommonRefusals.Required("words");
        if (request.Words.Length > AskReEntry.MaxWords)
            return CommonRefusals.TooLong("words", AskReEntry.MaxWords);
        (asked.Approved, asked.DecidedBy, asked.DecidedAt) = (approve, call.Actor.Id, call.Now);
        asked.Decision = await vault.Seal(customer, DataClass.Case, ReEntryRequest.DecisionPlace, asked.Row, request.Words.Trim(), ct);
        asked.Version++;
        Db.Audit(call, "re-entry.decided", $"case:{exit.Id:N}", new { request = asked.Id, approve });
        return await Commit(Done.It, ct);
    }
}

/// <summary>
/// Re-signing (重签): the former customer returns. The old case is linked, and the number that its erasure suppressed may be imported again. Nobody
/// needs to approve it where the record asks for nobody.
/// </summary>
public sealed class WelcomeBack(AppDb db, CaseDesk desk, Vault vault) : UseCase<WelcomeBack.Request, Done>(db)
{
    public sealed record Request(Guid CaseId);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { CustomerId: { } customer } exit)
            return CommonRefusals.NotFound;
        if (await Db.Set<RecognitionToken>().AsNoTracking().FirstOrDefaultAsync(t => t.CaseId == exit.Id, ct) is not { } token)
            return ReEntryRefusals.NotEnded;
        var asked = await Db.Set<ReEntryRequest>().Where(r => r.CaseId == exit.Id).OrderByDescending(r => r.RequestedAt).FirstOrDefaultAsync(ct);
        if (token.Approver is { } role && asked?.Approved != true)
            return ReEntryRefusals.ApprovalFirst(role);
        if (asked?.WelcomedAt is not null)
            return ReEntryRefusals.WelcomedAlready;
        if (asked is null)
        {
            var id = Guid.CreateVersion7();
            asked = new ReEntryRequest
            {
                Id = id, CaseId = exit.Id, RequestedBy = call.Actor.Id, RequestedAt = call.Now, Approved = true,
                Words = await vault.Seal(customer, DataClass.Case, ReEntryRequest.WordsPlace, id.ToString("N"), "", ct),
            };
            Db.Add(asked);
        }
        asked.WelcomedAt = call.BusinessNow;
        asked.LiftedToken = await Db.Erasures.AsNoTracking().Where(e => e.CustomerId == customer && e.Token != null).Select(e => e.Token).FirstOrDefaultAsync(ct);
        asked.Version++;
        exit.Link(asked.Id, "re-signed");
        desk.Stage(exit, call);
        Db.Audit(call, "re-entry.welcomed", $"case:{exit.Id:N}", new { request = asked.Id, lifted = asked.LiftedToken is not null });
        return await Commit(Done.It, ct);
    }
}

public static class ReEntryRefusals
{
    public static readonly Refusal NoApprovalNeeded = new(RefusalKind.Conflict, "re-entry.no-approval-needed",
        "Nobody needs to approve the return of this customer.", "该客户的重新签约无需审批。");

    public static readonly Refusal AskedAlready = new(RefusalKind.Conflict, "re-entry.asked-already",
        "A request waits for its decision.", "已有一项申请待决定。");

    public static readonly Refusal DecidedAlready = new(RefusalKind.Conflict, "re-entry.decided-already", "This request was decided.", "该申请已决定。");

    public static readonly Refusal OwnRequest = new(RefusalKind.Forbidden, "re-entry.own-request",
        "You asked for it, so another person decides.", "该申请由您提出，须由他人决定。");

    public static readonly Refusal NotEnded = new(RefusalKind.Conflict, "re-entry.not-ended",
        "This case has not ended a contract, or its time to be recognised is over.", "该案件未终止合同，或识别期限已过。");

    public static readonly Refusal WelcomedAlready = new(RefusalKind.Conflict, "re-entry.welcomed-already", "The customer was welcomed back already.", "该客户已恢复签约资格。");

    public static Refusal ApprovalFirst(Role role) =>
        new(RefusalKind.Conflict, "re-entry.approval-first",
            $"The record of this customer calls for an approval first ({role}).", $"按该客户记录，须先经审批（{role}）。");

    public static Refusal OtherRole(Role role) =>
        new(RefusalKind.Forbidden, "re-entry.other-role",
            $"The record of this customer calls for another approver ({role}).", $"按该客户记录，须由其他角色审批（{role}）。");
}
