using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.ReEntry;

/// <summary>Before a contract is signed: whether the person was a customer before, on which terms, what is left open, and whose approval a return needs.</summary>
public sealed class CheckReEntry(AppDb db, CaseDesk desk, Recognition recognition, Vault vault, NumberTokens numbers) : UseCase<CheckReEntry.Request, CheckReEntry.Answer>(db)
{
    /// <param name="Number">Number in the customer system.</param>
    /// <param name="Source">Which system that is, as an import's mapping names it; empty: the one of a mapping that names none.</param>
    public sealed record Request(string? Mail = null, string? Phone = null, string? Number = null, string? Source = null);

    /// <param name="Result">"clear", "known" (welcome), "approval-needed", "asked", "approved", "refused".</param>
    /// <param name="Suppressed">Whether an import refuses the number, because its customer was erased; null: none was given.</param>
    public sealed record Answer(string Result, IReadOnlyList<Former> Before, bool? Suppressed);

    /// <param name="Remainder">What is open from the old case: + the customer owes, - we owe; null: nothing.</param>
    /// <param name="Number">Null: the case is of a unit the caller does not see; its class counts all the same.</param>
    /// <param name="WordsKept">Whether words of a request and its decision can be kept; else their key is destroyed.</param>
    public sealed record Former(
        Guid CaseId, string? Number, FormerClass Class, Role? Approver, DateOnly Until, CaseOutcome? Outcome, DateOnly? EndedOn, string? ProductEnglish, string? ProductChinese, Money? MonthlyFee, int? TermMonths,
        string? Policy, Money? Remainder, Guid? RequestId, bool? Approved, DateTimeOffset? WelcomedAt, bool MayDecide, bool WordsKept);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Answer>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(request.Mail) && string.IsNullOrWhiteSpace(request.Phone) && string.IsNullOrWhiteSpace(request.Number))
            return CommonRefusals.Required("mail");
        var tokens = await recognition.Find([(TokenKind.Mail, request.Mail), (TokenKind.Phone, request.Phone), (TokenKind.Number, request.Number)], call.Today(Clocks.CompanyZone), ct);
        var cases = tokens.DistinctBy(t => t.CaseId).ToList();
        var ids = cases.Select(t => t.CaseId).ToList();
        var visible = await desk.Visible(call, Needs).Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, ct);
        var contractIds = visible.Values.Select(c => c.ContractId!.Value).ToList();
        var contracts = await Db.Contracts.AsNoTracking().Where(c => contractIds.Contains(c.Id)).ToDictionaryAsync(c => c.Id, ct);
        var requests = (await Db.Set<ReEntryRequest>().AsNoTracking().Where(r => ids.Contains(r.CaseId)).OrderBy(r => r.RequestedAt).ToListAsync(ct)).GroupBy(r => r.CaseId).ToDictionary(g => g.Key, g => g.Last());
        var orders = await Db.PaymentOrders.AsNoTracking().Where(o => ids.Contains(o.CaseId) && o.State != PaymentState.Reconciled).ToListAsync(ct);
        var mute = new HashSet<long>();
        foreach (var customer in cases.Where(t => t.Approver is not null).Select(t => t.CustomerId).Distinct())
            if (await vault.IsErased(customer, DataClass.Case, ct))
                mute.Add(customer);
        var before = cases.Select(t => Of(t, visible.GetValueOrDefault(t.CaseId), contracts, requests.GetValueOrDefault(t.CaseId), orders, mute, call)).ToList();
        var suppressed = string.IsNullOrWhiteSpace(request.Number) ? (bool?)null : await Suppression.Of(Db, numbers, request.Source, request.Number).AnyAsync(ct);
        Db.Audit(call, "re-entry.checked", "re-entry", new { cases = ids });
        await Db.SaveChangesAsync(ct);
        return new Answer(ResultOf(before), before, suppressed);
    }

    private static Former Of(RecognitionToken token, ExitCase? exit, Dictionary<long, Contract> contracts, ReEntryRequest? asked, List<PaymentOrder> orders, HashSet<long> mute, Call call)
    {
        var contract = exit is null ? null : contracts.GetValueOrDefault(exit.ContractId!.Value);
        var open = exit is null ? [] : orders.Where(o => o.CaseId == exit.Id).ToList();
        var left = open.Sum(o => (o.Direction == PaymentDirection.Claim ? 1 : -1) * (o.Amount - o.Matched));
        return new(
            token.CaseId, exit?.Number, token.Class, token.Approver, token.Until, exit?.Outcome, exit?.EffectiveOn, contract?.ProductEnglish, contract?.ProductChinese,
            contract is null ? null : new Money(contract.MonthlyFee, contract.Currency), contract?.TermMonths, contract is null ? null : $"{contract.PolicyNumber} v{contract.PolicyVersion}",
            left == 0 ? null : new Money(left, open[0].Currency), asked?.Id, asked?.Approved, asked?.WelcomedAt,
            asked is { Approved: null } && asked.RequestedBy != call.Actor.Id && token.Approver is { } role && call.Actor.Has(role), !mute.Contains(token.CustomerId));
    }

    /// <summary>The strictest of what was met decides.</summary>
    private static string ResultOf(List<Former> before)
    {
        if (before.Count == 0)
            return "clear";
        var strict = before.Where(b => b.Approver is not null).ToList();
        return strict.Count == 0 ? "known"
            : strict.Any(b => b.Approved == false) ? "refused"
            : strict.All(b => b.Approved == true) ? "approved"
            : strict.Any(b => b.RequestId is not null && b.Approved is null) ? "asked"
            : "approval-needed";
    }
}
