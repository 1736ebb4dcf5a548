using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Intakes;

/// <summary>
/// Empties the drop folder: files named *.eml are moved into "taking", read, and committed; then the file is deleted, or moved into "refused"
/// with its reason beside it. Moving is the claim: one node takes a file. After a crash what lies in "taking" is looked at again, and taken once
/// only, since its name is the mail's id. Writers give a file its name when it is whole: write NAME.tmp, then rename.
/// </summary>
public sealed partial class MailDrop(IServiceScopeFactory scopes, HostOptions options, Clocks clocks, ILogger<MailDrop> log) : BackgroundService
{
    /// <summary>25 MB; a larger file is not read.</summary>
    public const long MaxBytes = 25 * 1024 * 1024;

    /// <summary>A file that pretends to be older counts as this old.</summary>
    public static readonly TimeSpan Oldest = TimeSpan.FromDays(30);
    private const int PerRound = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim _one = new(1, 1);

    public string Folder => options.MailFolder;

    public string Taking => Path.Combine(Folder, "taking");

    public string Refused => Path.Combine(Folder, "refused");

    /// <summary>Takes what is there now; returns how many files were settled.</summary>
    public async Task<int> Take(CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            foreach (var folder in new[] { Folder, Taking, Refused })
                Directory.CreateDirectory(folder);
            foreach (var file in Directory.EnumerateFiles(Folder, "*.eml").Take(PerRound).Order(StringComparer.Ordinal).ToList())
                Claim(file);
            var settled = 0;
            foreach (var file in Directory.EnumerateFiles(Taking, "*.eml").Take(2 * PerRound).Order(StringComparer.Ordinal).ToList())
                if (await Settle(file, ct))
                    settled++;
            return settled;
        }
        finally
        {
            _one.Release();
        }
    }

    private void Claim(string file)
    {
        try
        {
            File.Move(file, Path.Combine(Taking, $"{Guid.CreateVersion7(clocks.Now):N}.eml"));
        }
        catch (Exception e) when (e is FileNotFoundException or IOException or UnauthorizedAccessException)
        {
            // Another node was first, or it cannot be moved: the next round sees.
            Stumbled(log, e, "claim");
        }
    }

    private async Task<bool> Settle(string file, CancellationToken ct)
    {
        if (!Guid.TryParseExact(Path.GetFileNameWithoutExtension(file), "N", out var id))
            return false;
        try
        {
            var (request, whole) = await Read(id, file, ct);
            if (!whole)
                return false;
            await using var scope = scopes.CreateAsyncScope();
            var outcome = await scope.ServiceProvider.GetRequiredService<TakeMail>().Run(new Call(Actor.System, clocks.Now, clocks.BusinessNow), request, ct);
            if (outcome.Refusal is { } no)
            {
                // Not settled: it stays where it is.
                NotTaken(log, id, no.Code);
                return false;
            }
            if (outcome.Value.State == MailState.Refused)
            {
                File.Move(file, Path.Combine(Refused, $"{id:N}.eml"), overwrite: true);
                await File.WriteAllTextAsync(Path.Combine(Refused, $"{id:N}.txt"), $"{outcome.Value.Reason}\n", ct);
            }
            else
                File.Delete(file);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DbUpdateException or System.Data.Common.DbException)
        {
            Stumbled(log, e, "settle");
            return false;
        }
    }

    /// <summary>The file, or why it cannot be taken. A link is never followed, and what is empty or too large never opened.</summary>
    private async Task<(TakeMail.Request Request, bool Whole)> Read(Guid id, string file, CancellationToken ct)
    {
        var info = new FileInfo(file);
        if (info.LinkTarget is not null)
            return (new(id, null, 0, clocks.Now, "link"), true);
        var size = info.Length;
        var arrived = new DateTimeOffset(info.LastWriteTimeUtc);
        var (latest, oldest) = (clocks.Now, clocks.Now - Oldest);
        arrived = arrived > latest ? latest : arrived < oldest ? oldest : arrived;
        if (size == 0)
            return (new(id, null, 0, arrived, "empty"), true);
        if (size > MaxBytes)
            return (new(id, null, size, arrived, "too-large"), true);
        try
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[size];
            var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
            // Somebody still writes into it: the next round.
            return (new(id, bytes, size, arrived), length == size && stream.Length == size);
        }
        catch (UnauthorizedAccessException)
        {
            return (new(id, null, size, arrived, "unreadable"), true);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Take(stoppingToken);
                await Task.Delay(Pause, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Stumbled(log, e, "round");
                await Task.Delay(Pause * 6, stoppingToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The drop folder stumbled at {Step} and goes on")]
    private static partial void Stumbled(ILogger log, Exception e, string step);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Mail {Id} was not taken: {Code}")]
    private static partial void NotTaken(ILogger log, Guid id, string code);
}
