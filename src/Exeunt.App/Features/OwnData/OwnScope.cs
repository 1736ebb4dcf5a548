using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.OwnData;

/// <summary>Whose package is made, and what of theirs may be shown.</summary>
/// <param name="Cases">The cases they were told of.</param>
/// <param name="Opened">Personal texts of the customer and of these cases; erased ones are not there.</param>
/// <param name="LeftOut">What is left out; sections that are cut add to it.</param>
/// <param name="Today">In the company's zone.</param>
internal sealed record OwnScope(Customer Customer, IReadOnlyList<ExitCase> Cases, IReadOnlyDictionary<Guid, OwnText> Opened, List<OwnLeftOut> LeftOut, Texts T, DateOnly Today)
{
    private readonly Dictionary<Guid, string> _numbers = Cases.ToDictionary(c => c.Id, c => c.Number);

    public List<Guid> Ids { get; } = [.. Cases.Select(c => c.Id)];

    /// <summary>The number of a case they were told of; null of any other.</summary>
    public string? Number(Guid? caseId) => caseId is { } id ? _numbers.GetValueOrDefault(id) : null;

    /// <summary>The words of a text; null: none, or erased.</summary>
    public string? Said(Guid? textId) => textId is { } id ? Opened.GetValueOrDefault(id)?.Words : null;

    /// <summary>The text under "prefix.code"; a code that has none stays as it is.</summary>
    public string? Known(string prefix, string? code) => code is null ? null : Texts.Everything.ContainsKey($"{prefix}.{code}") ? T[$"{prefix}.{code}"] : code;

    /// <summary>The rows up to the most a file holds; what is beyond is said.</summary>
    /// <param name="what">Key of the text that names them.</param>
    public List<TRow> Cut<TRow>(List<TRow> rows, int most, string what)
    {
        if (rows.Count <= most)
            return rows;
        rows.RemoveRange(most, rows.Count - most);
        LeftOut.Add(new OwnLeftOut(T[what], T["own-data.left.cut", most]));
        return rows;
    }

    /// <summary>Reads rows in their order, up to the most a file holds; what is beyond is said.</summary>
    /// <param name="what">Key of the text that names them.</param>
    public async Task<List<TRow>> Read<TRow>(IQueryable<TRow> rows, int most, CancellationToken ct, string what = "own-data.rows") => Cut(await rows.Take(most + 1).ToListAsync(ct), most, what);

    /// <summary>Whether staff, the customer or a machine did something; no names.</summary>
    public static string By(string actor) =>
        actor.StartsWith("staff:", StringComparison.Ordinal) ? "company" : actor.StartsWith("system", StringComparison.Ordinal) ? "system" : "customer";
}

/// <summary>A personal text, opened.</summary>
internal sealed record OwnText(Guid Id, Guid? CaseId, string Kind, string Words);
