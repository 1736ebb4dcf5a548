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
        if (args is not ["verify", var export, .. var rest] || Value(rest, "--trust") is not { } trust)
        {
            await error.WriteLineAsync(Help);
            return 1;
        }
        foreach (var file in new[] { trust }.Concat(Values(rest, "--head")).Where(f => !File.Exists(f)))
        {
            await error.WriteLineAsync($"{file}: no such file.");
            return 1;
        }
        var older = new List<SignedTreeHead>();
        foreach (var file in Values(rest, "--head"))
        {
            if (await HeadOf(file, await File.ReadAllTextAsync(trust, ct), ct) is not { } head)
            {
                await error.WriteLineAsync($"{file}: neither a signed head nor a genuine certificate with one.");
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
        LogVerdict verdict;
        try
        {
            verdict = LogVerifier.Verify(stream, await File.ReadAllTextAsync(trust, ct), older);
        }
        catch (ArgumentException)
        {
            await error.WriteLineAsync($"{trust}: not a public key in PEM.");
            return 1;
        }
        if (verdict.IsValid)
        {
            await output.WriteLineAsync($"valid: {verdict.Head!.Size} leaves, root {verdict.Head.Root}");
            return 0;
        }
        await output.WriteLineAsync($"not valid: {verdict.Fault}, line {verdict.Line}: {verdict.Message}");
        return 1;
    }

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

    internal static string? Value(string[] args, string name) => Values(args, name).FirstOrDefault();

    internal static IEnumerable<string> Values(string[] args, string name) => args.Zip(args.Skip(1)).Where(p => p.First == name).Select(p => p.Second);
}
