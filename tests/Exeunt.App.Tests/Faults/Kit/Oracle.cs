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
using Exeunt.Core.Settlement;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Tests.Faults.Kit;

/// <summary>
/// Judges an installation from outside, when its server is down or quiet: the world's own files (mails, bank, exported log) and the clients' lists of
/// what they were told, against the database, which it opens for reading only. It knows the invariants I1 to I9; each violation is one line
/// that begins with the invariant's name.
/// </summary>
public static class Oracle
{
    /// <param name="quiet">Whether everything that is due has run: then every mail that was to be sent must have arrived.</param>
    public static async Task<IReadOnlyList<string>> Judge(Place place, Acknowledged acknowledged, bool quiet = false)
    {
        var found = new List<string>();
        await FilesAreSound(place, found);
        // What stands in a damaged file proves nothing.
        if (found.Count > 0)
            return found;
        await using var db = place.Read();
        var events = (await db.CaseEvents.AsNoTracking().OrderBy(e => e.CaseId).ThenBy(e => e.Number).ToListAsync()).Select(e => (e.CaseId, What: e.Read())).ToLookup(e => e.CaseId, e => e.What);
        found.AddRange(acknowledged.Faults.Select(f => $"I2 {f}"));
        await NothingAcknowledgedIsLost(db, acknowledged, events, found);
        await EveryCaseIsLegal(db, events, found);
        await MoneyLeavesOnce(db, place, found);
        await TheLedgerBalances(db, found);
        await TheBooksAreTheBanks(db, place, found);
        await MailsArriveOnce(db, place, quiet, found);
        await TheLogHolds(db, place, found);
        await EveryEventIsAudited(db, events, found);
        await NothingIsInClear(place, found);
        return found;
    }

    /// <summary>I1: each acknowledged case and command is in the database, the command with what it did.</summary>
    private static async Task NothingAcknowledgedIsLost(AppDb db, Acknowledged acknowledged, ILookup<Guid, RecordedEvent> events, List<string> found)
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
        var commands = acknowledged.Commands.DistinctBy(c => c.Key).ToList();
        foreach (var command in commands)
        {
            if (!keys.Contains(command.Key))
                found.Add($"I1 the acknowledged command {command.What} ({command.Key}) is gone");
            if (command.CaseId is { } id && !cases.ContainsKey(id))
                found.Add($"I1 the command {command.What} was acknowledged for the case {id}, which is gone");
        }
        foreach (var (what, left) in Effects)
            foreach (var same in commands.Where(c => c.CaseId is not null && what(c.What)).GroupBy(c => c.CaseId!.Value))
                if (events[same.Key].Count(e => left(e.What)) is var count && count < same.Count())
                    found.Add($"I1 of {same.Count()} acknowledged commands {same.First().What} the case has {count}");
        var confirmed = events.SelectMany(e => e).Select(e => e.What).OfType<WorkConfirmed>().Select(w => $"/api/work-orders/{w.OrderId}/confirmation").ToHashSet();
        foreach (var command in commands.Where(c => c.What.StartsWith("/api/work-orders/", StringComparison.Ordinal) && !confirmed.Contains(c.What)))
            found.Add($"I1 the acknowledged command {command.What} ({command.Key}) did nothing");
        var answered = (await db.SurveyAnswers.AsNoTracking().Select(a => a.CaseId).ToListAsync()).ToHashSet();
        foreach (var command in commands.Where(c => c.What.StartsWith("/api/surveys/", StringComparison.Ordinal) && c.CaseId is { } id && !answered.Contains(id)))
            found.Add($"I1 the acknowledged answer to the survey of {command.CaseId} is gone");
        // These are of no case: there are at least as many of what they leave.
        async Task AtLeast(Func<string, bool> what, Task<int> there)
        {
            if (commands.Count(c => what(c.What)) is var told && await there is var count && count < told)
                found.Add($"I1 of {told} acknowledged commands {commands.First(c => what(c.What)).What} there are {count}");
        }
        await AtLeast(c => c is "/api/bank-files", db.BankFiles.AsNoTracking().CountAsync());
        await AtLeast(c => c is "/api/clock/advance", db.AuditLog.AsNoTracking().CountAsync(r => r.Verb == "clock.target-set"));
        await AtLeast(c => c.StartsWith("/api/progress/", StringComparison.Ordinal) && c.EndsWith("/code", StringComparison.Ordinal),
            db.AuditLog.AsNoTracking().CountAsync(r => r.Verb == "challenge.sent" || r.Verb == "challenge.withheld"));
    }

    /// <summary>By a command's address, the event that each of them leaves in its case.</summary>
    private static readonly (Func<string, bool> What, Func<CaseEvent, bool> Left)[] Effects =
    [
        (c => c.EndsWith("/identity", StringComparison.Ordinal), e => e is IdentityProven or IdentityRaised),
        (c => c.EndsWith("/talk", StringComparison.Ordinal), e => e is TalkRecorded),
        (c => c.StartsWith("/api/cases/", StringComparison.Ordinal) && c.EndsWith("/offer", StringComparison.Ordinal), e => e is OfferMade),
        (c => c.StartsWith("/api/progress/", StringComparison.Ordinal) && c.EndsWith("/offer", StringComparison.Ordinal), e => e is OfferAnswered),
        (c => c.EndsWith("/approvals/legal", StringComparison.Ordinal), e => e is ApprovalGiven { Role: Role.Legal }),
        (c => c.EndsWith("/approvals/finance", StringComparison.Ordinal), e => e is ApprovalGiven { Role: Role.Finance }),
    ];

    /// <summary>I2 and I7: each case is what its events say, and is over, or something or somebody is going to move it, or it is parked with a reason.</summary>
    private static async Task EveryCaseIsLegal(AppDb db, ILookup<Guid, RecordedEvent> events, List<string> found)
    {
        var procedures = new ProcedureBook(db, new Clocks(TimeProvider.System), new ProcedureCache());
        var effects = (await db.Effects.AsNoTracking().Where(e => e.CaseId != null && (e.State == EffectState.Waiting || e.State == EffectState.Parked)).ToListAsync()).ToLookup(e => e.CaseId!.Value);
        var waits = (await db.Waits.AsNoTracking().Select(w => w.CaseId).ToListAsync()).ToHashSet();
        foreach (var row in await db.Cases.AsNoTracking().ToListAsync())
        {
            var read = events[row.Id].ToList();
            if (!read.Select(e => e.Number).SequenceEqual(Enumerable.Range(1, read.Count)))
            {
                found.Add($"I7 the events of {row.Number} have a gap");
                continue;
            }
            try
            {
                var folded = ExitCase.Fold(row.Id, read, procedures.Find);
                if (JsonSerializer.Serialize(folded, Json.Plain) != JsonSerializer.Serialize(row, Json.Plain))
                    found.Add($"I7 {row.Number} is not what its events say");
                // People move what waits for people, if a list shows it to them; everything else an effect must do.
                if (!folded.IsClosed && !effects[row.Id].Any() && !(waits.Contains(row.Id) && folded.Waits.Any(w => w.For is WaitsFor.Staff or WaitsFor.Customer)))
                    found.Add($"I2 {row.Number} is {row.State} and nothing will ever move it");
            }
            catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or ArgumentException)
            {
                found.Add($"I7 the events of {row.Number} cannot be folded: {e.Message}");
            }
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

    /// <summary>I3 and I4: what the books say of the bank is what the bank did, once for each order, and what is paid in full leaves nothing open.</summary>
    private static async Task TheBooksAreTheBanks(AppDb db, Place place, List<string> found)
    {
        var postings = await db.Postings.AsNoTracking().Where(p => p.CaseId != null).ToListAsync();
        var moved = postings.Where(p => p.Account is PaymentEntry.Bank or PaymentEntry.Suspense).GroupBy(p => p.EntryId).ToDictionary(e => e.Key, e => e.Sum(p => p.Amount));
        var entries = (await db.Allocations.AsNoTracking().Select(a => new { a.OrderId, a.EntryId }).ToListAsync()).ToLookup(a => a.OrderId, a => a.EntryId);
        var paidFor = entries.SelectMany(e => e).ToHashSet();
        foreach (var entry in moved.Where(e => !paidFor.Contains(e.Key)))
            found.Add($"I4 the entry {entry.Key} moves {entry.Value} at the bank for no payment");
        var orders = await db.PaymentOrders.AsNoTracking().ToListAsync();
        var paid = File.Exists(Bank.Ledger(place)) ? (await File.ReadAllLinesAsync(Bank.Ledger(place))).Select(l => l.Split(' ')[0]).ToHashSet() : [];
        foreach (var order in orders)
        {
            var booked = entries[order.Id].Sum(e => moved.GetValueOrDefault(e)) * (order.Direction == PaymentDirection.Refund ? -1 : 1);
            // The bank may be just about to write down what it has the order for.
            var atBank = paid.Contains(order.Reference) || File.Exists(Path.Combine(place.Options.World, "bank", "orders", order.Reference + ".json")) ? order.Amount : 0;
            if (booked > atBank || (order.State == PaymentState.Reconciled && booked != atBank))
                found.Add($"I3 of {order.Reference} {booked} is booked and the bank has {atBank}");
        }
        foreach (var twice in postings.Where(p => p.Cause == "settlement").GroupBy(p => p.CaseId).Where(c => c.Select(p => p.EntryId).Distinct().Count() > 1))
            found.Add($"I4 the settlement of {twice.Key} is booked {twice.Select(p => p.EntryId).Distinct().Count()} times");
        foreach (var exit in orders.GroupBy(o => o.CaseId).Where(c => c.All(o => o is { Purpose: PaymentPurpose.Settlement, State: PaymentState.Reconciled })))
            if (postings.Where(p => p.CaseId == exit.Key && p.Account == LedgerAccount.Settlement).Sum(p => p.Amount) is not 0 and var open)
                found.Add($"I4 the case {exit.Key} is paid and its settlement account has {open}");
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

    /// <summary>I6: an entry that was lost before it had its place in the log is missed all the same, since each event of a case has one.</summary>
    private static async Task EveryEventIsAudited(AppDb db, ILookup<Guid, RecordedEvent> events, List<string> found)
    {
        var audited = new HashSet<(string, string, int)>();
        foreach (var row in await db.AuditLog.AsNoTracking().Where(r => r.Verb.StartsWith("case.") && r.Target.StartsWith("case:")).Select(r => new { r.Verb, r.Target, r.Data }).ToListAsync())
        {
            using var data = JsonDocument.Parse(row.Data);
            if (data.RootElement.TryGetProperty("number", out var number) && number.ValueKind == JsonValueKind.Number)
                audited.Add((row.Target, row.Verb, number.GetInt32()));
        }
        foreach (var exit in events)
            foreach (var e in exit.Where(e => !audited.Contains(($"case:{exit.Key:N}", "case." + CaseDesk.TypeOf(e.What), e.Number))))
                found.Add($"I6 the event {e.Number} of {exit.Key} ({CaseDesk.TypeOf(e.What)}) has no entry in the log");
    }

    /// <summary>I8: nobody's address or name stands in clear in a file of the data folder, in a column of PostgreSQL, or in what a server said.</summary>
    private static async Task NothingIsInClear(Place place, List<string> found)
    {
        foreach (var file in Directory.EnumerateFiles(place.Options.Data, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith("exeunt.lock", StringComparison.Ordinal)))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (InClear.Has(bytes.AsSpan(0, length)))
                found.Add($"I8 {Path.GetFileName(file)} has a name or address in clear");
        }
        foreach (var database in place.Databases)
            found.AddRange((await InClear.In(database)).Select(column => $"I8 {column} has a name or address in clear"));
        found.AddRange(place.Overheard.Distinct().Select(line => $"I8 a server said a name or address in clear: {line}"));
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
            try
            {
                if (await check.ExecuteScalarAsync() is var said and not "ok")
                    found.Add($"I9 {name} is damaged: {said}");
            }
            catch (SqliteException e)
            {
                found.Add($"I9 {name} is damaged: {e.Message}");
            }
        }
    }
}
