using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>Approves the settlement of a case for finance. Binds the digest that was seen; never one's own request.</summary>
public sealed class ApproveAsFinance(AppDb db, CaseDesk desk) : ApproveSettlement(db, desk, Role.Finance)
{
    public override Permission Needs => Permission.ApproveMoney;
}

/// <summary>Approves the settlement of a case for legal.</summary>
public sealed class ApproveAsLegal(AppDb db, CaseDesk desk) : ApproveSettlement(db, desk, Role.Legal)
{
    public override Permission Needs => Permission.ApproveLegal;
}

public abstract class ApproveSettlement(AppDb db, CaseDesk desk, Role role) : UseCase<ApproveSettlement.Request, Done>(db)
{
    /// <param name="Digest">Digest of the settlement that was looked at.</param>
    public sealed record Request(Guid CaseId, string? Digest);

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.Approve(ApprovalSubject.Settlement, role, call.Actor.Id, request.Digest ?? "") is { } no)
            return no;
        var settlement = await Db.Settlements.AsNoTracking().SingleAsync(s => s.Id == exit.SettlementId, ct);
        Db.Approvals.Add(new ApprovalRow
        {
            Id = Guid.CreateVersion7(), CaseId = exit.Id, Role = role, Digest = settlement.Digest, By = call.Actor.Id, RequestedBy = settlement.ComputedBy, At = call.Now,
        });
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}

/// <summary>Sends a settlement back with words, by whichever role may approve it.</summary>
public sealed class ReturnSettlement(AppDb db, CaseDesk desk, CaseTexts texts) : UseCase<ReturnSettlement.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, string? Words);

    public override Permission Needs => Permission.ReturnMoney;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (string.IsNullOrWhiteSpace(request.Words))
            return CommonRefusals.Required("words");
        var role = call.Actor.Has(Role.Finance) ? Role.Finance : Role.Legal;
        if (!call.Actor.Has(role))
            return CommonRefusals.NotAllowed(Permission.ApproveMoney);
        if (exit.CannotApprove(ApprovalSubject.Settlement, role, call.Actor.Id) is { } not)
            return not;
        var text = await texts.Stage(exit, "return", request.Words.Trim(), ct);
        if (exit.ReturnForRework(ApprovalSubject.Settlement, role, call.Actor.Id, text) is { } no)
            return no;
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
