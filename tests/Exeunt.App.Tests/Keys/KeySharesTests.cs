using System.Globalization;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Keys;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Keys;

/// <summary>The master key in shares for several people, who together bring it back when it is lost.</summary>
public abstract class KeySharesTests(Database on) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("exeunt-shares-").FullName;

    [Fact]
    public async Task A_lost_master_key_comes_back_from_two_of_three_shares_and_everything_opens()
    {
        await using var app = await ExeuntApp.Start(on);
        var blob = await app.With<Vault, byte[]>(v => v.Seal(5_000_001, DataClass.Case, "test.name", "1", "王小明", default));
        var shares = await Shares(app);
        shares.Length.ShouldBe(3);
        shares.ShouldAllBe(s => File.GetUnixFileMode(s) == UnixFileMode.UserRead);
        var before = await File.ReadAllTextAsync(app.Options.MasterKey!);
        var master = MasterKeys.Load(app.Options).Of(1)!;
        foreach (var share in shares)
        {
            var whole = Convert.FromBase64String((await File.ReadAllLinesAsync(share)).Single(l => l.StartsWith("sealed ", StringComparison.Ordinal))[7..]);
            whole.AsSpan().IndexOf(master).ShouldBe(-1);
            System.Text.Encoding.UTF8.GetString(whole).ShouldNotContain(Convert.ToHexStringLower(master));
        }
        File.Delete(app.Options.MasterKey!);

        (await Keys(app, "recover", shares[2], shares[0])).ShouldContain($"{app.Options.MasterKey} holds the master key of epoch 1 again.");

        var after = await File.ReadAllTextAsync(app.Options.MasterKey!);
        after.ShouldStartWith(before);
        after[before.Length..].ShouldMatch(@"^recovered \S+Z\n$");
        File.GetUnixFileMode(app.Options.MasterKey!).ShouldBe(UnixFileMode.UserRead);
        (await Keys(app)).ShouldContain("\nrecovered from shares ");
        (await Keys(app, "check")).ShouldEndWith("all open");
        await app.Restart();
        await app.With<KeyKeeper, IReadOnlyList<int>>(k => k.Look(default));
        await app.With<KeyKeeper, IReadOnlyList<int>>(k => k.Look(default));
        (await Told(app, "keys.recovered")).ShouldHaveSingleItem("it is told once").ShouldStartWith("key-recovery:");
        (await app.With<Vault, string?>(v => v.Open<string>(5_000_001, DataClass.Case, "test.name", "1", blob, default))).ShouldBe("王小明");
    }

    [Fact]
    public async Task Shares_are_tried_without_writing_anything()
    {
        await using var app = await ExeuntApp.Start(on);
        var shares = await Shares(app, "--shares", "5", "--needed", "3");
        var before = await File.ReadAllTextAsync(app.Options.MasterKey!);

        var said = await Keys(app, "recover", shares[4], shares[1], shares[2], "--check");

        said.ShouldContain("all open");
        said.ShouldEndWith("Nothing was written.");
        (await Keys(app, "recover", shares[4], shares[1], "--check")).ShouldContain("3 shares");
        (await Keys(app, "recover", shares[4], shares[1], shares[2])).ShouldContain("is not written over");
        (await File.ReadAllTextAsync(app.Options.MasterKey!)).ShouldBe(before);
        File.Exists(app.Options.MasterKey + ".new").ShouldBeFalse();
    }

    [Fact]
    public async Task What_does_not_fit_together_is_refused_with_the_reason()
    {
        await using var app = await ExeuntApp.Start(on);
        var (shares, others) = (await Shares(app), await Shares(app));
        var text = await File.ReadAllTextAsync(shares[0]);
        var damaged = await Put("damaged", text.Replace("epoch 1\n", "epoch 2\n", StringComparison.Ordinal));
        var nothing = await Put("nothing", "-----BEGIN PUBLIC KEY-----\n");
        // Somebody who computes the sum anew cannot give back another key either.
        var part = text.Split('\n').Single(l => l.StartsWith("part ", StringComparison.Ordinal));
        var forged = await Put("forged", Summed(text.Replace(part, "part " + new string('0', 64), StringComparison.Ordinal)));
        var spaced = await Put("spaced", string.Concat(text.Split('\n').Select(l => $"  {l} \r\n\r\n")));

        (await Keys(app, "recover", shares[0], shares[0], "--check")).ShouldContain("are both share 1");
        (await Keys(app, "recover", shares[0], others[1], "--check")).ShouldContain("different sets");
        (await Keys(app, "recover", damaged, shares[1], "--check")).ShouldContain($"{damaged} is damaged");
        (await Keys(app, "recover", nothing, shares[1], "--check")).ShouldContain($"{nothing} is not a share");
        (await Keys(app, "recover", forged, shares[1], "--check")).ShouldContain("do not fit together");
        (await Keys(app, "recover", shares[0], Path.Combine(_folder, "none"), "--check")).ShouldContain("There is no file");
        (await Keys(app, "recover")).ShouldContain("needs the files");
        (await Keys(app, "share", _folder, "--shares", "2", "--needed", "3")).ShouldContain("--needed 3: a number from 2 to 2");
        (await Keys(app, "share", _folder, "--shares", "1")).ShouldContain("--shares 1: a number from 2 to 255");
        (await Keys(app, "recover", spaced, shares[2], "--check")).ShouldContain("all open", customMessage: "spaces and line ends do not matter");
    }

    [Fact]
    public async Task Shares_of_another_installation_do_not_open_this_one_and_a_wrong_master_key_is_not_given_out()
    {
        await using var app = await ExeuntApp.Start(on);
        var other = app.Options with { MasterKey = await Put("other.key", new string('7', 64)) };
        var elsewhere = HostOptions.For(Path.Combine(_folder, "elsewhere")) with { MasterKey = other.MasterKey };
        await using (await Storage.Open(elsewhere, default))
        {
        }

        (await Keys(app, ["recover", .. (await SharesOf(elsewhere)).Take(2), "--check"])).ShouldContain("not the master key of this installation");
        (await Said(other, "share", Path.Combine(_folder, "none"))).ShouldContain("not the master key of this installation");
        Directory.Exists(Path.Combine(_folder, "none")).ShouldBeFalse();
    }

    [Fact]
    public async Task While_an_epoch_is_ending_no_shares_are_made()
    {
        await using var app = await ExeuntApp.Start(on);
        // Begun, and stopped before the second copy could be written.
        var copy = (await app.With<KeyStore, string>(k => Task.FromResult(k.CopyFile))) + ".new";
        await app.With<KeyStore>(k => k.Create([.. Enumerable.Range(7_000_000, 3_000).Select(i => (long)i)], [DataClass.Case], default));
        Directory.CreateDirectory(copy);
        await Should.ThrowAsync<Exception>(() => app.With<KeyStore, IReadOnlyList<int>>(k => k.Rotate(7, FakeTime.Start.AddDays(8), default)));

        (await Keys(app, "share", Path.Combine(_folder, "none"))).ShouldContain("Epoch 1 is just ending");

        Directory.Exists(Path.Combine(_folder, "none")).ShouldBeFalse();
        Directory.Delete(copy);
        await app.With<KeyStore, IReadOnlyList<int>>(k => k.Rotate(7, FakeTime.Start.AddDays(8.1), default));
        (await Shares(app)).Length.ShouldBe(3);
    }

    [Fact]
    public async Task A_server_goes_on_with_the_keys_it_knows_whatever_file_is_put_in_their_place()
    {
        await using var app = await ExeuntApp.Start(on);
        var right = await File.ReadAllTextAsync(app.Options.MasterKey!);
        File.SetUnixFileMode(app.Options.MasterKey!, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(app.Options.MasterKey!, new string('7', 64));

        (await Sharings(app)).ShouldBeEmpty();
        var blob = await app.With<Vault, byte[]>(v => v.Seal(5_000_002, DataClass.Case, "test.name", "1", "王小明", default));

        await File.WriteAllTextAsync(app.Options.MasterKey!, right);
        await app.Restart();
        (await app.With<Vault, string?>(v => v.Open<string>(5_000_002, DataClass.Case, "test.name", "1", blob, default))).ShouldBe("王小明");
    }

    [Fact]
    public async Task Where_the_key_store_is_lost_too_the_master_key_comes_back_untried()
    {
        await using var app = await ExeuntApp.Start(on);
        var shares = await Shares(app);
        var place = HostOptions.For(Path.Combine(_folder, "new")) with { MasterKey = Path.Combine(_folder, "new.key") };
        if (on == Database.Postgres)
            place = place with { Database = new Npgsql.NpgsqlConnectionStringBuilder(app.Options.Database) { Database = "no_such_database" }.ToString() };

        var said = await Said(place, "recover", shares[0], shares[1]);

        said.ShouldContain("not tried: there is no key store here");
        said.ShouldEndWith("holds the master key of epoch 1 again.");
        (await File.ReadAllTextAsync(place.MasterKey!)).ShouldContain($"at {place.MasterKey}\n", Case.Sensitive, "it is the new place's own");
        MasterKeys.Find(place)!.Foreign.ShouldBeNull();
        MasterKeys.Find(place)!.Of(1).ShouldBe(MasterKeys.Load(app.Options).Of(1));
    }

    [Fact]
    public async Task The_end_of_an_epoch_says_that_its_shares_must_be_destroyed()
    {
        await using var app = await ExeuntApp.Start(on);
        var shares = await Shares(app);
        await app.With<KeyKeeper, IReadOnlyList<int>>(k => k.Look(default));
        (await Told(app, "keys.shared")).ShouldBe(["key-shares:1:"]);
        (await Sharings(app)).ShouldBe([(1, 3, 2, false)]);
        await app.With<KeyStore, IReadOnlyList<int>>(k => k.Rotate(7, FakeTime.Start.AddDays(8), default));

        await app.With<KeyKeeper, IReadOnlyList<int>>(k => k.Look(default));
        await app.With<KeyKeeper, IReadOnlyList<int>>(k => k.Look(default));

        (await Told(app, "keys.shared")).Count.ShouldBe(1, "it is told once");
        (await Told(app, "keys.epoch-destroyed")).ShouldBe(["key-epoch:1"]);
        (await app.With<AppDb, string?>(db => db.AuditLog.Where(a => a.Verb == "keys.epoch-destroyed").Select(a => (string?)a.Data).SingleAsync()))!.ShouldContain("\"shares\":3");
        (await Sharings(app)).ShouldBe([(1, 3, 2, true)]);
        (await Keys(app)).ShouldContain("epoch 1 given out in 3 shares, 2 needed");
        (await Keys(app)).ShouldEndWith(": destroy them");
        (await Keys(app, "recover", shares[0], shares[1], "--check")).ShouldContain("of epoch 1, and the key store is of epoch 2: take the shares made in that epoch");
        await Shares(app);
        (await Sharings(app)).ShouldBe([(2, 3, 2, false), (1, 3, 2, true)]);
        using var admin = await app.Browser(Role.Administrator, language: "zh");
        var page = (await admin.Get("/admin/keys")).Text;
        page.ShouldContain("共 3 片，2 片即可恢复");
        page.ShouldContain("请一并销毁这些分片");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<IReadOnlyList<string>> Told(ExeuntApp app, string verb) =>
        [.. (await app.With<AppDb, List<string>>(db => db.AuditLog.Where(a => a.Verb == verb).Select(a => a.Target).ToListAsync())).Select(t => t.StartsWith("key-shares:", StringComparison.Ordinal) ? t[..(t.LastIndexOf(':') + 1)] : t)];

    private static async Task<IReadOnlyList<(int, int, int, bool)>> Sharings(ExeuntApp app) =>
        [.. (await app.Do<ShowKeys, ShowKeys.Request, ShowKeys.View>(await app.CallOf(Role.Administrator), new())).Value.Sharings.Select(s => (s.Epoch, s.Shares, s.Needed, s.IsOver))];

    private Task<string[]> Shares(ExeuntApp app, params string[] how) => SharesOf(app.Options, how);

    private async Task<string[]> SharesOf(HostOptions place, params string[] how)
    {
        var said = new StringWriter();
        (await KeysCommand.Run(["share", Path.Combine(_folder, "shares"), .. how], place with { Json = true }, said, said, default)).ShouldBe(0);
        return [.. JsonDocument.Parse(said.ToString()).RootElement.GetProperty("files").EnumerateArray().Select(f => f.GetString()!)];
    }

    private static Task<string> Keys(ExeuntApp app, params string[] words) => Said(app.Options, words);

    /// <summary>What the command says, or why it refuses.</summary>
    private static async Task<string> Said(HostOptions place, params string[] words)
    {
        var said = new StringWriter();
        try
        {
            await KeysCommand.Run(words, place, said, said, default);
        }
        catch (Exception e) when (e is InvalidDataException or Exeunt.App.Commands.UsageException)
        {
            await said.WriteAsync(e.Message);
        }
        return said.ToString().Trim();
    }

    private async Task<string> Put(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(file, text);
        return file;
    }

    private static string Summed(string text)
    {
        var body = text[..text.IndexOf("sum ", StringComparison.Ordinal)];
        return string.Create(CultureInfo.InvariantCulture, $"{body}sum {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(body)))[..16]}\n");
    }

    public sealed class OnSqlite() : KeySharesTests(Database.Sqlite);

    public sealed class OnPostgres() : KeySharesTests(Database.Postgres), IClassFixture<OnPostgres.Server>
    {
        public sealed class Server : INeedPostgres;
    }
}
