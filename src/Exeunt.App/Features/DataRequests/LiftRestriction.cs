using Exeunt.App.Data;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.DataRequests;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.DataRequests;

/// <summary>
/// Ends a restriction or an objection that was granted. The customer is told before it ends (GDPR 18(3)): a week before, or at once
/// where they asked for it themselves. An objection ends only at their wish.
/// </summary>
public sealed class LiftRestriction(AppDb db, DataRequestDesk requests) : UseCase<LiftRestriction.Request, LiftRestriction.Lifting>(db)
{
    /// <summary>Days between the notice and the end, where the customer did not ask for it.</summary>
    public const int NoticeDays = 7;

    private const string CustomerAsked = "customer-asked";

    public sealed record Request(Guid Id, string? Reason);

    /// <param name="On">The day on which it ends, in the company's zone.</param>
    public sealed record Lifting(DateOnly On);

    public override Permission Needs => Permission.HandleDataRequests;

    /// <summary>Codes of the reasons for which one of a kind may end.</summary>
    public static IReadOnlyList<string> ReasonsFor(DataRequestKind kind) =>
        kind switch
        {
            DataRequestKind.Restrict => [CustomerAsked, "accuracy-settled", "claims-settled", "objection-settled"],
            DataRequestKind.Object => [CustomerAsked],
            _ => [],
        };

    protected override async Task<Outcome<Lifting>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await requests.Find(request.Id, Needs, call, ct) is not var (row, who))
            return CommonRefusals.NotFound;
        var reasons = ReasonsFor(row.Kind);
        if (row.State != DataRequestState.Fulfilled || reasons.Count == 0 || row.LiftsAt is not null)
            return DataRequestRefusals.NothingToLift;
        if (request.Reason is not { } reason || !reasons.Contains(reason))
            return CommonRefusals.Required("reason");
        row.LiftsAt = reason == CustomerAsked ? call.BusinessNow : Clocks.StartOf(call.Today(Clocks.CompanyZone).AddDays(NoticeDays), Clocks.CompanyZone);
        row.LiftReason = reason;
        row.Version++;
        var on = Clocks.DateIn(row.LiftsAt.Value, Clocks.CompanyZone);
        Db.Audit(call, "data-request.lifting", $"data-request:{row.Id:N}", new { row.Kind, reason, on });
        Db.Enqueue(Effect.At(row.LiftsAt.Value, EndRestriction.Kind, $"{EndRestriction.Kind}|{row.Id:N}", new EndRestriction.What(row.Id), row.CaseId));
        var t = Texts.In(who.Language);
        await requests.Tell(row, who, "mail.data-request.lifting", [row.Number, t[$"data-request.kind.{row.Kind}"], t.Date(on), t[$"data-request.lift.{reason}"]], call, ct);
        return await Commit(new Lifting(on), ct);
    }
}

/// <summary>Effect "data-request.lift": the restriction ends on its day, unless another request of the customer still asks for it.</summary>
public sealed class EndRestriction(AppDb db) : IEffect
{
    public const string Kind = "data-request.lift";

    public sealed record What(Guid Id);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var row = await db.Set<DataRequest>().SingleAsync(r => r.Id == effect.Read<What>().Id, ct);
        if (row.LiftedAt is not null)
            return EffectResult.Done;
        row.LiftedAt = call.BusinessNow;
        row.Version++;
        var ended = row.Kind == DataRequestKind.Restrict ? await Restrictions.End(db, row, ct) : await EndObjection(row, ct);
        db.Audit(call, "data-request.lifted", $"data-request:{row.Id:N}", new { row.Kind, another = !ended });
        return EffectResult.Done;
    }

    private async Task<bool> EndObjection(DataRequest row, CancellationToken ct)
    {
        if (await db.Set<DataRequest>().AnyAsync(r => r.CustomerId == row.CustomerId && r.Kind == row.Kind && r.Id != row.Id && r.State == DataRequestState.Fulfilled && r.LiftedAt == null, ct))
            return false;
        var customer = await db.Customers.SingleAsync(c => c.Id == row.CustomerId, ct);
        customer.ObjectedAt = null;
        customer.Version++;
        return true;
    }
}

/// <summary>Whose data is only stored: by a restriction that was granted, or since they asked to be erased.</summary>
internal static class Restrictions
{
    /// <summary>Ends the lock that a request brought about, unless another one of the customer asks for it.</summary>
    /// <returns>Whether it ended.</returns>
    public static async Task<bool> End(AppDb db, DataRequest request, CancellationToken ct)
    {
        var others = await db.Set<DataRequest>().AsNoTracking().Where(
            r => r.CustomerId == request.CustomerId && r.Id != request.Id
                && ((r.Kind == DataRequestKind.Restrict && r.State == DataRequestState.Fulfilled && r.LiftedAt == null)
                    || (r.Kind == DataRequestKind.Delete && (r.State == DataRequestState.Open || r.BeginsAt != null)))).ToListAsync(ct);
        if (others.Exists(r => r.Kind == DataRequestKind.Restrict || (r.IsOwn && r.BeginsAt is not null))
            || (others.Exists(r => r.IsOwn && r.State == DataRequestState.Open) && !await EraseAsked.IsUnderWay(db, request.CustomerId, ct)))
            return false;
        var customer = await db.Customers.SingleAsync(c => c.Id == request.CustomerId, ct);
        customer.RestrictedAt = null;
        customer.Version++;
        return true;
    }
}
