using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>The ledger of a case: its entries in double entry, oldest first, and the balance of each account.</summary>
public sealed class ShowLedger(AppDb db, CaseDesk desk) : UseCase<ShowLedger.Request, ShowLedger.View>(db)
{
    private const int MaxPostings = 2000;

    public sealed record Request(Guid CaseId);

    /// <param name="Sum">0 in an entry that balances.</param>
    public sealed record Entry(Guid Id, DateTimeOffset At, string Cause, IReadOnlyList<Posting> Postings, Money Sum);

    public sealed record View(Guid CaseId, string Number, IReadOnlyList<Entry> Entries, IReadOnlyList<(string Account, Money Balance)> Accounts, string Zone);

    public override Permission Needs => Permission.ViewMoney;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        var postings = await Db.Postings.AsNoTracking().Where(p => p.CaseId == exit.Id).OrderBy(p => p.At).ThenBy(p => p.EntryId).ThenBy(p => p.Line).Take(MaxPostings).ToListAsync(ct);
        return new View(exit.Id, exit.Number,
            [.. postings.GroupBy(p => p.EntryId).Select(e => new Entry(e.Key, e.First().At, e.First().Cause, [.. e], new Money(e.Sum(p => p.Amount), e.First().Currency)))],
            [.. postings.GroupBy(p => (p.Account, p.Currency)).OrderBy(a => a.Key.Account, StringComparer.Ordinal).Select(a => (a.Key.Account, new Money(a.Sum(p => p.Amount), a.Key.Currency)))],
            exit.Zone ?? Clocks.CompanyZone);
    }
}
