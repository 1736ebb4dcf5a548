using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Identity;

/// <summary>
/// What every change of contact or account has in common: identity level two, a hold of 72 hours on payout, release of numbers and
/// erasure (never on the notice or the end), and word to the contact on file.
/// </summary>
public sealed class DetailsDesk(AppDb db, CaseDesk desk, Vault vault, CaseLetters letters)
{
    public static readonly TimeSpan HoldTime = TimeSpan.FromHours(72);

    public async Task<Refusal?> Stage<T>(Guid caseId, DetailKind kind, T details, Call call, CancellationToken ct)
    {
        if (await desk.Find(caseId, call, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.IsClosed)
            return CaseRefusals.Closed;
        if (exit.IdentityLevel < 2)
            return IdentityRefusals.LevelTwo;
        if (await db.Set<PendingDetails>().AnyAsync(d => d.CaseId == caseId && d.Kind == kind && d.State == DetailState.Waiting, ct))
            return IdentityRefusals.AlreadyWaiting;
        var until = call.BusinessNow + HoldTime;
        if (exit.ChangeDetails(kind == DetailKind.Payout ? "payout" : "contact", until) is { } no)
            return no;
        var id = Guid.CreateVersion7(call.Now);
        var dataClass = PendingDetails.ClassOf(kind);
        db.Set<PendingDetails>().Add(new PendingDetails
        {
            Id = id, CaseId = caseId, CustomerId = exit.CustomerId!.Value, Kind = kind, By = call.Actor.Id, At = call.Now, HeldUntil = until,
            Data = await vault.Seal(exit.CustomerId.Value, dataClass, PendingDetails.Place, id.ToString("N"), details, ct),
        });
        db.Enqueue(Effect.At(until, "details.apply", $"details|{id:N}", new ApplyDetails.Which(id), caseId));
        // To the contact as it is on file now: whoever is not asking for this learns of it.
        await letters.Mail(exit, call, kind == DetailKind.Payout ? "mail.payout-changed" : "mail.contact-changed", [exit.Number, Texts.In(exit.Language).Date(Clocks.DateIn(until, exit.Zone!))], [], ct);
        desk.Stage(exit, call);
        return null;
    }
}

/// <summary>The customer names another account for a refund.</summary>
public sealed class ChangePayout(AppDb db, DetailsDesk details) : UseCase<ChangePayout.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, string? Holder, string? Account, string? Bank);

    public const int Max = 120;

    public override Permission Needs => Permission.CustomerOfCase;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (call.Actor.IsOfAnotherCase(request.CaseId))
            return CommonRefusals.NotFound;
        foreach (var (field, value) in new[] { ("holder", request.Holder), ("account", request.Account) })
        {
            if (string.IsNullOrWhiteSpace(value))
                return CommonRefusals.Required(field);
            if (value.Length > Max)
                return CommonRefusals.TooLong(field, Max);
        }
        if (request.Bank is { Length: > Max })
            return CommonRefusals.TooLong("bank", Max);
        return await details.Stage(request.CaseId, DetailKind.Payout, new PayoutAccount(request.Holder!.Trim(), request.Account!.Trim(), request.Bank?.Trim()), call, ct) is { } no
            ? no : await Commit(Done.It, ct);
    }
}

/// <summary>The customer gives another mail address or phone number.</summary>
public sealed class ChangeContact(AppDb db, DetailsDesk details) : UseCase<ChangeContact.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, string? Mail, string? Phone);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (call.Actor.IsOfAnotherCase(request.CaseId))
            return CommonRefusals.NotFound;
        var (mail, phone) = (request.Mail?.Trim() is { Length: > 0 } m ? m : null, request.Phone?.Trim() is { Length: > 0 } p ? p : null);
        if (mail is null && phone is null || mail is { } a && (a.Length > Intake.MaxContact || !System.Net.Mail.MailAddress.TryCreate(a, out _))
            || phone is { } n && (n.Length > Intake.MaxContact || n.Count(char.IsAsciiDigit) < 6))
            return IdentityRefusals.NoContact;
        return await details.Stage(request.CaseId, DetailKind.Contact, new CustomerContact(mail, phone, null), call, ct) is { } no ? no : await Commit(Done.It, ct);
    }
}

/// <summary>Stops a change that waits: whoever opens the case with a code to the old contact, or staff who were told.</summary>
public sealed class StopChange(AppDb db, CaseDesk desk) : UseCase<StopChange.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, DetailKind Kind);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.FindOwn(request.CaseId, call, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (await Db.Set<PendingDetails>().SingleOrDefaultAsync(d => d.CaseId == exit.Id && d.Kind == request.Kind && d.State == DetailState.Waiting, ct) is not { } waiting)
            return IdentityRefusals.NothingWaits;
        (waiting.State, waiting.Data) = (DetailState.Cancelled, null);
        waiting.Version++;
        Db.Audit(call, "details.stopped", $"case:{exit.Id:N}", new { waiting.Kind });
        exit.Resume(request.Kind == DetailKind.Payout ? "payout-changed" : "contact-changed");
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
