using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Intakes;

/// <summary>Sends a code to the contact on file, which the caller reads back. For an invented contract everything looks the same.</summary>
public sealed class SendCallCode(AppDb db, PhoneDesk desk, CustomerMatch match, Challenges challenges) : UseCase<SendCallCode.Request, Done>(db)
{
    public sealed record Request(Guid Id);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        var opened = await desk.Open(request.Id, call, ct);
        if (opened.Refusal is { } no)
            return no;
        var (phone, notes) = opened.Value;
        if (Cases.Intake.Check(notes.ContractNumber, notes.Name, notes.Contact) is { } missing)
            return missing;
        if (await challenges.Stage(call with { Language = notes.Language }, desk.OwnerOf(phone, notes), null, await match.Find(PhoneDesk.TypedOf(notes), ct), notes.Contact.Trim(), ct) is { } wait)
            return wait;
        return await Commit(Done.It, ct);
    }
}

/// <summary>Checks the code that the caller read back: from here the page shows what belongs to the contract.</summary>
public sealed class CheckCallCode(AppDb db, PhoneDesk desk, Challenges challenges) : UseCase<CheckCallCode.Request, Done>(db)
{
    public sealed record Request(Guid Id, string? Code);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        var opened = await desk.Open(request.Id, call, ct);
        if (opened.Refusal is { } no)
            return no;
        var (phone, notes) = opened.Value;
        var wrong = await challenges.Check(call, desk.OwnerOf(phone, notes), request.Code ?? "", ct);
        if (wrong is null)
        {
            phone.ProvenAt = call.Now;
            phone.Version++;
            return await Commit(Done.It, ct);
        }
        // The failure counts.
        if (Db.ChangeTracker.HasChanges())
            await Db.SaveChangesAsync(ct);
        return wrong;
    }
}
