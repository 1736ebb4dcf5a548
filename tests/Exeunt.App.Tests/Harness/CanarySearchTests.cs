using System.IO.Compression;
using System.Text;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Harness;

/// <summary>The detector of what must be nowhere finds what is planted, and nothing else.</summary>
public sealed class CanarySearchTests
{
    [Fact]
    public void Finds_each_of_two_hundred_planted_in_thirteen_encodings_and_in_compressed_parts()
    {
        var random = new Random(20260316);
        var canaries = Enumerable.Range(0, 2_000).Select(i => CanarySearch.Canary(random, i)).ToList();
        var search = new CanarySearch(canaries);
        var missed = new List<string>();
        var tried = new HashSet<string>();
        for (var i = 0; i < 200; i++)
        {
            var which = random.Next(canaries.Count);
            var forms = CanarySearch.FormsOf(canaries[which]).Where(f => f.Pattern.Length >= 8).ToList();
            var (encoding, pattern) = forms[i % forms.Count];
            tried.Add(CanarySearch.Encodings[encoding]);
            var noise = new byte[5_000];
            random.NextBytes(noise);
            byte[] planted = [.. noise[..random.Next(4_000)], .. pattern, .. noise[..random.Next(500)]];
            var wrapped = (i % 4) switch
            {
                0 => planted,
                1 => [.. noise[..77], .. Packed(planted, s => new ZLibStream(s, CompressionLevel.Fastest)), .. noise[..99]],
                2 => Packed(Packed(planted, s => new GZipStream(s, CompressionLevel.Optimal)), s => new GZipStream(s, CompressionLevel.NoCompression)),
                _ => Zip(planted),
            };
            if (!search.In("planted", wrapped).Any(h => h.Canary == which))
                missed.Add($"{i}: {CanarySearch.Encodings[encoding]} of {canaries[which]}");
        }
        missed.ShouldBeEmpty();
        tried.Count.ShouldBe(CanarySearch.Encodings.Length);
    }

    [Fact]
    public void Finds_nothing_in_noise_and_in_other_words()
    {
        var random = new Random(7);
        var search = new CanarySearch([.. Enumerable.Range(0, 2_000).Select(i => CanarySearch.Canary(random, i))]);
        var noise = new byte[2_000_000];
        random.NextBytes(noise);
        search.In("noise", noise).ShouldBeEmpty();
        search.In("words", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5_000).Select(i => CanarySearch.Canary(random, i))))).ShouldBeEmpty();
    }

    private static byte[] Packed(byte[] clear, Func<Stream, Stream> pack)
    {
        var packed = new MemoryStream();
        using (var stream = pack(packed))
            stream.Write(clear);
        return packed.ToArray();
    }

    private static byte[] Zip(byte[] clear)
    {
        var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create))
        using (var entry = zip.CreateEntry("a.txt").Open())
            entry.Write(clear);
        return packed.ToArray();
    }
}
