using System.Security.Cryptography;
using System.Text;
using Exeunt.App.Data;
using Exeunt.App.Features.ReEntry;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Cases;

/// <summary>Who writes a phone, mail address or number in another way is the same person: who applies, and who was a customer before.</summary>
public abstract class SpellingTests(ExeuntApp app)
{
    [Fact]
    public async Task An_application_finds_the_customer_however_contract_and_contact_are_written()
    {
        foreach (var spell in new Func<CaseWorld.AContract, (string Number, string Contact)>[]
        {
            c => (c.Number.ToLowerInvariant(), $"+86 {c.Phone[..3]}-{c.Phone[3..7]}-{c.Phone[7..]}"),
            c => (Wide(c.Number), Wide(c.Phone)),
            c => ($" {c.Number} ", "0086" + c.Phone),
            c => (c.Number, c.Mail.ToUpperInvariant()),
        })
        {
            var contract = await app.AContractInForce();
            var (number, contact) = spell(contract);
            using var customer = app.Client("zh");
            var receipt = await customer.Ok(HttpMethod.Post, "/api/applications", new { contractNumber = number, name = contract.Name, contact });
            var token = receipt.GetProperty("token").GetString()!;
            await customer.Ok(HttpMethod.Post, $"/api/progress/{token}/code");
            // Only of whom both fit a code goes to the contact on file.
            var opened = await customer.Ok(HttpMethod.Post, $"/api/progress/{token}/identity", new { code = await app.CodeFor(contract.Mail) });
            opened.GetProperty("session").GetString().ShouldNotBeNullOrEmpty(contact);
        }
    }

    [Fact]
    public async Task A_former_customer_is_recognised_in_every_spelling_and_by_a_token_of_an_earlier_version()
    {
        var agent = await app.SignIn(Role.Agent);
        var left = await app.ASettledCase(0);
        await left.Order();
        var (phone, mail, number) = (left.Contract.Phone, left.Contract.Mail, $"{left.Contract.CustomerId}");
        foreach (var (what, value) in new[]
        {
            ("phone", $"+86 {phone}"), ("phone", $"0086-{phone}"), ("phone", Wide(phone)), ("mail", Wide(mail.ToUpperInvariant())), ("number", Wide(number)), ("number", $" {number} "),
        })
            (await Result(agent, what, value)).ShouldBe("known", value);
        (await Result(agent, "phone", $"+49 {phone}")).ShouldBe("clear");

        // Earlier versions made it of the digits as they were written.
        var old = await app.With<KeyStore, byte[]>(async keys =>
            HMACSHA256.HashData(await keys.Secret("recognition-key", () => RandomNumberGenerator.GetBytes(32), default), Encoding.UTF8.GetBytes($"Phone|86{phone}"))[..16]);
        await app.With<AppDb>(async db =>
        {
            var row = await db.Set<RecognitionToken>().SingleAsync(t => t.CaseId == left.Id && t.Kind == TokenKind.Phone);
            db.Entry(row).Property(t => t.Token).CurrentValue = old;
            db.Audit(await app.SystemCall(), "test.token", "test");
            await db.SaveChangesAsync();
        });
        foreach (var value in new[] { phone, $"+86 {phone}", Wide(phone) })
            (await Result(agent, "phone", value)).ShouldBe("known", value);
    }

    private static async Task<string?> Result(HttpClient agent, string what, string value) =>
        (await agent.Ok(HttpMethod.Get, $"/api/re-entry?{what}={Uri.EscapeDataString(value)}")).GetProperty("result").GetString();

    /// <summary>The same text in full-width characters.</summary>
    private static string Wide(string text) => string.Concat(text.Select(c => c is > ' ' and <= '~' ? (char)(c + 0xFEE0) : c));

    public sealed class OnSqlite(SqliteApp app) : SpellingTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : SpellingTests(app), IClassFixture<PostgresApp>;
}
