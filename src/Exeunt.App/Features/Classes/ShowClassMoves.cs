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
        var changes = Db.ClassChanges.AsNoTracking().Where(c => c.SchemeId == request.Scheme && c.On < last);
        // Of each customer the first and the last change between the ends: where they came from and where they came to. Who had none stayed where the last one before had led.
        var spans = changes.Join(Db.Customers.Judged().Where(c => units.Contains(c.UnitId)), c => c.CustomerId, c => c.Id, (c, _) => c)
            .GroupBy(c => c.CustomerId).Select(g => new { Customer = g.Key, Last = g.Max(c => c.On), First = g.Where(c => c.On >= first).Min(c => (DateOnly?)c.On) });
        var moves =
            from span in spans
            join end in changes on new { span.Customer, On = span.Last } equals new { Customer = end.CustomerId, end.On }
            from begin in changes.Where(c => c.CustomerId == span.Customer && c.On == span.First).DefaultIfEmpty()
            group end by new { Was = span.First == null ? end.To : begin.From, Then = end.To } into together
            select new { together.Key.Was, together.Key.Then, Customers = together.Count() };
        var flows = (await moves.ToListAsync(ct)).Where(m => m.Was is not null || m.Then is not null).Select(m => new Flow(m.Was, m.Then, m.Customers))
            .OrderBy(f => f.From, StringComparer.Ordinal).ThenBy(f => f.To, StringComparer.Ordinal).ToList();
        return new View(from.ToString(), to.ToString(), flows, flows.Where(f => f.From is not null).Sum(f => f.Customers), flows.Where(f => f.From is not null && f.From != f.To).Sum(f => f.Customers));
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
