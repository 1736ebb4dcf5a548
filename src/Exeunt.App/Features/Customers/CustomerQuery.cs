using System.Globalization;
using Exeunt.App.Features.Evaluate;

namespace Exeunt.App.Features.Customers;

/// <summary>Whether one of the company's people looks after a customer.</summary>
public enum CustomerCare
{
    /// <summary>Without an owner, for whatever reason.</summary>
    Nobody,

    /// <summary>The management was given up.</summary>
    GivenUp,
}

/// <summary>What the address of the list of customers says: which customers, with which columns. Read from and written to a query.</summary>
/// <param name="Search">Part of a name (two characters or more), or a whole phone, mail, customer or contract number.</param>
/// <param name="UnitId">This unit and below.</param>
/// <param name="State">The churn state of the last nightly evaluation.</param>
/// <param name="Class">A class of a scheme as "scheme:class".</param>
/// <param name="Columns">Of <see cref="AllColumns"/>, in that order; the name always stands first.</param>
/// <param name="After">The last customer of the page before; 0 for the first page.</param>
public sealed record CustomerQuery(
    string? Search = null, CustomerKind? Kind = null, CustomerTier? Tier = null, int? UnitId = null, string? Country = null, CustomerCare? Care = null, StateFilter? State = null,
    IReadOnlyList<string>? Chosen = null, long After = 0, string? Class = null)
{
    public const int MaxSearch = 100;

    public static readonly IReadOnlyList<string> AllColumns = ["tier", "kind", "state", "intermittent", "unit", "manager", "country", "industry", "spend", "orders", "silent", "last-order", "currency", "contracts", "since", "classes"];

    public static readonly IReadOnlyList<string> UsualColumns = ["tier", "state", "unit", "manager", "country", "spend", "contracts", "since"];

    public IReadOnlyList<string> Columns => Chosen is { Count: > 0 } chosen ? [.. AllColumns.Where(chosen.Contains)] : UsualColumns;

    public bool IsFiltered => !(string.IsNullOrEmpty(Search) && Kind is null && Tier is null && UnitId is null && Care is null && State is null && Class is null && string.IsNullOrEmpty(Country));

    public static CustomerQuery Read(IQueryCollection by)
    {
        return new CustomerQuery(
            Text("q"), Of<CustomerKind>("kind"), Of<CustomerTier>("tier"), int.TryParse(Text("unit"), NumberStyles.None, CultureInfo.InvariantCulture, out var unit) ? unit : null, Text("country"),
            Of<CustomerCare>("care"), StateFilter.Read(Text("state"), Text("intermittent")), [.. AllColumns.Where(by["col"].SelectMany(v => (v ?? "").Split(',')).Contains)],
            long.TryParse(Text("after"), NumberStyles.None, CultureInfo.InvariantCulture, out var after) ? after : 0,
            Text("class") is { Length: <= 101 } one && one.Split(':') is [{ Length: > 0 }, { Length: > 0 }] ? one : null);

        string? Text(string name) => by[name].ToString() is { Length: > 0 } text && !text.Contains('\0', StringComparison.Ordinal) ? text : null;

        T? Of<T>(string name) where T : struct, Enum => Enum.TryParse<T>(Text(name), out var value) && Enum.IsDefined(value) ? value : null;
    }

    /// <summary>The parts of the address that differ from the usual list, without the page.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Parts() =>
        new (string Key, string? Value)[]
        {
            ("q", Search), ("kind", Kind?.ToString()), ("tier", Tier?.ToString()), ("unit", UnitId?.ToString(CultureInfo.InvariantCulture)), ("country", Country), ("care", Care?.ToString()), ("state", State?.ToString()), ("class", Class),
            ("col", Columns.SequenceEqual(UsualColumns) ? null : string.Join(',', Columns)),
        }.Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => KeyValuePair.Create(p.Key, p.Value));

    public string ToQuery() => QueryString.Create(Parts()).ToString().TrimStart('?');
}
