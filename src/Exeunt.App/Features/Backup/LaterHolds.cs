using Exeunt.Core.Proof;

namespace Exeunt.App.Features.Backup;

/// <summary>
/// What the exported log tells of a customer's legal holds after a backup. Which hold an entry is about it does not tell: what was lifted may have been
/// one of the backup's.
/// </summary>
/// <param name="Placed">When holds were placed since nothing was held for the last time, in milliseconds since 1970 UTC.</param>
/// <param name="Standing">How many stand at least when the log ends, whatever the backup has.</param>
/// <param name="Lifted">How many were lifted, those of the backup among them.</param>
internal sealed record LaterHolds(List<long> Placed, int Standing, int Lifted)
{
    public const string WasPlaced = "legal-hold.placed";
    public const string WasLifted = "legal-hold.lifted";

    public static readonly LaterHolds None = new([], 0, 0);

    /// <summary>With the next entry about the customer: a hold was placed or lifted, or something was erased.</summary>
    public LaterHolds After(AuditEntry entry) => entry.Verb switch
    {
        WasPlaced => this with { Placed = [.. Placed, entry.AtMs], Standing = Standing + 1 },
        WasLifted => this with { Standing = Math.Max(0, Standing - 1), Lifted = Lifted + 1 },
        // Nothing is erased while a hold stands: at that moment there was none.
        _ => this with { Placed = [], Standing = 0 },
    };

    /// <summary>How many to place again. One too many is lifted by people; one too few is noticed when something is gone.</summary>
    /// <param name="unknown">How many of <see cref="Placed"/> the backup does not have.</param>
    /// <param name="standing">How many stand in the backup, of which what was lifted may have been one.</param>
    public int Again(int unknown, int standing) => Math.Min(unknown, Standing + Math.Min(standing, Lifted));
}
