using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.ReEntry;

/// <summary>
/// Re-signing by the number: whoever was erased without a case, or is recognised no longer, comes back too. Imports take the number again, in every
/// spelling under which they look for it. A case that is still recognised is welcomed with it, and where its record calls for an approval, that comes first.
/// </summary>
public sealed class LiftSuppression(AppDb db, CaseDesk desk, NumberTokens numbers) : UseCase<LiftSuppression.Request, Done>(db)
{
    /// <summary>The longest number that an import takes.</summary>
    private const int MaxNumber = 200;

    /// <param name="Number">Number in the customer system.</param>
    /// <param name="Source">Which system that is, as an import's mapping names it; empty: the one of a mapping that names none.</param>
    public sealed record Request(string? Number, string? Source = null);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (CommonRefusals.UnfitLine("number", request.Number, MaxNumber, out var unfit))
            return unfit;
        var erased = await Suppression.Of(Db, numbers, request.Source, request.Number).ToListAsync(ct);
        if (erased.Count == 0)
            return ReEntryRefusals.NotSuppressed;
        var customers = erased.Select(e => e.CustomerId).Distinct().ToList();
        var units = await Db.Customers.AsNoTracking().Where(c => customers.Contains(c.Id)).Join(Db.Units, c => c.UnitId, u => u.Id, (_, u) => u.Path).ToListAsync(ct);
        if (units.Any(path => !call.Actor.Allows(Needs, path)))
            return ReEntryRefusals.OtherUnit;
        var today = call.Today(Clocks.CompanyZone);
        var recognised = await Db.Set<RecognitionToken>().AsNoTracking().Where(t => customers.Contains(t.CustomerId) && t.Until >= today).ToListAsync(ct);
        foreach (var token in recognised.DistinctBy(t => t.CaseId))
        {
            if (await desk.Find(token.CaseId, call, Needs, ct) is not { } exit)
                return ReEntryRefusals.OtherUnit;
            // Who was welcomed before the erasure, or beside another spelling of the number, is not welcomed twice.
            if (await WelcomeBack.Stage(Db, desk, exit, token, call, ct) is { } no && no != ReEntryRefusals.WelcomedAlready)
                return no;
        }
        foreach (var token in erased.Select(e => e.Token!).DistinctBy(t => Convert.ToHexString(t)))
            Db.Add(new ReEntryRequest
            {
                Id = Guid.CreateVersion7(), CaseId = ReEntryRequest.NoCase, RequestedBy = call.Actor.Id, RequestedAt = call.Now, Approved = true, Words = [], LiftedToken = token,
                WelcomedAt = call.BusinessNow,
            });
        foreach (var customer in customers)
            Db.Audit(call, "re-entry.lifted", $"customer:{customer}");
        return await Commit(Done.It, ct);
    }
}
