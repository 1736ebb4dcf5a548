using Exeunt.Core;

namespace Exeunt.App.Platform;

/// <summary>
/// One call through the door: who acts, the client's idempotency key and the version it saw (both optional), the real time
/// and the business time it happens at, and the caller's language ("zh" or "en").
/// </summary>
/// <param name="Now">Real time: audit, codes, sessions, leases.</param>
/// <param name="BusinessNow">Business time: receipt, notice, deadlines. The demo and tests can move it forward.</param>
public sealed record Call(
    Actor Actor,
    DateTimeOffset Now,
    DateTimeOffset BusinessNow,
    string Language = "en",
    string? IdempotencyKey = null,
    int? ExpectedVersion = null
)
{
    /// <summary>The civil date of the business time in a zone ("Asia/Shanghai"); "today" is the contract's, never the server's.</summary>
    public DateOnly Today(string zone) => Clocks.DateIn(BusinessNow, zone);
}
