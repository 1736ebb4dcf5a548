using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Intakes;
using Exeunt.App.Tests.Harness;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;

namespace Exeunt.App.Tests.Intakes;

/// <summary>What comes to the door in tests.</summary>
public static class IntakeWorld
{
    /// <summary>A PNG of one pixel.</summary>
    public static byte[] Photo => Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    public static string AMail(string from, string text, string subject = "Mail", string? id = null, string more = "") =>
        $"Return-Path: <x@example.com>\r\nReceived: from mx (1.2.3.4) by ours; Mon, 16 Mar 2026 01:00:00 +0000\r\nFrom: {from}\r\nTo: service@exeunt.example\r\nSubject: {subject}\r\nMessage-ID: <{id ?? Guid.NewGuid().ToString("N")}@mail.example>\r\nDate: Mon, 16 Mar 2026 09:00:00 +0800\r\nContent-Type: text/plain; charset=utf-8\r\n{more}\r\n{text}\r\n";

    /// <summary>Puts a file into the drop folder as a mail server does: whole, by its last name.</summary>
    public static void Drop(this ExeuntApp app, string mail, string? name = null, DateTimeOffset? at = null) => app.Drop(Encoding.UTF8.GetBytes(mail), name, at);

    public static void Drop(this ExeuntApp app, byte[] mail, string? name = null, DateTimeOffset? at = null)
    {
        Directory.CreateDirectory(app.Options.MailFolder);
        var path = Path.Combine(app.Options.MailFolder, name ?? $"{Guid.NewGuid():N}.eml");
        File.WriteAllBytes(path + ".tmp", mail);
        File.SetLastWriteTimeUtc(path + ".tmp", (at ?? app.Time.GetUtcNow().AddMinutes(-5)).UtcDateTime);
        File.Move(path + ".tmp", path);
    }

    public static Task<int> TakeMails(this ExeuntApp app) => app.With<MailDrop, int>(drop => drop.Take(CancellationToken.None));

    public static Task<List<InboundMail>> InboundMails(this ExeuntApp app) => app.With<AppDb, List<InboundMail>>(db => db.Set<InboundMail>().AsNoTracking().OrderBy(m => m.Id).ToListAsync());

    /// <summary>The one mail with these bytes.</summary>
    public static async Task<InboundMail> TheMail(this ExeuntApp app, string mail)
    {
        var sha = SHA256.HashData(Encoding.UTF8.GetBytes(mail));
        return (await app.InboundMails()).Single(m => m.Sha256.AsSpan().SequenceEqual(sha));
    }

    public static string[] FilesIn(this ExeuntApp app, string folder = "") =>
        Directory.Exists(Path.Combine(app.Options.MailFolder, folder)) ? [.. Directory.EnumerateFiles(Path.Combine(app.Options.MailFolder, folder)).Select(f => Path.GetFileName(f)!)] : [];

    /// <summary>How a case came in: its proofs, each with the SHA-256 of what is really stored.</summary>
    public static Task<List<(string Name, byte[] Bytes)>> Proofs(this ExeuntApp app, Guid caseId) => app.With<IServiceProvider, List<(string, byte[])>>(async services =>
    {
        var (db, papers) = (services.GetRequiredService<AppDb>(), services.GetRequiredService<Papers>());
        (await db.Set<IntakeRow>().AsNoTracking().AnyAsync(i => i.CaseId == caseId)).ShouldBeTrue();
        var proofs = new List<(string, byte[])>();
        foreach (var row in await db.Documents.AsNoTracking().Where(d => d.CaseId == caseId && d.Kind == DocumentKind.Intake).OrderBy(d => d.FileName).ToListAsync())
        {
            var bytes = (await papers.Open(row, default))!;
            SHA256.HashData(bytes).ShouldBe(row.Sha256);
            proofs.Add((row.FileName, bytes));
        }
        return proofs;
    });

    /// <summary>The labels and values of the card "How it came in" on the page of a case.</summary>
    public static async Task<string> IntakeCard(this ExeuntApp app, Guid caseId, string language = "en")
    {
        using var browser = await app.Browser(Core.Role.Agent, language: language);
        var page = await browser.Get($"/cases/{caseId}");
        page.Status.ShouldBe(200);
        return page.Of("#intake") ?? throw new InvalidOperationException("No card.");
    }

    public static Guid Id(this JsonElement element, string name) => element.GetProperty(name).GetGuid();
}
