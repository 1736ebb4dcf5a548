using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Exeunt.Core.Churn;

namespace Exeunt.App.Features.Evaluate;

/// <summary>Where customers went between the ends of two months: how many came from each churn state into each, in the units that the caller may watch.</summary>
public sealed class ShowTransitions(AppDb db, RecentBase recent) : UseCase<ShowTransitions.Request, ShowTransitions.View>(db)
{
    /// <param name="From">yyyy-MM, its end; null: three months before the other.</param>
    /// <param name="To">yyyy-MM, its end; null: the last closed month.</param>
    /// <param name="Unit">Only customers of this unit and those below it.</param>
    public sealed record Request(string? From = null, string? To = null, int? Unit = null);

    /// <param name="Customers">How many went from one into the other; who had no history at the first end comes from null.</param>
    public sealed record Flow(ChurnState? From, ChurnState To, int Customers);

    /// <summary>Of those who are customers at the second end: how many are flagged intermittent at each end, whatever their state, and of how many that changed.</summary>
    public sealed record Flags(int Before, int After, int Began, int Ended);

    /// <param name="From">First month of the two (yyyy-MM).</param>
    /// <param name="Lost">Customers who were not churned at the first end, and of them those who are at the second.</param>
    /// <param name="Figures">Of which units' customers the figures are.</param>
    public sealed record View(string From, string To, IReadOnlyList<Flow> Flows, int Alive, int Lost, int Back, Flags Intermittent, IReadOnlyList<ShowIndicator.UnitChoice> Units, FigureUnits Figures);

    public override Permission Needs => Permission.ViewWatch;

    private static readonly int States = Enum.GetValues<ChurnState>().Length;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        var open = Month.Of(call.Today(Clocks.CompanyZone));
        if (Read(request.To, open - 1, open, "to", out var to) is { } badTo)
            return badTo;
        if (Read(request.From, to - 3, to, "from", out var from) is { } badFrom)
            return badFrom;
        var visible = await VisibleUnits.Of(Db, call.Actor, Needs, ct);
        if (request.Unit is { } below && !visible.Holds(below))
            return CommonRefusals.NotFound;
        var units = visible.Ids(request.Unit).ToHashSet();
        var all = await recent.Get(Db, call, ct);
        var parts = all.Parts(Environment.ProcessorCount);
        var counts = new int[parts.Count][];
        var flags = new (int Stayed, int Began, int Ended)[parts.Count];
        // The end of a month is the first day of the next: then it is closed.
        var (first, second) = ((from + 1).FirstDay, (to + 1).FirstDay);
        Parallel.For(0, parts.Count, part =>
        {
            var scratch = new HistoryScratch();
            var own = counts[part] = new int[(States + 1) * States];
            for (var i = parts[part].From; i < parts[part].Until; i++)
            {
                if (!units.Contains(all.UnitId(i)))
                    continue;
                var history = all.Open(i, scratch);
                if (history.At(second).Churn is not { } then)
                    continue;
                var early = history.At(first).Churn;
                own[(early is { } was ? (int)was.State : States) * States + (int)then.State]++;
                var flagged = early is { IsIntermittent: true };
                if (flagged && then.IsIntermittent)
                    flags[part].Stayed++;
                else if (flagged)
                    flags[part].Ended++;
                else if (then.IsIntermittent)
                    flags[part].Began++;
            }
        });
        var flows = new List<Flow>();
        for (var a = 0; a <= States; a++)
            for (var b = 0; b < States; b++)
                if (counts.Sum(c => c[a * States + b]) is > 0 and var count)
                    flows.Add(new(a == States ? null : (ChurnState)a, (ChurnState)b, count));
        var (stayed, began, ended) = (flags.Sum(f => f.Stayed), flags.Sum(f => f.Began), flags.Sum(f => f.Ended));
        var alive = flows.Where(f => f.From is { } was && IsAlive(was)).Sum(f => f.Customers);
        return new View(
            from.ToString(), to.ToString(), flows, alive, flows.Where(f => f.From is { } was && IsAlive(was) && f.To == ChurnState.Churned).Sum(f => f.Customers),
            flows.Where(f => f.From == ChurnState.Churned && IsAlive(f.To)).Sum(f => f.Customers),
            new Flags(stayed + ended, stayed + began, began, ended), [.. visible.InOrder.Select(u => new ShowIndicator.UnitChoice(u.Id, u.Name(call.Language)))], await FigureUnits.Of(Db, visible, request.Unit, ct));
    }

    private static bool IsAlive(ChurnState state) => state is ChurnState.New or ChurnState.Active or ChurnState.Borderline or ChurnState.Reactivated;

    /// <summary>Reads a month before a limit.</summary>
    private static Refusal? Read(string? text, Month usual, Month before, string field, out Month month)
    {
        month = usual;
        if (string.IsNullOrWhiteSpace(text))
            return null;
        if (Month.Read(text.Trim()) is not { } read || !DateRange.Holds(read.FirstDay) || read >= before)
            return new Refusal(RefusalKind.Invalid, "watch.month", $"A month before {before} is expected, as {usual}.", $"请填写 {before} 之前的月份，例如 {usual}。", Field: field);
        month = read;
        return null;
    }
}
