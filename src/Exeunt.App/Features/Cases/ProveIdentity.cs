using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>
/// Checks the code for a case. The first time it proves identity and the case goes on; every time it opens the progress page.
/// </summary>
public sealed class ProveIdentity(
    AppDb db, CaseAccess access, CaseTexts texts, CustomerMatch match, Challenges challenges, CaseDesk desk, ProvenIdentity identity)
    : UseCase<ProveIdentity.Request, ProveIdentity.Opened>(db)
{
    public sealed record Request(string Token, string? Code);

    /// <param name="Session">Sent back as cookie or Case-Session header; works for twelve hours.</param>
    public sealed record Opened(Guid CaseId, string Session);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<Opened>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await access.CaseOf(request.Token, ct) is not { } id)
            return CommonRefusals.NotFound;
        if (await challenges.Check(call, Secrets.Hash(request.Token), request.Code ?? "", ct) is { } no)
        {
            if (Db.ChangeTracker.HasChanges())
                await Db.SaveChangesAsync(ct);
            return no;
        }
        var customer = call with { Actor = Actor.Customer(id) };
        var exit = (await desk.Find(id, customer, ct))!;
        if (!exit.HasCustomer && !exit.IsClosed)
        {
            // The code went to the contact on file of this very match, so there is one.
            var found = await match.Find((await texts.Typed(id, ct))!, ct);
            if (found is null)
                return ChallengeRefusals.WrongOrExpired;
            if (await identity.Stage(exit, found, "code-mail", customer, ct) is { } refused)
                return refused;
            desk.Stage(exit, customer);
        }
        // The company opened the case; with the code its customer has proven possession of the contact on file.
        else if (exit is { HasCustomer: true, IsClosed: false, IdentityLevel: < 1 })
        {
            if (exit.RaiseIdentity(1, "code-mail") is { } refused)
                return refused;
            desk.Stage(exit, customer);
        }
        return await Commit(new Opened(id, access.Session(id, call.Now)), ct);
    }
}

/// <summary>The sealed texts of a case.</summary>
public sealed class CaseTexts(AppDb db, Vault vault, Erasure.Locks locks)
{
    /// <summary>What the applicant typed; null once erased.</summary>
    public async Task<Typed?> Typed(Guid caseId, CancellationToken ct)
    {
        var text = await db.Texts.AsNoTracking().SingleOrDefaultAsync(t => t.CaseId == caseId && t.Kind == SubmitApplication.IntakeKind, ct);
        return text is null ? null : await vault.Open<Typed>(text.Subject, text.Class, PersonalText.Place, text.Id.ToString("N"), text.Data, ct);
    }

    /// <summary>Stages a text of the case's customer; returns its id for the event. It dies with the profile; where that is gone, with what goes next.</summary>
    public Task<Guid> Stage(ExitCase exit, string kind, string words, CancellationToken ct) => Stage(exit, DataClass.Profile, kind, words, ct);

    /// <summary>A text of the time after the end (survey, appeal): it dies with the contact; where that is gone, with the name.</summary>
    public Task<Guid> StageUntilClosed(ExitCase exit, string kind, string words, CancellationToken ct) => Stage(exit, DataClass.Contact, kind, words, ct);

    /// <summary>Whose key, and which, seals what comes into a case and goes with the contact; before there is a customer, that of what was typed.</summary>
    public Task<(long Subject, DataClass Class)> UntilClosed(ExitCase exit, CancellationToken ct) => KeyOf(exit, DataClass.Contact, ct);

    // Of whom everything is erased nothing more is kept: sealing refuses it.
    private async Task<(long Subject, DataClass Class)> KeyOf(ExitCase exit, DataClass first, CancellationToken ct) =>
        exit.CustomerId is { } id
            ? (id, await Customers.CustomerWords.ClassOf(await db.Customers.AsNoTracking().SingleAsync(c => c.Id == id, ct), first, vault, ct) ?? DataClass.Case)
            : (exit.IntakeSubject, DataClass.Case);

    private async Task<Guid> Stage(ExitCase exit, DataClass first, string kind, string words, CancellationToken ct)
    {
        var id = Guid.CreateVersion7();
        var (subject, dataClass) = await KeyOf(exit, first, ct);
        db.Texts.Add(new PersonalText
        {
            Id = id, Subject = subject, Class = dataClass, CaseId = exit.Id, Kind = kind,
            Data = await vault.Seal(subject, dataClass, PersonalText.Place, id.ToString("N"), words, ct),
        });
        return id;
    }

    /// <summary>All texts of a case but the intake, by id; erased ones are left out. For the customer, letters and files; a page of staff takes <see cref="Shown"/>.</summary>
    public async Task<Dictionary<Guid, string>> All(Guid caseId, CancellationToken ct) => await Open(await Of(caseId, ct), null, ct);

    /// <summary>The texts as whoever calls may read them: for staff, what is locked with the name says that it is locked.</summary>
    public async Task<Dictionary<Guid, string>> Shown(ExitCase exit, Call call, CancellationToken ct)
    {
        var texts = await Of(exit.Id, ct);
        // Most cases have none that lies with the name.
        var isLocked = call.Actor.Kind == ActorKind.Staff && texts.Exists(t => t.Class == DataClass.Case) && await locks.Of(exit.CustomerId, ct) is not null;
        return await Open(texts, isLocked ? Texts.In(call.Language)["desk.locked-words"] : null, ct);
    }

    private Task<List<PersonalText>> Of(Guid caseId, CancellationToken ct) =>
        db.Texts.AsNoTracking().Where(t => t.CaseId == caseId && t.Kind != SubmitApplication.IntakeKind).ToListAsync(ct);

    private async Task<Dictionary<Guid, string>> Open(List<PersonalText> texts, string? insteadOfLocked, CancellationToken ct)
    {
        var all = new Dictionary<Guid, string>();
        foreach (var text in texts)
            if (await vault.Open<string>(text.Subject, text.Class, PersonalText.Place, text.Id.ToString("N"), text.Data, ct) is { } words)
                all[text.Id] = insteadOfLocked is not null && text.Class == DataClass.Case ? insteadOfLocked : words;
        return all;
    }
}
