using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Disputes;

/// <summary>
/// Opens a dispute of a case: contested amounts are not ordered, nothing is erased; everything else goes on. The lines that are contested are
/// chosen from the settlement, or an amount is named.
/// </summary>
public sealed class OpenDispute(AppDb db, CaseDesk desk, CaseTexts texts) : UseCase<OpenDispute.Request, OpenDispute.Opened>(db)
{
    public const int MaxWords = 4000;

    /// <param name="Words">What it is about, the file number, who acts for whom.</param>
    /// <param name="Lines">Codes of the settlement's lines that are contested.</param>
    /// <param name="Amount">Instead of lines: what is contested of what the customer pays, in major units of the settlement's currency.</param>
    public sealed record Request(Guid CaseId, DisputeForum? Forum, string? Words, IReadOnlyList<string>? Lines, string? Amount);

    public sealed record Opened(Guid DisputeId);

    public override Permission Needs => Permission.HandleDisputes;

    protected override async Task<Outcome<Opened>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.IsClosed)
            return CaseRefusals.Closed;
        if (request.Forum is not { } forum || !Enum.IsDefined(forum))
            return CommonRefusals.Required("forum");
        if (CommonRefusals.Unfit("words", request.Words, MaxWords, out var unfit))
            return unfit;
        var contested = await Contested(exit, request, ct);
        if (contested.Refusal is { } no)
            return no;
        var id = Guid.CreateVersion7();
        if (exit.OpenDispute(id, forum.ToString().ToLowerInvariant(), Math.Abs(contested.Value.Minor)) is { } not)
            return not;
        await Erasure.LegalHolds.Touch(Db, exit.CustomerId, ct);
        Db.Add(new Dispute
        {
            Id = id, CaseId = exit.Id, Forum = forum, TextId = await texts.Stage(exit, "dispute", request.Words.Trim(), ct), Lines = string.Join(',', request.Lines ?? []),
            Contested = contested.Value.Minor, Currency = contested.Value.Minor == 0 ? null : contested.Value.Currency, OpenedBy = call.Actor.Id, OpenedAt = call.Now,
        });
        desk.Stage(exit, call);
        return await Commit(new Opened(id), ct);
    }

    private async Task<Outcome<Money>> Contested(ExitCase exit, Request request, CancellationToken ct)
    {
        var currency = exit.SettlementCurrency ?? await Db.Contracts.AsNoTracking().Where(c => c.Id == exit.ContractId).Select(c => c.Currency).SingleOrDefaultAsync(ct) ?? "CNY";
        var byAmount = request.Lines is not { Count: > 0 };
        if (byAmount && string.IsNullOrWhiteSpace(request.Amount))
            return Money.Zero(currency);
        if (exit.SettlementId is not { } settlement)
            return CaseRefusals.NoSettlement with { Field = byAmount ? "amount" : "lines" };
        var statement = await Db.Settlements.AsNoTracking().Where(s => s.Id == settlement).Select(s => s.Statement).SingleAsync(ct);
        var known = Documents.StatementLines.Read(statement, Texts.English).ToDictionary(l => l.Code, l => l.Amount);
        var others = await Db.Set<Dispute>().AsNoTracking().Where(d => d.CaseId == exit.Id).ToListAsync(ct);
        if (byAmount)
            return Named(request.Amount!, known.Values.Where(a => a.Minor > 0).Aggregate(Money.Zero(currency), (sum, one) => sum + one), others, currency);
        var lines = request.Lines!;
        if (lines.Any(l => l is null || !known.ContainsKey(l)) || lines.Distinct().Count() != lines.Count)
            return DisputeRefusals.UnknownLine;
        if (others.Where(d => d.Result is null).SelectMany(d => d.Lines.Split(',')).Intersect(lines).Any())
            return DisputeRefusals.ContestedAlready;
        return lines.Select(l => known[l]).Aggregate(Money.Zero(currency), (sum, one) => sum + one);
    }

    /// <summary>An amount that was named: of what the customer is charged, as far as other disputes neither contest it nor took it away.</summary>
    private static Outcome<Money> Named(string typed, Money charged, IReadOnlyList<Dispute> others, string currency)
    {
        try
        {
            var amount = Money.Parse(typed, currency, "amount");
            var rest = charged - new Money(others.Where(d => d.Contested > 0).Sum(d => d.Contested - (d.Upheld ?? 0)), currency);
            return amount.Minor > rest.Minor ? DisputeRefusals.MoreThanCharged(rest.Minor < 0 ? Money.Zero(currency) : rest) : amount;
        }
        catch (CalculationException e)
        {
            return e.Beside("amount");
        }
    }
}

public static class DisputeRefusals
{
    public static readonly Refusal UnknownLine = new(RefusalKind.Invalid, "dispute.unknown-line",
        "The settlement has no such line.", "结算单没有该项。", Field: "lines");

    public static readonly Refusal ContestedAlready = new(RefusalKind.Conflict, "dispute.contested-already",
        "Another dispute contests this line.", "该项已在另一争议中。", Field: "lines");

    /// <param name="rest">What can still be contested.</param>
    public static Refusal MoreThanCharged(Money rest) => new(RefusalKind.Invalid, "dispute.more-than-charged",
        $"Of what the customer is charged {rest} {rest.Currency} can still be contested.", $"客户应付款项中尚可争议的金额为 {rest} {rest.Currency}。", Field: "amount");

    public static readonly Refusal ClosedAlready = new(RefusalKind.Conflict, "dispute.closed-already", "This dispute is closed.", "该争议已结束。");

    public static readonly Refusal DeadlinePast = new(RefusalKind.Invalid, "dispute.deadline-past",
        "The deadline lies today or later, within ten years.", "期限须为今天或以后，且在十年内。", Field: "dueOn");

    public static readonly Refusal DeadlineDone = new(RefusalKind.Conflict, "dispute.deadline-done", "This deadline was met already.", "该期限已办理。");

    public static readonly Refusal OwnRuling = new(RefusalKind.Forbidden, "dispute.own-ruling",
        "You opened this dispute; what its end costs is carried out by another person.", "该争议由您立案，其结果须由他人执行。");
}
