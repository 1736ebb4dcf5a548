using Exeunt.App.Data;
using Exeunt.App.Features.Units;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Customers;

/// <param name="Next">Where the next page begins; null on the last.</param>
/// <param name="Stopped">The search looked at as many candidates as one page may; going on looks at more.</param>
public sealed record CustomerList(
    IReadOnlyList<CustomerLine> Lines, long? Next, bool Stopped, IReadOnlyList<Unit> Units, IReadOnlyList<string> Countries)
{
    /// <summary>The schemes in force, for the filter by class.</summary>
    public IReadOnlyList<Core.Classes.Scheme> Schemes { get; init; } = [];
}

/// <summary>A page of the customers in the actor's units, searched through keyed tokens and then, decrypted, compared.</summary>
internal sealed class ListCustomers(AppDb db, CustomerLines lines, CustomerCountries countries, Classes.ClassBook book) : UseCase<CustomerQuery, CustomerList>(db)
{
    public const int PageSize = 50;

    public override Permission Needs => Permission.ViewCustomers;

    protected override async Task<Outcome<CustomerList>> Handle(Call call, CustomerQuery query, CancellationToken ct)
    {
        var units = await VisibleUnits.Of(Db, call.Actor, Needs, ct);
        var (found, next, stopped) = await lines.Find(query, units, query.After, PageSize, ct);
        var shown = await lines.Of(found, query.Columns, units, call, ct);
        Db.Audit(call, CustomerLines.Words(query) is null ? "customers.listed" : "customers.searched", "customers", new { shown = shown.Count, after = query.After });
        // A read keeps no answer under an idempotency key: it holds names.
        await Db.SaveChangesAsync(ct);
        return new CustomerList(shown, next, stopped, units.InOrder, await countries.All(Db, call.Now, ct)) { Schemes = await book.InForce(call.Today(Clocks.CompanyZone), ct) };
    }
}
