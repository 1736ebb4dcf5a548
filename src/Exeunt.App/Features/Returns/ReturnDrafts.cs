using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core.Returns;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Returns;

/// <summary>What a customer typed and chose on the way to a return. Sealed.</summary>
public sealed record TypedReturn(string OrderNumber, string Contact, ReturnWish? Wish = null, IReadOnlyList<Chosen>? Lines = null, string? Exchange = null);

/// <summary>The sealed drafts of returns; they share their table, and their forgetting, with applications.</summary>
public sealed class ReturnDrafts(AppDb db, Vault vault)
{
    public async Task<(Draft Draft, TypedReturn Typed)?> Find(string token, DateTimeOffset now, CancellationToken ct)
    {
        var (hash, oldest) = (Secrets.Hash(token), now - Drafts.Lifetime);
        var draft = await db.Drafts.SingleOrDefaultAsync(d => d.TokenHash == hash && d.Kind == DraftKind.Return && d.CreatedAt > oldest, ct);
        return draft is not null && await vault.Open<TypedReturn>(draft.Subject, DataClass.Case, Draft.Place, Convert.ToHexStringLower(hash), draft.Data, ct) is { } typed ? (draft, typed) : null;
    }

    public Task<byte[]> Seal(long subject, byte[] tokenHash, TypedReturn typed, CancellationToken ct) =>
        vault.Seal(subject, DataClass.Case, Draft.Place, Convert.ToHexStringLower(tokenHash), typed, ct);
}
