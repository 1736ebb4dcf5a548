namespace Exeunt.App.Platform;

/// <summary>One thing on today's page.</summary>
/// <param name="Title">In the call's language; personal data masked.</param>
/// <param name="Due">Civil date by which it should be done, if there is one.</param>
/// <param name="Kind">One of <see cref="TodayKind"/>: the card it stands in.</param>
public sealed record TodayItem(string Title, string Link, DateOnly? Due, string Kind);

/// <summary>The cards of today's page; the heading is the text "today.KIND".</summary>
public static class TodayKind
{
    public const string Waiting = "waiting";
    public const string Approvals = "approvals";
    public const string Visits = "visits";
    public const string Changed = "changed";

    public static readonly IReadOnlyList<string> InOrder = [Waiting, Approvals, Visits, Changed];
}

/// <summary>A feature that puts things on today's page: what waits for this person, most urgent first, at most fifty.</summary>
public interface ITodaySource
{
    Task<IReadOnlyList<TodayItem>> For(Call call, CancellationToken ct);
}

/// <summary>How many unread notifications the person who looks has: the bell on every page of the console; above 99 the number does not matter.</summary>
public interface IBell
{
    Task<int> Unread(Call call, CancellationToken ct);
}
