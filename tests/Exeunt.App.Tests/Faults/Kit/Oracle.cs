using System.Globalization;
using System.Text;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.AuditLog;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Proof;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Tests.Faults.Kit;

/// <summary>
/// Judges an installation from outside, when its server is down or quiet: the world's own files (mails, bank, exported log) and the clients' lists of
/// what they were told, against the database, which it opens for reading only. It knows the invariants I1 to I7 and I9; each violation is one line
/// that begins with the invariant's name.
/// </summary>
public static class Oracle
{
    /// <param name="quiet">Whether everything that is due has run: then every mail that was to be sent must have arrived.</param>
    public static async Task<IReadOnlyList<string>> Judge(Place place, Acknowledged acknowledged, bool quiet = false)
    {
        var found = new List<string>();
        await using var db = place.Read();
        await NothingAcknowledgedIsLost(db, acknowledged, found);
        await EveryCaseIsLegal(db, found);
        await MoneyLeavesOnce(db, place, found);
        await TheLedgerBalances(db, found);
        await MailsArriveOnce(db, place, quiet, found);
        await TheLogHolds(db, place, found);
        NothingIsInClear(place, found);
        await FilesAreSound(place, found);
        return found;
    }

    /// <summary>I1: each acknowledged case and command is in the database.</summary>
    private static async Task NothingAcknowledgedIsLost(AppDb db, Acknowledged acknowledged, List<string> found)
    {
        var cases = await db.Cases.AsNoTracking().Select(c => new { c.Id, c.Number }).ToDictionaryAsync(c => c.Id, c => c.Number);
        foreach (var (id, number) in acknowledged.Cases)
            if (!cases.TryGetValue(id, out var there))
                found.Add($"I1 the acknowledged case {number} ({id}) is gone");
            else if (there != number)
                found.Add($"I1 the case {id} was acknowledged as {number} and is {there}");
        foreach (var twice in acknowledged.Cases.Values.GroupBy(n => n).Where(g => g.Count() > 1))
            found.Add($"I1 the number {twice.Key} was given to {twice.Count()} cases");
        var keys = (await db.Idempotency.AsNoTracking().Select(r => r.Key).ToListAsync()).ToHashSet();
        foreach (var command in acknowledged.Commands.DistinctBy(c => c.Key))
        {
            if (!keys.Contains(command.Key))
                found.Add($"I1 the acknowledged command {command.What} ({command.Key}) is gone");
            if (command.CaseId is { } id && !cases.ContainsKey(id))
                found.Add($"I1 the command {command.What} was acknowledged for the case {id}, which is gone");
        }
    }

    /// <summary>I2 and I7: each case is what its events say, and is over, or something or somebody is going to move it, or it is parked with a reason.</summary>
    private static async Task EveryCaseIsLegal(AppDb db, List<string> found)
    {
        var procedures = new ProcedureBook(db, new Clocks(TimeProvider.System), new ProcedureCache());
        var events = (await db.CaseEvents.AsNoTracking().OrderBy(e => e.CaseId).ThenBy(e => e.Number).ToListAsync()).ToLookup(e => e.CaseId);
        var effects = (await db.Effects.AsNoTracking().Where(e => e.CaseId != null && (e.State == EffectState.Waiting || e.State == EffectState.Parked)).ToListAsync()).ToLookup(e => e.CaseId!.Value);
        var waits = (await db.Waits.AsNoTracking().Select(w => w.CaseId).ToListAsync()).ToHashSet();
        foreach (var row in await db.Cases.AsNoTracking().ToListAsync())
        {
            var read = events[row.Id].Select(e => e.Read()).ToList();
            if (!read.Select(e => e.Number).SequenceEqual(Enumerable.Range(1, read.Count)))
            {
                found.Add($"I7 the events of {row.Number} have a gap");
                continue;
            }
            try
            {
                if (JsonSerializer.Serialize(ExitCase.Fold(row.Id, read, procedures.Find), Json.Plain) != JsonSerializer.Serialize(row, Json.Plain))
                    found.Add($"I7 {row.Number} is not what its events say");
            }
            catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or ArgumentException)
            {
                found.Add($"I7 the events of {row.Number} cannot be folded: {e.Message}");
            }
            if (row.State != CaseState.Closed && !waits.Contains(row.Id) && !effects[row.Id].Any() && row.Waits.Count == 0)
                found.Add($"I2 {row.Number} is {row.State} and nothing will ever move it");
        }
        foreach (var silent in effects.SelectMany(e => e).Where(e => e.State == EffectState.Parked && string.IsNullOrEmpty(e.Note)))
            found.Add($"I2 the effect {silent.Key} is parked without a reason");
    }

    /// <summary>I3: the bank paid each order at most once, only what was ordered, and at most one order of a purpose for a case.</summary>
    private static async Task MoneyLeavesOnce(AppDb db, Place place, List<string> found)
    {
        var orders = await db.PaymentOrders.AsNoTracking().ToListAsync();
        foreach (var twice in orders.GroupBy(o => (o.CaseId, o.Purpose, o.Number, o.OrderPayment)).Where(g => g.Count() > 1))
            found.Add($"I3 the case {twice.Key.CaseId} has {twice.Count()} orders for {twice.Key.Purpose}");
        var known = orders.ToDictionary(o => o.Reference);
        var paid = File.Exists(Bank.Ledger(place)) ? await File.ReadAllLinesAsync(Bank.Ledger(place)) : [];
        var lines = paid.Select(l => l.Split(' ')).ToList();
        foreach (var payment in lines.GroupBy(l => l[0]))
        {
            if (payment.Count() > 1)
                found.Add($"I3 the bank paid {payment.Key} {payment.Count()} times");
            if (!known.TryGetValue(payment.Key, out var order))
                found.Add($"I3 the bank paid {payment.Key}, which nobody ordered");
            else if (payment.First() is var p && (p[1] != $"{order.Direction}" || p[2] != Money.Format(order.Amount, Currency.MinorDigits(order.Currency)) || p[3] != order.Currency))
                found.Add($"I3 the bank paid {string.Join(' ', p)} where {order.Direction} {order.Amount} {order.Currency} was ordered");
        }
        // Two references for one purpose are two payments, whatever the orders say.
        foreach (var twice in lines.Select(l => known.GetValueOrDefault(l[0])).Where(o => o is not null).DistinctBy(o => o!.Reference).GroupBy(o => (o!.CaseId, o.Purpose, o.Number, o.OrderPayment)).Where(g => g.Count() > 1))
            found.Add($"I3 the bank paid {twice.Count()} times for {twice.Key.Purpose} of the case {twice.Key.CaseId}");
        var closed = await db.Cases.AsNoTracking().Where(c => c.State == CaseState.Closed).Select(c => c.Id).ToListAsync();
        foreach (var order in orders.Where(o => o.State is PaymentState.Ordered or PaymentState.Reconciled && closed.Contains(o.CaseId) && !lines.Exists(l => l[0] == o.Reference)))
            found.Add($"I3 the order {order.Reference} of a closed case never reached the bank");
    }

    /// <summary>I4: every entry sums to zero in each currency.</summary>
    private static async Task TheLedgerBalances(AppDb db, List<string> found)
    {
        foreach (var entry in (await db.Postings.AsNoTracking().ToListAsync()).GroupBy(p => (p.EntryId, p.Currency)).Where(e => e.Sum(p => p.Amount) != 0))
            found.Add($"I4 the entry {entry.Key.EntryId} is off by {entry.Sum(p => p.Amount)} {entry.Key.Currency}");
    }

    /// <summary>I5: what is sent has arrived, under the one id it has; nothing arrived that was not staged.</summary>
    private static async Task MailsArriveOnce(AppDb db, Place place, bool quiet, List<string> found)
    {
        var verbs = await db.AuditLog.AsNoTracking().Where(r => r.Verb.StartsWith("mail.")).Select(r => new { r.Verb, r.Target }).ToListAsync();
        HashSet<string> Of(string verb) => [.. verbs.Where(v => v.Verb == verb).Select(v => v.Target["mail:".Length..])];
        var (staged, sent) = (Of("mail.staged"), Of("mail.sent"));
        var arrived = new Dictionary<string, List<ReceivedMail>>();
        foreach (var mail in Mailbox.All(place.Options.World))
        {
            var id = mail.Headers.GetValueOrDefault("Message-ID") ?? mail.Headers.GetValueOrDefault("Message-Id") ?? "";
            // A file a kill left half has no body; the same mail comes again.
            if (id.Length == 0 || mail.Text.Length == 0)
                continue;
            var key = id.Trim('<', '>').Split('@')[0];
            if (!arrived.TryGetValue(key, out var list))
                arrived[key] = list = [];
            list.Add(mail);
        }
        foreach (var id in sent.Where(id => !arrived.ContainsKey(id)))
            found.Add($"I5 the mail {id} is said to be sent and never arrived");
        foreach (var id in arrived.Keys.Where(id => !staged.Contains(id)))
            found.Add($"I5 the mail {id} arrived and was never staged");
        foreach (var different in arrived.Where(a => a.Value.Select(m => (m.To, m.Subject, m.Text)).Distinct().Count() > 1))
            if (different.Value.Select(m => m.Text).Distinct().Any(t => !different.Value.All(o => o.Text.StartsWith(t, StringComparison.Ordinal) || t.StartsWith(o.Text, StringComparison.Ordinal))))
                found.Add($"I5 the mail {different.Key} arrived with different words");
        // The same paper to the same person under two ids is two effects of one cause.
        foreach (var twice in arrived.Values.Select(l => l[0]).Where(m => m.Attachments.Count > 0).GroupBy(m => (m.To, m.Subject, string.Join('|', m.Attachments.Keys.Order(StringComparer.Ordinal)))).Where(g => g.Count() > 1))
            found.Add($"I5 {twice.Key.Subject} was sent {twice.Count()} times under different ids");
        if (!quiet)
            return;
        var settled = new HashSet<string>([.. sent, .. Of("mail.not-sent-erased")]);
        var parked = (await db.Effects.AsNoTracking().Where(e => e.Kind == "mail.send" && e.State != EffectState.Done).Select(e => e.Key).ToListAsync()).Select(k => k.Split('|')[1]).ToHashSet();
        foreach (var id in staged.Where(id => !settled.Contains(id) && !parked.Contains(id)))
            found.Add($"I5 the mail {id} was staged and forgotten");
    }

    /// <summary>I6: the exported log verifies with the key that was taken at first, and the database has the same leaves and the same heads.</summary>
    private static async Task TheLogHolds(AppDb db, Place place, List<string> found)
    {
        var folder = Path.Combine(place.Options.World, "audit");
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.log").Order(StringComparer.Ordinal).ToList() : [];
        var heads = await db.TreeHeads.AsNoTracking().OrderBy(h => h.Size).ToListAsync();
        if (files.Count > 0)
        {
            var pem = Path.Combine(place.Root, "trusted.pem");
            await File.WriteAllTextAsync(pem, place.Pem);
            await using var words = new StringWriter();
            if (await AuditCommand.Run(["verify", folder, "--trust", pem], place.Options, words, words, CancellationToken.None) != 0)
                found.Add($"I6 {words.ToString().Trim()}");
        }
        var bySize = heads.ToDictionary(h => h.Size);
        long size = 0;
        foreach (var file in files)
        {
            var line = (await File.ReadAllLinesAsync(file)).LastOrDefault() ?? "";
            if (SignedTreeHead.Parse(Encoding.ASCII.GetBytes(line)) is not { } exported)
                found.Add($"I6 {Path.GetFileName(file)} ends without a head");
            else if (!bySize.TryGetValue(exported.Head.Size, out var row))
                found.Add($"I6 the head of {exported.Head.Size} leaves was exported and is not in the database");
            else if (Convert.ToHexStringLower(row.Root) != exported.Head.Root)
                found.Add($"I6 the exported head of {exported.Head.Size} leaves is not the database's");
            else
                size = Math.Max(size, exported.Head.Size);
        }
        // The last head may wait for its export; no other may.
        if (heads.Count > 1 && size < heads[^2].Size)
            found.Add($"I6 exported are {size} leaves of {heads[^1].Size}");
        var log = new MerkleFrontier();
        var sequenced = await db.AuditLog.AsNoTracking().Where(r => r.Index != null).OrderBy(r => r.Index).ToListAsync();
        var at = 0;
        foreach (var row in sequenced)
        {
            if (row.Index != log.Size)
            {
                found.Add($"I6 entry {log.Size} of the log is missing");
                return;
            }
            if (!TreeHeads.EntryOf(row).LeafHash().AsSpan().SequenceEqual(row.Leaf))
            {
                found.Add($"I6 entry {row.Index} of the log was altered");
                return;
            }
            log.Append(row.Leaf!);
            if (at < heads.Count && heads[at].Size == log.Size && !heads[at++].Root.AsSpan().SequenceEqual(log.Root()))
                found.Add(string.Create(CultureInfo.InvariantCulture, $"I6 the log does not give the head of {log.Size} leaves"));
        }
        if (at < heads.Count)
            found.Add($"I6 the log ends before the head of {heads[at].Size} leaves");
    }

    /// <summary>I8: nobody's address stands in clear in a file of the data folder.</summary>
    private static void NothingIsInClear(Place place, List<string> found)
    {
        var canary = Encoding.UTF8.GetBytes(Place.Canary);
        foreach (var file in Directory.EnumerateFiles(place.Options.Data, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith("exeunt.lock", StringComparison.Ordinal)))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (bytes.AsSpan(0, length).IndexOf(canary) >= 0)
                found.Add($"I8 {Path.GetFileName(file)} has an address in clear");
        }
    }

    /// <summary>I9: SQLite finds no fault in its files. (PostgreSQL checks its pages itself where checksums are on; nothing of it is judged here.)</summary>
    private static async Task FilesAreSound(Place place, List<string> found)
    {
        if (place.IsPostgres)
            return;
        foreach (var name in (string[])["exeunt.db", "keys.db", "search.db"])
        {
            await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(place.Options.Data, name), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            await connection.OpenAsync();
            await using var check = connection.CreateCommand();
            check.CommandText = "PRAGMA integrity_check";
            if (await check.ExecuteScalarAsync() is not "ok")
                found.Add($"I9 {name} is damaged");
        }
    }
}
