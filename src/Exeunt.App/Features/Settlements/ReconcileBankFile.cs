using System.Globalization;
using System.Security.Cryptography;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>
/// Reads a bank's statement and opens its reconciliation: lines with the reference of an order are set against it, the others wait for a
/// person. The same file is read once; a line that another file brought before is not taken again.
/// </summary>
public sealed class ReconcileBankFile(AppDb db, Allocating allocating, Customers.NumberTokens numbers) : UseCase<ReconcileBankFile.Request, ReconcileBankFile.Report>(db)
{
    /// <param name="Content">Bytes of the file.</param>
    public sealed record Request(byte[] Content);

    /// <param name="Matched">Lines that brought an order to its full amount, or part of it.</param>
    public sealed record Report(Guid FileId, int Lines, int Matched, int AlreadyKnown, IReadOnlyList<Unmatched> Unmatched);

    /// <param name="Why">"no-reference", "unknown-reference", "wrong-currency", "wrong-direction", "too-much".</param>
    public sealed record Unmatched(int Line, DateOnly BookedOn, string Amount, string Currency, string? Reference, string Why);

    public override Permission Needs => Permission.HandleMoney;

    protected override int Tries => 3;

    protected override async Task<Outcome<Report>> Handle(Call call, Request request, CancellationToken ct)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(request.Content));
        if (await Db.BankFiles.AsNoTracking().Where(f => f.Sha256 == sha256).Select(f => new { f.Id, f.ReadAt }).SingleOrDefaultAsync(ct) is { } first)
            return BankRefusals.FileKnown(first.Id, Clocks.DateIn(first.ReadAt, Clocks.CompanyZone));
        var read = BankCsv.Read(request.Content);
        if (read.Refusal is { } no)
            return no;
        var lines = read.Value;
        var known = await Known(lines, ct);
        var fresh = lines.Where(l => !KeysOf(l).Any(k => known.Contains(Convert.ToHexString(k)))).ToList();
        var references = fresh.Select(l => l.Reference).OfType<string>().Distinct().ToList();
        var orders = await Db.PaymentOrders.Where(o => references.Contains(o.Reference)).ToDictionaryAsync(o => o.Reference, ct);
        await allocating.Prepare([.. orders.Values.Select(o => o.Id)], ct);
        var file = new BankFile
        {
            Id = Guid.CreateVersion7(), Sha256 = sha256, Name = NameOf(lines, sha256), ReadBy = call.Actor.Id, ReadAt = call.Now, Lines = lines.Count, Known = lines.Count - fresh.Count,
        };
        Db.BankFiles.Add(file);
        var unmatched = new List<Unmatched>();
        foreach (var line in fresh)
        {
            var order = line.Reference is { } reference ? orders.GetValueOrDefault(reference) : null;
            var why = WhyNot(line, order);
            var row = new BankLine
            {
                Key = numbers.OfBankLine(line.Digest), FileId = file.Id, Number = line.Number, BookedOn = line.BookedOn, Amount = line.Amount, Currency = line.Currency, Reference = line.Reference, Why = why,
                State = why is null ? BankLineState.Matched : BankLineState.Open, OrderId = why is null ? order!.Id : null, ImportedAt = call.Now,
            };
            Db.BankLines.Add(row);
            if (why is null)
                await allocating.Apply(order!, row, new Money(Math.Abs(line.Amount), line.Currency), fromSuspense: false, call, ct);
            else
                unmatched.Add(new(line.Number, line.BookedOn, Money.Format(line.Amount, Currency.MinorDigits(line.Currency)), line.Currency, line.Reference, why));
        }
        Db.Audit(call, "bank.file-read", $"bank-file:{file.Id:N}", new { sha256, lines = lines.Count, matched = fresh.Count - unmatched.Count, unmatched = unmatched.Count, known = file.Known });
        return await Commit(new Report(file.Id, lines.Count, fresh.Count - unmatched.Count, file.Known, unmatched), ct);
    }

    private async Task<HashSet<string>> Known(List<BankCsv.Line> lines, CancellationToken ct)
    {
        var known = new HashSet<string>();
        foreach (var part in lines.SelectMany(l => KeysOf(l)).Chunk(500))
            known.UnionWith((await Db.BankLines.Where(b => part.Contains(b.Key)).Select(b => b.Key).ToListAsync(ct)).Select(Convert.ToHexString));
        return known;
    }

    /// <summary>Under what a line may be stored: earlier versions kept its digest.</summary>
    private byte[][] KeysOf(BankCsv.Line line) => [numbers.OfBankLine(line.Digest), line.Digest];

    private static string? WhyNot(BankCsv.Line line, PaymentOrder? order) =>
        line.Reference is null ? "no-reference"
        : order is null ? "unknown-reference"
        : order.Currency != line.Currency ? "wrong-currency"
        : order.Direction == PaymentDirection.Refund != line.Amount < 0 ? "wrong-direction"
        : order.Matched + Math.Abs(line.Amount) > order.Amount ? "too-much"
        : null;

    private static string NameOf(List<BankCsv.Line> lines, string sha256)
    {
        var (first, last) = (Day(lines.Min(l => l.BookedOn)), Day(lines.Max(l => l.BookedOn)));
        return $"{(first == last ? first : $"{first} – {last}")} · {sha256[..8]}";

        static string Day(DateOnly on) => on.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }
}

public static class BankRefusals
{
    /// <summary>The page of the first reading stands behind the sentence.</summary>
    public static Refusal FileKnown(Guid first, DateOnly on) =>
        new(RefusalKind.Conflict, "bank.file-known",
            $"This file was read on {on:yyyy-MM-dd} already; nothing was taken twice. See /money/files/{first}.", $"该文件已于 {on:yyyy-MM-dd} 导入，未重复入账。见 /money/files/{first}。", Field: "file");

    public static readonly Refusal FileClosed = new(RefusalKind.Conflict, "bank.file-closed",
        "This reconciliation is closed; nothing of it changes any more.", "该对账已关闭，不可再更改。");

    public static readonly Refusal LineResolved = new(RefusalKind.Conflict, "bank.line-resolved",
        "This line is resolved already.", "该行已处理。");

    public static readonly Refusal NoSuchOrder = new(RefusalKind.Invalid, "bank.no-such-order",
        "No payment order of yours has this reference or case number.", "没有该指令编号或案件编号的款项指令。", Field: "order");

    public static readonly Refusal SeveralOrders = new(RefusalKind.Invalid, "bank.several-orders",
        "This case has several payment orders; give the reference.", "该案件有多个款项指令，请填写指令编号。", Field: "order");

    public static readonly Refusal WrongCurrency = new(RefusalKind.Invalid, "bank.wrong-currency",
        "The order is in another currency than the line.", "指令币种与流水币种不符。", Field: "order");

    public static readonly Refusal WrongDirection = new(RefusalKind.Invalid, "bank.wrong-direction",
        "Money came in for an order to pay out, or the other way round.", "收支方向与指令不符。", Field: "order");

    public static readonly Refusal MoreThanOrdered = new(RefusalKind.Invalid, "bank.more-than-ordered",
        "More went out than the order says. Ask the bank; set the line aside until then.", "实付超过指令金额。请向银行查询，暂先搁置该行。", Field: "order");

    public static readonly Refusal SecondPerson = new(RefusalKind.Forbidden, "bank.second-person",
        "You set this line aside, so another person assigns it.", "该行由您搁置，须由他人认领。");

    public static readonly Refusal NoCredit = new(RefusalKind.Conflict, "credit.none",
        "The customer has no credit in this case.", "客户在本案中没有多付款项。");

    public static readonly Refusal OwnCredit = new(RefusalKind.Forbidden, "credit.own",
        "You assigned the payment that made this credit, so another person pays it back.", "该多付款项由您认领，须由他人办理退还。");

    public static Refusal LinesOpen(int count, IReadOnlyList<int> first) =>
        new(RefusalKind.Conflict, "bank.lines-open",
            $"{count} {(count == 1 ? "line is" : "lines are")} not resolved: {string.Join(", ", first)}{(count > first.Count ? "…" : "")}. Assign or set aside each of them first.",
            $"尚有 {count} 行未处理：第 {string.Join("、", first)}{(count > first.Count ? "…" : "")} 行。请先逐行认领或搁置。");
}
