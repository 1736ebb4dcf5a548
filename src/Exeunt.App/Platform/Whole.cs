namespace Exeunt.App.Platform;

/// <summary>Files that are there whole or not at all, whatever happens meanwhile.</summary>
public static class Whole
{
    /// <summary>What lies half this long was left by a crash.</summary>
    private static readonly TimeSpan Left = TimeSpan.FromMinutes(1);

    /// <summary>Writes beside the file, down to the disk, and then gives it its name. Two who write the same file do not disturb each other.</summary>
    public static async Task Write(string file, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        var part = $"{file}.{Environment.ProcessId}.part";
        foreach (var half in Directory.EnumerateFiles(Path.GetDirectoryName(file)!, Path.GetFileName(file) + ".*.part"))
            if (TimeProvider.System.GetUtcNow() - File.GetLastWriteTimeUtc(half) > Left)
                File.Delete(half);
        try
        {
            await using (var stream = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                await stream.WriteAsync(bytes, ct);
                stream.Flush(flushToDisk: true);
            }
            Failpoint.Reach(Point.FileHalf);
            File.Move(part, file, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }
}
