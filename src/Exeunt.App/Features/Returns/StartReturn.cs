using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Orders;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Returns;

/// <summary>First page of the way to a return: which order, how to reach you. A code goes to the contact on file, if both fit; nothing else tells.</summary>
public sealed class StartReturn(AppDb db, ReturnDrafts drafts, OrderBook orders, Challenges challenges) : UseCase<StartReturn.Request, StartReturn.Started>(db)
{
    public sealed record Request(string? OrderNumber, string? Contact);

    public sealed record Started(string Token);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<Started>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (CommonRefusals.UnfitLine("orderNumber", request.OrderNumber, Intake.MaxNumber, out var unfit))
            return unfit;
        if (Intake.Check(request.OrderNumber, "-", request.Contact) is { } no)
            return no;
        var typed = new TypedReturn(request.OrderNumber.Trim(), request.Contact!.Trim());
        var (token, subject) = (Secrets.Token(), Intake.NewSubject());
        var hash = Secrets.Hash(token);
        Db.Drafts.Add(new Draft { TokenHash = hash, Subject = subject, Kind = DraftKind.Return, Data = await drafts.Seal(subject, hash, typed, ct), CreatedAt = call.Now });
        Db.Enqueue(ForgetDraft.Of(hash, call));
        Db.Audit(call, "return.draft-started", "draft");
        if (await challenges.Stage(call, hash, null, (await orders.Match(typed.OrderNumber, typed.Contact, ct))?.Who, typed.Contact, ct) is { } wait)
            return wait;
        return await Commit(new Started(token), ct);
    }
}

/// <summary>Sends another code for a return under way.</summary>
public sealed class ResendReturnCode(AppDb db, ReturnDrafts drafts, OrderBook orders, Challenges challenges) : UseCase<ResendReturnCode.Request, Done>(db)
{
    public sealed record Request(string Token);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await drafts.Find(request.Token, call.Now, ct) is not var (draft, typed))
            return ReturnRefusals.DraftGone;
        if (await challenges.Stage(call, draft.TokenHash, null, (await orders.Match(typed.OrderNumber, typed.Contact, ct))?.Who, typed.Contact, ct) is { } wait)
            return wait;
        return await Commit(Done.It, ct);
    }
}

/// <summary>Checks the code of a return under way: from here its pages show the order.</summary>
public sealed class ProveReturn(AppDb db, ReturnDrafts drafts, Challenges challenges) : UseCase<ProveReturn.Request, Done>(db)
{
    public sealed record Request(string Token, string? Code);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await drafts.Find(request.Token, call.Now, ct) is not var (draft, _))
            return ReturnRefusals.DraftGone;
        return await challenges.Prove(call, draft, request.Code, ct) is { } no ? no : Done.It;
    }
}
