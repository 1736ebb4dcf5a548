using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core.Churn;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Evaluate;

/// <summary>A change of a customer's state or flag, as it was seen on its day.</summary>
/// <param name="From">Null: the first state.</param>
/// <param name="WasIntermittent">The flag before; null: the first state, or not recorded.</param>
/// <param name="IsIntermittent">The flag since; null: not recorded.</param>
public sealed record ChurnChange(DateOnly On, ChurnState? From, ChurnState To, bool? WasIntermittent, bool? IsIntermittent);

/// <summary>A customer's churn state and flag as evaluations found them.</summary>
/// <param name="State">Null: not evaluated, or not any more.</param>
/// <param name="Since">The day on which an evaluation first found the state.</param>
/// <param name="IntermittentSince">The same of the flag; null also: since before flags were recorded.</param>
/// <param name="Changes">Newest first, at most 200.</param>
public sealed record ChurnHistoryView(long CustomerId, ChurnState? State, DateOnly? Since, bool IsIntermittent, DateOnly? IntermittentSince, IReadOnlyList<ChurnChange> Changes);

/// <summary>Reads what was recorded of a customer of the units the caller may watch; the look is recorded. Whose data may not be evaluated has nothing to show.</summary>
public sealed class ChurnHistory(AppDb db)
{
    private const int Most = 200;

    /// <summary>Null: there is no such customer, or not in these units.</summary>
    public async Task<ChurnHistoryView?> Of(Call call, long customer, CancellationToken ct)
    {
        var units = (await VisibleUnits.Of(db, call.Actor, Permission.ViewWatch, ct)).Ids(null);
        var found = db.Customers.AsNoTracking().Where(c => c.Id == customer && units.Contains(c.UnitId));
        if (!await found.AnyAsync(ct))
            return null;
        if (!await found.Judged().AnyAsync(ct))
            return new(customer, null, null, false, null, []);
        db.Audit(call, "churn.viewed", $"customer:{customer}");
        await db.SaveChangesAsync(ct);
        var now = await db.ChurnStates.AsNoTracking().SingleOrDefaultAsync(s => s.CustomerId == customer, ct);
        var changes = await db.ChurnChanges.AsNoTracking().Where(c => c.CustomerId == customer).OrderByDescending(c => c.On).Take(Most).ToListAsync(ct);
        return new(customer, now?.State, now?.Since, now is { IsIntermittent: true }, now?.IntermittentSince,
            changes.ConvertAll(c => new ChurnChange(c.On, c.From, c.To, c.WasIntermittent, c.IsIntermittent)));
    }
}
