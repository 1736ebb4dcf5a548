using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.OwnData;

/// <summary>
/// The way to one's own data without a case: contract number and contact, then a code to the contact on file; open for a day to whoever
/// holds the token and gave the code. What was typed is sealed like an application's draft, and stands in its table.
/// </summary>
public sealed class DataDoors(AppDb db, Vault vault, CustomerMatch match)
{
    public async Task<(Draft Draft, Typed Typed)?> Find(string token, DateTimeOffset now, CancellationToken ct)
    {
        var (hash, oldest) = (Secrets.Hash(token), now - Drafts.Lifetime);
        var draft = await db.Drafts.SingleOrDefaultAsync(d => d.TokenHash == hash && d.Kind == DraftKind.OwnData && d.CreatedAt > oldest, ct);
        return draft is not null && await vault.Open<Typed>(draft.Subject, DataClass.Case, Draft.Place, Convert.ToHexStringLower(hash), draft.Data, ct) is { } typed ? (draft, typed) : null;
    }

    /// <summary>Whose data lies behind an open door; null before the code, after a day, and once the contact is another.</summary>
    public async Task<(CustomerMatch.Found Found, string Number)?> Behind(string token, DateTimeOffset now, CancellationToken ct) =>
        await Find(token, now, ct) is ({ ProvenAt: not null }, var typed) && await match.Find(typed, ct) is { } found ? (found, typed.ContractNumber) : null;

    public Task<byte[]> Seal(long subject, byte[] tokenHash, Typed typed, CancellationToken ct) =>
        vault.Seal(subject, DataClass.Case, Draft.Place, Convert.ToHexStringLower(tokenHash), typed, ct);

    public static readonly Refusal Gone = new(RefusalKind.NotFound, "own-data.door-gone",
        "This page was open for a day and is closed now. Please start again.", "该页面已超过一天有效期，请重新开始。");
}

/// <summary>First page of the way: which contract, how we know you. A code goes to the contact on file, if both fit; nothing else tells.</summary>
public sealed class StartDataDoor(AppDb db, DataDoors doors, CustomerMatch match, Challenges challenges) : UseCase<StartDataDoor.Request, StartDataDoor.Started>(db)
{
    public sealed record Request(string? ContractNumber, string? Contact);

    public sealed record Started(string Token);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<Started>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (Intake.Check(request.ContractNumber, "-", request.Contact) is { } no)
            return no;
        var typed = new Typed(request.ContractNumber!.Trim(), "-", request.Contact!.Trim());
        var (token, subject) = (Secrets.Token(), Intake.NewSubject());
        var hash = Secrets.Hash(token);
        Db.Drafts.Add(new Draft { TokenHash = hash, Subject = subject, Kind = DraftKind.OwnData, Data = await doors.Seal(subject, hash, typed, ct), CreatedAt = call.Now });
        Db.Enqueue(ForgetDraft.Of(hash, call));
        Db.Audit(call, "own-data.door-started", "draft");
        if (await challenges.Stage(call, hash, null, await match.Find(typed, ct), typed.Contact, ct) is { } wait)
            return wait;
        return await Commit(new Started(token), ct);
    }
}

/// <summary>Sends another code.</summary>
public sealed class ResendDoorCode(AppDb db, DataDoors doors, CustomerMatch match, Challenges challenges) : UseCase<ResendDoorCode.Request, Done>(db)
{
    public sealed record Request(string Token);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await doors.Find(request.Token, call.Now, ct) is not var (draft, typed))
            return DataDoors.Gone;
        return await challenges.Stage(call, draft.TokenHash, null, await match.Find(typed, ct), typed.Contact, ct) is { } wait ? wait : await Commit(Done.It, ct);
    }
}

/// <summary>Checks the code: from here the door is open.</summary>
public sealed class ProveDoor(AppDb db, DataDoors doors, Challenges challenges) : UseCase<ProveDoor.Request, Done>(db)
{
    public sealed record Request(string Token, string? Code);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct) =>
        await doors.Find(request.Token, call.Now, ct) is not var (draft, _) ? DataDoors.Gone
        : await challenges.Prove(call, draft, request.Code, ct) is { } no ? no : Done.It;
}
