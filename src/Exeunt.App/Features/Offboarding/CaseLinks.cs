using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offboarding;

/// <summary>The customer's link to a case that the company opened. Only its hash is kept, so every letter brings a new one and ends the one before.</summary>
public sealed class CaseLinks(AppDb db, HostOptions options)
{
    public async Task<string> Fresh(ExitCase exit, CancellationToken ct)
    {
        var token = Secrets.Token();
        var index = db.CaseIndex.Local.FirstOrDefault(i => i.CaseId == exit.Id) ?? await db.CaseIndex.SingleAsync(i => i.CaseId == exit.Id, ct);
        index.TokenHash = Secrets.Hash(token);
        return $"{options.Url}/progress/{token}";
    }
}
