using System.Diagnostics;
using System.Globalization;
using System.Text;
using Exeunt.App;
using Exeunt.App.Data;
using Exeunt.App.Features.AuditLog;
using Exeunt.App.Features.Backup;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Features.Imports;
using Exeunt.App.Features.Mail;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Exeunt.Bench;

/// <summary>
/// Ten thousand customers with words of their own in every kind of place are erased, all classes; then these words are looked for in
/// thirteen encodings in every file: database, write-ahead log, key store, backups of before and after, log of the server, and on
/// PostgreSQL its own files. Two hundred planted ones must be found.
/// </summary>
internal static class ErasureBench
{
    private const int Customers = 10_000;
    private const int Planted = 200;

    public static Task<IReadOnlyList<Row>> Run() => OnBoth.Run(Run);

    private static async Task<IReadOnlyList<Row>> Run(string name, HostOptions options, string folder)
    {
        var random = new Random(20260316);
        var canaries = Enumerable.Range(0, Customers * 2).Select(i => CanarySearch.Canary(random, i)).ToList();
        await Import(options, folder, canaries);
        var log = Path.Combine(folder, "server.log");
        var errors = Console.Error;
        await using (var words = new StreamWriter(log))
        {
            Console.SetError(words);
            try
            {
                await using var host = await ExeuntHost.Build(options with { Worker = false }, TimeProvider.System, CancellationToken.None);
                var ids = await Fill(host, canaries);
                await Backups.Take(options, Path.Combine(folder, "backup-before"), TimeProvider.System.GetUtcNow(), CancellationToken.None);
                var due = await Due(host, ids);
                var watch = Stopwatch.StartNew();
                var ran = await host.Services.GetRequiredService<EffectWorker>().Drain(CancellationToken.None);
                var seconds = watch.Elapsed.TotalSeconds;
                await using (var scope = host.Services.CreateAsyncScope())
                {
                    var db = scope.ServiceProvider.GetRequiredService<AppDb>();
                    var left = await db.Effects.CountAsync(e => e.Kind == "erase.class" && e.State != EffectState.Done);
                    var entries = await db.Erasures.CountAsync(e => ids.Contains(e.CustomerId));
                    if (left > 0 || entries != due)
                        throw new InvalidOperationException($"{left} erasures did not end, {entries} ledger entries of {due}; {ran} runs");
                    while (await scope.ServiceProvider.GetRequiredService<TreeHeads>().Advance(CancellationToken.None) > 0) { }
                }
                await Backups.Take(options, Path.Combine(folder, "backup-after"), TimeProvider.System.GetUtcNow(), CancellationToken.None);
                var places = new List<string> { folder };
                if (options.Database is { } database)
                    places.Add(await Files(database));
                var search = new CanarySearch(canaries);
                var hits = places.SelectMany(search.In).ToList();
                var found = Plant(folder, canaries, search, random);
                Console.SetError(errors);
                foreach (var hit in hits.Take(20))
                    await errors.WriteLineAsync($"{hit.Place} at {hit.At}: {hit.Encoding} of {canaries[hit.Canary]}");
                return
                [
                    new($"{name}: erasures (one class of one customer: ledger, leaf, key, what it sealed) in batches of 500", due / seconds, "/s", "target: at least", 1_000),
                    new($"{name}: canaries of {Customers:N0} erased customers found, in {search.Looked >> 20} MB, 13 encodings", hits.Count, "", "target: none"),
                    new($"{name}: planted ones found", found, "", "planted", Planted),
                ];
            }
            finally
            {
                Console.SetError(errors);
            }
        }
    }

    /// <summary>Names, numbers, mails and addresses by an ordinary import; the file itself is outside and goes.</summary>
    private static async Task Import(HostOptions options, string folder, List<string> canaries)
    {
        var file = Path.Combine(folder, "customers.csv");
        await using (var csv = new StreamWriter(file, false, new UTF8Encoding(false)))
        {
            await csv.WriteLineAsync("customer,name,kind,contact_person,mail,phone,address,currency");
            for (var i = 0; i < Customers; i++)
                await csv.WriteLineAsync($"\"{Quoted(canaries[2 * i])}\",\"{Quoted(canaries[2 * i + 1])}\",person,,m{i}@mail.example,138{i:00000000},\"{Quoted(canaries[2 * i])}\",CNY");
        }
        using var words = new StringWriter();
        if (await ImportCommand.Run(["customers", file], options, words, words, CancellationToken.None) != 0)
            throw new InvalidOperationException(words.ToString());
        File.Delete(file);

        static string Quoted(string text) => text.Replace("\"", "\"\"", StringComparison.Ordinal);
    }

    /// <summary>Mails, documents and words of each customer, sealed as the product seals them.</summary>
    private static async Task<List<long>> Fill(WebApplication host, List<string> canaries)
    {
        await using var all = host.Services.CreateAsyncScope();
        var ids = await all.ServiceProvider.GetRequiredService<AppDb>().Customers.OrderBy(c => c.Id).Select(c => c.Id).ToListAsync();
        var vault = host.Services.GetRequiredService<Vault>();
        for (var from = 0; from < ids.Count; from += 500)
        {
            await using var scope = host.Services.CreateAsyncScope();
            var (db, papers) = (scope.ServiceProvider.GetRequiredService<AppDb>(), scope.ServiceProvider.GetRequiredService<Papers>());
            var call = Now();
            for (var i = from; i < Math.Min(from + 500, ids.Count); i++)
            {
                var (id, mail, text) = (ids[i], Guid.CreateVersion7(), Guid.CreateVersion7());
                var content = new MailContent($"{i}@mail.example", canaries[2 * i], $"{canaries[2 * i + 1]}\n{canaries[2 * i]}", []);
                db.Mails.Add(new MailRow { Id = mail, Subject = id, Class = DataClass.Contact, Data = await vault.Seal(id, DataClass.Contact, MailRow.Place, mail.ToString("N"), content, CancellationToken.None), At = call.Now });
                db.Texts.Add(new PersonalText { Id = text, Subject = id, Class = DataClass.Profile, Kind = "talk", Data = await vault.Seal(id, DataClass.Profile, PersonalText.Place, text.ToString("N"), canaries[2 * i], CancellationToken.None) });
                await papers.Stage((Guid?)null, id, DataClass.Case, DocumentKind.Notice, "letter.pdf", "application/pdf", Encoding.UTF8.GetBytes($"%PDF-1.7 {canaries[2 * i + 1]}"), call, CancellationToken.None);
                await papers.Stage((Guid?)null, id, DataClass.Legal, DocumentKind.Statement, "statement.pdf", "application/pdf", Encoding.UTF8.GetBytes($"%PDF-1.7 {canaries[2 * i]}"), call, CancellationToken.None);
            }
            await db.SaveChangesAsync();
        }
        return ids;
    }

    /// <summary>Every class of everybody falls due; returns how many erasures that is.</summary>
    private static async Task<int> Due(WebApplication host, List<long> ids)
    {
        DataClass[] classes = [DataClass.Profile, DataClass.Contact, DataClass.Case, DataClass.Legal];
        foreach (var chunk in ids.Chunk(500))
        {
            await using var scope = host.Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<AppDb>();
            var call = Now();
            await db.Write(async ct =>
            {
                await db.Customers.Where(c => chunk.Contains(c.Id)).ExecuteUpdateAsync(s => s.SetProperty(c => c.ErasedAt, call.Now), ct);
                foreach (var id in chunk)
                foreach (var dataClass in classes)
                    db.Enqueue(Effect.At(call.BusinessNow, "erase.class", $"erase|{id}|{dataClass}", new EraseClass.What(id, dataClass)));
                db.Audit(call, "bench.due", "customers");
                return await db.SaveChangesAsync(ct);
            }, CancellationToken.None);
        }
        return ids.Count * classes.Length;
    }

    /// <summary>Puts canaries into copies of what was searched, each in another encoding and place, and counts those found again.</summary>
    private static int Plant(string folder, List<string> canaries, CanarySearch search, Random random)
    {
        var place = Directory.CreateDirectory(Path.Combine(folder, "planted")).FullName;
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => new FileInfo(f).Length is > 1000 and < 50_000_000 && !f.StartsWith(place, StringComparison.Ordinal)).ToList();
        var found = 0;
        for (var i = 0; i < Planted; i++)
        {
            var which = random.Next(canaries.Count);
            var forms = CanarySearch.FormsOf(canaries[which]).Where(f => f.Pattern.Length >= 8).ToList();
            var pattern = forms[i % forms.Count].Pattern;
            var bytes = File.ReadAllBytes(files[random.Next(files.Count)])[..1000];
            pattern.CopyTo(bytes, random.Next(bytes.Length - pattern.Length));
            if (search.In(string.Create(CultureInfo.InvariantCulture, $"planted {i}"), bytes).Any(h => h.Canary == which))
                found++;
        }
        return found;
    }

    private static async Task<string> Files(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var checkpoint = new NpgsqlCommand("CHECKPOINT", connection);
        await checkpoint.ExecuteNonQueryAsync();
        await using var show = new NpgsqlCommand("SHOW data_directory", connection);
        return (string)(await show.ExecuteScalarAsync())!;
    }

    private static Call Now() => new(Actor.System, TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow());
}
