using Exeunt.App.Data;
using Exeunt.App.Features.OwnData;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.DataRequests;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.DataRequests;

/// <summary>
/// Stops an erasure, or a change of mail or phone, that was granted and has not begun: the customer says that they did not ask for it. Whoever hears
/// that may stop it, where staff took it down; what the customer asked past a code only they and the data officer stop.
/// </summary>
public sealed class StopGranted(AppDb db, DataRequestDesk requests) : UseCase<StopGranted.Request, Done>(db)
{
    /// <summary>The code of why.</summary>
    public const string Reason = "not-asked";

    public sealed record Request(Guid Id);

    public override Permission Needs => Permission.RecordDataRequests;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await requests.Find(request.Id, Needs, call, ct) is not var (row, who))
            return CommonRefusals.NotFound;
        // Who would rather keep a customer does not keep them from leaving.
        if (row.IsOwn && await requests.Find(request.Id, Permission.HandleDataRequests, call, ct) is null)
            return DataRequestRefusals.OwnWish;
        return await Stage(Db, requests, row, who, Reason, call, ct) is { } no ? no : await Commit(Done.It, ct);
    }

    /// <summary>Stages that it was stopped. An erasure that begins at this moment makes this save fail, or this makes that one find it stopped.</summary>
    internal static async Task<Refusal?> Stage(AppDb db, DataRequestDesk requests, DataRequest row, DataOwner.Found who, string reason, Call call, CancellationToken ct)
    {
        if (row.State != DataRequestState.Fulfilled || row.BeginsAt is null)
            return DataRequestRefusals.NothingToStop;
        row.BeginsAt = null;
        await requests.Forget(row, ct);
        DecideDataRequest.Decide(db, row, DataRequestState.Refused, reason, call);
        if (row.Kind == DataRequestKind.Delete)
            await Restrictions.End(db, row, ct);
        var t = Texts.In(who.Language);
        await requests.Tell(row, who, "mail.data-request.stopped", [row.Number, t[$"data-request.reason.{reason}"]], call, ct);
        return null;
    }
}

/// <summary>The customer stops what was granted in their name, past the code to the contact on file.</summary>
public sealed class StopOwn(AppDb db, DataOwner owner, DataRequestDesk requests) : UseCase<StopOwn.Request, Done>(db)
{
    /// <param name="Number">Of the request, "G-2026-000123".</param>
    public sealed record Request(Whose Whose, string Number);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await owner.Of(request.Whose, call, ct) is not { } who)
            return request.Whose.Closed;
        if (await Db.Set<DataRequest>().SingleOrDefaultAsync(r => r.Number == request.Number && r.CustomerId == who.Customer.Id, ct) is not { } row)
            return CommonRefusals.NotFound;
        return await StopGranted.Stage(Db, requests, row, who, StopGranted.Reason, call, ct) is { } no ? no : await Commit(Done.It, ct);
    }
}

/// <summary>Whoever has the link of the letter that tells of an erasure stops it.</summary>
public sealed class StopByLink(AppDb db, DataRequestDesk requests) : UseCase<StopByLink.Request, Done>(db)
{
    public sealed record Request(string Token);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        var hash = Secrets.Hash(request.Token);
        if (await Db.Set<DataRequest>().SingleOrDefaultAsync(r => r.LinkHash == hash, ct) is not { } row)
            return CommonRefusals.NotFound;
        var customer = await Db.Customers.AsNoTracking().SingleAsync(c => c.Id == row.CustomerId, ct);
        return await StopGranted.Stage(Db, requests, row, new(customer, null, row.Number), StopGranted.Reason, call, ct) is { } no ? no : await Commit(Done.It, ct);
    }
}
