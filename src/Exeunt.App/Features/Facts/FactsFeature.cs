using System.ComponentModel;
using Exeunt.App.Platform;
using Exeunt.Core.Activity;

namespace Exeunt.App.Features.Facts;

/// <summary>What happened with customers, told by the systems around.</summary>
public static class FactsFeature
{
    private const string NumberWords =
        "The document's number at its source; orders, returns and adjustments share theirs, every other kind has its own. A fact without a number cannot be corrected, "
        + "and one that is equal to another (customer, kind, date, amount, …) sent before is taken for the same sent again: give numbers where equal facts may happen twice.";

    public static void Add(IServiceCollection services) => services.AddScoped<FactBook>().AddScoped<RecordFacts>();

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/facts", async (Body body, RecordFacts record, Caller caller, CancellationToken ct) =>
                (await record.Run(caller.Call, new(body.Source, body.Facts?.Select(f => new RecordFacts.Line(f?.Customer, f?.Fact ?? new FactLine(null, null))).ToList()), ct)).Api())
            .WithTags("Facts").Needs(Permission.ImportData).Takes(LargeBodies.OneFile).Produces<RecordFacts.Recorded>()
            .WithSummary("Take facts of customers that are there already, at most 5,000, all or none. Send an Idempotency-Key; the first line that is wrong is named.");

    /// <param name="Source">The system that the customers' and documents' numbers are from; default "own".</param>
    public sealed record Body(string? Source, IReadOnlyList<Item>? Facts);

    /// <summary>A fact; see docs/facts.md for what each kind takes. Amounts are decimals of the customer's currency.</summary>
    public sealed record Item(
        string? Customer, FactKind? Kind, DateOnly? Date, [property: Description(NumberWords)] string? Number = null, decimal? Amount = null, decimal? Cost = null, string? ProductLine = null, DateOnly? DueOn = null,
        ComplaintVerdict? Verdict = null, int? Minutes = null, decimal? HourCost = null, long? Times = null, bool? Kept = null, decimal? Score = null, DateOnly? Until = null,
        FactCorrecting? Correction = null)
    {
        internal FactLine Fact => new(Kind, Date, Number, Amount, Cost, ProductLine, DueOn, Verdict, Minutes, HourCost, Times, Kept, Score, Until, Correction);
    }
}
