using Exeunt.App.Commands;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.OwnData;

/// <summary><c>exeunt own-data verify</c>: checks a customer's data package offline: its signature, and every file in it.</summary>
public static class OwnDataCommand
{
    public const string Help = """
        exeunt own-data verify FILE.zip --trust KEY.pem [--trust KEY.pem ...]

        Checks the data package of a customer against a public key from elsewhere ("exeunt audit key"): the signature of its
        manifest, and size and SHA-256 of every file. Needs no database. Exit: 0 genuine and whole, 1 not.
        """;

    /// <summary>Bytes of a manifest or signature that are read at most.</summary>
    private const int MaxSmall = 16 << 20;

    public static async Task<int> Run(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        var typed = Arguments.Parse(args, "--trust FILE");
        if (typed.Words is not ["verify", var file] || typed.All("--trust") is not { Count: > 0 } trusted)
        {
            await error.WriteLineAsync(Help);
            return 1;
        }
        if (!await Cli.AreThere(error, [file, .. trusted]))
            return 1;
        if (await TrustFile.Read(trusted, error, ct) is not { } keys)
            return 1;
        string? why;
        try
        {
            await using var zip = await ZipFile.OpenReadAsync(file, ct);
            why = await WhyNot(zip, keys, ct);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            why = "it is not a package, or it is damaged";
        }
        await output.WriteLineAsync(options.Json ? JsonSerializer.Serialize(new { genuine = why is null, message = why }, Json.Plain) : why is null ? "genuine and whole" : $"not genuine: {why}");
        return why is null ? 0 : 1;
    }

    /// <summary>What is wrong with a package; null: nothing.</summary>
    private static async Task<string?> WhyNot(ZipArchive zip, ECDsa[] keys, CancellationToken ct)
    {
        if (zip.Entries.Select(e => e.FullName).Distinct(StringComparer.Ordinal).Count() != zip.Entries.Count)
            return "a name is there twice";
        if (await Small(zip, OwnDataZip.Manifest, ct) is not { } manifest || await Small(zip, OwnDataZip.Signature, ct) is not { } sealed_)
            return "it has no manifest or no signature";
        var signature = JsonSerializer.Deserialize<OwnDataSignature>(sealed_, Json.Plain)!;
        if (signature is not { Of: OwnDataZip.Manifest, Algorithm: OwnDataSignature.Es256 } || !Array.Exists(keys, k => k.VerifyData(manifest, Convert.FromBase64String(signature.Value), HashAlgorithmName.SHA256)))
            return "the signature is not of this manifest by this key";
        using var read = JsonDocument.Parse(manifest);
        var listed = read.RootElement.GetProperty("files").EnumerateArray().ToDictionary(f => f.GetProperty("name").GetString()!, f => (Size: f.GetProperty("size").GetInt64(), Sha256: f.GetProperty("sha256").GetString()), StringComparer.Ordinal);
        if (zip.Entries.Select(e => e.FullName).FirstOrDefault(n => n is not (OwnDataZip.Manifest or OwnDataZip.Signature) && !listed.ContainsKey(n)) is { } stranger)
            return $"{stranger} is not in the manifest";
        foreach (var (name, (size, sha256)) in listed)
        {
            if (zip.GetEntry(name) is not { } entry)
                return $"{name} is missing";
            await using var inside = await entry.OpenAsync(ct);
            if (entry.Length != size || Convert.ToHexStringLower(await SHA256.HashDataAsync(inside, ct)) != sha256)
                return $"{name} is not as it was given";
        }
        return null;
    }

    private static async Task<byte[]?> Small(ZipArchive zip, string name, CancellationToken ct)
    {
        if (zip.GetEntry(name) is not { Length: <= MaxSmall } entry)
            return null;
        using var all = new MemoryStream();
        await using var inside = await entry.OpenAsync(ct);
        await inside.CopyToAsync(all, ct);
        return all.ToArray();
    }
}
