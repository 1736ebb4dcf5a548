using System.Globalization;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Reasons;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.Extensions.Primitives;

namespace Exeunt.App.Features.Cases;

/// <summary>The order of the list.</summary>
public enum CaseOrder
{
    Newest,

    /// <summary>Those with a last service day, the soonest first.</summary>
    EndsOn,
}

/// <summary>What the address of the list of cases says: which cases, in which order, with which columns. Read from and written to a query.</summary>
public sealed record CaseFilter
{
    /// <summary>Columns one can choose; the number always stands first.</summary>
    public static readonly IReadOnlyList<string> AllColumns = ["customer", "kind", "tier", "state", "waits", "received", "ends", "assignee", "reason", "channel", "settlement"];

    public static readonly IReadOnlyList<string> UsualColumns = ["customer", "state", "waits", "received", "ends", "assignee", "settlement"];
    public const int MaxText = 100;

    /// <summary>A state's name, "all", or "" for the open ones.</summary>
    public string State { get; init; } = "";
    public CaseKind? Kind { get; init; }

    /// <summary>"me", "nobody", or "" for anybody.</summary>
    public string Who { get; init; } = "";

    /// <summary>This unit and below.</summary>
    public int? Unit { get; init; }

    /// <summary>Something in the case waits for this role.</summary>
    public Role? WaitsFor { get; init; }

    /// <summary>Something in the case is to be done before this date (included).</summary>
    public DateOnly? DueBefore { get; init; }

    /// <summary>Something in the case is overdue.</summary>
    public bool Overdue { get; init; }

    /// <summary>A dispute is open in the case.</summary>
    public bool Disputed { get; init; }
    public CustomerTier? Tier { get; init; }

    /// <summary>A reason of the first level.</summary>
    public string? Reason { get; init; }
    public Channel? Channel { get; init; }

    /// <summary>Part of the number, or of the customer's name; a whole phone, mail or contract number.</summary>
    public string Text { get; init; } = "";
    public CaseOrder Order { get; init; }
    public IReadOnlyList<string> Columns { get; init; } = UsualColumns;

    /// <summary>Reads an address; what is unknown counts as not there.</summary>
    public static CaseFilter Read(IEnumerable<KeyValuePair<string, StringValues>> query)
    {
        var by = query.ToDictionary(q => q.Key, q => q.Value, StringComparer.Ordinal);
        string Of(string key) => by.TryGetValue(key, out var value) ? value.ToString().Trim() : "";
        var columns = by.TryGetValue("col", out var chosen) ? AllColumns.Where(c => chosen.SelectMany(v => (v ?? "").Split(',')).Contains(c)).ToList() : [];
        var text = Of("q");
        return new CaseFilter
        {
            State = Of("state") == "all" ? "all" : Enumeration<CaseState>(Of("state")) is { } state ? $"{state}" : "",
            Kind = Enumeration<CaseKind>(Of("kind")), Who = Of("mine") == "1" ? "me" : Of("who") is "me" or "nobody" ? Of("who") : "",
            Unit = int.TryParse(Of("unit"), NumberStyles.None, CultureInfo.InvariantCulture, out var unit) ? unit : null,
            WaitsFor = Enumeration<Role>(Of("waits")),
            DueBefore = DateOnly.TryParseExact(Of("due"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var due) && DateRange.Holds(due) ? due : null,
            Overdue = Of("overdue") == "1", Disputed = Of("disputed") == "1", Tier = Enumeration<CustomerTier>(Of("tier")), Reason = IsReason(Of("reason")) ? Of("reason") : null,
            Channel = Enumeration<Channel>(Of("channel")), Text = text.Length > MaxText ? text[..MaxText] : text,
            Order = Of("order") == "ends" ? CaseOrder.EndsOn : CaseOrder.Newest, Columns = columns.Count == 0 ? UsualColumns : columns,
        };
    }

    /// <summary>Whether it looks like the code of a reason; one that is not in the list fits no case.</summary>
    private static bool IsReason(string? code) => code is { Length: > 0 and <= 60 } && code.All(c => c is >= 'A' and <= 'Z' or >= '0' and <= '9' or '_' or '/');

    public static CaseFilter Read(string query) => Read(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query));

    /// <summary>The address's query without the question mark; "" for the plain list.</summary>
    public string ToQuery(string? after = null)
    {
        var parts = Parts().Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value)}").ToList();
        if (after is not null)
            parts.Add("after=" + Uri.EscapeDataString(after));
        return string.Join('&', parts);
    }

    public string Path(string? after = null) => ToQuery(after) is { Length: > 0 } query ? "/cases?" + query : "/cases";

    /// <summary>The parts of the address that are set, key and value.</summary>
    public IEnumerable<KeyValuePair<string, string>> Parts()
    {
        IEnumerable<(string Key, string? Value)> all =
        [
            ("q", Text), ("state", State), ("kind", Kind?.ToString()), ("who", Who), ("unit", Unit?.ToString(CultureInfo.InvariantCulture)), ("waits", WaitsFor?.ToString()),
            ("due", DueBefore?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), ("overdue", Overdue ? "1" : null), ("disputed", Disputed ? "1" : null), ("tier", Tier?.ToString()), ("reason", Reason),
            ("channel", Channel?.ToString()), ("order", Order == CaseOrder.EndsOn ? "ends" : null), ("col", Columns.SequenceEqual(UsualColumns) ? null : string.Join(',', Columns)),
        ];
        return all.Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => KeyValuePair.Create(p.Key, p.Value!));
    }

    /// <summary>The filter in words, one sentence for each part, each with the address of the list without it.</summary>
    public IEnumerable<(string Words, string Without)> Sentences(Texts t, Func<int, string?> unitName, ReasonList reasons)
    {
        if (Text.Length > 0)
            yield return (t["cases.says.text", Text], (this with { Text = "" }).Path());
        if (Kind is { } kind)
            yield return (t.Of("desk.kind", kind), (this with { Kind = null }).Path());
        if (Who.Length > 0)
            yield return (t["cases.says.who." + Who], (this with { Who = "" }).Path());
        if (Unit is { } unit)
            yield return (t["cases.says.unit", unitName(unit) ?? "—"], (this with { Unit = null }).Path());
        if (WaitsFor is { } role)
            yield return (t["cases.says.waits", t.Of("desk.role", role)], (this with { WaitsFor = null }).Path());
        if (DueBefore is { } due)
            yield return (t["cases.says.due", t.Date(due)], (this with { DueBefore = null }).Path());
        if (Overdue)
            yield return (t["cases.says.overdue"], (this with { Overdue = false }).Path());
        if (Disputed)
            yield return (t["cases.says.disputed"], (this with { Disputed = false }).Path());
        if (Tier is { } tier)
            yield return (t.Of("desk.tier", tier), (this with { Tier = null }).Path());
        if (Reason is { } reason)
            yield return (t["cases.says.reason", reasons.Words(reason, t)], (this with { Reason = null }).Path());
        if (Channel is { } channel)
            yield return (t["cases.says.channel", t.Of("desk.channel", channel)], (this with { Channel = null }).Path());
        if (Order == CaseOrder.EndsOn)
            yield return (t["cases.says.order"], (this with { Order = CaseOrder.Newest }).Path());
    }

    private static T? Enumeration<T>(string text) where T : struct, Enum =>
        text.Length > 0 && !char.IsAsciiDigit(text[0]) && Enum.TryParse<T>(text, out var value) && Enum.IsDefined(value) ? value : null;
}
