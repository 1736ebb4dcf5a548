using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Classes;

/// <summary>Who went from which class into which between the ends of two months, as it was seen at the time, in the units that the caller may watch.</summary>
public sealed class ShowClassMoves(AppDb db) : UseCase<ShowClassMoves.Request, ShowClassMoves.View>(db)
{
    /// <param name="From">yyyy-MM, its end; null: the month before the other.</param>
    /// <param name="To">yyyy-MM, its end, or today when it is not over; null: this month.</param>
    /// <param name="Unit">Only customers of this unit and those below it.</param>
    public sealed record Request(string Scheme, string? From = null, string? To = null, int? Unit = null);

    /// <param name="From">Null: in no class at the first end.</param>
    /// <param name="To">Null: in no class at the second.</param>
    public sealed record Flow(string? From, string? To, int Customers);

    /// <param name="Before">Customers who were in a class at the first end.</param>
    /// <param name="Moved">Of these, those who were in another or in none at the second.</param>
    public sealed record View(string From, string To, IReadOnlyList<Flow> Flows, int Before, int Moved);

    public override Permission Needs => Permission.ViewWatch;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        var now = Month.Of(call.Today(Clocks.CompanyZone));
        if (Read(request.To, now, now, "to", out var to) is { } badTo)
            return badTo;
        if (Read(request.From, to - 1, to - 1, "from", out var from) is { } badFrom)
            return badFrom;
        var visible = await VisibleUnits.Of(Db, call.Actor, Needs, ct);
        if (request.Unit is { } below && !visible.Holds(below))
            return CommonRefusals.NotFound;
        var units = visible.Ids(request.Unit);
        var (first, last) = ((from + 1).FirstDay, (to + 1).FirstDay);
        var flows = new Dictionary<(string?, string?), int>();
        var (customer, was, then) = (-1L, (string?)null, (string?)null);
        // Ascending by customer and day: the last change before an end is what held at it.
        await foreach (var change in Db.ClassChanges.AsNoTracking().Where(c => c.SchemeId == request.Scheme && c.On < last)
            .Join(Db.Customers.Judged().Where(c => units.Contains(c.UnitId)), c => c.CustomerId, c => c.Id, (c, _) => new { c.CustomerId, c.On, c.To })
            .OrderBy(c => c.CustomerId).ThenBy(c => c.On).AsAsyncEnumerable().WithCancellation(ct))
        {
            if (change.CustomerId != customer)
            {
                Count();
                (customer, was, then) = (change.CustomerId, null, null);
            }
            then = change.To;
            if (change.On < first)
                was = change.To;
        }
        Count();
        return new View(from.ToString(), to.ToString(), [.. flows.Select(f => new Flow(f.Key.Item1, f.Key.Item2, f.Value)).OrderBy(f => f.From, StringComparer.Ordinal).ThenBy(f => f.To, StringComparer.Ordinal)],
            flows.Where(f => f.Key.Item1 is not null).Sum(f => f.Value), flows.Where(f => f.Key.Item1 is not null && f.Key.Item1 != f.Key.Item2).Sum(f => f.Value));

        void Count()
        {
            if (was is not null || then is not null)
                flows[(was, then)] = flows.GetValueOrDefault((was, then)) + 1;
        }
    }

    private static Refusal? Read(string? text, Month usual, Month most, string field, out Month month)
    {
        month = usual;
        if (string.IsNullOrWhiteSpace(text))
            return null;
        if (Month.Read(text.Trim()) is not { } read || !DateRange.Holds(read.FirstDay) || read > most)
            return ClassRefusals.Month(field, most.ToString());
        month = read;
        return null;
    }
}
