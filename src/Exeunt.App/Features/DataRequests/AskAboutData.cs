using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.DataRequests;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.DataRequests;

/// <summary>The customer of a case asks something about their data; the code that opened the case is proof enough.</summary>
public sealed class AskAboutData(AppDb db, CaseDesk desk, DataRequestDesk requests) : UseCase<AskAboutData.Request, AskAboutData.Asked>(db)
{
    public sealed record Request(Guid CaseId, DataRequestKind? Kind, string? Words);

    public sealed record Asked(string Number, DateOnly DueOn);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override int Tries => 3;

    protected override async Task<Outcome<Asked>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (call.Actor.IsOfAnotherCase(request.CaseId) || await desk.Look(request.CaseId, call, ct) is not { CustomerId: not null } exit)
            return CommonRefusals.NotFound;
        var staged = await requests.Stage(exit, request.Kind, request.Words, DataRequestProof.ContactOnFile, call.Today(exit.Zone ?? Clocks.CompanyZone), call, ct);
        return staged.Refusal is { } no ? no : await Commit(new Asked(staged.Value.Number, staged.Value.DueOn), ct);
    }
}

/// <summary>Takes down a request that came by letter, phone or visit, with how its identity was proven.</summary>
public sealed class RecordDataRequest(AppDb db, CaseDesk desk, DataRequestDesk requests) : UseCase<RecordDataRequest.Request, RecordDataRequest.Recorded>(db)
{
    /// <param name="ReceivedOn">The clock runs from here; null: today.</param>
    public sealed record Request(Guid CaseId, DataRequestKind? Kind, string? Words, DataRequestProof? Proof, DateOnly? ReceivedOn);

    public sealed record Recorded(Guid Id, string Number, DateOnly DueOn);

    public override Permission Needs => Permission.HandleDataRequests;

    protected override int Tries => 3;

    protected override async Task<Outcome<Recorded>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { CustomerId: not null } exit)
            return CommonRefusals.NotFound;
        if (request.Proof is not { } proof || !Enum.IsDefined(proof))
            return CommonRefusals.Required("proof");
        var today = call.Today(exit.Zone ?? Clocks.CompanyZone);
        var on = request.ReceivedOn ?? today;
        if (on > today || on < today.AddDays(-30))
            return DataRequestRefusals.ReceivedOn;
        var staged = await requests.Stage(exit, request.Kind, request.Words, proof, on, call, ct);
        return staged.Refusal is { } no ? no : await Commit(new Recorded(staged.Value.Id, staged.Value.Number, staged.Value.DueOn), ct);
    }
}

/// <summary>The requests of the customer of a case, newest first.</summary>
public sealed class ListOwnDataRequests(AppDb db, CaseDesk desk) : UseCase<ListOwnDataRequests.Request, IReadOnlyList<ListOwnDataRequests.Line>>(db)
{
    public sealed record Request(Guid CaseId);

    public sealed record Line(string Number, DataRequestKind Kind, DataRequestState State, DateTimeOffset ReceivedAt, DateOnly DueOn, bool Extended, string? Result);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override async Task<Outcome<IReadOnlyList<Line>>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (call.Actor.IsOfAnotherCase(request.CaseId) || await desk.Look(request.CaseId, call, ct) is not { CustomerId: { } customer })
            return CommonRefusals.NotFound;
        return await Db.Set<DataRequest>().AsNoTracking().Where(r => r.CustomerId == customer).OrderByDescending(r => r.Serial).Take(50)
            .Select(r => new Line(r.Number, r.Kind, r.State, r.ReceivedAt, r.DueOn, r.ExtendedAt != null, r.Result)).ToListAsync(ct);
    }
}
