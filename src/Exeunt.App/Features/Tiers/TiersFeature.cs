using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Tiers.Console;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Tiers;

/// <summary>客户等级: VIP, normal, high risk; how customers spread over them, and every move with its reasons.</summary>
public static class TiersFeature
{
    public static void Add(IServiceCollection services) => services.AddScoped<TierDesk>().AddScoped<ITodaySource, TiersToday>();

    public sealed record Move(CustomerTier? To, IReadOnlyList<string>? Codes, string? Words);

    public sealed record Word(bool? IsAccepted);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api").WithTags("Tiers");
        api.MapGet("/tiers", async (long? before, ShowTiers show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, new(null, before), ct)).Api())
            .Needs(Permission.ViewWatch).Produces<ShowTiers.View>().WithSummary("How customers spread over the tiers by unit, moves that wait, tiers due for review, the latest moves.");
        api.MapGet("/customers/{id:long}/tiers", async (long id, ShowTiers show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.ViewWatch).Produces<ShowTiers.View>().WithSummary("A customer's moves between tiers.");
        api.MapPost("/customers/{id:long}/tiers", async (long id, Move body, ChangeTier change, Caller caller, CancellationToken ct) => (await change.Run(caller.Call, new(id, body.To, body.Codes, body.Words), ct)).Api())
            .Needs(Permission.ProposeTiers).Produces<ChangeTier.Changed>().WithSummary("Move a customer to another tier; a move down waits for a second person.");
        api.MapPost("/tiers/{id:guid}/decision", async (Guid id, Word body, DecideTier decide, Caller caller, CancellationToken ct) => (await decide.Run(caller.Call, new(id, body.IsAccepted), ct)).Api())
            .Needs(Permission.DecideTiers).WithSummary("Accept or refuse a move down that somebody else proposed.");
        routes.MapPage("/watch/tiers", (long? before, ShowTiers show, Caller caller, CancellationToken ct) => All(before, show, caller, null, ct)).Needs(Permission.ViewWatch);
        routes.MapForm("/watch/tiers/{id:guid}", async (Guid id, IFormCollection typed, DecideTier decide, ShowTiers show, Caller caller, CancellationToken ct) =>
            (await decide.Run(caller.Call, new(id, typed["do"].ToString() switch { "accept" => true, "refuse" => false, _ => null }), ct)).Refusal is { } no ? await All(null, show, caller, no, ct) : Web.SeeOther("/watch/tiers"))
            .Needs(Permission.DecideTiers);
        routes.MapPage("/customers/{id:long}/tier", (long id, ShowTiers show, Caller caller, CancellationToken ct) => One(id, show, caller, null, null, ct)).Needs(Permission.ViewWatch);
        routes.MapForm("/customers/{id:long}/tier", async (long id, IFormCollection typed, ChangeTier change, ShowTiers show, Caller caller, CancellationToken ct) =>
            (await change.Run(caller.Call, new(id, Enum.TryParse<CustomerTier>(typed["to"], out var to) && Enum.IsDefined(to) ? to : null, [.. typed["codes"].OfType<string>()], typed["words"]), ct)).Refusal is { } no
                ? await One(id, show, caller, no, typed, ct) : Web.SeeOther($"/customers/{id}/tier"))
            .Needs(Permission.ProposeTiers);
    }

    private static async Task<IResult> All(long? before, ShowTiers show, Caller caller, Refusal? refusal, CancellationToken ct)
    {
        var outcome = await show.Run(caller.Call with { IdempotencyKey = null }, new(null, before), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no)
            : Web.Page<TiersPage>(new { View = outcome.Value, Paged = before is not null, Refusal = refusal }, refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal));
    }

    private static async Task<IResult> One(long id, ShowTiers show, Caller caller, Refusal? refusal, IFormCollection? typed, CancellationToken ct)
    {
        var outcome = await show.Run(caller.Call with { IdempotencyKey = null }, new(id), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no)
            : Web.Page<CustomerTierPage>(
                new { View = outcome.Value, CustomerId = id, Refusal = refusal, To = typed?["to"].ToString(), Words = typed?["words"].ToString(), Codes = (IReadOnlyList<string>)[.. (typed?["codes"] ?? default).OfType<string>()] },
                refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal));
    }
}

/// <summary>Moves that wait for a second person, and tiers that are due to be looked at again.</summary>
public sealed class TiersToday(AppDb db) : ITodaySource
{
    public async Task<IReadOnlyList<TodayItem>> For(Call call, CancellationToken ct)
    {
        if (!call.Actor.Allows(Permission.DecideTiers))
            return [];
        var t = Texts.In(call.Language);
        var ids = (await VisibleUnits.Of(db, call.Actor, Permission.DecideTiers, ct)).Ids(null);
        var mine = db.TierChanges.AsNoTracking().Where(c => db.Customers.Any(k => k.Id == c.CustomerId && ids.Contains(k.UnitId)));
        var today = call.Today(Clocks.CompanyZone);
        var waiting = await mine.Where(c => c.State == TierChangeState.Waiting && c.ProposedBy != call.Actor.Id).OrderBy(c => c.Serial).Take(20).ToListAsync(ct);
        var due = await mine.Where(c => c.State == TierChangeState.Done && c.ReviewOn <= today && db.Customers.Any(k => k.Id == c.CustomerId && k.ErasedAt == null) && !db.TierChanges.Any(n => n.CustomerId == c.CustomerId && n.State == TierChangeState.Done && n.Serial > c.Serial))
            .OrderBy(c => c.ReviewOn).Take(20).ToListAsync(ct);
        return
        [
            .. waiting.Select(c => new TodayItem(t["tier.today-waiting", c.CustomerId, t.Of("customer.tier", c.To)], "/watch/tiers", c.ProposedOn, TodayKind.Approvals)),
            .. due.Select(c => new TodayItem(t["tier.today-due", c.CustomerId, t.Of("customer.tier", c.To)], $"/customers/{c.CustomerId}/tier", c.ReviewOn, TodayKind.Waiting)),
        ];
    }
}
