using System.Globalization;
using System.Text;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core;

namespace Exeunt.App.Features.Customers;

/// <summary>
/// What the list shows, as CSV in the caller's language: the chosen columns, names masked as on the page, at most 5,000 customers. Of who is only stored the line
/// says so instead of the name, and nothing of them but where they belong.
/// </summary>
internal sealed class ExportCustomers(AppDb db, CustomerLines lines) : UseCase<CustomerQuery, ExportCustomers.File>(db)
{
    public const int Max = 5_000;
    private const int AtOnce = 500;

    /// <param name="Complete">False when there were more customers than an export may hold, or a search that stopped early.</param>
    public sealed record File(string Text, int Rows, bool Complete);

    public override Permission Needs => Permission.ViewCustomers;

    protected override async Task<Outcome<File>> Handle(Call call, CustomerQuery query, CancellationToken ct)
    {
        var units = await VisibleUnits.Of(Db, call.Actor, Needs, ct);
        var t = Texts.In(call.Language);
        var text = new StringBuilder(Csv.Mark).Append(Csv.Line(new[] { t["customers.number"], t["customers.name"] }.Concat(query.Columns.Select(c => t["customers.column." + c]))));
        var (count, stopped) = (0, false);
        long? after = 0;
        while (after is { } from && count < Max && !stopped)
        {
            (var found, after, stopped) = await lines.Find(query, units, from, AtOnce, ct);
            foreach (var line in await lines.Of(found, query.Columns, units, call, ct))
                text.Append(Csv.Line(new[] { line.Id.ToString(CultureInfo.InvariantCulture), line.IsRestricted ? t["customer.restricted"] : line.Name }.Concat(query.Columns.Select(c => line.IsRestricted && !IsOurs(c) ? "" : Value(line, c, t)))));
            count += found.Count;
        }
        Db.Audit(call, "customers.exported", "customers", new { rows = count, columns = query.Columns });
        // A read keeps no answer under an idempotency key: it holds masked names.
        await Db.SaveChangesAsync(ct);
        return new File(text.ToString(), count, after is null && !stopped);
    }

    /// <summary>Whether a column says who looks after a customer, and nothing about the customer.</summary>
    private static bool IsOurs(string column) => column is "unit" or "manager";

    private static string Value(CustomerLine line, string column, Texts t) =>
        column switch
        {
            "tier" => t.Of("customer.tier", line.Tier),
            "kind" => t.Of("customer.kind", line.Kind),
            "state" => line.Activity is { } said ? t.Of("churn-state", said.Churn.State) + (said.Churn.IsIntermittent ? " · " + t["churn-state.intermittent"] : "") : "",
            "intermittent" => line.Activity is { } judged ? t[judged.Churn.IsIntermittent ? "indicator.yes" : "indicator.no"] : "",
            "unit" => line.Unit,
            "manager" => line.GivenUpOn is not null ? t["customers.care.GivenUp"] : line.Owner ?? "",
            "country" => line.Country is { } country ? Countries.Name(t, country) : "",
            "industry" => line.Industry ?? "",
            "spend" => line.Activity is { } said ? Amounts.Major(new Money(said.Spend12m, line.Currency)).ToString(CultureInfo.InvariantCulture) : "",
            "orders" => line.Activity?.Orders12m.ToString(CultureInfo.InvariantCulture) ?? "",
            "silent" => line.Activity?.Churn.MonthsSilent?.ToString(CultureInfo.InvariantCulture) ?? "",
            "last-order" => line.Activity?.LastOrderOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "",
            "currency" => line.Currency,
            "classes" => line.Classes,
            "contracts" => line.Contracts.ToString(CultureInfo.InvariantCulture),
            _ => line.Since?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "",
        };
}
