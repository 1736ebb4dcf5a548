using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Exeunt.App.Commands;
using Exeunt.App.Data;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Documents;
using Exeunt.App.Platform;
using Exeunt.Core.Proof;

namespace Exeunt.App.Features.AuditLog;

/// <summary><c>exeunt audit</c>: verifies exports and proofs of the log offline, and prints the installation's public key.</summary>
public static class AuditCommand
{
    /// <summary>Bytes of the largest receipt or proof.</summary>
    private const int MaxProof = 16 << 20;

    public const string Help = """
        exeunt audit verify EXPORT --trust KEY.pem [--head FILE ...]
          EXPORT   a file, or a folder whose *.log files follow each other by name (WORLD/audit)
          --trust  the public key (or its certificate), from outside the export; where the key was changed, each of them (--trust OLD.pem --trust NEW.pem)
          --head   an earlier signed head (a line of an older export) or an earlier certificate (PDF); may be repeated
        exeunt audit receipt FILE --trust KEY.pem
          FILE     a receipt with its proof, as /api/progress/…/receipt gives it
        exeunt audit inclusion FILE --trust KEY.pem
          FILE     the proof that an entry is in the log, as /api/audit/inclusion gives it
        exeunt audit consistency FILE --trust KEY.pem [--head FILE ...]
          FILE     the proof that the log only grew between two heads, as /api/audit/consistency gives it
          --head   as above: the proof must begin with this head, or with one of these
        exeunt audit key [N]     print the installation's public key (PEM) for people to keep elsewhere: the one that signs, or the N-th
        All but key need no database; --json prints the verdict as JSON. Exit: 0 valid, 1 not.
        """;

    public static async Task<int> Run(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        if (args is ["key", ..])
            return await PrintKey(args[1..], options, output, error, ct);
        var typed = Arguments.Parse(args, "--trust FILE", "--head FILE");
        var heads = typed.All("--head");
        if (typed.Words is not [var what and ("verify" or "receipt" or "inclusion" or "consistency"), var file] || typed.All("--trust") is not { Count: > 0 } trusted
            || (heads.Count > 0 && what is not ("verify" or "consistency")))
        {
            await error.WriteLineAsync(Help);
            return 1;
        }
        if (!await Cli.AreThere(error, [.. heads, .. trusted, .. what == "verify" ? [] : new[] { file }]))
            return 1;
        if (await TrustFile.Read(trusted, error, ct) is not { } keys)
            return 1;
        var older = new List<SignedTreeHead>();
        foreach (var earlier in heads)
        {
            if (await SmallFile.Read(earlier, PdfSignature.MaxSize, ct) is not { } bytes)
            {
                await error.WriteLineAsync($"{earlier}: {SmallFile.TooLarge(PdfSignature.MaxSize)}.");
                return 1;
            }
            if (HeadOf(bytes, keys) is not { } head)
            {
                await error.WriteLineAsync($"{earlier}: neither a signed head nor a genuine certificate with one.");
                return 1;
            }
            older.Add(head);
        }
        Verdict verdict;
        if (what == "verify")
        {
            await using var stream = Open(file);
            if (stream is null)
            {
                await error.WriteLineAsync($"{file}: no export here.");
                return 1;
            }
            var log = LogVerifier.Verify(stream, keys, older);
            verdict = log.IsValid ? new(true, $"{log.Head!.Size} leaves, root {log.Head.Root}", log.Head.Size, log.Head.Root) : new(false, $"{log.Fault}, line {log.Line}: {log.Message}");
        }
        else
            try
            {
                if (await SmallFile.Read(file, MaxProof, ct) is not { } bytes)
                {
                    await error.WriteLineAsync($"{file}: {SmallFile.TooLarge(MaxProof)}.");
                    return 1;
                }
                using var json = JsonDocument.Parse(bytes);
                verdict = what switch { "receipt" => Receipt(json.RootElement, keys), "inclusion" => Inclusion(json.RootElement, keys), _ => Consistency(json.RootElement, keys, older) };
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                await error.WriteLineAsync($"{file} is not of its form: {e.Message}");
                return 1;
            }
        await output.WriteLineAsync(options.Json ? JsonSerializer.Serialize(verdict, Json.Plain) : $"{(!verdict.Valid ? "not valid" : verdict.Leaves is null ? "signed" : "valid")}: {verdict.Message}");
        return verdict.Valid ? 0 : 1;
    }

    /// <param name="Leaves">Size of the log that was shown; null when none was.</param>
    private sealed record Verdict(bool Valid, string Message, long? Leaves = null, string? Root = null);

    private static async Task<int> PrintKey(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        await using var storage = await Storage.OpenReadOnly(options, ct);
        var keys = await new Letterhead(storage.Keys, new Clocks(TimeProvider.System)).Keys(ct);
        if (args is not [] && !(args is [var typed] && int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var asked) && asked >= 1 && asked <= keys.Count))
        {
            await error.WriteLineAsync(keys.Count == 1 ? "This installation has had one key." : string.Create(CultureInfo.InvariantCulture, $"This installation has had {keys.Count} keys: audit key 1 to {keys.Count}."));
            return 1;
        }
        var number = args is [] ? keys.Count : int.Parse(args[0], CultureInfo.InvariantCulture);
        await output.WriteAsync(keys[number - 1].PublicPem.TrimEnd() + "\n");
        return 0;
    }

    /// <summary>Whether a receipt is signed by one of the keys and, once its proof is there, in the log.</summary>
    private static Verdict Receipt(JsonElement file, ECDsa[] keys)
    {
        var (receipt, proof) = (Part<Core.Proof.Receipt>(file, "receipt"), Part<InclusionProof>(file, "proof"));
        if (receipt is null || !receipt.IsSignedBy(keys))
            return new(false, "the receipt is not signed by a trusted key.");
        var at = Time(receipt.AtMs);
        if (proof is null)
            return new(true, $"{receipt.Number}, {at}. It holds no proof of inclusion yet; fetch it again after a minute.");
        return proof.IsOf(receipt, keys) ? new(true, $"{receipt.Number}, {at}, in the log of {proof.Head.Head.Size} leaves", proof.Head.Head.Size, proof.Head.Head.Root) : new(false, "the proof does not belong to this receipt or log.");
    }

    private static Verdict Inclusion(JsonElement file, ECDsa[] keys)
    {
        if (file.Deserialize<InclusionProof>(Json.Plain) is not { } proof || !proof.Holds(keys))
            return new(false, "the proof shows no entry of a log signed by a trusted key.");
        var entry = AuditEntry.Parse(System.Text.Encoding.ASCII.GetBytes(proof.Entry))!;
        return new(true, $"{entry.Verb} of {entry.Target}, {Time(entry.AtMs)}, leaf {entry.Index} in the log of {proof.Head.Head.Size} leaves", proof.Head.Head.Size, proof.Head.Head.Root);
    }

    private static Verdict Consistency(JsonElement file, ECDsa[] keys, List<SignedTreeHead> older)
    {
        if (file.Deserialize<ConsistencyProof>(Json.Plain) is not { } proof || !proof.Holds(keys))
            return new(false, "the proof does not lead from one head signed by a trusted key to the other.");
        if (older.Count > 0 && !older.Exists(h => h.IsSignedBy(keys) && h.Head.Size == proof.Older.Head.Size && h.Head.Root == proof.Older.Head.Root))
            return new(false, $"the proof begins with a head of {proof.Older.Head.Size} leaves that is none of those given.");
        return new(true, $"the log of {proof.Newer.Head.Size} leaves begins with that of {proof.Older.Head.Size}", proof.Newer.Head.Size, proof.Newer.Head.Root);
    }

    private static string Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd HH:mm:ss.fff 'UTC'", CultureInfo.InvariantCulture);

    private static T? Part<T>(JsonElement whole, string name) where T : class =>
        whole.TryGetProperty(name, out var part) && part.ValueKind == JsonValueKind.Object ? part.Deserialize<T>(Json.Plain) : null;

    private static SignedTreeHead? HeadOf(byte[] bytes, ECDsa[] trusted)
    {
        if (!bytes.AsSpan().StartsWith("%PDF-"u8))
            return SignedTreeHead.Parse(bytes.AsSpan().TrimEnd("\r\n"u8));
        return PdfSignature.Verify(bytes, trusted).IsValid ? CertificateDocument.ReadTreeHead(bytes) : null;
    }

    /// <summary>An export; successive files put one after the other are an export again. Null: there is none.</summary>
    private static Stream? Open(string export) =>
        File.Exists(export) ? File.OpenRead(export) : Directory.Exists(export) ? new Successive(new(Directory.EnumerateFiles(export, "*.log").Order(StringComparer.Ordinal))) : null;

    /// <summary>Files read one after the other as if they were one, however long they are together.</summary>
    private sealed class Successive(Queue<string> files) : Stream
    {
        private Stream? _file;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            while (true)
            {
                if (_file?.Read(buffer) is > 0 and var read)
                    return read;
                if (buffer.IsEmpty)
                    return 0;
                _file?.Dispose();
                _file = null;
                if (!files.TryDequeue(out var next))
                    return 0;
                _file = File.OpenRead(next);
            }
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        protected override void Dispose(bool disposing)
        {
            _file?.Dispose();
            base.Dispose(disposing);
        }

        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
