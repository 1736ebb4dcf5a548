using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using CsvHelper;
using CsvHelper.Configuration;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>
/// Reads a bank's statement (CSV with the columns date, amount, currency, text) and matches its lines to payment orders by the
/// reference in the text. A line that fits no order is listed; the same file twice changes nothing.
/// </summary>
public sealed partial class ReconcileBankFile(AppDb db, CaseDesk desk) : UseCase<ReconcileBankFile.Request, ReconcileBankFile.Report>(db)
{
    public const int MaxLines = 100_000;

    public sealed record Request(string Content);

    /// <param name="Matched">Lines that brought an order to its full amount, or part of it.</param>
    public sealed record Report(int Lines, int Matched, int AlreadyKnown, IReadOnlyList<Unmatched> Unmatched);

    /// <param name="Why">"no-reference", "unknown-reference", "wrong-currency", "wrong-direction", "too-much".</param>
    public sealed record Unmatched(int Line, DateOnly BookedOn, string Amount, string Currency, string? Reference, string Why);

    public override Permission Needs => Permission.HandleMoney;

    protected override int Tries => 3;

    protected override async Task<Outcome<Report>> Handle(Call call, Request request, CancellationToken ct)
    {
        var read = Read(request.Content);
        if (read.Refusal is { } no)
            return no;
        var lines = read.Value;
        var keys = lines.Select(l => l.Key).ToList();
        var known = (await Db.BankLines.Where(b => keys.Contains(b.Key)).Select(b => b.Key).ToListAsync(ct)).Select(Convert.ToHexString).ToHashSet();
        var references = lines.Select(l => l.Reference).OfType<string>().Distinct().ToList();
        var orders = await Db.PaymentOrders.Where(o => references.Contains(o.Reference)).ToDictionaryAsync(o => o.Reference, ct);
        var unmatched = new List<Unmatched>();
        var matched = 0;
        foreach (var line in lines.Where(l => !known.Contains(Convert.ToHexString(l.Key))))
        {
            var order = line.Reference is { } reference ? orders.GetValueOrDefault(reference) : null;
            var why = WhyNot(line, order);
            Db.BankLines.Add(new BankLine
            {
                Key = line.Key, BookedOn = line.BookedOn, Amount = line.Amount, Currency = line.Currency, Reference = line.Reference,
                OrderId = why is null ? order!.Id : null, ImportedAt = call.Now,
            });
            if (why is not null)
                unmatched.Add(new(line.Number, line.BookedOn, Money.Format(line.Amount, Currency.MinorDigits(line.Currency)), line.Currency, line.Reference, why));
            else
            {
                matched++;
                await Match(order!, line, call, ct);
            }
        }
        Db.Audit(call, "bank.file-read", "bank", new
        {
            sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request.Content))), lines = lines.Count, matched, unmatched = unmatched.Count,
        });
        return await Commit(new Report(lines.Count, matched, known.Count, unmatched), ct);
    }

    private async Task Match(PaymentOrder order, Line line, Call call, CancellationToken ct)
    {
        order.Matched += Math.Abs(line.Amount);
        order.Version++;
        if (order.Matched < order.Amount)
            return;
        (order.State, order.ReconciledAt) = (PaymentState.Reconciled, call.Now);
        Db.Audit(call, "payment.reconciled", $"payment:{order.Id:N}", new { order.CaseId });
        // The bank's paying ends the claim against (or of) the customer.
        var entry = Guid.CreateVersion7();
        var sign = order.Direction == PaymentDirection.Refund ? 1 : -1;
        foreach (var (account, amount, i) in new[] { ("settlement", sign * order.Amount, 0), ("bank", -sign * order.Amount, 1) })
            Db.Postings.Add(new Posting { EntryId = entry, Line = i, CaseId = order.CaseId, Account = account, Amount = amount, Currency = order.Currency, At = call.Now });
        var exit = (await desk.Find(order.CaseId, call, ct))!;
        if (!exit.IsClosed && exit.IsActive(StepKind.Reconcile))
        {
            exit.Finish(StepKind.Reconcile, order.Reference);
            desk.Stage(exit, call);
        }
    }

    private static string? WhyNot(Line line, PaymentOrder? order) =>
        line.Reference is null ? "no-reference"
        : order is null ? "unknown-reference"
        : order.Currency != line.Currency ? "wrong-currency"
        : order.Direction == PaymentDirection.Refund != line.Amount < 0 ? "wrong-direction"
        : order.Matched + Math.Abs(line.Amount) > order.Amount ? "too-much"
        : null;

    private sealed record Line(int Number, byte[] Key, DateOnly BookedOn, long Amount, string Currency, string? Reference);

    private static Outcome<List<Line>> Read(string content)
    {
        using var csv = new CsvReader(new StringReader(content.TrimStart('\uFEFF')), new CsvConfiguration(CultureInfo.InvariantCulture) { MissingFieldFound = null, BadDataFound = null });
        if (!csv.Read() || !csv.ReadHeader())
            return Bad(1, "header", "date,amount,currency,text");
        foreach (var column in new[] { "date", "amount", "currency", "text" })
            if (!csv.HeaderRecord!.Contains(column))
                return Bad(1, column, "date,amount,currency,text");
        var lines = new List<Line>();
        var equal = new Dictionary<string, int>();
        while (csv.Read())
        {
            var number = csv.Parser.RawRow;
            if (lines.Count >= MaxLines)
                return Bad(number, "file", $"at most {MaxLines} lines");
            if (!DateOnly.TryParseExact(csv.GetField("date"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on))
                return Bad(number, "date", "2026-11-21");
            var currency = csv.GetField("currency") ?? "";
            if (!Currency.IsKnown(currency))
                return Bad(number, "currency", "ISO 4217 code, CNY");
            var digits = Currency.MinorDigits(currency);
            if (!decimal.TryParse(csv.GetField("amount"), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
                || amount * Pow10(digits) is var minor && (minor != decimal.Truncate(minor) || Math.Abs(minor) > long.MaxValue / 4))
                return Bad(number, "amount", "-12.50");
            var text = csv.GetField("text") ?? "";
            var raw = $"{on:O}|{amount}|{currency}|{text}";
            var ordinal = equal[raw] = equal.GetValueOrDefault(raw) + 1;
            var key = SHA256.HashData(Encoding.UTF8.GetBytes($"{raw}|{ordinal}"))[..16];
            lines.Add(new Line(number, key, on, (long)(amount * Pow10(digits)), currency, ReferencePattern().Match(text) is { Success: true } m ? m.Value : null));
        }
        return lines;
    }

    private static decimal Pow10(int digits) => digits switch { 0 => 1m, 2 => 100m, 3 => 1000m, _ => 10000m };

    private static Refusal Bad(int line, string column, string expected) =>
        new(RefusalKind.Invalid, "bank.file-unreadable",
            $"Line {line}, column {column}: expected {expected}. Nothing of the file was taken.", $"第 {line} 行 {column} 列：应为 {expected}。文件未被导入。", Field: "file");

    [GeneratedRegex("EX[A-Z2-7]{12}")]
    private static partial Regex ReferencePattern();
}
