using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Exeunt.App.Tests.Harness;

/// <summary>
/// Looks for words that must be nowhere, in every form in which they could have been left: thirteen encodings, and whatever is
/// compressed inside a file. It knows nothing of how the product stores things. Used by the tests and by the bench of erasure.
/// </summary>
public sealed class CanarySearch
{
    /// <summary>The forms, by name.</summary>
    public static readonly string[] Encodings =
        ["utf-8", "utf-16le", "utf-16be", "gb18030", "latin-1", "base64", "url", "json", "html", "quoted-printable", "hex", "case-folded", "hash"];

    private const int Window = 8;
    private readonly Dictionary<ulong, List<(byte[] Pattern, int Canary, int Encoding)>> _patterns = [];
    private readonly uint[] _seen = new uint[1 << 21];

    static CanarySearch() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <param name="canaries">Words of at least eight bytes in UTF-8, each unlike the others.</param>
    public CanarySearch(IReadOnlyList<string> canaries)
    {
        for (var i = 0; i < canaries.Count; i++)
            foreach (var (encoding, pattern) in FormsOf(canaries[i]).Where(f => f.Pattern.Length >= Window).DistinctBy(f => Convert.ToHexString(f.Pattern)))
            {
                var key = BitConverter.ToUInt64(pattern);
                if (!_patterns.TryGetValue(key, out var list))
                    _patterns[key] = list = [];
                list.Add((pattern, i, encoding));
                _seen[Slot(key) >> 5] |= 1u << (int)(Slot(key) & 31);
            }
    }

    /// <summary>Chinese, Latin letters with signs that are escaped, or plain, in turn; unlike any other.</summary>
    public static string Canary(Random random, int i) => (i % 3) switch
    {
        0 => new string([.. Enumerable.Range(0, 7).Select(_ => (char)random.Next(0x4E00, 0x9FA0))]),
        1 => $"Zoë\"{random.NextInt64():x16}&Æ",
        _ => $"Kanari{random.NextInt64():x16}",
    };

    /// <summary>A place where a canary was found.</summary>
    public readonly record struct Hit(string Place, long At, string Encoding, int Canary);

    /// <summary>How many bytes were looked at, those inside compressed parts included.</summary>
    public long Looked { get; private set; }

    /// <summary>Every file below a folder; a file that is being written to is read as it is.</summary>
    public List<Hit> In(string folder)
    {
        var hits = new List<Hit>();
        foreach (var file in Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
        {
            byte[] bytes;
            try
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                bytes = new byte[stream.Length];
                stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            }
            catch (IOException)
            {
                // A lock that lets nobody read holds no data; a file that went away while we looked is gone.
                continue;
            }
            hits.AddRange(In(file, bytes));
        }
        return hits;
    }

    /// <summary>Some bytes, and what is compressed inside them (deflate, zlib, gzip), two levels deep.</summary>
    public List<Hit> In(string place, byte[] bytes)
    {
        var hits = new List<Hit>();
        Look(place, bytes, hits, depth: 0);
        return hits;
    }

    private void Look(string place, byte[] bytes, List<Hit> hits, int depth)
    {
        Looked += bytes.Length;
        for (var at = 0; at + Window <= bytes.Length; at++)
        {
            var key = BitConverter.ToUInt64(bytes, at);
            var slot = Slot(key);
            if ((_seen[slot >> 5] & (1u << (int)(slot & 31))) == 0 || !_patterns.TryGetValue(key, out var list))
                continue;
            foreach (var (pattern, canary, encoding) in list)
                if (bytes.AsSpan(at).StartsWith(pattern))
                    hits.Add(new Hit(place, at, Encodings[encoding], canary));
        }
        if (depth == 2)
            return;
        for (var at = 0; at + 6 < bytes.Length; at++)
        {
            Stream? Inflate(int skip, Func<Stream, Stream> open) => open(new MemoryStream(bytes, at + skip, bytes.Length - at - skip));
            var inside = bytes[at] switch
            {
                0x1F when bytes[at + 1] == 0x8B && bytes[at + 2] == 8 => Inflate(0, s => new GZipStream(s, CompressionMode.Decompress)),
                0x78 when bytes[at + 1] is 0x01 or 0x5E or 0x9C or 0xDA => Inflate(0, s => new ZLibStream(s, CompressionMode.Decompress)),
                (byte)'P' when bytes[at + 1] == 'K' && bytes[at + 2] == 3 && bytes[at + 3] == 4 && at + 30 < bytes.Length && bytes[at + 8] == 8 =>
                    Inflate(30 + BitConverter.ToUInt16(bytes, at + 26) + BitConverter.ToUInt16(bytes, at + 28), s => new DeflateStream(s, CompressionMode.Decompress)),
                _ => null,
            };
            if (inside is null)
                continue;
            using (inside)
            {
                var clear = new MemoryStream();
                var buffer = new byte[1 << 16];
                try
                {
                    for (int read; clear.Length < 64 << 20 && (read = inside.Read(buffer)) > 0;)
                        clear.Write(buffer, 0, read);
                }
                catch (Exception e) when (e is InvalidDataException or IOException)
                {
                    // Only looked like it; what came out until then is looked at.
                }
                if (clear.Length > 0)
                    Look($"{place} (inflated at {at})", clear.ToArray(), hits, depth + 1);
            }
        }
    }

    /// <summary>What a canary looks like in each encoding; several forms of one where it has several.</summary>
    public static IEnumerable<(int Encoding, byte[] Pattern)> FormsOf(string canary)
    {
        var utf8 = Encoding.UTF8.GetBytes(canary);
        yield return (0, utf8);
        yield return (1, Encoding.Unicode.GetBytes(canary));
        yield return (2, Encoding.BigEndianUnicode.GetBytes(canary));
        yield return (3, Encoding.GetEncoding("gb18030").GetBytes(canary));
        if (canary.All(c => c < 256))
            yield return (4, Encoding.Latin1.GetBytes(canary));
        for (var shift = 0; shift < 3; shift++)
        {
            // Wherever it starts within three bytes: without the characters that its neighbours share in.
            var whole = Convert.ToBase64String([.. new byte[shift], .. utf8]);
            var (from, until) = (shift == 0 ? 0 : shift + 1, (shift + utf8.Length) * 8 / 6);
            yield return (5, Encoding.ASCII.GetBytes(whole[from..until]));
            yield return (5, Encoding.ASCII.GetBytes(whole[from..until].Replace('+', '-').Replace('/', '_')));
        }
        yield return (6, Encoding.ASCII.GetBytes(Uri.EscapeDataString(canary)));
        yield return (6, Encoding.ASCII.GetBytes(Uri.EscapeDataString(canary).ToLowerInvariant()));
        yield return (7, Ascii(canary, c => $"\\u{(int)c:x4}"));
        yield return (7, Ascii(canary, c => $"\\u{(int)c:X4}"));
        yield return (8, Ascii(canary, c => $"&#{(int)c};"));
        yield return (8, Ascii(canary, c => $"&#x{(int)c:X};"));
        yield return (8, Ascii(canary, c => $"&#x{(int)c:x};"));
        yield return (9, Encoding.ASCII.GetBytes(string.Concat(utf8.Select(b => b is >= 33 and <= 126 and not 61 ? ((char)b).ToString() : $"={b:X2}"))));
        yield return (10, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(utf8)));
        yield return (10, Encoding.ASCII.GetBytes(Convert.ToHexString(utf8)));
        yield return (11, Encoding.UTF8.GetBytes(canary.ToLowerInvariant()));
        yield return (11, Encoding.UTF8.GetBytes(canary.ToUpperInvariant()));
#pragma warning disable CA5350, CA5351 // Weak hashes are looked for, not used.
        foreach (var hash in (byte[][])[MD5.HashData(utf8), SHA1.HashData(utf8), SHA256.HashData(utf8), SHA512.HashData(utf8)])
#pragma warning restore CA5350, CA5351
        {
            yield return (12, hash);
            yield return (12, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash)));
            yield return (12, Encoding.ASCII.GetBytes(Convert.ToHexString(hash)));
        }
    }

    private static byte[] Ascii(string text, Func<char, string> escape) => Encoding.ASCII.GetBytes(string.Concat(text.Select(c => c is > ' ' and < (char)127 ? c.ToString() : escape(c))));

    private static uint Slot(ulong key) => unchecked((uint)((key * 0x9E3779B97F4A7C15) >> 38));
}
