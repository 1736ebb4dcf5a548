using System.Data.Common;
using System.Diagnostics;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Company;

/// <summary>
/// The company's identity as it is stored. It is remembered for some seconds, so that other nodes follow a change soon; that there is none is
/// never remembered.
/// </summary>
public sealed class CompanyBook(Storage storage)
{
    internal const string Key = "company";
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(5);
    private Known? _known;

    /// <param name="Certificate">The certificate in the company's name around the installation's key, DER; null: the one made with the key.</param>
    internal sealed record Entry(CompanyIdentity Identity, byte[]? Certificate = null);

    private sealed record Known(Entry Entry, long At);

    /// <summary>Null while nobody has filled it in.</summary>
    public async ValueTask<CompanyIdentity?> Current(CancellationToken ct) => (await Look(ct))?.Identity;

    /// <summary>The short name for the head of a page; the product's while there is none, or it cannot be read.</summary>
    public async ValueTask<string> NameFor(Texts t)
    {
        try
        {
            return (await Current(CancellationToken.None))?.Name.In(t.Language) ?? t["app.company"];
        }
        catch (Exception e) when (e is DbException or InvalidOperationException or IOException)
        {
            return t["app.company"];
        }
    }

    internal async ValueTask<Entry?> Look(CancellationToken ct)
    {
        if (_known is { } known && Stopwatch.GetElapsedTime(known.At) < Remembered)
            return known.Entry;
        await using var db = storage.NewAppDb();
        var text = await db.Settings.AsNoTracking().Where(s => s.Key == Key).Select(s => s.Value).SingleOrDefaultAsync(ct);
        if (text is null)
            return null;
        var entry = JsonSerializer.Deserialize<Entry>(text, Json.Plain)!;
        _known = new Known(entry, Stopwatch.GetTimestamp());
        return entry;
    }

    /// <summary>The next look is at the store.</summary>
    internal void Forget() => _known = null;

    /// <summary>Stages it; the caller saves and then has it forgotten.</summary>
    internal static async Task Stage(AppDb db, Entry entry, Call call, CancellationToken ct)
    {
        var text = JsonSerializer.Serialize(entry, Json.Plain);
        await db.Put(Key, text, ct);
        // Without the names: a company may bear a person's, and the contact may be one.
        db.Audit(call, "company.saved", "setting:" + Key, new { certified = entry.Certificate is not null });
    }

    /// <summary>Puts an identity into an installation that has none.</summary>
    internal static async Task Seed(AppDb db, CompanyIdentity identity, Call call, CancellationToken ct)
    {
        if (await db.Settings.AsNoTracking().AnyAsync(s => s.Key == Key, ct))
            return;
        await Stage(db, new Entry(identity), call, ct);
        await db.SaveChangesAsync(ct);
    }
}
