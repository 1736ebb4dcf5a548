using System.Data.Common;
using System.Security.Cryptography;
using Exeunt.App.Data;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Platform;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: it can do its work (database, schema, key store, writing, disk, clock);
/// 503 and the names of what fails otherwise.
/// </summary>
public static class Health
{
    /// <summary>Below this share of free space, writing is at risk.</summary>
    private const double MinFreeDisk = 0.05;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => Results.Json(new { status = "ok" })).Needs(Permission.Public).WithTags("Health").WithSummary("Whether the process answers");
        routes.MapGet("/health/ready", async (Storage storage, AppDb db, SharedClock shared, TimeProvider time, HttpContext http, CancellationToken ct) =>
        {
            var failed = new List<string>();
            await Check("database", async () => await db.Units.AsNoTracking().AnyAsync(ct) || true);
            await Check("schema", () => Migrate.IsCurrent(storage, time, ct));
            await Check("keys", async () => (await storage.Keys.Find(0, DataClass.Profile, ct))?.Length is null or 32);
            await Check("writing", async () => storage.Writing.Works || await storage.TryToWrite(ct));
            await Check("disk", () => Task.FromResult(FreeDisk(storage.Options.Data) > MinFreeDisk));
            await Check("clock", async () => await shared.Apart(ct) is null);
            // What does not stop the work, but must not stay so.
            var degraded = failed.Count > 0 ? [] : (await Features.Keys.ShowKeys.FaultsNow(db, storage, http.RequestServices.GetRequiredService<Features.Backup.NightlyBackup>(), http.RequestServices.GetService<Features.AuditLog.BucketExport>(), http.RequestServices.GetService<Features.AuditLog.TreeHeadClock>(), time.GetUtcNow(), ct)).ToList();
            if (failed.Count == 0 && await Features.Settlements.HeldPayments.Find(db, ct) is not null)
                degraded.Add("payments-held");
            return Results.Json(new { status = failed.Count > 0 ? "failing" : degraded.Count > 0 ? "degraded" : "ok", failed, degraded },
                statusCode: failed.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);

            async Task Check(string name, Func<Task<bool>> check)
            {
                try
                {
                    if (!await check())
                        failed.Add(name);
                }
                catch (Exception e) when (e is DbException or InvalidOperationException or IOException or TimeoutException or CryptographicException or NewerDatabaseException or UnauthorizedAccessException)
                {
                    failed.Add(name);
                }
            }
        }).Needs(Permission.Public).WithTags("Health").WithSummary("Whether the database, the schema, the key store, the disk and the clock are in order");
    }

    private static double FreeDisk(string folder)
    {
        var drive = new DriveInfo(folder);
        return drive.TotalSize == 0 ? 0 : (double)drive.AvailableFreeSpace / drive.TotalSize;
    }
}
