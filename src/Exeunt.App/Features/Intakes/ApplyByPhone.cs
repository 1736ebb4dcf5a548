using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Features.Terms;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Intakes;

/// <summary>
/// Takes the application of a caller. The agent took it, and so asks for whatever is approved in it later. With a code read back the identity is
/// proven; without, the application is received all the same. The receipt is read aloud, and mailed where the contact is a mail address.
/// </summary>
public sealed class ApplyByPhone(
    AppDb db, PhoneDesk phones, Receiving receiving, CustomerMatch match, ProvenIdentity identity, Settling settling, ShownTexts shown, CaseDesk desk, IntakeProofs proofs)
    : UseCase<ApplyByPhone.Request, ApplyByPhone.Made>(db)
{
    /// <param name="Wish">The caller said that the contract shall end.</param>
    /// <param name="Confirmed">SHA-256 of what ending does, read aloud and confirmed; needed once a code was given.</param>
    /// <param name="Minutes">How long the call was; null: since it began.</param>
    public sealed record Request(Guid Id, bool Wish, string? Confirmed = null, int? Minutes = null);

    public sealed record Made(Guid CaseId, string Number, DateTimeOffset ReceivedAt);

    public override Permission Needs => Permission.HandleCases;

    protected override int Tries => Receiving.Tries;

    protected override async Task<Outcome<Made>> Handle(Call call, Request request, CancellationToken ct)
    {
        var opened = await phones.Open(request.Id, call, ct);
        if (opened.Refusal is { } no)
            return no;
        var (phone, notes) = opened.Value;
        if (!request.Wish)
            return IntakeRefusals.ConsentNeeded;
        if (notes.Who == "representative")
        {
            if (string.IsNullOrWhiteSpace(notes.Representative))
                return CommonRefusals.Required("representative");
            if (string.IsNullOrWhiteSpace(notes.Authority))
                return IntakeRefusals.AuthorityFirst;
        }
        if (request.Minutes is < 0 or > 1440)
            return IntakeRefusals.Minutes;
        var callers = call with { Language = notes.Language };
        var typed = await receiving.Read(callers, notes.ContractNumber, notes.Name, notes.Contact, notes.EndsOn, notes.Reason, notes.Said, ct);
        if (typed.Refusal is { } unfit)
            return unfit;
        var begun = await receiving.Begin(callers, typed.Value, Channel.Phone, phone.Subject, ct);
        var exit = begun.Exit;
        if (phone.ProvenAt is not null && await match.Find(typed.Value, ct) is { } customer)
        {
            if (ShownTexts.Confirmed(await settling.PolicyOf(customer.Contract, ct), request.Confirmed) is not { } told)
                return request.Confirmed is null ? IntakeRefusals.ConfirmAloud : TermsRefusals.TextChanged;
            if (await identity.Stage(exit, customer, "code-phone", callers, ct) is { } refused)
                return refused;
            var confirmation = await shown.Confirm(told, customer.Contract.Id, exit.JoinedInto ?? exit.Id, callers, ct);
            if (exit.IdentityIsProven)
                exit.ConfirmConsequences(confirmation.Id, told.Sha256);
        }
        var minutes = request.Minutes ?? (int)Math.Min(1440, Math.Ceiling((call.Now - phone.StartedAt).TotalMinutes));
        Receiving.Talked(exit, typed.Value, "phone", minutes, phone.StartedAt, callers);
        desk.Stage(exit, callers);
        var facts = Facts(notes, minutes, phone);
        await proofs.Stage(exit, phone.StartedAt, call.Actor.Id, facts, [ProofFile.Of("call", Minutes(exit, phone, notes, facts, callers))], callers, ct);
        await receiving.StageReceiptMail(begun, typed.Value, callers, ct);
        (phone.State, phone.CaseId, phone.EndedAt) = (CallState.Applied, exit.Id, call.Now);
        phone.Version++;
        Db.Audit(call, "call.applied", $"call:{phone.Id:N}", new { caseId = exit.Id });
        return await Commit(new Made(exit.Id, exit.Number, exit.ReceivedAt), ct);
    }

    private static List<IntakeFact> Facts(CallNotes notes, int minutes, PhoneCall phone) =>
    [
        new("number", notes.Number), new("minutes", minutes.ToString(CultureInfo.InvariantCulture)), new("language", notes.Language), new("who", notes.Who), new("representative", notes.Representative),
        new("authority", notes.Authority), new("code", phone.ProvenAt is null ? "no" : "yes"), new("offers", notes.OffersWanted switch { true => "yes", false => "no", null => "" }), new("said", notes.Said),
    ];

    /// <summary>The notes of the call as one text, as they were when the application was taken.</summary>
    private static string Minutes(ExitCase exit, PhoneCall phone, CallNotes notes, List<IntakeFact> facts, Call call)
    {
        var t = Texts.In(call.Language);
        return string.Join('\n',
        [
            t["intake.call.minutes", exit.Number], $"{t["intake.fact.started"]}: {phone.StartedAt:yyyy-MM-dd HH:mm:ss} UTC", $"{t["intake.fact.received"]}: {Receiving.Time(exit, t)}", $"{t["intake.fact.taken-by"]}: {phone.By}",
            $"{t["intake.field.contract"]}: {notes.ContractNumber}", $"{t["intake.field.name"]}: {notes.Name}", $"{t["intake.field.contact"]}: {notes.Contact}",
            .. facts.Where(f => f.Value.Length > 0).Select(f => $"{t["intake.fact." + f.Key]}: {FactWords.Of(f, t)}"), "",
        ]);
    }
}

/// <summary>What a fact says, in words where its value is a code.</summary>
public static class FactWords
{
    public static string Of(IntakeFact fact, Texts t) => fact.Key switch
    {
        "who" or "code" or "offers" or "language" => t[$"intake.fact.{fact.Key}.{fact.Value}"],
        _ => fact.Value,
    };
}
