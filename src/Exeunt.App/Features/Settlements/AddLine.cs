using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Documents;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>
/// Adds a line to a settlement: a damage by the policy's price list with a photo, something missing by the policy's list, a cost with its
/// receipt, or a waiver or goodwill, which counts only once it is approved. The customer is told of a charge.
/// </summary>
public sealed class AddLine(AppDb db, CaseDesk desk, Settling settling, SettleStep step, CaseFacts facts, CaseTexts texts, Papers papers, CaseLetters letters)
    : UseCase<AddLine.Request, AddLine.Added>(db)
{
    public const int MaxWords = 1000;
    public const int MaxLines = 50;

    /// <param name="Entry">Code of the price list or of the things to hand back, for a damage or something missing.</param>
    /// <param name="Amount">"12.50" in the contract's currency, for the other kinds.</param>
    /// <param name="Evidence">Bytes of the photo or paper.</param>
    public sealed record Request(Guid CaseId, CaseLineKind? Kind, string? Entry, string? Amount, string? Words, byte[]? Evidence);

    public sealed record Added(Guid LineId);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Added>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.CannotChangeMoney() is { } fixedNow)
            return fixedNow;
        // What a ruling says comes from the end of a dispute only.
        if (request.Kind is not { } kind || !Enum.IsDefined(kind) || kind is CaseLineKind.RuledCredit or CaseLineKind.RuledCharge)
            return CommonRefusals.Required("kind");
        if (request.Words is { Length: > MaxWords })
            return CommonRefusals.TooLong("words", MaxWords);
        var words = request.Words?.Trim() ?? "";
        if (words.Length == 0 && kind is CaseLineKind.Waiver or CaseLineKind.Goodwill or CaseLineKind.Cost)
            return CommonRefusals.Required("words");
        var others = await facts.Lines(exit.Id, ct);
        if (others.Count >= MaxLines)
            return LineRefusals.TooMany;
        var contract = await Db.Contracts.AsNoTracking().SingleAsync(c => c.Id == exit.ContractId, ct);
        var priced = Price(kind, request, await settling.PolicyOf(contract, ct), contract);
        if (priced.Refusal is { } no)
            return no;
        var (code, amount, label, clause) = priced.Value;
        var evidence = await Prove(exit, kind, request.Evidence, call, ct);
        if (evidence.Refusal is { } unproven)
            return unproven;
        var line = CaseLine.Add(Guid.CreateVersion7(), exit.Id, kind, Unique(code, others), amount, label, clause,
            words.Length == 0 ? null : await texts.Stage(exit, "line", words, ct), evidence.Value, call.Actor.Id, call.Now);
        Db.CaseLines.Add(line);
        if (exit.AddLine(line.Id, kind) is { } not)
            return not;
        if (exit.SettlementId is not null && line.Counts && await step.Stage(exit, call, ct) is { } uncomputed)
            return uncomputed;
        desk.Stage(exit, call);
        if (line.Counts)
            await letters.Mail(exit, call, "mail.line-added", [exit.Number, label.In(exit.Language), Ui.Amounts.Text(amount)], [], ct);
        return await Commit(new Added(line.Id), ct);
    }

    private readonly record struct Priced(string Code, Money Amount, Words Label, string Clause);

    private static Outcome<Priced> Price(CaseLineKind kind, Request request, TerminationPolicy policy, Contract contract)
    {
        try
        {
            switch (kind)
            {
                case CaseLineKind.Damage:
                    return policy.DamagePrices.FirstOrDefault(p => p.Code == request.Entry) is not { } entry ? LineRefusals.NotOnPriceList
                        : Checked(new Priced($"damage.{entry.Code}", Own(entry.Price, contract), entry.Name, $"{policy.Number}/{entry.Code}"));
                case CaseLineKind.Missing:
                    return policy.HandOvers.FirstOrDefault(h => h.Side == PolicySide.Customer && h.Code == request.Entry) is not { } thing ? LineRefusals.NotToHandBack
                        : thing.Price is not { } price ? LineRefusals.NoPrice
                        : Checked(new Priced($"missing.{thing.Code}", Own(price, contract), thing.Name, $"{policy.Number}/{thing.Code}"));
                default:
                    var code = kind switch { CaseLineKind.Cost => LineCode.Costs, CaseLineKind.Waiver => "waiver", _ => "goodwill" };
                    var both = Texts.Everything["line." + code];
                    return Checked(new Priced(code + ".1", TypedAmount.Read(request.Amount, contract.Currency, "amount"), new Words(both[0], both[1]), ""));
            }
        }
        catch (CalculationException e)
        {
            return e.Beside("amount");
        }
    }

    private static Outcome<Priced> Checked(Priced priced) => priced.Amount.Minor > 0 ? priced : LineRefusals.Nothing;

    /// <exception cref="CalculationException">MIXED_CURRENCY: the list is in another currency than the contract.</exception>
    private static Money Own(Money price, Contract contract) => Money.Zero(contract.Currency) + price;

    private async Task<Outcome<Guid?>> Prove(ExitCase exit, CaseLineKind kind, byte[]? bytes, Call call, CancellationToken ct)
    {
        if (bytes is not { Length: > 0 })
            return kind switch { CaseLineKind.Damage => LineRefusals.PhotoFirst, CaseLineKind.Cost => LineRefusals.ReceiptFirst, _ => (Guid?)null };
        var known = Evidence.KindOf(bytes, papers: kind != CaseLineKind.Damage);
        if (known.Refusal is { } no)
            return no;
        var (mediaType, ending) = known.Value;
        var number = await Db.Documents.CountAsync(d => d.CaseId == exit.Id && d.Kind == DocumentKind.Evidence, ct) + 1;
        return (await papers.Stage(exit, exit.CustomerId!.Value, DataClass.Case, DocumentKind.Evidence,
            string.Create(CultureInfo.InvariantCulture, $"{exit.Number}-evidence-{number}.{ending}"), mediaType, bytes, call, ct)).Id;
    }

    /// <summary>A second line of the same entry gets a number behind its code.</summary>
    private static string Unique(string code, List<CaseLine> others)
    {
        var taken = others.Select(l => l.Code).ToHashSet();
        var stem = code.EndsWith(".1", StringComparison.Ordinal) ? code[..^2] : code;
        for (var n = 1; ; n++)
            if ((n == 1 ? code : string.Create(CultureInfo.InvariantCulture, $"{stem}.{n}")) is var one && !taken.Contains(one))
                return one;
    }
}

public static class LineRefusals
{
    public static readonly Refusal NotOnPriceList = new(RefusalKind.Invalid, "line.not-on-price-list",
        "Damage is charged by the price list of the policy only; choose an entry of it.", "损坏仅按政策公布的价目表收费，请从中选择。", Field: "entry");

    public static readonly Refusal NotToHandBack = new(RefusalKind.Invalid, "line.not-to-hand-back",
        "The policy does not ask the customer to hand this back.", "政策未要求客户交还此物。", Field: "entry");

    public static readonly Refusal NoPrice = new(RefusalKind.Invalid, "line.no-price",
        "The policy names no price for this, so nothing can be charged.", "政策未规定其价格，不得收费。", Field: "entry");

    public static readonly Refusal Nothing = new(RefusalKind.Invalid, "line.nothing", "The amount must be above 0.", "金额须大于 0。", Field: "amount");

    public static readonly Refusal PhotoFirst = new(RefusalKind.Invalid, "line.photo-first",
        "Damage needs a photo as evidence.", "损坏须附照片为证。", Field: "evidence");

    public static readonly Refusal ReceiptFirst = new(RefusalKind.Invalid, "line.receipt-first",
        "A cost needs its receipt.", "费用须附凭据。", Field: "evidence");

    public static readonly Refusal TooMany = new(RefusalKind.Conflict, "line.too-many",
        "A settlement has at most 50 added lines.", "一份结算单最多添加 50 项。");
}
