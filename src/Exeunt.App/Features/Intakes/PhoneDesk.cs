using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Intakes;

/// <summary>What the agent notes down during a call, sealed.</summary>
/// <param name="Number">The number shown; empty when none was.</param>
/// <param name="Language">The caller's: "zh" or "en".</param>
/// <param name="Who">"customer", "representative", "asks".</param>
/// <param name="Contact">The contact on file as the caller says it: the code goes there, if it fits.</param>
/// <param name="Representative">Who speaks for the customer.</param>
/// <param name="Authority">The document that lets them, in words.</param>
/// <param name="OffersWanted">Whether the caller wants to hear an offer; null: not asked.</param>
/// <param name="Said">What was said, in the caller's words.</param>
public sealed record CallNotes(
    string Number, string Language, string Who = "customer", string ContractNumber = "", string Name = "", string Contact = "", string Representative = "", string Authority = "",
    DateOnly? EndsOn = null, string Reason = "", bool? OffersWanted = null, string Said = "");

/// <summary>Opens and seals calls.</summary>
public sealed class PhoneDesk(AppDb db, Vault vault, NumberTokens numbers)
{
    public const int MaxSaid = 2000;
    public static readonly string[] Whos = ["customer", "representative", "asks"];

    /// <summary>A call of this agent that goes on; the refusal of one that is somebody else's or over.</summary>
    public async Task<Outcome<(PhoneCall Call, CallNotes Notes)>> Open(Guid id, Call call, CancellationToken ct)
    {
        if (await db.Set<PhoneCall>().SingleOrDefaultAsync(c => c.Id == id, ct) is not { } phone || await Notes(phone, ct) is not { } notes)
            return CommonRefusals.NotFound;
        if (phone.By != call.Actor.Id)
            return IntakeRefusals.NotYours;
        return phone.State is CallState.Open or CallState.CallBack ? (phone, notes) : IntakeRefusals.Over;
    }

    public Task<CallNotes?> Notes(PhoneCall phone, CancellationToken ct) => vault.Open<CallNotes>(phone.Subject, DataClass.Case, PhoneCall.Place, phone.Id.ToString("N"), phone.Data, ct);

    public Task<byte[]> Seal(long subject, Guid id, CallNotes notes, CancellationToken ct) => vault.Seal(subject, DataClass.Case, PhoneCall.Place, id.ToString("N"), notes, ct);

    /// <summary>Whose codes they are: this call's, for these words. Another contract or contact needs a code of its own.</summary>
    public byte[] OwnerOf(PhoneCall phone, CallNotes notes) => numbers.OfCall(phone.Id, notes.ContractNumber.Trim(), notes.Contact.Trim());

    public static Typed TypedOf(CallNotes notes) => new(notes.ContractNumber.Trim(), notes.Name.Trim(), notes.Contact.Trim());
}
