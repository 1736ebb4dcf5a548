namespace Exeunt.App.Platform;

/// <summary>Files that are read whole by whoever verifies them: up to a limit, so that one that is far too large is refused before it fills the memory.</summary>
internal static class SmallFile
{
    /// <summary>The bytes of a file; null: it has more than <paramref name="most"/>.</summary>
    public static async Task<byte[]?> Read(string file, int most, CancellationToken ct)
    {
        await using var stream = File.OpenRead(file);
        if (stream.CanSeek && stream.Length > most)
            return null;
        // What comes through a pipe tells its length only when it has ended.
        using var all = new MemoryStream(stream.CanSeek ? (int)stream.Length : 0);
        var buffer = new byte[1 << 16];
        for (int read; (read = await stream.ReadAsync(buffer, ct)) > 0;)
        {
            if (all.Length + read > most)
                return null;
            await all.WriteAsync(buffer.AsMemory(0, read), ct);
        }
        return all.ToArray();
    }

    /// <summary>The same as text: UTF-8, or what a mark at its beginning says.</summary>
    public static async Task<string?> ReadText(string file, int most, CancellationToken ct)
    {
        if (await Read(file, most, ct) is not { } bytes)
            return null;
        using var reader = new StreamReader(new MemoryStream(bytes));
        return await reader.ReadToEndAsync(ct);
    }

    /// <summary>What is said of a file that has more than a limit, in both languages: "larger than 64 MB, …".</summary>
    public static string TooLarge(int most) => $"larger than {most >> 20} MB, and none of this kind is (文件超过 {most >> 20} MB，此类文件不会这么大)";
}
