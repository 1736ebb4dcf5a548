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
        ForgetLeft(file);
        try
        {
            await Fill(part, bytes, ct);
            File.Move(part, file, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    /// <summary>The same, unless there is a file of this name: of several who write it at once one does. Returns whether it was this one.</summary>
    public static async Task<bool> WriteNew(string file, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        var part = $"{file}.{Guid.NewGuid():N}.part";
        ForgetLeft(file);
        try
        {
            await Fill(part, bytes, ct);
            File.Move(part, file, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(part);
            return false;
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    private static void ForgetLeft(string file)
    {
        foreach (var half in Directory.EnumerateFiles(Path.GetDirectoryName(file)!, Path.GetFileName(file) + ".*.part"))
            if (TimeProvider.System.GetUtcNow() - File.GetLastWriteTimeUtc(half) > Left)
                File.Delete(half);
    }

    /// <summary>Writes a file down to the disk, under a name that nobody looks for yet.</summary>
    internal static async Task Fill(string part, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        await using (var stream = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await stream.WriteAsync(bytes, ct);
            stream.Flush(flushToDisk: true);
        }
        Failpoint.Reach(Point.FileHalf);
    }
}
