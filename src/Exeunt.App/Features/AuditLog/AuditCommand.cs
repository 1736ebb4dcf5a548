using System.Security.Cryptography;
using Exeunt.App.Commands;
using Exeunt.App.Data;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Documents;
using Exeunt.App.Platform;
using Exeunt.Core.Proof;

namespace Exeunt.App.Features.AuditLog;

/// <summary><c>exeunt audit</c>: verifies exports of the log offline, and prints the installation's public key.</summary>
public static class AuditCommand
{
    public const string Help = """
        exeunt audit verify EXPORT --trust KEY.pem [--head FILE ...]
          EXPORT   a file, or a folder whose *.log files follow each other by name (WORLD/audit)
          --trust  the public key, from outside the export
          --head   an earlier signed head (a line of an older export) or an earlier certificate (PDF); may be repeated
        exeunt audit receipt FILE --trust KEY.pem
          FILE     a receipt with its proof, as /api/progress/…/receipt gives it
        exeunt audit key         print the installation's public key (PEM) for people to keep elsewhere
        verify needs no database. Exit: 0 valid, 1 not.
        """;

    public static async Task<int> Run(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        if (args is ["key"])
        {
            await using var storage = await Storage.OpenReadOnly(options, ct);
            var letterhead = new Letterhead(storage.Keys, new Clocks(TimeProvider.System));
            await output.WriteAsync((await letterhead.Key(ct)).PublicPem.TrimEnd() + "\n");
            return 0;
        }
        var typed = Arguments.Parse(args, "--trust FILE", "--head FILE");
        if (typed.Words is ["receipt", var file] && typed["--trust"] is { } key && typed.All("--head").Count == 0)
            return await Receipt(file, key, output, error, ct);
        if (typed.Words is not ["verify", var export] || typed.All("--trust") is not [var trust])
        {
            await error.WriteLineAsync(Help);
            return 1;
        }
        var heads = typed.All("--head");
        if (!await Cli.AreThere(error, heads.Prepend(trust)))
            return 1;
        // Read once: it may come through a pipe.
        if (await KeyIn(trust, error, ct) is not { } pem)
            return 1;
        var older = new List<SignedTreeHead>();
        foreach (var earlier in heads)
        {
            if (await HeadOf(earlier, pem, ct) is not { } head)
            {
                await error.WriteLineAsync($"{earlier}: neither a signed head nor a genuine certificate with one.");
                return 1;
            }
            older.Add(head);
        }
        await using var stream = Open(export);
        if (stream is null)
        {
            await error.WriteLineAsync($"{export}: no export here.");
            return 1;
        }
        var verdict = LogVerifier.Verify(stream, pem, older);
        if (verdict.IsValid)
        {
            await output.WriteLineAsync($"valid: {verdict.Head!.Size} leaves, root {verdict.Head.Root}");
            return 0;
        }
        await output.WriteLineAsync($"not valid: {verdict.Fault}, line {verdict.Line}: {verdict.Message}");
        return 1;
    }

    /// <summary>Whether a receipt is signed by the key and, once its proof is there, in the log.</summary>
    private static async Task<int> Receipt(string file, string trust, TextWriter output, TextWriter error, CancellationToken ct)
    {
        if (!await Cli.AreThere(error, file, trust))
            return 1;
        using var key = ECDsa.Create();
        Core.Proof.Receipt? receipt;
        InclusionProof? proof;
        try
        {
            key.ImportFromPem(await File.ReadAllTextAsync(trust, ct));
            using var json = System.Text.Json.JsonDocument.Parse(await File.ReadAllBytesAsync(file, ct));
            receipt = Part<Core.Proof.Receipt>(json.RootElement, "receipt");
            proof = Part<InclusionProof>(json.RootElement, "proof");
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException or System.Text.Json.JsonException or InvalidOperationException)
        {
            await error.WriteLineAsync($"{file} or {trust} is not of its form: {e.Message}");
            return 1;
        }
        if (receipt is null || !receipt.IsSignedBy(key))
        {
            await output.WriteLineAsync("not valid: the receipt is not signed by this key.");
            return 1;
        }
        var at = DateTimeOffset.FromUnixTimeMilliseconds(receipt.AtMs).ToString("yyyy-MM-dd HH:mm:ss.fff 'UTC'", System.Globalization.CultureInfo.InvariantCulture);
        if (proof is null)
        {
            await output.WriteLineAsync($"signed: {receipt.Number}, {at}. It holds no proof of inclusion yet; fetch it again after a minute.");
            return 0;
        }
        var holds = proof.IsOf(receipt, key);
        await output.WriteLineAsync(holds ? $"valid: {receipt.Number}, {at}, in the log of {proof.Head.Head.Size} leaves" : "not valid: the proof does not belong to this receipt or log.");
        return holds ? 0 : 1;
    }

    private static T? Part<T>(System.Text.Json.JsonElement whole, string name) where T : class =>
        whole.TryGetProperty(name, out var part) && part.ValueKind == System.Text.Json.JsonValueKind.Object ? System.Text.Json.JsonSerializer.Deserialize<T>(part, Json.Plain) : null;

    private static async Task<SignedTreeHead?> HeadOf(string file, string trust, CancellationToken ct)
    {
        var bytes = await File.ReadAllBytesAsync(file, ct);
        if (!bytes.AsSpan().StartsWith("%PDF-"u8))
            return SignedTreeHead.Parse(bytes.AsSpan().TrimEnd("\r\n"u8));
        return PdfSignature.Verify(bytes, trust).IsValid ? CertificateDocument.ReadTreeHead(bytes) : null;
    }

    private static Stream? Open(string export)
    {
        if (File.Exists(export))
            return File.OpenRead(export);
        if (!Directory.Exists(export))
            return null;
        // Successive exports put one after the other are an export again.
        var whole = new MemoryStream();
        foreach (var file in Directory.EnumerateFiles(export, "*.log").Order(StringComparer.Ordinal))
            whole.Write(File.ReadAllBytes(file));
        whole.Position = 0;
        return whole;
    }

    /// <summary>The PEM in a file when it is a public key of the kind that signs here; says so and is null when not.</summary>
    private static async Task<string?> KeyIn(string file, TextWriter error, CancellationToken ct)
    {
        try
        {
            var pem = await File.ReadAllTextAsync(file, ct);
            using var key = ECDsa.Create();
            key.ImportFromPem(pem);
            return pem;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            await error.WriteLineAsync($"{file}: not a public key in PEM (ECDSA).");
            return null;
        }
    }
}
