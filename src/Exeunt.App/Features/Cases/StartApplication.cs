using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Cases;

/// <summary>First page of the portal's way: which contract, who, how to reach you. A code goes to the contact on file, if it fits.</summary>
public sealed class StartApplication(AppDb db, Drafts drafts, CustomerMatch match, Challenges challenges)
    : UseCase<StartApplication.Request, StartApplication.Started>(db)
{
    public sealed record Request(string? ContractNumber, string? Name, string? Contact);

    public sealed record Started(string Token);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<Started>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (Intake.Check(request.ContractNumber, request.Name, request.Contact) is { } no)
            return no;
        var typed = new Typed(request.ContractNumber!.Trim(), request.Name!.Trim(), request.Contact!.Trim());
        var (token, subject) = (Secrets.Token(), Intake.NewSubject());
        var hash = Secrets.Hash(token);
        Db.Drafts.Add(new Draft { TokenHash = hash, Subject = subject, Data = await drafts.Seal(subject, hash, typed, ct), CreatedAt = call.Now });
        Db.Enqueue(ForgetDraft.Of(hash, call));
        Db.Audit(call, "draft.started", "draft");
        if (await challenges.Stage(call, hash, null, await match.Find(typed, ct), typed.Contact, ct) is { } wait)
            return wait;
        return await Commit(new Started(token), ct);
    }
}
