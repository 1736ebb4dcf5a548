using Exeunt.App.Data;
using Exeunt.App.Features.AuditLog;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Keys;
using Exeunt.App.Platform;
using Exeunt.App.Tests.AuditLog;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Certificates;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Exeunt.Core.Proof;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Keys;

/// <summary>The key that signs is changed: the old one vouches for the new one in the log, and each goes on to verify what it signed.</summary>
public abstract class SignerTests(Database on)
{
    [Fact]
    public async Task Old_heads_and_papers_stay_valid_and_the_log_goes_on_under_the_new_key()
    {
        await using var app = await ExeuntApp.Start(on);
        using var admin = await app.SignIn(Role.Administrator);
        await app.AContractInForce();
        await Sequence(app);
        var before = await app.With<Letterhead, InstallationKey>(l => l.Key(default));
        var head = (await app.With<TreeHeads, SignedTreeHead?>(h => h.Latest(default)))!;
        var paper = await Certificate(app, before);

        var changed = await admin.Ok(HttpMethod.Post, "/api/keys/signer", new { confirm = ChangeSigner.EndOf(before.Fingerprint) });
        await app.AContractInForce();
        await Sequence(app);
        await app.AContractInForce();
        await Sequence(app);

        var now = await app.With<Letterhead, InstallationKey>(l => l.Key(default));
        now.PublicPem.Trim().ShouldBe(changed.GetProperty("publicKey").GetString()!.Trim());
        now.Fingerprint.ShouldNotBe(before.Fingerprint);
        var (old, fresh) = (await app.FileOf(before.PublicPem), await app.FileOf(now.PublicPem));
        var export = Path.Combine(app.Options.World, "audit");
        (await Audit(app, "verify", export, "--trust", old, "--trust", fresh, "--head", await app.FileOf(head.ToLine()))).ShouldStartWith("valid: ");
        (await Audit(app, "verify", export, "--trust", fresh, "--trust", old)).ShouldStartWith("valid: ", customMessage: "in any order");
        (await Audit(app, "verify", export, "--trust", fresh)).ShouldStartWith("not valid: NotTrusted");
        (await Audit(app, "verify", export, "--trust", old)).ShouldContain($"signer:{now.Digest}", customMessage: "it says what is missing");
        (await Audit(app, "key")).ShouldBe(now.PublicPem.Trim());
        (await Audit(app, "key", "1")).ShouldBe(before.PublicPem.Trim());
        (await Audit(app, "key", "3")).ShouldBe("This installation has had 2 keys: audit key 1 to 2.");

        // The old key vouches for the new one: it signs the head that covers the entry.
        var told = await app.With<AppDb, long>(db => db.AuditLog.Where(a => a.Verb == LogVerifier.NewKey).Select(a => a.Index!.Value).SingleAsync());
        var covering = await app.With<AppDb, TreeHeadRow>(db => db.TreeHeads.AsNoTracking().Where(h => h.Size > told).OrderBy(h => h.Size).FirstAsync());
        TreeHeads.Read(covering).IsSignedBy(before.PublicPem).ShouldBeTrue();
        (await app.With<TreeHeads, SignedTreeHead?>(h => h.Latest(default)))!.IsSignedBy(now.PublicPem).ShouldBeTrue();
        (await app.Do<CheckAuditLog, CheckAuditLog.Request, CheckAuditLog.Report>(await app.CallOf(Role.Auditor), new())).Value.Difference.ShouldBeNull();

        var newer = await Certificate(app, now);
        (await Genuine(app, paper, old)).ShouldBe(0);
        (await Genuine(app, paper, fresh)).ShouldBe(1);
        (await Genuine(app, paper, old, fresh)).ShouldBe(0);
        (await Genuine(app, newer, old, fresh)).ShouldBe(0);
        (await Genuine(app, newer, old)).ShouldBe(1);

        await app.Restart();
        (await app.With<Letterhead, InstallationKey>(l => l.Key(default))).Fingerprint.ShouldBe(now.Fingerprint);
    }

    [Fact]
    public async Task Is_changed_by_who_says_which_key_shall_go_and_may()
    {
        await using var app = await ExeuntApp.Start(on);
        using var admin = await app.SignIn(Role.Administrator);
        var key = await app.With<Letterhead, InstallationKey>(l => l.Key(default));

        (await admin.Refused("/api/keys/signer", new { confirm = "" })).ShouldBe("required");
        (await admin.Refused("/api/keys/signer", new { confirm = "XXXX" })).ShouldBe("keys.signer-differs");
        (await (await app.SignIn(Role.Auditor)).Refused("/api/keys/signer", new { confirm = ChangeSigner.EndOf(key.Fingerprint) })).ShouldBe("not-allowed");
        (await app.With<Letterhead, InstallationKey>(l => l.Key(default))).Fingerprint.ShouldBe(key.Fingerprint);

        await admin.Ok(HttpMethod.Post, "/api/keys/signer", new { confirm = ChangeSigner.EndOf(key.Fingerprint).ToLowerInvariant() });

        (await admin.Refused("/api/keys/signer", new { confirm = ChangeSigner.EndOf(key.Fingerprint) })).ShouldBe("keys.signer-differs", customMessage: "it has gone");
        using var browser = await app.Browser(Role.Administrator);
        var page = await browser.Get("/admin/keys");
        page.Text.ShouldContain(key.Fingerprint);
        page.Text.ShouldContain((await app.With<Letterhead, InstallationKey>(l => l.Key(default))).Fingerprint);
    }

    [Fact]
    public async Task A_key_that_a_stop_kept_from_being_told_of_is_told_of_and_signs_only_then()
    {
        await using var app = await ExeuntApp.Start(on);
        var before = await app.With<Letterhead, InstallationKey>(l => l.Key(default));
        var made = await app.With<Letterhead, InstallationKey>(l => l.MakeNext(1, default));
        await app.AContractInForce();
        await Sequence(app);
        (await app.With<TreeHeads, SignedTreeHead?>(h => h.Latest(default)))!.IsSignedBy(before.PublicPem).ShouldBeTrue();

        await app.With<KeyKeeper, IReadOnlyList<int>>(k => k.Look(default));
        await Sequence(app);
        await app.AContractInForce();
        await Sequence(app);

        (await app.With<TreeHeads, SignedTreeHead?>(h => h.Latest(default)))!.IsSignedBy(made.PublicPem).ShouldBeTrue();
        await app.With<KeyKeeper, IReadOnlyList<int>>(k => k.Look(default));
        (await app.With<AppDb, int>(db => db.AuditLog.CountAsync(a => a.Verb == LogVerifier.NewKey))).ShouldBe(1);
    }

    private static async Task Sequence(ExeuntApp app)
    {
        while (await app.With<TreeHeads, int>(heads => heads.Advance(default)) > 0)
        {
        }
    }

    private static async Task<string> Certificate(ExeuntApp app, InstallationKey key)
    {
        var file = await app.FileOf("");
        await File.WriteAllBytesAsync(file, CertificateDocument.Make(Sample.Certificate("en"), Sample.Fonts, key));
        return file;
    }

    private static async Task<int> Genuine(ExeuntApp app, string pdf, params string[] trusted) =>
        await CertificateCommand.Run(["verify", pdf, .. trusted.SelectMany(t => new[] { "--trust", t })], app.Options, TextWriter.Null, TextWriter.Null, default);

    private static async Task<string> Audit(ExeuntApp app, params string[] words)
    {
        var said = new StringWriter();
        await AuditCommand.Run(words, app.Options, said, said, default);
        return said.ToString().Trim();
    }

    public sealed class OnSqlite() : SignerTests(Database.Sqlite);

    public sealed class OnPostgres() : SignerTests(Database.Postgres), IClassFixture<OnPostgres.Server>
    {
        public sealed class Server : INeedPostgres;
    }
}
