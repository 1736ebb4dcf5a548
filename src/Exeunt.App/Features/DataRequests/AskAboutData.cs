using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Features.OwnData;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.DataRequests;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.DataRequests;

/// <summary>A customer asks something about their data; the code that opened the case, or the door, is proof enough.</summary>
public sealed class AskAboutData(AppDb db, DataOwner owner, DataRequestDesk requests) : UseCase<AskAboutData.Request, AskAboutData.Asked>(db)
{
    public sealed record Request(Whose Whose, DataRequestDesk.Asked Asked);

    public sealed record Asked(string Number, DateOnly DueOn);

    public override Permission Needs => Permission.Public;

    protected override int Tries => 3;

    protected override async Task<Outcome<Asked>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await owner.Of(request.Whose, call, ct) is not { } who)
            return request.Whose.Closed;
        var staged = await requests.Stage(who, request.Asked, DataRequestProof.ContactOnFile, call.Today(who.Zone), call, ct);
        if (staged.Refusal is { } no)
            return no;
        if (staged.Value.Kind == DataRequestKind.Delete && !await EraseAsked.IsUnderWay(Db, who.Customer.Id, ct))
            await Lock(who.Customer.Id, call, ct);
        return await Commit(new Asked(staged.Value.Number, staged.Value.DueOn), ct);
    }

    /// <summary>Who asks to be erased, and proved who they are, is only stored from now on; a refusal or a stop ends it.</summary>
    private async Task Lock(long customerId, Call call, CancellationToken ct)
    {
        var customer = await Db.Customers.SingleAsync(c => c.Id == customerId, ct);
        customer.RestrictedAt ??= call.Now;
        customer.Version++;
    }
}

/// <summary>Takes down a request that came by letter, phone or visit, with how its identity was proven: of the customer of a case, or of any customer.</summary>
public sealed class RecordDataRequest(AppDb db, CaseDesk desk, DataRequestDesk requests) : UseCase<RecordDataRequest.Request, RecordDataRequest.Recorded>(db)
{
    /// <param name="CaseId">The case it is about, whose customer asks; null: the customer is named.</param>
    /// <param name="ReceivedOn">The clock runs from here; null: today.</param>
    public sealed record Request(Guid? CaseId, DataRequestDesk.Asked Asked, DataRequestProof? Proof, DateOnly? ReceivedOn, long? CustomerId = null);

    public sealed record Recorded(Guid Id, string Number, DateOnly DueOn);

    public override Permission Needs => Permission.RecordDataRequests;

    protected override int Tries => 3;

    protected override async Task<Outcome<Recorded>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Who(request, call, ct) is not { } who)
            return CommonRefusals.NotFound;
        if (request.Proof is not { } proof || !Enum.IsDefined(proof))
            return CommonRefusals.Required("proof");
        if (proof == DataRequestProof.ContactOnFile)
            return DataRequestRefusals.ProvenByCode;
        var today = call.Today(who.Zone);
        var on = request.ReceivedOn ?? today;
        if (on > today || on < today.AddDays(-30))
            return DataRequestRefusals.ReceivedOn;
        var staged = await requests.Stage(who, request.Asked, proof, on, call, ct);
        return staged.Refusal is { } no ? no : await Commit(new Recorded(staged.Value.Id, staged.Value.Number, staged.Value.DueOn), ct);
    }

    private async Task<DataOwner.Found?> Who(Request request, Call call, CancellationToken ct)
    {
        if (request.CaseId is { } caseId)
            return await desk.Find(caseId, call, Needs, ct) is { CustomerId: { } id } exit ? new(await Db.Customers.AsNoTracking().SingleAsync(c => c.Id == id, ct), exit, exit.Number) : null;
        return await Db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Id == request.CustomerId, ct) is { } customer
            && (await VisibleUnits.Of(Db, call.Actor, Needs, ct)).Holds(customer.UnitId) ? new(customer, null, $"{customer.Id}") : null;
    }
}

/// <summary>A customer's requests, newest first.</summary>
public sealed class ListOwnDataRequests(AppDb db, DataOwner owner) : UseCase<ListOwnDataRequests.Request, IReadOnlyList<ListOwnDataRequests.Line>>(db)
{
    public sealed record Request(Whose Whose);

    /// <param name="BeginsAt">Of an erasure or a change that was granted: until then it can be stopped; null: there is nothing to stop.</param>
    public sealed record Line(string Number, DataRequestKind Kind, DataRequestState State, DateTimeOffset ReceivedAt, DateOnly DueOn, bool Extended, string? Result, DateTimeOffset? BeginsAt);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<IReadOnlyList<Line>>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await owner.Of(request.Whose, call, ct) is not { Customer.Id: var customer })
            return request.Whose.Closed;
        return await Db.Set<DataRequest>().AsNoTracking().Where(r => r.CustomerId == customer).OrderByDescending(r => r.Serial).Take(50)
            .Select(r => new Line(r.Number, r.Kind, r.State, r.ReceivedAt, r.DueOn, r.ExtendedAt != null, r.Result, r.BeginsAt)).ToListAsync(ct);
    }
}
