using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Exeunt.App.Features.OwnData;

/// <summary>The lists of the file as rows: first the head, with the same names as in the JSON.</summary>
public static class OwnDataLists
{
    /// <summary>The lists that stand at the top of the file and are written out by themselves, with their names there.</summary>
    private static readonly IReadOnlyList<(string Name, PropertyInfo List)> Plain =
    [
        .. typeof(OwnDataFile).GetProperties().OrderBy(p => p.MetadataToken)
            .Where(p => p.PropertyType != typeof(string) && p.PropertyType.IsAssignableTo(typeof(IEnumerable)) && p.Name is not ("Contracts" or "Cases" or "Confirmations" or "Feedback" or "Documents"))
            .Select(p => (NameOf(p.Name), p)),
    ];

    public static IEnumerable<(string Name, IEnumerable<IEnumerable<string?>> Lines)> Of(OwnDataFile f)
    {
        yield return ("contracts", Rows(["number", "product", "startOn", "termEndsOn", "state", "lastServiceDay", "monthlyFee", "currency", "policy", "policyVersion", "signedOn", "unpaid", "unpaidDueOn", "jurisdiction", "zone", "rights", "terms"],
            f.Contracts.Select(c => new[]
            {
                c.Number, c.Product, Day(c.StartOn), Day(c.TermEndsOn), c.State, Day(c.LastServiceDay), c.MonthlyFee.Value, c.MonthlyFee.Currency, c.Policy, $"{c.PolicyVersion}", Day(c.SignedOn), c.Unpaid?.Value, Day(c.UnpaidDueOn),
                c.Jurisdiction, c.Zone, c.Rights, string.Join("; ", c.Terms),
            })));
        yield return ("amendments", Rows(["contract", "number", "from", "until", "words"], f.Contracts.SelectMany(c => c.Amendments.Select(a => new[] { c.Number, $"{a.Number}", Day(a.From), Day(a.Until), string.Join("; ", a.Words) }))));
        yield return ("cases", Rows(["number", "kind", "state", "outcome", "contract", "channel", "receivedAt", "endsOn"],
            f.Cases.Select(c => new[] { c.Number, c.Kind, c.State, c.Outcome, c.Contract, c.Channel, At(c.ReceivedAt), Day(c.EndsOn) })));
        yield return ("steps", Rows(["case", "name", "state", "startedAt", "endedAt"], f.Cases.SelectMany(c => c.Steps.Select(s => new[] { c.Number, s.Name, s.State, At(s.StartedAt), At(s.EndedAt) }))));
        yield return ("said", Rows(["case", "at", "by", "what", "detail", "words"],
            f.Cases.SelectMany(c => c.Said.Select(s => new[] { c.Number, At(s.At), s.By, s.What, s.Detail, s.Words })).Concat(f.Feedback.SelectMany(c => c.Said.Select(s => new[] { c.Number, At(s.At), s.By, s.What, s.Detail, s.Words })))));
        yield return ("settlement-lines", Rows(["case", "code", "label", "amount", "currency", "formula", "explanation", "clause"],
            f.Cases.SelectMany(c => c.Settlement is null ? [] : c.Settlement.Lines.Select(l => new[] { c.Number, l.Code, l.Label, l.Amount.Value, l.Amount.Currency, l.Formula, l.Explanation, l.Clause }))));
        yield return ("payments", Rows(["case", "direction", "purpose", "amount", "paid", "currency", "reference", "state", "orderedAt", "reconciledAt", "costs", "interest"],
            f.Cases.SelectMany(c => c.Payments.Select(p => new[]
            {
                c.Number, p.Direction, p.Purpose, p.Amount.Value, p.Paid.Value, p.Amount.Currency, p.Reference, p.State, At(p.OrderedAt), At(p.ReconciledAt), p.Costs?.Value, p.Interest?.Value,
            }))));
        yield return ("months", Rows(["month", "ordered", "returned", "adjusted", "currency", "orders"], f.Facts.Months.Select(m => new[] { m.Month, m.Ordered.Value, m.Returned.Value, m.Adjusted.Value, m.Ordered.Currency, $"{m.Orders}" })));
        yield return ("facts", Rows(["on", "kind", "amount", "currency", "lines", "value"], f.Facts.Documents.Select(d => new[] { Day(d.On), d.Kind, d.Amount?.Value ?? "", d.Amount?.Currency ?? "", $"{d.Lines}", $"{d.Value}" })));
        yield return ("confirmations", Rows(["at", "what", "where", "policy", "policyVersion", "language", "sha256"], f.Confirmations.Select(c => new[] { At(c.At), c.What, c.Where, c.Policy, $"{c.PolicyVersion}", c.Language, c.Sha256 })));
        yield return ("feedback", Rows(["number", "kind", "about", "state", "receivedAt", "words", "wish", "verdict", "end"],
            f.Feedback.Select(x => new[] { x.Number, x.Kind, x.About, x.State, At(x.ReceivedAt), x.Words, x.Wish, x.Verdict, x.End })));
        yield return ("documents", Rows(["file", "case", "kind", "mediaType", "size", "sha256", "at"], f.Documents.Select(d => new[] { d.File, d.Case, d.Kind, d.MediaType, $"{d.Size}", d.Sha256, At(d.At) })));
        yield return ("offers", Under(f.Cases, "case", c => c.Number, c => c.Offers));
        yield return ("proposals", Under(f.Cases, "case", c => c.Number, c => c.Proposals));
        yield return ("added-lines", Under(f.Cases, "case", c => c.Number, c => c.AddedLines));
        yield return ("instalments", Under(f.Cases, "case", c => c.Number, c => c.Instalments));
        yield return ("surveys", Under(f.Cases, "case", c => c.Number, c => c.Survey is { } survey ? new[] { survey } : []));
        yield return ("typed", Under(f.Cases, "case", c => c.Number, c => c.Typed is { } typed ? new[] { typed } : []));
        yield return ("product-months", new OwnDataTable(typeof(OwnProductMonth)).Of(f.Facts.ProductLines));
        yield return ("corrections", new OwnDataTable(typeof(OwnCorrection)).Of(f.Facts.Corrections));
        yield return ("order-lines", Under(f.Orders, "order", o => o.Number ?? $"{o.Id}", o => o.Lines));
        yield return ("order-payments", Under(f.Orders, "order", o => o.Number ?? $"{o.Id}", o => o.Payments));
        yield return ("return-lines", Under(f.Returns, "case", r => r.Case, r => r.Lines));
        foreach (var (name, list) in Plain)
            yield return (name, new OwnDataTable(list.PropertyType.GetGenericArguments()[0]).Of((IEnumerable<object>)list.GetValue(f)!));
    }

    /// <summary>"classTasks" as the name of a file: "class-tasks".</summary>
    public static string NameOf(string property) => string.Concat(property.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(c) : $"{c}"));

    private static IEnumerable<IEnumerable<string?>> Rows(string[] head, IEnumerable<string?[]> rows) => rows.Prepend(head);

    /// <summary>The rows of several parents, each with what names its parent in front.</summary>
    private static IEnumerable<IEnumerable<string?>> Under<TParent, TRow>(IEnumerable<TParent> parents, string key, Func<TParent, string?> keyOf, Func<TParent, IEnumerable<TRow>> of) where TRow : class
    {
        var table = new OwnDataTable(typeof(TRow));
        return parents.SelectMany(p => of(p).Select(r => table.Row(r).Prepend(keyOf(p)))).Prepend(table.Head.Prepend(key));
    }

    private static string? Day(DateOnly? on) => on?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? At(DateTimeOffset? at) => at?.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}

/// <summary>
/// Rows of one kind as a table: a column for each value, named as in the JSON; several words in one cell. Amounts stand without their currency, which has a column of
/// its own at the end.
/// </summary>
internal sealed class OwnDataTable(Type row)
{
    private sealed record Column(string Name, Func<object, string?> Of);

    private readonly List<Column> _columns = ColumnsOf(row);

    public IEnumerable<string?> Head => _columns.Select(c => c.Name);

    public IEnumerable<string?> Row(object of) => _columns.Select(c => c.Of(of));

    public IEnumerable<IEnumerable<string?>> Of(IEnumerable<object> rows) => rows.Select(Row).Prepend(Head);

    private static List<Column> ColumnsOf(Type type)
    {
        var values = type.GetProperties().OrderBy(p => p.MetadataToken).Where(p => p.PropertyType == typeof(string) || p.PropertyType.IsAssignableTo(typeof(IEnumerable<string>)) || !p.PropertyType.IsAssignableTo(typeof(IEnumerable))).ToList();
        var columns = values.ConvertAll(p => new Column(JsonNamingPolicy.CamelCase.ConvertName(p.Name), of => Cell(p.GetValue(of))));
        var amounts = values.Where(p => p.PropertyType == typeof(OwnAmount)).ToList();
        if (amounts.Count > 0)
            columns.Add(new Column("currency", of => amounts.Select(p => (p.GetValue(of) as OwnAmount)?.Currency).FirstOrDefault(c => c is not null)));
        return columns;
    }

    private static string? Cell(object? value) =>
        value switch
        {
            null => null,
            string text => text,
            OwnAmount amount => amount.Value,
            bool yes => yes ? "true" : "false",
            DateOnly on => on.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            DateTimeOffset at => at.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            IEnumerable<string> several => string.Join("; ", several),
            JsonElement json => json.GetRawText(),
            IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
            _ => $"{value}",
        };
}
