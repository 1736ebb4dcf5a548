using Exeunt.App.Data;
using Exeunt.App.Features.ChurnDefinitions;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Customers;
using Exeunt.Core.Activity;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Evaluate;

/// <summary>Some customers in memory, judged as <see cref="LoadBase"/> judges all: by the same exclusions and the definition in force. What a page of customers shows.</summary>
internal static class FewCustomers
{
    /// <summary>Those who may be judged and have a history, ascending by number; product lines are not read.</summary>
    public static async Task<CustomerBase> Of(AppDb db, IEnumerable<Customer> customers, DateOnly today, CancellationToken ct)
    {
        var judged = customers.Where(c => c is { RestrictedAt: null, ObjectedAt: null }).OrderBy(c => c.Id).ToList();
        var ids = judged.ConvertAll(c => c.Id);
        var months = await db.Activity.AsNoTracking().Where(a => ids.Contains(a.CustomerId)).ToDictionaryAsync(a => a.CustomerId, a => a.Months, ct);
        var builder = new CustomerBase.Builder(months.Count, months.Values.Sum(m => m.Length), await TermSpans.Excluded(db.Contracts.Where(c => ids.Contains(c.CustomerId)), ct));
        foreach (var c in judged.Where(c => months.ContainsKey(c.Id)))
            builder.Add(new(c.Id, c.UnitId, c.Currency, c.Kind == CustomerKind.Organisation, Industry: c.Industry, Since: c.Since), months[c.Id]);
        return builder.Build().With(await ChurnBook.Compiled(db, today, ct));
    }
}
