using Exeunt.App.Data;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.DataRequests;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.DataRequests;

/// <summary>Requests about personal data in the caller's units: open ones by due date first, then the answered, newest first; 50 a page.</summary>
public sealed class ListDataRequests(AppDb db) : UseCase<ListDataRequests.Request, ListDataRequests.Page>(db)
{
    public const int PageSize = 50;

    /// <param name="State">Null: the open ones.</param>
    /// <param name="After">Serial of the last row of the page before; 0: the first page.</param>
    public sealed record Request(DataRequestState? State = null, long After = 0);

    public sealed record Row(Guid Id, string Number, DataRequestKind Kind, DataRequestState State, DataRequestLaw Law, DateTimeOffset ReceivedAt, DateOnly DueOn, bool Extended, bool Overdue, bool Pressing);

    public sealed record Page(IReadOnlyList<Row> Rows, long? Next, int Open, int Overdue);

    public override Permission Needs => Permission.ViewProof;

    protected override async Task<Outcome<Page>> Handle(Call call, Request request, CancellationToken ct)
    {
        var units = (await VisibleUnits.Of(Db, call.Actor, Needs, ct)).Ids(null);
        var mine = Db.Set<DataRequest>().AsNoTracking().Where(r => Db.Customers.Any(c => c.Id == r.CustomerId && units.Contains(c.UnitId)));
        var today = call.Today(Clocks.CompanyZone);
        var wanted = mine.Where(r => r.State == (request.State ?? DataRequestState.Open));
        var isOpen = (request.State ?? DataRequestState.Open) == DataRequestState.Open;
        var after = request.After == 0 ? null : await wanted.Where(r => r.Serial == request.After).Select(r => (DateOnly?)r.DueOn).SingleOrDefaultAsync(ct);
        wanted = isOpen ? (after is { } due ? wanted.Where(r => r.DueOn > due || (r.DueOn == due && r.Serial > request.After)) : wanted).OrderBy(r => r.DueOn).ThenBy(r => r.Serial)
            : (request.After == 0 ? wanted : wanted.Where(r => r.Serial < request.After)).OrderByDescending(r => r.Serial);
        var rows = await wanted.Take(PageSize + 1).ToListAsync(ct);
        return new Page(
            [.. rows.Take(PageSize).Select(r => new Row(
                r.Id, r.Number, r.Kind, r.State, r.Law, r.ReceivedAt, r.DueOn, r.ExtendedAt is not null, r.State == DataRequestState.Open && r.DueOn < today, r.State == DataRequestState.Open && r.RemindedAt is not null))],
            rows.Count > PageSize ? rows[PageSize - 1].Serial : null, await mine.CountAsync(r => r.State == DataRequestState.Open, ct), await mine.CountAsync(r => r.State == DataRequestState.Open && r.DueOn < today, ct));
    }
}

/// <summary>One request with the customer's words; the look is recorded.</summary>
public sealed class ShowDataRequest(AppDb db, DataRequestDesk requests, StaffDirectory staff, CopiesOutside copies) : UseCase<ShowDataRequest.Request, ShowDataRequest.View>(db)
{
    public sealed record Request(Guid Id);

    /// <param name="Certificates">Of the erasure that it brought about; null: it brought none about.</param>
    /// <param name="Erased">How far that is.</param>
    /// <param name="Copies">What became of the copies in other systems.</param>
    /// <param name="BeginsAt">Of what was granted: until then it can be stopped; null: there is nothing to stop.</param>
    /// <param name="NeedsAnother">The caller took it down, and another person grants an erasure, or another mail or phone.</param>
    /// <param name="Wanted">The mail address or phone that is asked for; null: none, or it is decided.</param>
    public sealed record View(
        Guid Id, string Number, DataRequestKind Kind, DataRequestState State, DataRequestLaw Law, DataRequestProof Proof, long CustomerId, Guid? CaseId, string? CaseNumber, DateTimeOffset ReceivedAt, string ReceivedBy, DateOnly DueOn,
        DateOnly? ReceiptBy, DateOnly? ExtendableUntil, DateTimeOffset? ExtendedAt, string? ExtensionReason, string? Words, string? Result, string? DecidedBy, DateTimeOffset? DecidedAt, bool MayDecide, DateOnly Today,
        DateTimeOffset? LiftsAt, string? LiftReason, DateTimeOffset? LiftedAt, bool MayLift, bool CanReach, bool HasPackage, IReadOnlyList<Certified>? Certificates, ErasureProof? Erased,
        IReadOnlyList<CopiesOutside.Copy> Copies, DateTimeOffset? BeginsAt, bool MayStop, bool NeedsAnother, CustomerContact? Wanted);

    public override Permission Needs => Permission.ViewProof;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await requests.Find(request.Id, Needs, call, ct) is not var (row, who))
            return CommonRefusals.NotFound;
        var names = await staff.Names([row.ReceivedBy, row.DecidedBy ?? ""], ct);
        var t = Texts.In(call.Language);
        var mine = (await VisibleUnits.Of(Db, call.Actor, Permission.HandleDataRequests, ct)).Holds(who.Customer.UnitId);
        var view = new View(
            row.Id, row.Number, row.Kind, row.State, row.Law, row.Proof, row.CustomerId, row.CaseId, who.Exit?.Number, row.ReceivedAt, names.GetValueOrDefault(row.ReceivedBy) ?? t["data-request.by-customer"], row.DueOn, row.ReceiptBy,
            row.ExtendableUntil, row.ExtendedAt, row.ExtensionReason, await requests.Words(row, ct), row.Result, row.DecidedBy is { } by ? names.GetValueOrDefault(by) ?? "—" : null, row.DecidedAt,
            row.State == DataRequestState.Open && mine, call.Today(Clocks.CompanyZone), row.LiftsAt, row.LiftReason, row.LiftedAt,
            row.State == DataRequestState.Fulfilled && row.LiftsAt is null && LiftRestriction.ReasonsFor(row.Kind).Count > 0 && mine, await requests.CanReach(who.Customer, ct),
            mine && row.State != DataRequestState.Refused && row.Kind is DataRequestKind.Access or DataRequestKind.Copy,
            row.LinkHash is not null
                ? (await Db.Certificates.AsNoTracking().Where(c => c.DataRequestId == row.Id).OrderBy(c => c.IssuedOn).ThenBy(c => c.Serial).Take(200).ToListAsync(ct)).ConvertAll(Certified.Of) : null,
            row.LinkHash is not null ? await FollowErasure.Of(Db, row, ct) : null, row.LinkHash is not null ? await copies.Of(row.CustomerId, ct) : [],
            row.BeginsAt, row.BeginsAt is not null && (row.IsOwn ? mine : (await VisibleUnits.Of(Db, call.Actor, Permission.RecordDataRequests, ct)).Holds(who.Customer.UnitId)),
            row.ReceivedBy == call.Actor.Id && (row.Kind == DataRequestKind.Delete || row.WantedId is not null), await requests.Wanted(row, ct));
        Db.Audit(call, "data-request.viewed", $"data-request:{row.Id:N}");
        // A read keeps no answer under an idempotency key: it holds personal data.
        await Db.SaveChangesAsync(ct);
        return view;
    }
}
