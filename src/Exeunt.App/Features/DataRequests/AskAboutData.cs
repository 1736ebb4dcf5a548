using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
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
    public sealed record Request(Whose Whose, DataRequestKind? Kind, string? Words);

    public sealed record Asked(string Number, DateOnly DueOn);

    public override Permission Needs => Permission.Public;

    protected override int Tries => 3;

    protected override async Task<Outcome<Asked>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await owner.Of(request.Whose, call, ct) is not { } who)
            return request.Whose.Closed;
        var staged = await requests.Stage(who, request.Kind, request.Words, DataRequestProof.ContactOnFile, call.Today(who.Zone), call, ct);
        return staged.Refusal is { } no ? no : await Commit(new Asked(staged.Value.Number, staged.Value.DueOn), ct);
    }
}

/// <summary>Takes down a request that came by letter, phone or visit, with how its identity was proven: of the customer of a case, or of any customer.</summary>
public sealed class RecordDataRequest(AppDb db, CaseDesk desk, DataRequestDesk requests) : UseCase<RecordDataRequest.Request, RecordDataRequest.Recorded>(db)
{
    /// <param name="CaseId">The case it is about, whose customer asks; null: the customer is named.</param>
    /// <param name="ReceivedOn">The clock runs from here; null: today.</param>
    public sealed record Request(Guid? CaseId, DataRequestKind? Kind, string? Words, DataRequestProof? Proof, DateOnly? ReceivedOn, long? CustomerId = null);

    public sealed record Recorded(Guid Id, string Number, DateOnly DueOn);

    public override Permission Needs => Permission.HandleDataRequests;

    protected override int Tries => 3;

    protected override async Task<Outcome<Recorded>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Who(request, call, ct) is not { } who)
            return CommonRefusals.NotFound;
        if (request.Proof is not { } proof || !Enum.IsDefined(proof))
            return CommonRefusals.Required("proof");
        var today = call.Today(who.Zone);
        var on = request.ReceivedOn ?? today;
        if (on > today || on < today.AddDays(-30))
            return DataRequestRefusals.ReceivedOn;
        var staged = await requests.Stage(who, request.Kind, request.Words, proof, on, call, ct);
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

    public sealed record Line(string Number, DataRequestKind Kind, DataRequestState State, DateTimeOffset ReceivedAt, DateOnly DueOn, bool Extended, string? Result);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<IReadOnlyList<Line>>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await owner.Of(request.Whose, call, ct) is not { Customer.Id: var customer })
            return request.Whose.Closed;
        return await Db.Set<DataRequest>().AsNoTracking().Where(r => r.CustomerId == customer).OrderByDescending(r => r.Serial).Take(50)
            .Select(r => new Line(r.Number, r.Kind, r.State, r.ReceivedAt, r.DueOn, r.ExtendedAt != null, r.Result)).ToListAsync(ct);
    }
}
