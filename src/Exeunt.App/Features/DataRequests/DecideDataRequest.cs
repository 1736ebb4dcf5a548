using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Features.OwnData;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.DataRequests;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.DataRequests;

/// <summary>Takes the longer time that the law allows, once, with a reason that the customer is told.</summary>
public sealed class ExtendDataRequest(AppDb db, DataRequestDesk requests) : UseCase<ExtendDataRequest.Request, Done>(db)
{
    public static readonly string[] Reasons = ["complex", "many-requests"];

    public sealed record Request(Guid Id, string? Reason);

    public override Permission Needs => Permission.HandleDataRequests;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        var found = await DecideDataRequest.Open(requests, request.Id, call, ct);
        if (found.Refusal is { } no)
            return no;
        var (row, who) = found.Value;
        if (!Reasons.Contains(request.Reason))
            return CommonRefusals.Required("reason");
        if (row.ExtendableUntil is not { } until || row.ExtendedAt is not null)
            return DataRequestRefusals.NoExtension;
        if (call.Today(who.Zone) > row.DueOn)
            return DataRequestRefusals.TooLateToExtend(row.DueOn);
        (row.DueOn, row.ExtendedAt, row.ExtensionReason, row.RemindedAt) = (until, call.BusinessNow, request.Reason, null);
        row.Version++;
        Db.Audit(call, "data-request.extended", $"data-request:{row.Id:N}", new { row.DueOn, request.Reason });
        var t = Texts.In(who.Language);
        await requests.Tell(row, who, "mail.data-request.extended", [row.Number, t.Date(until), t[$"data-request.reason.{request.Reason}"]], call, ct);
        Db.Enqueue(Effect.At(Clocks.StartOf(until.AddDays(-DataRequestDesk.ReminderDays), Clocks.CompanyZone), DataRequestNear.Kind, $"{DataRequestNear.Kind}|{row.Id:N}|{until:yyyyMMdd}", new DataRequestNear.What(row.Id), row.CaseId));
        return await Commit(Done.It, ct);
    }
}

/// <summary>Refuses a request with a reason; the letter names it and where to complain.</summary>
public sealed class RefuseDataRequest(AppDb db, DataRequestDesk requests, Letterhead letterhead) : UseCase<RefuseDataRequest.Request, Done>(db)
{
    public static readonly string[] Reasons = ["identity-doubtful", "excessive", "legal-hold", "legal-duty", "contract-running", "rights-of-others", "legal-claims", "not-held"];

    public sealed record Request(Guid Id, string? Reason);

    public override Permission Needs => Permission.HandleDataRequests;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        var found = await DecideDataRequest.Open(requests, request.Id, call, ct);
        if (found.Refusal is { } no)
            return no;
        var (row, who) = found.Value;
        if (!Reasons.Contains(request.Reason))
            return CommonRefusals.Required("reason");
        DecideDataRequest.Decide(Db, row, DataRequestState.Refused, request.Reason!, call);
        await requests.Forget(row, ct);
        if (row.Kind == DataRequestKind.Delete)
            await Restrictions.End(Db, row, ct);
        var t = Texts.In(who.Language);
        await requests.Tell(row, who, "mail.data-request.refused", [row.Number, t[$"data-request.reason.{request.Reason}"], await letterhead.Appeals(ct)], call, ct);
        return await Commit(Done.It, ct);
    }
}

/// <summary>
/// Does what was asked: access and copy lie ready behind the case's link; a correction overwrites the old value; a deletion goes the way of every
/// erasure; a restriction leaves nothing but storage; an objection ends marketing and evaluation.
/// </summary>
public sealed class FulfilDataRequest(AppDb db, DataRequestDesk requests, LegalHolds holds, Claims.OpenClaims claims, Vault vault, Corrections corrections, HostOptions options) : UseCase<FulfilDataRequest.Request, Done>(db)
{
    public const int MaxName = 200;

    /// <summary>Until another mail address or phone counts: whoever holds the old one has time to stop it.</summary>
    public static readonly TimeSpan HoldTime = Identity.DetailsDesk.HoldTime;

    /// <param name="Name">For a correction: what is right; null leaves it. The same for the others. Mail and phone are those that whoever asked stated.</param>
    public sealed record Request(Guid Id, string? Name = null, string? ContactPerson = null, string? Address = null);

    public override Permission Needs => Permission.HandleDataRequests;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        var found = await DecideDataRequest.Open(requests, request.Id, call, ct);
        if (found.Refusal is { } no)
            return no;
        var (row, who) = found.Value;
        if (row.ReceivedBy == call.Actor.Id && (row.Kind == DataRequestKind.Delete || row.WantedId is not null))
            return DataRequestRefusals.TwoPeople;
        var customer = await Db.Customers.SingleAsync(c => c.Id == row.CustomerId, ct);
        if (await Do(row, who, customer, request, call, ct) is { } not)
            return not;
        // Behind a case's link or a door lies what was asked for; who can pass neither gets it from us.
        var sent = row.Kind is DataRequestKind.Access or DataRequestKind.Copy && who.Exit is null && !await requests.HasDoor(customer, ct);
        var result = sent ? "done-sent" : $"done-{row.Kind.ToString().ToLowerInvariant()}";
        // The answer goes out before what was asked takes the address away.
        var t = Texts.In(who.Language);
        if (row.Kind == DataRequestKind.Delete && customer.ErasedAt is not null)
        {
            // A case erased them: what becomes of the rest its page tells, and there it is stopped.
            result = "done-delete-held";
            await requests.Tell(row, who, "mail.data-request.erasing-rest", [row.Number, $"{options.Url}/follow"], call, ct);
        }
        else if (row.Kind == DataRequestKind.Delete)
        {
            // The last letter: what became of it lies behind a link of its own.
            var link = Secrets.Token();
            row.LinkHash = Secrets.Hash(link);
            result = "done-delete-held";
            await requests.Tell(row, who, "mail.data-request.erasing", [row.Number, $"{options.Url}/erasure/{link}"], call, ct);
        }
        else if (row is { Kind: DataRequestKind.Correct, BeginsAt: { } counts })
        {
            result = "done-correct-held";
            await requests.Tell(row, who, "mail.data-request.correcting", [row.Number, t.Date(Clocks.DateIn(counts, who.Zone)), $"{options.Url}/own-data"], call, ct);
        }
        else
            await requests.Tell(row, who, "mail.data-request.done", [row.Number, t[$"data-request.result.{result}"], $"{options.Url}/{(who.Exit is null ? "own-data" : "follow")}"], call, ct);
        DecideDataRequest.Decide(Db, row, DataRequestState.Fulfilled, result, call);
        return await Commit(Done.It, ct);
    }

    private async Task<Refusal?> Do(DataRequest row, DataOwner.Found who, Customer customer, Request request, Call call, CancellationToken ct)
    {
        switch (row.Kind)
        {
            case DataRequestKind.Correct:
                return await Correct(row, customer, request, call, ct);
            case DataRequestKind.Delete:
                return await Delete(row, customer, call, ct);
            case DataRequestKind.Restrict:
                customer.RestrictedAt ??= call.Now;
                break;
            case DataRequestKind.Object:
                customer.ObjectedAt ??= call.Now;
                break;
            default:
                return null;
        }
        customer.Version++;
        return null;
    }

    /// <summary>Overwrites what is wrong: of the old value nothing stays that could be read. Another mail address or phone counts later, since codes go there.</summary>
    private async Task<Refusal?> Correct(DataRequest row, Customer customer, Request request, Call call, CancellationToken ct)
    {
        var (name, person, address) = (DataRequestDesk.Asked.Typed(request.Name), DataRequestDesk.Asked.Typed(request.ContactPerson), DataRequestDesk.Asked.Typed(request.Address));
        if ((name ?? person ?? address) is null && row.WantedId is null)
            return DataRequestRefusals.NothingToCorrect;
        // What can be stopped is stopped whole.
        if ((name ?? person ?? address) is not null && row.WantedId is not null)
            return DataRequestRefusals.ContactAlone;
        foreach (var (field, text) in new[] { ("name", name), ("contactPerson", person), ("address", address) })
            if (text is not null && (field == "address" ? CommonRefusals.Unfit(field, text, MaxName, out var unfit) : CommonRefusals.UnfitLine(field, text, MaxName, out unfit)))
                return unfit;
        var changes = new List<Corrections.Change>();
        if ((name ?? person) is not null)
        {
            if (await vault.Open<CustomerIdentity>(customer.Id, DataClass.Case, CustomerTable.IdentityPlace, customer.Row, customer.Identity, ct) is not { } identity)
                return DataRequestRefusals.DataGone;
            customer.Identity = await vault.Seal(customer.Id, DataClass.Case, CustomerTable.IdentityPlace, customer.Row, identity with { Name = name ?? identity.Name, ContactPerson = person ?? identity.ContactPerson }, ct);
            if (name is not null)
                changes.Add(new(CorrectedField.Name, identity.Name, name));
            if (person is not null)
                changes.Add(new(CorrectedField.ContactPerson, identity.ContactPerson, person));
            // Of an organisation letters, certificates and pages take the name that stands in clear; one that an erasure took stays gone.
            if (name is not null && customer.Kind == CustomerKind.Organisation && (customer.ErasedAt is null || customer.OrganisationName is not null))
            {
                changes.Add(new(CorrectedField.Name, customer.OrganisationName, name));
                customer.OrganisationName = name;
            }
        }
        if (address is not null)
        {
            if (await vault.Open<CustomerContact>(customer.Id, DataClass.Contact, CustomerTable.ContactPlace, customer.Row, customer.Contact, ct) is not { } contact)
                return DataRequestRefusals.DataGone;
            customer.Contact = await vault.Seal(customer.Id, DataClass.Contact, CustomerTable.ContactPlace, customer.Row, contact with { Address = address }, ct);
            changes.Add(new(CorrectedField.Address, contact.Address, address));
        }
        if (row.WantedId is not null)
        {
            if (await requests.Wanted(row, ct) is null)
                return DataRequestRefusals.DataGone;
            row.BeginsAt = call.BusinessNow + HoldTime;
            Db.Enqueue(Effect.At(row.BeginsAt.Value, CorrectContact.Kind, $"{CorrectContact.Kind}|{row.Id:N}", new CorrectContact.What(row.Id)));
        }
        await corrections.Stage(customer.Id, changes, call, ct);
        customer.Version++;
        Db.Enqueue(Effect.Now(IndexAgain.Kind, $"{IndexAgain.Kind}|{request.Id:N}", call, new IndexAgain.What(customer.Id)));
        return null;
    }

    /// <summary>A customer who left loses at once what was kept for the aftercare; what the law keeps stays locked. While something is under way, its end comes first.</summary>
    private async Task<Refusal?> Delete(DataRequest row, Customer customer, Call call, CancellationToken ct)
    {
        if (await holds.Forbid(customer.Id, ct))
            return ErasureRefusals.Held;
        if (await EraseAsked.IsUnderWay(Db, customer.Id, ct) || await claims.AnyOf(customer.Id, ct)
            || await Db.Plans.AsNoTracking().AnyAsync(p => (p.State == PlanState.Running || p.State == PlanState.Accelerated) && Db.Cases.Any(c => c.Id == p.CaseId && c.CustomerId == customer.Id), ct))
            return DataRequestRefusals.EndFirst;
        // A minute later: the answer reaches the address first. Where staff say that the customer asked, a day: whoever reads that answer and did not ask
        // has time to say so, which stops it; so does a hold.
        row.BeginsAt = row.IsOwn ? call.BusinessNow.AddMinutes(1) : call.BusinessNow.AddDays(1);
        Db.Enqueue(Effect.At(row.BeginsAt.Value, EraseAsked.Kind, $"erase|{customer.Id}|asked|{row.Id:N}", new EraseAsked.What(customer.Id, row.Id), row.CaseId));
        return null;
    }
}

/// <summary>Effect "data-request.correct": from now on the other mail address or phone counts, unless it was stopped. It waits while the clock is in doubt.</summary>
public sealed class CorrectContact(AppDb db, DataRequestDesk requests, Vault vault, Corrections corrections) : IDestroys
{
    public const string Kind = "data-request.correct";

    public sealed record What(Guid RequestId);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var id = effect.Read<What>().RequestId;
        var row = await db.Set<DataRequest>().SingleAsync(r => r.Id == id, ct);
        if (row.BeginsAt is null)
            return EffectResult.Done;
        var right = await requests.Wanted(row, ct);
        await requests.Forget(row, ct);
        row.BeginsAt = null;
        row.Version++;
        row.Result = "done-correct-gone";
        var customer = await db.Customers.SingleAsync(c => c.Id == row.CustomerId, ct);
        var contact = await vault.Open<CustomerContact>(customer.Id, DataClass.Contact, CustomerTable.ContactPlace, customer.Row, customer.Contact, ct);
        db.Audit(call, Kind, $"data-request:{row.Id:N}", new { mail = right?.Mail is not null, phone = right?.Phone is not null, erased = contact is null || right is null });
        if (right is null || contact is null)
            return EffectResult.Done;
        row.Result = "done-correct";
        customer.Contact = await vault.Seal(customer.Id, DataClass.Contact, CustomerTable.ContactPlace, customer.Row, contact with { Mail = right.Mail ?? contact.Mail, Phone = right.Phone ?? contact.Phone }, ct);
        await corrections.StageContact(customer.Id, contact, right, call, ct);
        customer.Version++;
        db.Enqueue(Effect.Now(IndexAgain.Kind, $"{IndexAgain.Kind}|{row.Id:N}|contact", call, new IndexAgain.What(customer.Id)));
        return EffectResult.Done;
    }
}

/// <summary>Effect "customer.index": the search finds a customer under what is right now, and under the old no more.</summary>
public sealed class IndexAgain(AppDb db, Vault vault, SearchStore search) : IEffect
{
    public const string Kind = "customer.index";

    public sealed record What(long CustomerId);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == effect.Read<What>().CustomerId, ct);
        await search.Remove(customer.Id, ct);
        if (customer.ErasedAt is not null)
            return EffectResult.Done;
        await search.Index(await RebuildSearch.Tokens(db, vault, search, [customer], ct), areNew: true, ct);
        return EffectResult.Done;
    }
}

/// <summary>The package for a request of access or a copy, made by staff: the same ZIP that the customer's own page gives.</summary>
public sealed class PackForRequest(AppDb db, DataRequestDesk requests, GatherOwnData gather) : UseCase<PackForRequest.Request, GatherOwnData.Gathered>(db)
{
    public sealed record Request(Guid Id);

    public override Permission Needs => Permission.HandleDataRequests;

    protected override async Task<Outcome<GatherOwnData.Gathered>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await requests.Find(request.Id, Needs, call, ct) is not var (row, _))
            return CommonRefusals.NotFound;
        if (row.Kind is not (DataRequestKind.Access or DataRequestKind.Copy))
            return DataRequestRefusals.NoPackage;
        if (row.State == DataRequestState.Refused)
            return DataRequestRefusals.Decided;
        Db.Audit(call, "data-request.package-made", $"data-request:{row.Id:N}", new { row.CaseId });
        await Db.SaveChangesAsync(ct);
        // Gathered as the customer would gather it: nothing that is not theirs to see.
        return row.CaseId is { } caseId
            ? await gather.Run(call with { Actor = Actor.Customer(caseId), IdempotencyKey = null }, new(new Whose(caseId), "request", call.Actor), ct)
            : await gather.Run(call with { Actor = Actor.System, IdempotencyKey = null }, new(new Whose(CustomerId: row.CustomerId, Reference: row.Number), "request", call.Actor), ct);
    }
}

/// <summary>What deciding a request has in common.</summary>
internal static class DecideDataRequest
{
    /// <summary>An open request that the caller may answer.</summary>
    public static async Task<Outcome<(DataRequest Row, DataOwner.Found Who)>> Open(DataRequestDesk requests, Guid id, Call call, CancellationToken ct) =>
        await requests.Find(id, Permission.HandleDataRequests, call, ct) is not { } found ? CommonRefusals.NotFound : found.Row.State == DataRequestState.Open ? found : DataRequestRefusals.Decided;

    public static void Decide(AppDb db, DataRequest row, DataRequestState state, string result, Call call)
    {
        (row.State, row.Result, row.DecidedBy, row.DecidedAt) = (state, result, call.Actor.Id, call.BusinessNow);
        row.Version++;
        db.Audit(call, state == DataRequestState.Refused ? "data-request.refused" : "data-request.fulfilled", $"data-request:{row.Id:N}", new { row.Kind, result });
    }
}
