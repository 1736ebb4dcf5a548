using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Claims;

/// <summary>What open claims hold: erasure and closing of the case that ends their policy, and erasure after it. Never the end, never money.</summary>
public sealed class OpenClaims(AppDb db, CaseDesk desk)
{
    /// <summary>Holds a case that begins while a claim on its policy is open.</summary>
    public async Task Hold(ExitCase exit, long contractId, CancellationToken ct)
    {
        if (await db.Set<Claim>().AnyAsync(c => c.ContractId == contractId && c.ClosedOn == null, ct))
            exit.Hold(ExitCase.OpenClaim);
    }

    /// <summary>Whether any policy of a customer has an open claim.</summary>
    public Task<bool> AnyOf(long customerId, CancellationToken ct) =>
        db.Set<Claim>().AsNoTracking().AnyAsync(c => c.ClosedOn == null && db.Contracts.Any(k => k.Id == c.ContractId && k.CustomerId == customerId), ct);

    /// <summary>Brings the case that ends the policy in step after a claim was recorded or closed.</summary>
    /// <param name="open">Whether a claim is open now.</param>
    public async Task Follow(long contractId, bool open, Call call, CancellationToken ct)
    {
        foreach (var id in await db.Cases.AsNoTracking().Where(c => c.ContractId == contractId && c.State != CaseState.Closed).Select(c => c.Id).ToListAsync(ct))
            if (await desk.Find(id, call, ct) is { } exit && exit.Holds.Contains(ExitCase.OpenClaim) != open && (open ? exit.Hold(ExitCase.OpenClaim) : exit.Resume(ExitCase.OpenClaim)) is null)
                desk.Stage(exit, call);
    }
}
