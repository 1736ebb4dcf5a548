using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Exeunt.App.Features.AuditLog;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.Core.Proof;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Identity;

/// <summary>The receipt: signed at once over number, time and leaf hash; in the log within a minute, provable without us.</summary>
public abstract class ReceiptTests(ExeuntApp app)
{
    [Fact]
    public async Task Is_signed_at_once_and_proved_by_the_next_signed_head_also_offline()
    {
        var contract = await app.AContractInForce();
        var customer = app.Client();
        var given = await (await customer.PostAsJsonAsync("/api/applications", new { contractNumber = contract.Number, name = contract.Name, contact = contract.Mail })).Done();
        var token = given.GetProperty("token").GetString();
        var signed = given.GetProperty("signed").Deserialize<Receipt>(Json.Plain)!;
        signed.Number.ShouldBe(given.GetProperty("number").GetString());
        DateTimeOffset.FromUnixTimeMilliseconds(signed.AtMs).ShouldBe(given.GetProperty("receivedAt").GetDateTimeOffset());

        var first = await (await customer.GetAsync($"/api/progress/{token}/receipt")).Done();
        using var key = ECDsa.Create();
        key.ImportFromPem(first.GetProperty("publicKey").GetString()!);
        signed.IsSignedBy(key).ShouldBeTrue();
        (signed with { Number = "T-2026-999999" }).IsSignedBy(key).ShouldBeFalse();
        (signed with { AtMs = signed.AtMs - 1 }).IsSignedBy(key).ShouldBeFalse();

        while (await app.With<TreeHeads, int>(heads => heads.Advance(default)) > 0)
        {
        }
        var text = await (await customer.GetAsync($"/api/progress/{token}/receipt")).Content.ReadAsStringAsync();
        var proof = JsonDocument.Parse(text).RootElement.GetProperty("proof").Deserialize<InclusionProof>(Json.Plain)!;
        proof.IsOf(signed, key).ShouldBeTrue();
        (proof with { Path = [.. proof.Path.Skip(1)] }).Holds(key).ShouldBeFalse();
        (proof with { Details = proof.Details.Replace("a", "b", StringComparison.Ordinal) }).Holds(key).ShouldBeFalse();

        var (file, pem) = (Path.Combine(app.Options.World, "receipt.json"), Path.Combine(app.Options.World, "key.pem"));
        await File.WriteAllTextAsync(file, text);
        await File.WriteAllTextAsync(pem, key.ExportSubjectPublicKeyInfoPem());
        var output = new StringWriter();
        (await AuditCommand.Run(["receipt", file, "--trust", pem], app.Options, output, output, default)).ShouldBe(0);
        output.ToString().ShouldStartWith($"valid: {signed.Number}");
        await File.WriteAllTextAsync(file, text.Replace(signed.Number, "T-2026-999999", StringComparison.Ordinal));
        (await AuditCommand.Run(["receipt", file, "--trust", pem], app.Options, output, output, default)).ShouldBe(1);

        // What a forger leaves out, wherever: not valid, and no crash.
        foreach (var left in new[] { "receipt.signature", "receipt.number", "receipt.leafHash", "proof.entry", "proof.salt", "proof.details", "proof.path", "proof.head", "proof.head.head", "proof.head.signature", "proof.head.head.root" })
        {
            var node = System.Text.Json.Nodes.JsonNode.Parse(text)!;
            var parts = left.Split('.');
            var parent = parts[..^1].Aggregate(node, (at, part) => at[part]!);
            parent.AsObject().Remove(parts[^1]).ShouldBeTrue(left);
            await File.WriteAllTextAsync(file, node.ToJsonString());
            (await AuditCommand.Run(["receipt", file, "--trust", pem], app.Options, output, output, default)).ShouldBe(1, left);
        }
    }

    [Fact]
    public async Task Proofs_hold_beyond_the_first_complete_block_of_the_log()
    {
        // Enough entries for two complete blocks, so that stored roots and read leaves are both on the way.
        var contract = await app.AContractInForce();
        var customer = app.Client();
        var token = (await (await customer.PostAsJsonAsync("/api/applications", new { contractNumber = contract.Number, name = contract.Name, contact = contract.Mail })).Done()).GetProperty("token").GetString();
        await app.With<Exeunt.App.Data.AppDb>(async db =>
        {
            var call = await app.SystemCall();
            for (var i = 0; i < 2 * InclusionProofs.BlockLeaves + 300; i++)
                db.Audit(call, "test.filler", "test:filler");
            await db.SaveChangesAsync();
        });
        while (await app.With<TreeHeads, int>(heads => heads.Advance(default)) > 0)
        {
        }
        var late = (await (await customer.PostAsJsonAsync("/api/applications", new { contractNumber = "none", name = "nobody", contact = "nobody@example.com" })).Done()).GetProperty("token").GetString();
        await app.With<TreeHeads, int>(heads => heads.Advance(default));
        foreach (var link in new[] { token, late })
        {
            var view = await (await customer.GetAsync($"/api/progress/{link}/receipt")).Done();
            using var key = ECDsa.Create();
            key.ImportFromPem(view.GetProperty("publicKey").GetString()!);
            view.GetProperty("proof").Deserialize<InclusionProof>(Json.Plain)!.IsOf(view.GetProperty("receipt").Deserialize<Receipt>(Json.Plain)!, key).ShouldBeTrue();
        }
    }

    public sealed class OnSqlite(SqliteApp app) : ReceiptTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : ReceiptTests(app), IClassFixture<PostgresApp>;
}
