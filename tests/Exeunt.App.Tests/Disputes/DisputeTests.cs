using System.IO.Compression;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Offboarding;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Exeunt.Core.Proof;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Disputes;

/// <summary>A dispute freezes what is contested and what would be erased; the ruling is carried out; the file goes out with proof.</summary>
public abstract class DisputeTests(ExeuntApp app)
{
    [Fact]
    public async Task Orders_the_uncontested_part_and_carries_out_the_ruling()
    {
        var it = await app.ASettledCase();
        var total = await it.Total();
        total.ShouldBeGreaterThan(1000_00);
        var legal = await app.SignIn(Role.Legal, name: "disputes");
        (await legal.Refused(Path(it, "disputes"), new { forum = "Court", words = "x", lines = new[] { "no-such" } })).ShouldBe("dispute.unknown-line");
        (await legal.Refused(Path(it, "disputes"), new { forum = "Court", words = "x", lines = new string?[] { null } })).ShouldBe("dispute.unknown-line");
        (await legal.Refused(Path(it, "disputes"), new { forum = "Court", words = "x", amount = "1000000" })).ShouldBe("dispute.more-than-charged");
        (await legal.Refused(Path(it, "disputes"), new { words = "x" })).ShouldBe("required");
        (await (await app.SignIn(Role.Agent)).Refused(Path(it, "disputes"), new { forum = "Court", words = "x" })).ShouldBe("not-allowed");
        var id = (await legal.Ok(HttpMethod.Post, Path(it, "disputes"), new { forum = "Court", words = "(2026) 民初 17 号 dispute-canary", lines = new[] { "unpaid" } })).GetProperty("disputeId").GetGuid();
        (await legal.Refused(Path(it, "disputes"), new { forum = "Regulator", words = "x", lines = new[] { "unpaid" } })).ShouldBe("dispute.contested-already");

        // Its deadlines come to the day of those who handle disputes.
        var today = await app.With<Exeunt.App.Platform.Clocks, DateOnly>(c => Task.FromResult(Exeunt.App.Platform.Clocks.DateIn(c.BusinessNow, "Asia/Shanghai")));
        (await legal.Refused(Path(it, $"disputes/{id}/deadlines"), new { kind = "Hearing", dueOn = today.AddDays(-1) })).ShouldBe("dispute.deadline-past");
        var deadline = (await legal.Ok(HttpMethod.Post, Path(it, $"disputes/{id}/deadlines"), new { kind = "Hearing", dueOn = today.AddDays(10) })).GetProperty("deadlineId").GetGuid();
        var page = await app.Browser(Role.Legal, name: "disputes");
        (await page.Get("/today")).Text.ShouldNotContain("Hearing");
        await app.AdvanceDays(4);
        (await page.Get("/today")).Text.ShouldContain("Hearing");
        await legal.Ok(HttpMethod.Post, Path(it, $"disputes/deadlines/{deadline}"));
        (await legal.Refused(Path(it, $"disputes/deadlines/{deadline}"))).ShouldBe("dispute.deadline-done");

        // The end goes on; only the uncontested part is claimed, the rest is booked apart, nothing is erased.
        var (reference, amount) = await it.Order();
        var contested = (await legal.Ok(HttpMethod.Get, Path(it, "disputes"))).GetProperty("disputes").EnumerateArray().Single().GetProperty("contested").Minor();
        amount.ShouldBe(total - contested);
        (await it.Accounts())["contested"].ShouldBe(contested);
        await Pay(reference, amount);
        (await Step(it, "erase")).ShouldBe("Waiting");
        await app.AdvanceDays(31);
        (await it.Case()).GetProperty("state").GetString().ShouldBe("WindingUp");
        await app.With<AppDb>(async db => (await db.Customers.AsNoTracking().SingleAsync(c => c.Id == it.Contract.CustomerId)).Profile.ShouldNotBeNull());

        // Half of it stands. Whoever opened the dispute does not carry it out; somebody else does.
        var upheld = contested / 2;
        (await legal.Refused(Path(it, $"disputes/{id}/ruling"), new { result = "Ruled", upheld = MoneyWorld.Yuan(upheld), words = "judgement" })).ShouldBe("dispute.own-ruling");
        var other = await app.SignIn(Role.Legal, name: "other");
        (await other.Refused(Path(it, $"disputes/{id}/ruling"), new { result = "Ruled", upheld = MoneyWorld.Yuan(contested + 1), words = "w" })).ShouldBe("dispute.more-than-contested");
        await other.Ok(HttpMethod.Post, Path(it, $"disputes/{id}/ruling"), new { result = "Ruled", upheld = MoneyWorld.Yuan(upheld), words = "judgement" });
        (await other.Refused(Path(it, $"disputes/{id}/ruling"), new { result = "Ruled", words = "w" })).ShouldBe("dispute.closed-already");
        var ruled = await app.With<AppDb, PaymentOrder>(db => db.PaymentOrders.AsNoTracking().SingleAsync(o => o.CaseId == it.Id && o.Purpose == PaymentPurpose.Ruling));
        (ruled.Direction, ruled.Amount, ruled.State).ShouldBe((PaymentDirection.Claim, upheld, PaymentState.Proposed));
        await app.Drain();
        // Nothing has left: a third person releases it, once.
        (await (await app.SignIn(Role.Legal)).Refused($"/api/payments/{ruled.Id}/release")).ShouldBe("not-allowed");
        var finance = await app.SignIn(Role.Finance);
        await finance.Ok(HttpMethod.Post, $"/api/payments/{ruled.Id}/release");
        (await finance.Refused($"/api/payments/{ruled.Id}/release")).ShouldBe("payment.released-already");
        await app.Drain();
        (await Step(it, "erase")).ShouldBe("Waiting", "its money is under way");
        await Pay(ruled.Reference, upheld);
        var accounts = await it.Accounts();
        (accounts["contested"], accounts["settlement"], accounts["ruling"]).ShouldBe((0, 0, contested - upheld));
        await app.Drain();
        await app.With<AppDb>(async db => (await db.Customers.AsNoTracking().SingleAsync(c => c.Id == it.Contract.CustomerId)).Profile.ShouldBeNull());
        await app.ShouldFold(it.Id);
    }

    [Fact]
    public async Task Turns_nothing_round_that_was_ordered_before_the_dispute()
    {
        var it = await app.ASettledCase();
        var (reference, amount) = await it.Order();
        var legal = await app.SignIn(Role.Legal, name: "disputes");
        async Task<Guid> Contest(string money) => (await legal.Ok(HttpMethod.Post, Path(it, "disputes"), new { forum = "Court", words = "w", amount = money })).GetProperty("disputeId").GetGuid();
        var (first, second) = (await Contest("300.00"), await Contest("200.00"));
        var other = await app.SignIn(Role.Legal, name: "other");
        // The first is upheld while the second is open: nobody pays anybody.
        await other.Ok(HttpMethod.Post, Path(it, $"disputes/{first}/ruling"), new { result = "Ruled", words = "all of it stands" });
        (await Rulings(it)).ShouldBeEmpty();
        // Of the second half falls away: just that goes back.
        await other.Ok(HttpMethod.Post, Path(it, $"disputes/{second}/ruling"), new { result = "Ruled", upheld = "100.00", words = "half of it" });
        var back = (await Rulings(it)).Single();
        (back.Direction, back.Amount).ShouldBe((PaymentDirection.Refund, 100_00));
        await (await app.SignIn(Role.Finance)).Ok(HttpMethod.Post, $"/api/payments/{back.Id}/release");
        await app.Drain();
        // The case's money is done only when both are paid.
        await Pay(reference, amount);
        (await Step(it, "reconcile")).ShouldBe("Active");
        await Pay(back.Reference, -100_00);
        (await Step(it, "reconcile")).ShouldBe("Done");
        (await it.Accounts())["settlement"].ShouldBe(0);
        await app.ShouldFold(it.Id);
    }

    private Task<List<PaymentOrder>> Rulings(ACase it) =>
        app.With<AppDb, List<PaymentOrder>>(db => db.PaymentOrders.AsNoTracking().Where(o => o.CaseId == it.Id && o.Purpose == PaymentPurpose.Ruling).ToListAsync());

    [Fact]
    public async Task Settles_again_when_the_ruling_comes_before_the_money()
    {
        var it = await app.ASettledCase();
        var total = await it.Total();
        var legal = await app.SignIn(Role.Legal, name: "disputes");
        var id = (await legal.Ok(HttpMethod.Post, Path(it, "disputes"), new { forum = "Arbitration", words = "w", amount = "300.00" })).GetProperty("disputeId").GetGuid();
        await it.Approve();
        await (await app.SignIn(Role.Legal, name: "other")).Ok(HttpMethod.Post, Path(it, $"disputes/{id}/ruling"), new { result = "Settled", upheld = "0", words = "we give it up" });
        (await it.Total()).ShouldBe(total - 300_00);
        (await it.LineCodes()).ShouldContain("ruling.1");
        // What changed needs its approvals again.
        (await it.Case()).GetProperty("approvals").GetString().ShouldBe("");
        await app.ShouldFold(it.Id);
    }

    [Fact]
    public async Task Exports_the_file_with_proof()
    {
        var it = await app.ASettledCase();
        var legal = await app.SignIn(Role.Legal, name: "disputes");
        (await (await app.SignIn(Role.Agent)).Refused(Path(it, "export"))).ShouldBe("not-allowed");
        using var answer = await legal.PostAsJsonAsync(Path(it, "export"), new { });
        answer.IsSuccessStatusCode.ShouldBeTrue();
        using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync());
        byte[] Bytes(string name)
        {
            using var stream = zip.GetEntry(name)!.Open();
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return copy.ToArray();
        }
        var manifest = JsonDocument.Parse(Bytes("manifest.json")).RootElement;
        foreach (var file in manifest.GetProperty("files").EnumerateArray())
            Convert.ToHexStringLower(SHA256.HashData(Bytes(file.GetProperty("name").GetString()!))).ShouldBe(file.GetProperty("sha256").GetString());
        manifest.GetProperty("files").GetArrayLength().ShouldBe(zip.Entries.Count - 1);

        // Every entry's inclusion is proved against the signed head, with the bytes alone.
        var head = SignedTreeHead.Parse(Bytes("audit/head.json"))!;
        var entries = JsonDocument.Parse(Bytes("audit/entries.json")).RootElement;
        entries.GetArrayLength().ShouldBeGreaterThan(5);
        foreach (var entry in entries.EnumerateArray())
        {
            var leaf = MerkleLog.LeafHash(Encoding.ASCII.GetBytes(entry.GetProperty("entry").GetString()!));
            Convert.ToHexStringLower(leaf).ShouldBe(entry.GetProperty("leaf").GetString());
            MerkleLog.IsIncluded(leaf, entry.GetProperty("index").GetInt64(), head.Head.Size, [.. entry.GetProperty("proof").EnumerateArray().Select(p => Convert.FromHexString(p.GetString()!))], Convert.FromHexString(head.Head.Root)).ShouldBeTrue();
        }
        await app.With<AppDb>(async db => (await db.AuditLog.AsNoTracking().CountAsync(a => a.Verb == "case.exported" && a.Target == $"case:{it.Id:N}")).ShouldBe(1));
    }

    private static string Path(ACase it, string rest) => $"/api/cases/{it.Id}/{rest}";

    private static async Task<string> Step(ACase it, string step) =>
        (await it.Case()).GetProperty("steps").EnumerateArray().Single(s => s.GetProperty("id").GetString() == step).GetProperty("state").GetString()!;

    private async Task Pay(string reference, long amount)
    {
        await (await app.SignIn(Role.Finance)).Ok(HttpMethod.Post, "/api/bank-files", new { content = MoneyWorld.BankFile((amount, reference)) });
        await app.Drain();
    }

    public sealed class OnSqlite(SqliteApp app) : DisputeTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : DisputeTests(app), IClassFixture<PostgresApp>;
}
