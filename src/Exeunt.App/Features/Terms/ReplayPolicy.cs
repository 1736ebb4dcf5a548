using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Contracts;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Terms;

/// <summary>
/// Replays a version of a policy, usually a draft, on the cases that were settled under its number and closed in the last 24 months:
/// what fees, refunds and balances would have been. The last day of service stays as it was, though another notice might have moved it.
/// </summary>
public sealed class ReplayPolicy(AppDb db, CaseDesk desk) : UseCase<ReplayPolicy.Request, ReplayPolicy.View>(db)
{
    public const int Months = 24;
    public const int PageSize = 50;

    /// <summary>The newest so many cases are replayed; more would be another answer, not a better one.</summary>
    public const int Max = 20_000;

    /// <param name="After">Number of the last case of the page before; null for the first.</param>
    /// <param name="Everything">All rows instead of a page: for the export.</param>
    public sealed record Request(string Number, int Version, string? After = null, bool Everything = false);

    /// <param name="Result">All cases of the company; the rows of a page are those that the caller may see.</param>
    /// <param name="Ids">The case of each row's number.</param>
    public sealed record View(
        TerminationPolicy Policy, PolicyStatus Status, DateOnly From, DateOnly Until, bool Capped, ReplayResult Result,
        IReadOnlyList<ReplayRow> Page, string? Next, int Visible, IReadOnlyDictionary<string, Guid> Ids);

    public override Permission Needs => Permission.ViewCases;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Policies.AsNoTracking().SingleOrDefaultAsync(p => p.Number == request.Number && p.Version == request.Version, ct) is not { } row)
            return CommonRefusals.NotFound;
        var until = call.Today(Clocks.CompanyZone);
        var from = until.AddMonths(-Months);
        var settled = await Settled(request.Number, from, ct);
        var policy = TerminationPolicy.FromJson(row.Document);
        var result = PolicyReplay.Run([.. settled.Take(Max).Select(s => s.Case)], policy);
        var ids = settled.ToDictionary(s => s.Case.Number, s => s.Id);
        var seen = (await desk.Visible(call, Needs).Where(c => c.PolicyNumber == request.Number && c.Outcome == CaseOutcome.Executed && c.EffectiveOn >= from).Select(c => c.Id).ToListAsync(ct)).ToHashSet();
        var visible = result.Rows.Where(r => seen.Contains(ids[r.Number])).ToList();
        var page = request.Everything ? visible
            : [.. visible.Where(r => request.After is not { } after || string.CompareOrdinal(r.Number, after) > 0).Take(PageSize + 1)];
        var next = !request.Everything && page.Count > PageSize ? page[PageSize - 1].Number : null;
        return new View(policy, row.Status, from, until, settled.Count > Max, result, next is null ? page : page.GetRange(0, PageSize), next, visible.Count, ids);
    }

    /// <summary>How the event of an objection to a line of the settlement begins.</summary>
    public const string Contested = "\"type\":\"line-contested\"";

    private sealed record Found(Guid Id, ReplayCase Case);

    /// <summary>The closed cases with the inputs of their settlements, set by set, by number.</summary>
    private async Task<List<Found>> Settled(string number, DateOnly from, CancellationToken ct)
    {
        var rows = await Db.Cases.AsNoTracking().Where(c => c.PolicyNumber == number && c.Outcome == CaseOutcome.Executed && c.EffectiveOn >= from)
            .Join(Db.Settlements.AsNoTracking(), c => c.SettlementId, s => s.Id, (c, s) => new { Exit = c, s.Statement })
            .Join(Db.Contracts.AsNoTracking(), x => x.Exit.ContractId, c => c.Id, (x, contract) => new { x.Exit, x.Statement, Contract = contract })
            .OrderByDescending(x => x.Exit.EffectiveOn).ThenBy(x => x.Exit.Number).Take(Max + 1)
            .Select(x => new { x.Exit.Id, x.Exit.Number, x.Exit.PolicyVersion, EffectiveOn = x.Exit.EffectiveOn!.Value, x.Statement, x.Contract }).ToListAsync(ct);
        var versions = (await Db.Policies.AsNoTracking().Where(p => p.Number == number).Select(p => new { p.Version, p.Document }).ToListAsync(ct))
            .ToDictionary(p => p.Version, p => TerminationPolicy.FromJson(p.Document));
        var disputed = (await Db.Cases.AsNoTracking().Where(c => c.PolicyNumber == number && c.Outcome == CaseOutcome.Executed && c.EffectiveOn >= from)
            .Join(Db.CaseEvents.AsNoTracking().Where(e => e.Data.Contains(Contested)), c => c.Id, e => e.CaseId, (c, _) => c.Id).Distinct().ToListAsync(ct)).ToHashSet();
        return [.. rows.OrderBy(r => r.Number, StringComparer.Ordinal).Select(r => new Found(r.Id, SettlementInputs.Read(r.Statement) is var (contract, facts)
            ? new ReplayCase(r.Number, contract, facts, versions[r.PolicyVersion!.Value], disputed.Contains(r.Id))
            : new ReplayCase(r.Number, Settling.TermsOf(r.Contract), Settling.FactsOf(r.Contract, r.EffectiveOn), versions[r.PolicyVersion!.Value], disputed.Contains(r.Id))))];
    }
}

/// <summary>What a stored settlement was computed from.</summary>
internal static class SettlementInputs
{
    /// <summary>Contract and facts that the statement carries; null when it is older than that, and they are rebuilt from the contract.</summary>
    public static (ContractTerms Contract, ExitFacts Facts)? Read(string statement)
    {
        using var json = JsonDocument.Parse(statement);
        if (!json.RootElement.TryGetProperty("inputs", out var inputs) || !inputs.TryGetProperty("contract", out var contract) || !inputs.TryGetProperty("facts", out var facts))
            return null;
        return (contract.Deserialize<ContractTerms>(SettlementJson.Document)!, facts.Deserialize<ExitFacts>(SettlementJson.Document)!);
    }
}
