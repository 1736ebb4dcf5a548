using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Today;

/// <summary>How urgent something is, by its due time and the business date in the company's zone.</summary>
public enum Urgency
{
    Overdue,
    Today,

    /// <summary>Within the seven days after today.</summary>
    Week,
    Later,
    Undated,
}

/// <summary>Whose things.</summary>
public enum InboxScope
{
    /// <summary>What I may do: assigned to me, or to nobody and mine by role.</summary>
    ForMe,

    /// <summary>What is assigned to me alone.</summary>
    Mine,

    /// <summary>Approvals that I may give.</summary>
    Approvals,

    /// <summary>Everything that waits for my roles in my units, whoever has it.</summary>
    Unit,
}

/// <param name="Count">At most <see cref="Inbox.MaxCount"/>; more are not counted.</param>
public sealed record InboxGroup(Urgency Urgency, int Count);

/// <summary>One line of the inbox.</summary>
/// <param name="What">Code of what is to be done; its words are the text "wait.WHAT".</param>
/// <param name="Customer">Organisation in clear; a person masked; null before identity is proven.</param>
/// <param name="DueAt">Business time, exclusive; null: no date.</param>
/// <param name="Assignee">Who has the case; null: nobody, or it is for the role.</param>
/// <param name="Total">Of an approval: what the settlement comes to; above 0 the customer pays.</param>
public sealed record InboxLine(
    Guid CaseId, string Number, string Key, string What, Urgency Urgency, DateTimeOffset? DueAt, DateTimeOffset Since, string? Customer, CustomerTier? Tier,
    string? Assignee, bool Mine, long? Total, string? Currency, string Zone);

/// <summary>What cases wait for from one person, most urgent first; every question is a walk along an index, at most fifty rows long.</summary>
public sealed class Inbox(AppDb db, CaseNames names, StaffDirectory staff)
{
    public const int PageSize = 50;
    public const int MaxCount = 99;

    /// <param name="After">Where the page before ended (<see cref="Page.Next"/>).</param>
    public sealed record Question(InboxScope Scope = InboxScope.ForMe, Urgency? Urgency = null, string? After = null);

    /// <param name="Groups">Those with something in them, most urgent first.</param>
    public sealed record Page(IReadOnlyList<InboxGroup> Groups, IReadOnlyList<InboxLine> Lines, string? Next);

    public async Task<Page> For(Call call, Question question, CancellationToken ct)
    {
        var walks = await Walks(call.Actor, question.Scope, ct);
        if (walks.Count == 0)
            return new Page([], [], null);
        var groups = await Groups(walks, call, ct);
        var (from, until) = question.Urgency is { } one ? Between(one, call) : (DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        var rows = await Rows(walks, from, until, Cursor.Read(question.After), PageSize + 1, ct);
        var lines = await Lines(call, rows.Count > PageSize ? rows[..PageSize] : rows, ct);
        return new Page(groups, lines, rows.Count > PageSize ? Cursor.Of(rows[PageSize - 1]).ToString() : null);
    }

    /// <summary>What is due from one instant (included) until another, at most so many.</summary>
    public async Task<IReadOnlyList<InboxLine>> Within(Call call, InboxScope scope, DateTimeOffset from, DateTimeOffset until, int most, CancellationToken ct)
    {
        var walks = await Walks(call.Actor, scope, ct);
        return walks.Count == 0 ? [] : await Lines(call, await Rows(walks, from, until, null, most, ct), ct);
    }

    /// <summary>The due times of an urgency: from (inclusive) until (exclusive).</summary>
    private static (DateTimeOffset From, DateTimeOffset Until) Between(Urgency urgency, Call call)
    {
        var today = call.Today(Clocks.CompanyZone);
        // A date is due at the 24:00 that ends it, which is still today: hence one millisecond more.
        DateTimeOffset End(int days) => Clocks.StartOf(today.AddDays(days + 1), Clocks.CompanyZone).AddMilliseconds(1);
        return urgency switch
        {
            Urgency.Overdue => (DateTimeOffset.MinValue, call.BusinessNow),
            Urgency.Today => (call.BusinessNow, End(0)),
            Urgency.Week => (End(0), End(7)),
            Urgency.Later => (End(7), WaitRow.NoDate),
            _ => (WaitRow.NoDate, DateTimeOffset.MaxValue),
        };
    }

    private static Urgency UrgencyOf(DateTimeOffset due, Call call) =>
        Enum.GetValues<Urgency>().First(u => Between(u, call) is var (from, until) && due >= from && due < until);

    // ---- the walks along the index ---------------------------------------------------------------------------------

    /// <summary>
    /// The parts of the index that hold what this person may do: one for each set of roles that contains one of theirs, and for each of
    /// "mine" and "nobody's". Each is ordered by urgency, so its first rows are found without reading the rest.
    /// </summary>
    private async Task<List<IQueryable<WaitRow>>> Walks(Actor actor, InboxScope scope, CancellationToken ct)
    {
        if (scope == InboxScope.Unit && !actor.Allows(Permission.AssignCases))
            scope = InboxScope.ForMe;
        var me = actor.Id;
        var walks = new List<IQueryable<WaitRow>>();
        foreach (var set in await RoleSets(ct))
        {
            var paths = actor.Roles.Where(r => (WaitRow.BitOf(r.Role) & set) != 0).Select(r => r.UnitPath).Distinct().ToList();
            if (paths.Count == 0 && set != 0)
                continue;
            var all = db.Waits.AsNoTracking().Where(w => w.Roles == set);
            // What waits for one person does so whatever their roles are.
            if (set != 0 && await UnitsUnder(paths, ct) is { } units)
                all = all.Where(w => w.UnitId != null && units.Contains(w.UnitId.Value));
            all = all.Where(w => !w.Barred.Contains(me));
            if (scope == InboxScope.Approvals)
                all = all.Where(w => w.What == WaitRow.Approve);
            if (scope == InboxScope.Unit && set != 0)
                walks.Add(all);
            else
                walks.Add(all.Where(w => w.AssignedTo == me));
            if (scope is InboxScope.ForMe or InboxScope.Approvals && set != 0)
                walks.Add(all.Where(w => w.AssignedTo == ""));
        }
        return walks;
    }

    /// <summary>The sets of roles that occur: a handful, found by jumping along the index from one to the next.</summary>
    private Task<List<int>> RoleSets(CancellationToken ct) =>
        db.Database.SqlQuery<int>($"""
            WITH RECURSIVE sets(roles) AS (
              SELECT MIN(roles) FROM waits
              UNION ALL
              SELECT (SELECT MIN(w.roles) FROM waits w WHERE w.roles > sets.roles) FROM sets WHERE sets.roles IS NOT NULL)
            SELECT roles AS "Value" FROM sets WHERE roles IS NOT NULL
            """).ToListAsync(ct);

    /// <summary>Ids of the units at and below these paths; null when they cover the whole company.</summary>
    private async Task<List<int>?> UnitsUnder(List<string> paths, CancellationToken ct)
    {
        _units ??= await db.Units.AsNoTracking().Select(u => new { u.Id, u.Path }).ToDictionaryAsync(u => u.Id, u => u.Path, ct);
        var under = _units.Where(u => paths.Any(p => u.Value.StartsWith(p, StringComparison.Ordinal))).Select(u => u.Key).ToList();
        return under.Count == _units.Count ? null : under;
    }

    private Dictionary<int, string>? _units;

    /// <summary>The size of every group, in one question.</summary>
    private async Task<List<InboxGroup>> Groups(List<IQueryable<WaitRow>> walks, Call call, CancellationToken ct)
    {
        IQueryable<long> In(Urgency urgency)
        {
            var (from, until) = Between(urgency, call);
            // In the index's order, so that no database thinks reading the whole table for the first hundred is cheaper.
            return walks.Select(w => Ordered(w.Where(r => r.DueAt >= from && r.DueAt < until)).Select(r => r.Id).Take(MaxCount + 1)).Aggregate((a, b) => a.Concat(b));
        }
        var (overdue, today, week, later, undated) = (In(Urgency.Overdue), In(Urgency.Today), In(Urgency.Week), In(Urgency.Later), In(Urgency.Undated));
        var counts = await db.Units.OrderBy(u => u.Id).Take(1)
            .Select(_ => new[] { overdue.Count(), today.Count(), week.Count(), later.Count(), undated.Count() }).SingleOrDefaultAsync(ct) ?? [];
        return [.. counts.Select((count, i) => new InboxGroup((Urgency)i, Math.Min(count, MaxCount + 1))).Where(g => g.Count > 0)];
    }

    private static IOrderedQueryable<WaitRow> Ordered(IQueryable<WaitRow> rows) => rows.OrderBy(r => r.DueAt).ThenBy(r => r.Priority).ThenBy(r => r.Id);

    private static async Task<List<WaitRow>> Rows(List<IQueryable<WaitRow>> walks, DateTimeOffset from, DateTimeOffset until, Cursor? after, int take, CancellationToken ct)
    {
        var parts = walks.Select(w =>
        {
            var part = w.Where(r => r.DueAt >= from && r.DueAt < until);
            if (after is { } last)
                part = part.Where(r => r.DueAt >= last.DueAt
                    && (r.DueAt > last.DueAt || r.Priority > last.Priority || (r.Priority == last.Priority && r.Id > last.Id)));
            return Ordered(part).Take(take);
        });
        var rows = await parts.Aggregate((a, b) => a.Concat(b)).ToListAsync(ct);
        return [.. rows.OrderBy(r => r.DueAt).ThenBy(r => r.Priority).ThenBy(r => r.Id).Take(take)];
    }

    private async Task<List<InboxLine>> Lines(Call call, List<WaitRow> rows, CancellationToken ct)
    {
        var ids = rows.Select(r => r.CaseId).Distinct().ToList();
        var cases = await db.Cases.AsNoTracking().Where(c => ids.Contains(c.Id))
            .Select(c => new { c.Id, c.Number, c.CustomerId, c.SettlementTotal, c.SettlementCurrency, c.Zone }).ToDictionaryAsync(c => c.Id, ct);
        var customers = await names.Of([.. cases.Values.Select(c => c.CustomerId).OfType<long>().Distinct()], ct);
        var people = await staff.Names(rows.Select(r => r.AssignedTo), ct);
        var lines = new List<InboxLine>(rows.Count);
        // A case that went away between the two looks is left out.
        foreach (var row in rows.Where(r => cases.ContainsKey(r.CaseId)))
        {
            var (exit, approval) = (cases[row.CaseId], row.What == WaitRow.Approve);
            var who = exit.CustomerId is { } customer ? customers.GetValueOrDefault(customer) : null;
            lines.Add(new InboxLine(
                row.CaseId, exit.Number, row.Key, row.What, UrgencyOf(row.DueAt, call), row.DueAt == WaitRow.NoDate ? null : row.DueAt, row.Since, who?.Name, who?.Tier,
                people.GetValueOrDefault(row.AssignedTo), row.AssignedTo == call.Actor.Id, approval ? exit.SettlementTotal : null, approval ? exit.SettlementCurrency : null,
                exit.Zone ?? Clocks.CompanyZone));
        }
        return lines;
    }

    /// <summary>The last row of a page: the next one begins after it.</summary>
    private readonly record struct Cursor(DateTimeOffset DueAt, int Priority, long Id)
    {
        public static Cursor Of(WaitRow row) => new(row.DueAt, row.Priority, row.Id);

        /// <summary>What cannot be read is the beginning.</summary>
        public static Cursor? Read(string? text) =>
            text?.Split('.') is [var due, var priority, var id]
            && long.TryParse(due, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms <= WaitRow.NoDate.ToUnixTimeMilliseconds()
            && int.TryParse(priority, NumberStyles.None, CultureInfo.InvariantCulture, out var p)
            && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                ? new Cursor(DateTimeOffset.FromUnixTimeMilliseconds(ms), p, n) : null;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{DueAt.ToUnixTimeMilliseconds()}.{Priority}.{Id}");
    }
}
