using System.Diagnostics;
using System.Text;
using Exeunt.App.Data;
using Exeunt.App.Features.AuditLog;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Certificates;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Policies;
using Exeunt.Core;
using Exeunt.Core.Proof;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.AuditLog;

/// <summary>The verifiers as somebody outside has them: a program, files and a key.</summary>
public sealed class VerifierTests : IDisposable
{
    private static readonly string Server =
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Exeunt.App", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "Exeunt.App.dll"));

    private readonly string _folder = Directory.CreateTempSubdirectory("exeunt-verify-").FullName;

    [Fact]
    public async Task A_certificate_is_a_witness_against_a_log_that_was_written_anew()
    {
        var trust = await Put("key.pem", Encoding.ASCII.GetBytes(Sample.Key.PublicPem));
        var (log, head) = Log("staff:1");
        var (forked, _) = Log("staff:2");
        var certificate = await Put("certificate.pdf", CertificateDocument.Make(Sample.Certificate("zh") with { TreeHead = head }, Sample.Fonts, Sample.Key));
        var bare = await Put("bare.pdf", CertificateDocument.Make(Sample.Certificate("en") with { TreeHead = null }, Sample.Fonts, Sample.Key));

        (await Program("audit", "verify", await Put("log", log), "--trust", trust, "--head", certificate)).ShouldBe((0, $"valid: 5 leaves, root {Root(log)}"));
        var (code, said) = await Program("audit", "verify", await Put("forked", forked), "--trust", trust, "--head", certificate);
        code.ShouldBe(1);
        said.ShouldStartWith("not valid: ");
        (code, said) = await Program("audit", "verify", await Put("log", log), "--trust", trust, "--head", bare);
        (code, said).ShouldBe((1, ""), "a certificate without a head is no witness");
    }

    [Fact]
    public async Task Both_verifiers_take_and_refuse_the_same_keys()
    {
        var (log, head) = Log("staff:1");
        var export = await Put("log", log);
        var pdf = await Put("certificate.pdf", CertificateDocument.Make(Sample.Certificate("en") with { TreeHead = head }, Sample.Fonts, Sample.Key));
        using var signing = Sample.Key.Ecdsa();
        foreach (var (pem, expected) in new[]
                 {
                     (Sample.Key.PublicPem, 0), (Sample.Key.Certificate.ExportCertificatePem(), 0), (signing.ExportPkcs8PrivateKeyPem(), 1), (Sample.Key.PublicPem + "\n" + Sample.Key.PublicPem, 1), ("nothing", 1),
                 })
        {
            var trust = await Put("trust.pem", Encoding.ASCII.GetBytes(pem));
            (await Command("audit", "verify", export, "--trust", trust)).Code.ShouldBe(expected, pem);
            (await Command("audit", "verify", export, "--trust", trust, "--head", pdf)).Code.ShouldBe(expected, pem);
            (await Command("certificate", "verify", pdf, "--trust", trust)).Code.ShouldBe(expected, pem);
        }
    }

    [Fact]
    public async Task A_folder_is_read_file_by_file_and_a_verdict_can_be_json()
    {
        var trust = await Put("key.pem", Encoding.ASCII.GetBytes(Sample.Key.PublicPem));
        var (log, _) = Log("staff:1");
        Directory.CreateDirectory(Path.Combine(_folder, "audit"));
        // Cut anywhere, even within a line: together the files are the export.
        await Put("audit/1.log", log[..100]);
        await Put("audit/2.log", []);
        await Put("audit/3.log", log[100..]);

        var (code, said) = await Command("audit", "verify", Path.Combine(_folder, "audit"), "--trust", trust, "--json");

        code.ShouldBe(0);
        var json = System.Text.Json.JsonDocument.Parse(said).RootElement;
        (json.GetProperty("valid").GetBoolean(), json.GetProperty("leaves").GetInt64(), json.GetProperty("root").GetString()).ShouldBe((true, 5, Root(log)));
        (code, said) = await Command("certificate", "verify", trust, "--trust", trust, "--json");
        code.ShouldBe(1);
        System.Text.Json.JsonDocument.Parse(said).RootElement.GetProperty("genuine").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_head_that_was_left_out_of_an_export_or_doubled_is_said_with_its_place()
    {
        var trust = await Put("key.pem", Encoding.ASCII.GetBytes(Sample.Key.PublicPem));
        var lines = Encoding.ASCII.GetString(Log("staff:1", told: true).Log).TrimEnd('\n').Split('\n');
        lines.Length.ShouldBe(8);
        async Task<(int Code, string Said)> Verdict(IEnumerable<string> export) =>
            await Command("audit", "verify", await Put("told", Encoding.ASCII.GetBytes(string.Concat(export.Select(l => l + "\n")))), "--trust", trust);

        (await Verdict(lines)).Code.ShouldBe(0);
        (await Verdict([.. lines[..3], .. lines[4..]])).ShouldBe((1, "not valid: OutOfOrder, line 4: Line 4: leaf 3 tells of 1 signed heads before it, and here are 0: before this line one was left out"));
        (await Verdict([.. lines[..4], .. lines[3..]])).ShouldBe((1, "not valid: OutOfOrder, line 5: Line 5: a second head of size 3"));
        var (code, said) = await Verdict(lines[..^1]);
        code.ShouldBe(1);
        said.ShouldStartWith("not valid: Truncated");
    }

    [Fact]
    public async Task A_file_without_an_end_of_a_line_is_no_export_however_long_it_is()
    {
        var trust = await Put("key.pem", Encoding.ASCII.GetBytes(Sample.Key.PublicPem));

        var (code, said) = await Command("audit", "verify", Huge("log", 3L << 30, "{\"index\":0"), "--trust", trust);

        (code, said).ShouldBe((1, "not valid: Malformed, line 1: Line 1: neither a leaf nor a head"));
    }

    [Fact]
    public async Task A_file_that_is_far_too_large_is_refused_with_a_sentence_before_it_is_read()
    {
        var trust = await Put("key.pem", Encoding.ASCII.GetBytes(Sample.Key.PublicPem));
        var export = await Put("log", Log("staff:1").Log);
        var pdf = Huge("certificate.pdf", PdfSignature.MaxSize + 1L, "%PDF-1.7\n");

        var (code, said) = await Command("certificate", "verify", pdf, "--trust", trust);
        code.ShouldBe(1);
        said.ShouldStartWith("not genuine: ");
        said.ShouldContain("larger than 64 MB");
        said.ShouldContain("文件超过 64 MB");
        (code, said) = await Command("certificate", "verify", pdf, "--trust", trust, "--json");
        code.ShouldBe(1);
        System.Text.Json.JsonDocument.Parse(said).RootElement.GetProperty("genuine").GetBoolean().ShouldBeFalse();
        // One that may be as large is read, and is none.
        (code, said) = await Command("certificate", "verify", Huge("largest.pdf", PdfSignature.MaxSize, "%PDF-1.7\n"), "--trust", trust);
        (code, said).ShouldBe((1, "not genuine: The file has no signature"));

        var huge = Huge("huge", 3L << 30, "{");
        foreach (var (words, what) in new (string[] Words, string What)[]
                 {
                     (["certificate", "verify", huge, "--trust", trust], "64 MB"), (["audit", "receipt", huge, "--trust", trust], "16 MB"), (["audit", "inclusion", huge, "--trust", trust], "16 MB"),
                     (["audit", "consistency", huge, "--trust", trust], "16 MB"), (["audit", "verify", export, "--trust", trust, "--head", huge], "64 MB"), (["audit", "verify", export, "--trust", huge], "1 MB"),
                     (["certificate", "verify", export, "--trust", huge], "1 MB"), (["settle", huge], "64 MB"),
                 })
        {
            var (output, error) = (new StringWriter(), new StringWriter());
            (await Cli.Run(words, output, error, default)).ShouldBe(1, string.Join(' ', words));
            $"{output}{error}".ShouldContain($"larger than {what}", customMessage: string.Join(' ', words));
        }
        (await Command("own-data", "verify", huge, "--trust", trust)).ShouldBe((1, "not genuine: it is not a package, or it is damaged"));
    }

    /// <summary>An export of five leaves with two heads; the first head, after three.</summary>
    /// <param name="told">Whether the fourth leaf is one more, which tells of that head.</param>
    private static (byte[] Log, SignedTreeHead First) Log(string actor, bool told = false)
    {
        using var key = Sample.Key.Ecdsa();
        var (log, heads, text) = (new MerkleFrontier(), new HeadChain(), new StringBuilder());
        SignedTreeHead? first = null;
        for (var i = 0; i < 5; i++)
        {
            Add("case.opened", $"case:{i}");
            if (i is not (2 or 4))
                continue;
            var head = SignedTreeHead.Sign(TreeHead.Of(log, Sample.Now), key);
            first ??= head;
            text.Append(head.ToLine()).Append('\n');
            heads.Append(head);
            if (told && i == 2)
                Add(HeadChain.Verb, heads.Name);
        }
        return (Encoding.ASCII.GetBytes(text.ToString()), first!);

        void Add(string verb, string target)
        {
            var entry = new AuditEntry(log.Size, 1_780_000_000_000 + log.Size, actor, verb, target, new string('a', 64));
            log.Append(entry.LeafHash());
            text.Append(Encoding.ASCII.GetString(entry.ToBytes())).Append('\n');
        }
    }

    private static string Root(byte[] log) => SignedTreeHead.Parse(Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(log).TrimEnd('\n').Split('\n')[^1]))!.Head.Root;

    private async Task<string> Put(string name, byte[] bytes)
    {
        var file = Path.Combine(_folder, name);
        await File.WriteAllBytesAsync(file, bytes);
        return file;
    }

    /// <summary>A file of a length that takes no room on the disk: how it begins, and then zeros.</summary>
    private string Huge(string name, long length, string begins)
    {
        var file = Path.Combine(_folder, name);
        using var stream = File.Create(file);
        stream.Write(Encoding.ASCII.GetBytes(begins));
        stream.SetLength(length);
        return file;
    }

    private static async Task<(int Code, string Said)> Command(params string[] words)
    {
        var output = new StringWriter();
        return (await Cli.Run(words, output, TextWriter.Null, default), output.ToString().TrimEnd());
    }

    /// <summary>In a process of its own: nothing that a test did before has prepared it.</summary>
    private static async Task<(int Code, string Said)> Program(params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Server, .. words]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said.TrimEnd());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

/// <summary>The log goes on whatever stands in an entry, and its proofs are to be had.</summary>
public abstract class LogGoesOnTests(ExeuntApp app)
{
    [Fact]
    public async Task An_article_code_in_any_script_stops_neither_the_log_nor_the_server()
    {
        await app.Post(Role.BranchHead, "/api/products", """{"code":"纸箱 A","english":"Box A","chinese":"纸箱","price":"19.90","currency":"CNY","taxRate":"0.13"}""");

        while (await app.With<TreeHeads, int>(heads => heads.Advance(default)) > 0) { }

        var export = Path.Combine(app.Options.World, "audit");
        Directory.EnumerateFiles(export, "*.log").SelectMany(File.ReadLines).ShouldContain(line => line.Contains("\"target\":\"product:sha256-"));
        (await app.Verdict("verify", export)).ShouldStartWith("valid: ");
    }

    [Fact]
    public async Task Every_head_of_an_export_is_told_of_by_the_entry_after_it()
    {
        await using var own = await ExeuntApp.Start(app.On);
        for (var i = 0; i < 4; i++)
        {
            await own.AContractInForce();
            await own.With<TreeHeads, int>(heads => heads.Advance(default));
        }
        var export = Path.Combine(own.Options.World, "audit");
        var lines = Directory.EnumerateFiles(export, "*.log").Order(StringComparer.Ordinal).SelectMany(File.ReadLines).ToList();
        (await own.Verdict("verify", export)).ShouldStartWith("valid: ");

        var places = Enumerable.Range(0, lines.Count).Where(i => SignedTreeHead.Parse(Encoding.ASCII.GetBytes(lines[i])) is not null).ToList();
        places.Count.ShouldBe(4);
        foreach (var place in places)
        {
            List<string> without = [.. lines], twice = [.. lines];
            without.RemoveAt(place);
            twice.Insert(place, lines[place]);
            (await own.Verdict("verify", await own.FileOf(Text(without)))).ShouldStartWith(place == places[^1] ? "not valid: Truncated" : $"not valid: OutOfOrder, line {place + 1}: ");
            (await own.Verdict("verify", await own.FileOf(Text(twice)))).ShouldStartWith($"not valid: OutOfOrder, line {place + 2}: ");
        }
        // The list shows them when they are asked for.
        using var auditor = await own.Browser(Role.Auditor);
        (await auditor.Get("/audit?verb=audit-log.heads")).All("tbody tr").Count.ShouldBe(3);
        (await auditor.Get("/audit?target=heads:")).All("tbody tr").Count.ShouldBe(3);
        (await auditor.Get("/audit")).All("tbody th").ShouldNotContain(HeadChain.Verb);

        static string Text(IEnumerable<string> all) => string.Concat(all.Select(l => l + "\n"));
    }

    [Fact]
    public async Task An_export_that_cannot_be_written_is_said_and_stops_nothing()
    {
        await using var own = await ExeuntApp.Start(app.On);
        await own.AContract();
        var export = Path.Combine(own.Options.World, "audit");
        var size = await own.With<AppDb, int>(db => db.AuditLog.CountAsync());
        var inTheWay = Path.Combine(export, TreeHeads.NameOf(Math.Min(size, TreeHeads.Batch)), "something");
        Directory.CreateDirectory(inTheWay);
        using var clock = new TreeHeadClock(await own.With<IServiceScopeFactory, IServiceScopeFactory>(Task.FromResult), Microsoft.Extensions.Logging.Abstractions.NullLogger<TreeHeadClock>.Instance);

        await clock.StartAsync(default);
        for (var i = 0; i < 200 && clock.Fault is null; i++)
            await Task.Delay(50);

        clock.Fault.ShouldNotBeNull();
        clock.ExecuteTask!.IsCompleted.ShouldBeFalse();
        await clock.StopAsync(default);
        Directory.Delete(Path.GetDirectoryName(inTheWay)!, recursive: true);
        while (await own.With<TreeHeads, int>(heads => heads.Advance(default)) > 0) { }
        (await own.Verdict("verify", export)).ShouldStartWith("valid: ", customMessage: "what was missing has followed");
    }

    [Fact]
    public async Task An_auditor_gets_proofs_of_an_entry_and_of_growth()
    {
        await app.AContractInForce();
        await app.With<TreeHeads, int>(heads => heads.Advance(default));
        var older = (await app.With<TreeHeads, SignedTreeHead?>(heads => heads.Latest(default)))!;
        await app.Post(Role.BranchHead, "/api/products", """{"code":"P-77","english":"Box","chinese":"纸箱","price":"19.90","currency":"CNY","taxRate":"0.13"}""");
        while (await app.With<TreeHeads, int>(heads => heads.Advance(default)) > 0) { }
        using var auditor = await app.SignIn(Role.Auditor);

        var proof = await auditor.GetStringAsync("/api/audit/inclusion?verb=product.saved&target=product:P-77");
        var grown = await auditor.GetStringAsync($"/api/audit/consistency?from={older.Head.Size}");

        (await app.Verdict("inclusion", await app.FileOf(proof))).ShouldStartWith("valid: product.saved of product:P-77");
        (await app.Verdict("inclusion", await app.FileOf(proof.Replace("P-77", "P-78")))).ShouldStartWith("not valid: ");
        (await app.Verdict("consistency", await app.FileOf(grown), "--head", await app.FileOf(older.ToLine()))).ShouldEndWith($"begins with that of {older.Head.Size}");
        (await app.Verdict("consistency", await app.FileOf(grown.Replace(older.Head.Root, new string('0', 64))))).ShouldStartWith("not valid: ");
        (await auditor.GetAsync("/api/audit/consistency?from=999999999")).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
        (await auditor.GetAsync("/api/audit/inclusion?verb=product.saved")).StatusCode.ShouldBe(System.Net.HttpStatusCode.UnprocessableEntity);
    }

    public sealed class OnSqlite(SqliteApp app) : LogGoesOnTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : LogGoesOnTests(app), IClassFixture<PostgresApp>;
}

/// <summary>Runs <c>exeunt audit</c> on files with the installation's key.</summary>
internal static class AuditVerdicts
{
    public static async Task<string> Verdict(this ExeuntApp app, string what, string file, params string[] more)
    {
        var (key, said) = (new StringWriter(), new StringWriter());
        await AuditCommand.Run(["key"], app.Options, key, TextWriter.Null, default);
        await AuditCommand.Run([what, file, "--trust", await app.FileOf(key.ToString()), .. more], app.Options, said, said, default);
        return said.ToString().TrimEnd();
    }

    public static async Task<string> FileOf(this ExeuntApp app, string text)
    {
        var file = Path.Combine(app.Options.World, Guid.NewGuid().ToString("N"));
        await File.WriteAllTextAsync(file, text);
        return file;
    }
}
