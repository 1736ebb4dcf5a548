using System.Globalization;
using System.Runtime.CompilerServices;
using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Features.Units;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.ProcessMap;

/// <summary>
/// How long the steps of a procedure take, for whom they wait, and which are slow (流程用时): of the runs that ended in some months, in one unit and
/// below or in all the caller may see, and of those that are open now. There are no figures of single people.
/// </summary>
public sealed class ShowProcessMap(AppDb db, ProcedureBook procedures) : UseCase<ShowProcessMap.Request, ShowProcessMap.View>(db)
{
    public const int MaxMonths = 36;

    /// <summary>So many of the longest runs of a step are named.</summary>
    public const int MaxLongest = 10;

    /// <param name="Procedure">Id; null: the one with the most cases closed in these months.</param>
    /// <param name="Kind">Only procedures of this kind can be chosen; null: of any.</param>
    /// <param name="Unit">This unit and below; null: everything the caller may see.</param>
    /// <param name="From">First month, "2026-01"; null: eleven months before the last.</param>
    /// <param name="Until">Last month, included; null: this month.</param>
    /// <param name="Step">Id of the step whose months, units and longest runs are shown; "" or null: the case as a whole.</param>
    public sealed record Request(string? Procedure = null, CaseKind? Kind = null, int? Unit = null, string? From = null, string? Until = null, string? Step = null);

    /// <summary>The runs of a step, or of whole cases (step ""), in milliseconds of business time.</summary>
    /// <param name="Done">Runs that were done; the times and the due times are theirs alone.</param>
    /// <param name="Skipped">Runs that were passed over; <paramref name="CutShort"/>: runs during which the case closed.</param>
    /// <param name="Median">Half of the runs took at most this; null: none was done.</param>
    /// <param name="Ninety">Nine in ten took at most this.</param>
    /// <param name="Waited">For whom, all runs together; of whole cases nothing, since steps run beside each other.</param>
    /// <param name="Running">Open now; <paramref name="Overdue"/>: of these, past their due time; <paramref name="Oldest"/>: since when the oldest is.</param>
    public sealed record Figures(
        string Step, Words Name, bool InPlan, int Done, int Skipped, int CutShort, long? Median, long? Ninety, StepWaited Waited, int WithDue, int Late, int Escalated, int Running, int Overdue,
        DateTimeOffset? Oldest);

    /// <summary>One month or one unit of the chosen step.</summary>
    /// <param name="Key">"2026-03", or the unit's id.</param>
    public sealed record Part(string Key, string Name, int Done, long Median, long Ninety, int WithDue, int Late);

    public sealed record Long(Guid CaseId, string Number, long Elapsed, DateTimeOffset StartedAt, DateTimeOffset EndedAt, bool Late);

    /// <summary>A procedure, and how long its cases took from receipt to close.</summary>
    public sealed record Choice(string Id, Words Name, CaseKind Kind, int Closed, long? Median, long? Ninety);

    /// <param name="Steps">In the procedure's order; steps that only older versions have come last.</param>
    public sealed record View(
        IReadOnlyList<Choice> Procedures, IReadOnlyList<Unit> Units, Procedure? Procedure, string From, string Until, Figures Whole, IReadOnlyList<Figures> Steps, IReadOnlyList<SlowStep> Slow,
        string Step, IReadOnlyList<Part> Months, IReadOnlyList<Part> ByUnit, IReadOnlyList<Long> Longest);

    public override Permission Needs => Permission.ViewCases;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        var today = call.Today(Clocks.CompanyZone);
        var untilMonth = Month(request.Until) ?? new DateOnly(today.Year, today.Month, 1);
        var fromMonth = Month(request.From) ?? untilMonth.AddMonths(-11);
        if ((request.From is { Length: > 0 } && Month(request.From) is null) || (request.Until is { Length: > 0 } && Month(request.Until) is null) || fromMonth > untilMonth || fromMonth.AddMonths(MaxMonths) <= untilMonth)
            return ProcessMapRefusals.Months;
        var paths = call.Actor.UnitsFor(Needs);
        var units = (await Db.Units.AsNoTracking().OrderBy(u => u.Path).ToListAsync(ct)).Where(u => paths.Any(p => u.Path.StartsWith(p, StringComparison.Ordinal))).ToList();
        var chosen = units.Find(u => u.Id == request.Unit);
        if (request.Unit is not null && chosen is null)
            return ProcessMapRefusals.Unit;

        var where = new Conditions(Number(fromMonth), Number(untilMonth), chosen is not null ? [chosen.Path] : paths.Any(p => p is "" or "1.") ? null : paths, chosen is null);
        var choices = await Choices(where, request.Kind, ct);
        var id = request.Procedure is { Length: > 0 } asked ? asked : choices.MaxBy(c => c.Closed)?.Id ?? "";
        if (choices.All(c => c.Id != id))
            return request.Procedure is { Length: > 0 } ? ProcessMapRefusals.Procedure
                : new View(choices, units, null, Key(fromMonth), Key(untilMonth), Nothing("", WholeCase), [], [], "", [], [], []);
        var plan = procedures.Current(id);

        var sums = (await Sums(where, id, ct)).ToDictionary(s => s.Step);
        var quantiles = (await Quantiles(where, id, ct)).ToDictionary(q => q.Step);
        var running = (await Running(where, id, call.BusinessNow, ct)).ToDictionary(r => r.Step);
        Figures Of(string step, Words name, bool inPlan)
        {
            var (s, q, r) = (sums.GetValueOrDefault(step), quantiles.GetValueOrDefault(step), running.GetValueOrDefault(step));
            return new Figures(step, name, inPlan, s?.Done ?? 0, s?.Skipped ?? 0, s?.CutShort ?? 0, q?.Median, q?.Ninety,
                s is null ? StepWaited.Nothing : new StepWaited(s.ForCustomer, s.ForStaff, s.ForSystem, s.ForDate, s.Stopped), s?.WithDue ?? 0, s?.Late ?? 0, s?.Escalated ?? 0, r?.Count ?? 0, r?.Overdue ?? 0, r?.Oldest);
        }
        var older = sums.Keys.Union(running.Keys).Where(s => s.Length > 0 && plan.Find(s) is null).Order(StringComparer.Ordinal).ToList();
        List<Figures> steps = [.. plan.Steps.Select(s => Of(s.Id, s.Name, true)), .. older.Select(s => Of(s, NameOf(id, plan.Version, s), false))];
        var step = request.Step ?? "";
        if (step.Length > 0 && steps.TrueForAll(s => s.Step != step))
            return ProcessMapRefusals.Step;
        var slow = SlowSteps.Of([.. steps.Select(s => new StepLoad(s.Step, s.Done, s.WithDue, s.Late, s.Waited.Staff + s.Waited.System, s.Median ?? 0))]);
        var months = (await Parts(where, id, step, "t.month", ct)).Select(p => p.Named(MonthKey(p.Part!.Value), MonthKey(p.Part!.Value))).ToList();
        var byUnit = (await Parts(where, id, step, "t.unit_id", ct)).Where(p => p.Part is not null)
            .Select(p => p.Named(p.Part!.Value.ToString(CultureInfo.InvariantCulture), units.Find(u => u.Id == p.Part)?.Name(call.Language) ?? "")).OrderByDescending(p => p.Median).ToList();
        return new View(choices, units, plan, Key(fromMonth), Key(untilMonth), Of("", WholeCase, true), steps, slow, step, months, byUnit, await Longest(where, id, step, ct));
    }

    // ---- the questions, each along the index by procedure and month ---------------------------------------------------------------

    private sealed record Sum(
        string Step, int Done, int Skipped, int CutShort, long ForCustomer, long ForStaff, long ForSystem, long ForDate, long Stopped, int WithDue, int Late, int Escalated);

    private sealed record Closed(string Procedure, int Cases, long Median, long Ninety);

    private sealed record Quantile(string Step, long Median, long Ninety);

    private sealed record OpenNow(string Step, int Count, int Overdue, DateTimeOffset Oldest);

    private sealed record PartRow(int? Part, int Done, long Median, long Ninety, int WithDue, int Late)
    {
        public ShowProcessMap.Part Named(string key, string name) => new(key, name, Done, Median, Ninety, WithDue, Late);
    }

    /// <summary>Which rows count. <see cref="Paths"/> null: of every unit, and of none; otherwise of these and below, and (<see cref="AlsoNone"/>) of cases that are nobody's yet.</summary>
    private sealed record Conditions(int From, int Until, IReadOnlyList<string>? Paths, bool AlsoNone)
    {
        /// <summary>As SQL over the table "t", its arguments added to the list.</summary>
        public string Units(List<object> arguments)
        {
            if (Paths is null)
                return "";
            var under = string.Join(" OR ", Paths.Select(p =>
            {
                arguments.Add(p + "%");
                return $"u.path LIKE {{{arguments.Count - 1}}}";
            }));
            return $" AND ({(AlsoNone ? "t.unit_id IS NULL OR " : "")}t.unit_id IN (SELECT u.id FROM units u WHERE {under}))";
        }

        public IQueryable<StepTime> Of(AppDb db)
        {
            var rows = db.StepTimes.AsNoTracking();
            if (Paths is null)
                return rows;
            var under = Paths.Select(p => db.Units.Where(u => u.Path.StartsWith(p)).Select(u => (int?)u.Id)).Aggregate((a, b) => a.Union(b));
            return AlsoNone ? rows.Where(t => t.UnitId == null || under.Contains(t.UnitId)) : rows.Where(t => under.Contains(t.UnitId));
        }

        public IQueryable<StepTime> Ended(AppDb db) => Of(db).Where(t => t.Month >= From && t.Month <= Until);
    }

    private async Task<List<Choice>> Choices(Conditions where, CaseKind? kind, CancellationToken ct)
    {
        List<object> arguments = [where.From, where.Until, nameof(StepEnd.Done)];
        var closed = (await Ask<Closed>($$"""
            SELECT r.procedure AS procedure, COUNT(*) AS cases, MIN(CASE WHEN r.place * 2 >= r.runs THEN r.elapsed END) AS median, MIN(CASE WHEN r.place * 10 >= r.runs * 9 THEN r.elapsed END) AS ninety
            FROM (SELECT t.procedure, t.elapsed, ROW_NUMBER() OVER (PARTITION BY t.procedure ORDER BY t.elapsed) AS place, COUNT(*) OVER (PARTITION BY t.procedure) AS runs
                  FROM step_times t WHERE t.step = '' AND t.month >= {0} AND t.month <= {1} AND t.how = {2}{{where.Units(arguments)}}) r
            GROUP BY r.procedure
            """, arguments, ct)).ToDictionary(c => c.Procedure);
        var open = await where.Of(Db).Where(t => t.Month == 0).Select(t => t.Procedure).Distinct().ToListAsync(ct);
        return
        [
            .. closed.Keys.Union(open).Select(procedures.Current).Where(p => kind is null || p.Kind == kind)
                .Select(p => closed.GetValueOrDefault(p.Id) is { } c ? new Choice(p.Id, p.Name, p.Kind, c.Cases, c.Median, c.Ninety) : new Choice(p.Id, p.Name, p.Kind, 0, null, null))
                .OrderBy(c => c.Kind).ThenByDescending(c => c.Closed).ThenBy(c => c.Id, StringComparer.Ordinal),
        ];
    }

    private Task<List<Sum>> Sums(Conditions where, string procedure, CancellationToken ct) =>
        where.Ended(Db).Where(t => t.Procedure == procedure).GroupBy(t => t.Step).Select(g => new Sum(
            g.Key, g.Sum(t => t.How == StepEnd.Done ? 1 : 0), g.Sum(t => t.How == StepEnd.Skipped ? 1 : 0), g.Sum(t => t.How == StepEnd.CutShort ? 1 : 0),
            g.Sum(t => t.How == StepEnd.Done ? t.ForCustomer : 0), g.Sum(t => t.How == StepEnd.Done ? t.ForStaff : 0), g.Sum(t => t.How == StepEnd.Done ? t.ForSystem : 0),
            g.Sum(t => t.How == StepEnd.Done ? t.ForDate : 0), g.Sum(t => t.How == StepEnd.Done ? t.Stopped : 0),
            g.Sum(t => t.How == StepEnd.Done && t.DueAt != null ? 1 : 0), g.Sum(t => t.How == StepEnd.Done && t.Late ? 1 : 0), g.Sum(t => t.Escalated))).ToListAsync(ct);

    private Task<List<OpenNow>> Running(Conditions where, string procedure, DateTimeOffset now, CancellationToken ct) =>
        where.Of(Db).Where(t => t.Procedure == procedure && t.Month == 0).GroupBy(t => t.Step)
            .Select(g => new OpenNow(g.Key, g.Count(), g.Sum(t => t.DueAt != null && t.DueAt < now ? 1 : 0), g.Min(t => t.StartedAt))).ToListAsync(ct);

    /// <summary>By nearest rank: the least time within which at least half, or nine in ten, of the runs were done.</summary>
    private Task<List<Quantile>> Quantiles(Conditions where, string procedure, CancellationToken ct)
    {
        List<object> arguments = [procedure, where.From, where.Until, nameof(StepEnd.Done)];
        return Ask<Quantile>($$"""
            SELECT r.step AS step, MIN(CASE WHEN r.place * 2 >= r.runs THEN r.elapsed END) AS median, MIN(CASE WHEN r.place * 10 >= r.runs * 9 THEN r.elapsed END) AS ninety
            FROM (SELECT t.step, t.elapsed, ROW_NUMBER() OVER (PARTITION BY t.step ORDER BY t.elapsed) AS place, COUNT(*) OVER (PARTITION BY t.step) AS runs
                  FROM step_times t WHERE t.procedure = {0} AND t.month >= {1} AND t.month <= {2} AND t.how = {3}{{where.Units(arguments)}}) r
            GROUP BY r.step
            """, arguments, ct);
    }

    private Task<List<PartRow>> Parts(Conditions where, string procedure, string step, string column, CancellationToken ct)
    {
        List<object> arguments = [procedure, where.From, where.Until, nameof(StepEnd.Done), step];
        return Ask<PartRow>($$"""
            SELECT r.part AS part, COUNT(*) AS done, MIN(CASE WHEN r.place * 2 >= r.runs THEN r.elapsed END) AS median, MIN(CASE WHEN r.place * 10 >= r.runs * 9 THEN r.elapsed END) AS ninety,
              SUM(r.bound) AS withdue, SUM(r.late) AS late
            FROM (SELECT {{column}} AS part, t.elapsed, CASE WHEN t.due_at IS NULL THEN 0 ELSE 1 END AS bound, CASE WHEN t.late THEN 1 ELSE 0 END AS late,
                    ROW_NUMBER() OVER (PARTITION BY {{column}} ORDER BY t.elapsed) AS place, COUNT(*) OVER (PARTITION BY {{column}}) AS runs
                  FROM step_times t WHERE t.procedure = {0} AND t.month >= {1} AND t.month <= {2} AND t.how = {3} AND t.step = {4}{{where.Units(arguments)}}) r
            GROUP BY r.part ORDER BY r.part
            """, arguments, ct);
    }

    private async Task<List<Long>> Longest(Conditions where, string procedure, string step, CancellationToken ct) =>
        await where.Ended(Db).Where(t => t.Procedure == procedure && t.Step == step && t.How == StepEnd.Done).OrderByDescending(t => t.Elapsed).ThenBy(t => t.Id).Take(MaxLongest)
            .Join(Db.Cases, t => t.CaseId, c => c.Id, (t, c) => new { c.Id, c.Number, t.Elapsed, t.StartedAt, t.EndedAt, t.Late })
            .OrderByDescending(t => t.Elapsed).Select(t => new Long(t.Id, t.Number, t.Elapsed, t.StartedAt, t.EndedAt!.Value, t.Late)).ToListAsync(ct);

    private Task<List<T>> Ask<T>(string sql, List<object> arguments, CancellationToken ct) =>
        Db.Database.SqlQuery<T>(FormattableStringFactory.Create(sql, [.. arguments])).ToListAsync(ct);

    // ---- names and months ---------------------------------------------------------------------------------------------------------

    /// <summary>What a step was called in the newest version that had it.</summary>
    private Words NameOf(string procedure, int before, string step)
    {
        for (var version = before - 1; version >= 1; version--)
            try
            {
                if (procedures.Find(procedure, version).Find(step) is { } there)
                    return there.Name;
            }
            catch (KeyNotFoundException)
            {
                // Versions are numbered in a row; one that was given up as a draft is not there.
            }
        return new Words(step, step);
    }

    private static Figures Nothing(string step, Words name) => new(step, name, true, 0, 0, 0, null, null, StepWaited.Nothing, 0, 0, 0, 0, 0, null);

    private static DateOnly? Month(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month) && DateRange.Holds(month) ? month : null;

    private static int Number(DateOnly month) => month.Year * 100 + month.Month;

    private static string Key(DateOnly month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    private static string MonthKey(int month) => string.Create(CultureInfo.InvariantCulture, $"{month / 100:D4}-{month % 100:D2}");

    private static readonly Words WholeCase = new("Whole case", "整个案件");
}

internal static class ProcessMapRefusals
{
    public static readonly Refusal Months = new(RefusalKind.Invalid, "process-map.months",
        $"Give months as 2026-03, the first not after the last, at most {ShowProcessMap.MaxMonths} of them.", $"月份请写作 2026-03，起始月不得晚于结束月，最多 {ShowProcessMap.MaxMonths} 个月。", Field: "from");

    public static readonly Refusal Unit = new(RefusalKind.NotFound, "process-map.unit",
        "There is no such unit, or you may not see its cases. Choose one of the list.", "没有该单位，或您无权查看其案件。请从列表中选择。", Field: "unit");

    public static readonly Refusal Procedure = new(RefusalKind.NotFound, "process-map.procedure",
        "No case has run on this procedure in these months. Choose one of the list.", "所选月份内没有案件按该流程办理。请从列表中选择。", Field: "procedure");

    public static readonly Refusal Step = new(RefusalKind.NotFound, "process-map.step",
        "The procedure has no such step. Choose one of the map.", "该程序没有此步骤。请从流程用时中选择。", Field: "step");
}
