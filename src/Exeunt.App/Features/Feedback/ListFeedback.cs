using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Staff;
using Exeunt.App.Features.Units;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Feedback;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Feedback;

/// <summary>Which complaints and suggestions: the query of the list's address.</summary>
/// <param name="State">Null: those not answered yet, by due time; otherwise the newest first.</param>
/// <param name="Unit">Those of a unit and below.</param>
/// <param name="Who">"me", "none" (nobody has it); null: whoever.</param>
public sealed record FeedbackFilter(FeedbackState? State = null, FeedbackKind? Kind = null, string? About = null, int? Unit = null, bool Overdue = false, string? Who = null)
{
    public static FeedbackFilter Read(IQueryCollection query)
    {
        T? One<T>(string key) where T : struct, Enum => Enum.TryParse<T>(query[key], ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : null;
        return new(
            One<FeedbackState>("state"), One<FeedbackKind>("kind"), FeedbackCategories.All.FirstOrDefault(c => c == query["about"]),
            int.TryParse(query["unit"], NumberStyles.None, CultureInfo.InvariantCulture, out var unit) ? unit : null, query["overdue"] == "1", query["who"].ToString() is "me" or "none" ? query["who"].ToString() : null);
    }

    public string Address(string? after = null) => QueryHelpers.AddQueryString("/voice", new Dictionary<string, string?>
    {
        ["state"] = State?.ToString(), ["kind"] = Kind?.ToString(), ["about"] = About, ["unit"] = Unit?.ToString(CultureInfo.InvariantCulture), ["overdue"] = Overdue ? "1" : null, ["who"] = Who, ["after"] = after,
    }.Where(p => p.Value is not null).ToDictionary());
}

/// <summary>Complaints and suggestions of the caller's units, fifty a page.</summary>
public sealed class ListFeedback(AppDb db, FeedbackDesk desk, StaffDirectory staff) : UseCase<ListFeedback.Request, ListFeedback.Page>(db)
{
    public const int PageSize = 50;

    /// <summary>More than this many are not counted.</summary>
    public const int MaxCount = 999;

    public sealed record Request(FeedbackFilter Filter, string? After = null);

    /// <param name="AnswerBy">Last day on which it is to be answered.</param>
    public sealed record Row(
        Guid Id, string Number, FeedbackKind Kind, string About, FeedbackState State, DateTimeOffset ReceivedAt, DateOnly AnswerBy, bool Overdue, string? Unit, string? Holder, Verdict? Verdict, bool ThroughAuthority,
        bool Joined, bool Reopened);

    /// <param name="Open">How many are not answered, and how many of these are overdue.</param>
    public sealed record Page(IReadOnlyList<Row> Rows, string? Next, int Open, int Overdue, IReadOnlyList<Unit> Units);

    public override Permission Needs => Permission.ViewFeedback;

    protected override async Task<Outcome<Page>> Handle(Call call, Request request, CancellationToken ct)
    {
        var filter = request.Filter;
        var units = await VisibleUnits.Of(Db, call.Actor, Needs, ct);
        var (visible, now) = (desk.Visible(call, Needs), call.BusinessNow);
        var rows = visible;
        rows = filter.State is { } state ? rows.Where(f => f.State == state) : rows.Where(f => f.State == FeedbackState.Received || f.State == FeedbackState.InHand);
        if (filter.Kind is { } kind)
            rows = rows.Where(f => f.Kind == kind);
        if (filter.About is { } about)
            rows = rows.Where(f => f.Category == about);
        if (filter.Unit is { } unit)
        {
            var below = units.Ids(unit).ConvertAll(u => (int?)u);
            rows = rows.Where(f => below.Contains(f.UnitId));
        }
        if (filter.Overdue)
            rows = rows.Where(f => f.DueAt <= now && (f.State == FeedbackState.Received || f.State == FeedbackState.InHand));
        var me = call.Actor.Id;
        if (filter.Who == "me")
            rows = rows.Where(f => f.AssignedTo == me);
        else if (filter.Who == "none")
            rows = rows.Where(f => f.AssignedTo == null);
        var byDue = filter.State is null or FeedbackState.Received or FeedbackState.InHand;
        var found = await (byDue ? After(rows, request.After).OrderBy(f => f.DueAt).ThenBy(f => f.Serial) : Before(rows, request.After).OrderByDescending(f => f.Serial)).Take(PageSize + 1).ToListAsync(ct);
        var shown = found.Take(PageSize).ToList();
        var people = await staff.Names(shown.Select(f => f.AssignedTo ?? ""), ct);
        var open = visible.Where(f => f.State == FeedbackState.Received || f.State == FeedbackState.InHand);
        return new Page(
            [.. shown.Select(f => new Row(
                f.Id, f.Number, f.Kind, f.Category, f.State, f.ReceivedAt, FeedbackDesk.AnswerBy(f), f.IsOpen && f.DueAt <= now, f.UnitId is { } u ? units.Name(u, call.Language) : null,
                f.AssignedTo is { } who ? people.GetValueOrDefault(who) : null, f.Verdict, f.ThroughAuthority, f.JoinedInto is not null, f.WasReopened))],
            found.Count > PageSize ? CursorOf(shown[^1], byDue) : null, await open.Take(MaxCount + 1).CountAsync(ct), await open.Where(f => f.DueAt <= now).Take(MaxCount + 1).CountAsync(ct), units.InOrder);
    }

    private static string CursorOf(FeedbackItem last, bool byDue) =>
        byDue ? string.Create(CultureInfo.InvariantCulture, $"{last.DueAt.ToUnixTimeMilliseconds()}.{last.Serial}") : last.Serial.ToString(CultureInfo.InvariantCulture);

    /// <summary>What cannot be read is the beginning.</summary>
    private static IQueryable<FeedbackItem> After(IQueryable<FeedbackItem> rows, string? cursor)
    {
        if (cursor?.Split('.') is not [var due, var number] || !long.TryParse(due, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) || ms > 253_402_300_799_999
            || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var serial))
            return rows;
        var at = DateTimeOffset.FromUnixTimeMilliseconds(ms);
        return rows.Where(f => f.DueAt > at || (f.DueAt == at && f.Serial > serial));
    }

    private static IQueryable<FeedbackItem> Before(IQueryable<FeedbackItem> rows, string? cursor) =>
        long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var serial) ? rows.Where(f => f.Serial < serial) : rows;
}
