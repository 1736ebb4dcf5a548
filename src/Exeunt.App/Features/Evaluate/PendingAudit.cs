using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.Evaluate;

/// <summary>
/// Audit entries of commands that read beside a running server: a file each in <c>pending-audit/</c> of the data folder (ids and
/// counts only), which the server takes into its log. Without a server the entry goes straight in.
/// </summary>
public static class PendingAudit
{
    private sealed record Entry(DateTimeOffset At, string Actor, string Verb, string Target, JsonElement Data);

    public static async Task Write(Storage storage, AppDb db, Call call, string verb, string target, object data, CancellationToken ct)
    {
        if (!storage.IsReadOnly)
        {
            db.Audit(call, verb, target, data);
            await db.SaveChangesAsync(ct);
            return;
        }
        await Leave(storage.Options, call, verb, target, data, ct);
    }

    /// <summary>Leaves an entry for the server that serves this data folder next, or now.</summary>
    public static async Task Leave(HostOptions options, Call call, string verb, string target, object data, CancellationToken ct)
    {
        var folder = Directory.CreateDirectory(Folder(options)).FullName;
        var name = Path.Combine(folder, Guid.CreateVersion7().ToString("N"));
        var entry = new Entry(call.Now, call.Actor.Id, verb, target, JsonSerializer.SerializeToElement(data, Json.Plain));
        await File.WriteAllTextAsync(name + ".tmp", JsonSerializer.Serialize(entry, Json.Plain), ct);
        File.Move(name + ".tmp", name + ".json");
    }

    /// <summary>Takes what waits into the log, oldest first; a file is deleted after its entry is committed. Returns how many.</summary>
    public static async Task<int> Collect(Storage storage, CancellationToken ct)
    {
        if (!Directory.Exists(Folder(storage.Options)))
            return 0;
        var taken = 0;
        foreach (var file in Directory.EnumerateFiles(Folder(storage.Options), "*.json").Order(StringComparer.Ordinal).ToList())
        {
            await using var db = storage.NewAppDb();
            // Unreadable ones go in too, as such: an entry must not be lost by being damaged.
            Entry? entry = null;
            try
            {
                entry = JsonSerializer.Deserialize<Entry>(await File.ReadAllTextAsync(file, ct), Json.Plain);
            }
            catch (JsonException)
            {
                // Recorded below.
            }
            db.AuditLog.Add(entry is null
                ? AuditRow.Of(File.GetLastWriteTimeUtc(file), "system", "audit.unreadable", "pending-audit", new { file = Path.GetFileName(file) })
                : AuditRow.Of(entry.At, entry.Actor, entry.Verb, entry.Target, entry.Data));
            await db.SaveChangesAsync(ct);
            File.Delete(file);
            taken++;
        }
        return taken;
    }

    private static string Folder(HostOptions options) => Path.Combine(options.Data, "pending-audit");
}

/// <summary>Looks for pending entries every few seconds.</summary>
internal sealed class PendingAuditCollector(Storage storage, ILogger<PendingAuditCollector> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);
    private static readonly Action<ILogger, Exception?> Stumbled =
        LoggerMessage.Define(LogLevel.Error, new EventId(1, "PendingAudit"), "Pending audit entries could not be taken in; tried again soon");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await PendingAudit.Collect(storage, stoppingToken);
                await Task.Delay(Every, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Stumbled(log, e);
                await Task.Delay(Every, stoppingToken);
            }
        }
    }
}
