using System.Text;
using System.Text.Json;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;

namespace Exeunt.App.Features.Intakes;

/// <summary>Somebody who applies for the customer, with the document that lets them.</summary>
/// <param name="Authority">PDF, JPEG, PNG or WebP in Base64.</param>
public sealed record ApiRepresentative(string? Name, string? Relation, string? Authority);

/// <summary>What an integrator sends beside the application itself.</summary>
/// <param name="System">The source system, as it calls itself.</param>
/// <param name="Reference">Under which the source system knows the application.</param>
/// <param name="ActedBy">Who pressed the button there: the customer, a shop, an agent.</param>
public sealed record SentApplication(string? System, string? Reference, string? ActedBy, ApiRepresentative? Representative);

/// <summary>The proof of an application by API: the request as it was understood, and the document of authority.</summary>
public sealed class ApiProof(IntakeProofs proofs)
{
    private const int Max = 120;

    public async Task<Refusal?> Stage(ExitCase exit, Typed typed, SentApplication sent, Call call, CancellationToken ct)
    {
        foreach (var (field, value) in new[] { ("system", sent.System), ("reference", sent.Reference), ("actedBy", sent.ActedBy), ("representative", sent.Representative?.Name), ("representative", sent.Representative?.Relation) })
            if (value is { Length: > Max })
                return CommonRefusals.TooLong(field, Max);
        var files = new List<ProofFile>();
        if (sent.Representative is { } who)
        {
            if (CommonRefusals.UnfitLine("representative", who.Name, Max, out var unfit))
                return unfit;
            if (string.IsNullOrWhiteSpace(who.Authority))
                return IntakeRefusals.AuthorityFirst;
            if (who.Authority.Length > Settlements.Evidence.MaxBytes / 3 * 4 + 8)
                return IntakeProofs.Upload("authority", new byte[Settlements.Evidence.MaxBytes + 1], "authority").Refusal;
            var bytes = new byte[who.Authority.Length];
            if (!Convert.TryFromBase64String(who.Authority, bytes, out var length))
                return IntakeRefusals.Base64;
            var upload = IntakeProofs.Upload("authority", bytes[..length], "authority");
            if (upload.Refusal is { } no)
                return no;
            files.Add(upload.Value);
        }
        var request = new { typed.ContractNumber, typed.Name, typed.Contact, typed.EndsOn, typed.Reason, typed.Words, sent.System, sent.Reference, sent.ActedBy, representative = sent.Representative?.Name, relation = sent.Representative?.Relation, key = call.IdempotencyKey, receivedAt = exit.ReceivedAt };
        files.Insert(0, new ProofFile("request", "json", "application/json", Encoding.UTF8.GetBytes(JsonSerializer.Serialize(request, Json.Plain))));
        await proofs.Stage(exit, exit.ReceivedAt, call.Actor.Id,
        [
            new("system", sent.System ?? ""), new("reference", sent.Reference ?? ""), new("acted-by", sent.ActedBy ?? ""), new("representative", sent.Representative?.Name ?? ""), new("relation", sent.Representative?.Relation ?? ""),
        ], files, call, ct);
        return null;
    }
}
