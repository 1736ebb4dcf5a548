using System.Globalization;
using Exeunt.App.Features.Disputes;
using Exeunt.App.Features.HandOvers.Console;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.HandOvers;

namespace Exeunt.App.Features.HandOvers;

/// <summary>客户交接: one customer, giving a customer up, everything that one person looks after.</summary>
public static class HandOversFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddScoped<PassingOver>().AddScoped<HandOverDesk>().AddScoped<FormerOwners>().AddScoped<GivingUpDesk>().AddScoped<HandOverLetters>().AddScoped<PlanDesk>().AddScoped<ITodaySource, HandOversToday>();
        services.AddEffect<HandOverDue>(HandOverDue.Kind).AddEffect<GivingUpDue>(GivingUpDue.Kind).AddEffect<RunPlan>(RunPlan.Kind).AddEffect<SendHandOverLetter>(SendHandOverLetter.Kind);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        Customers(routes);
        GivingUps(routes);
        Portfolios(routes);
        Api(routes);
    }

    private static void Customers(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/customers/{id:long}/hand-over", (long id, Caller caller, ShowHandOver show, CancellationToken ct) => HandOver(id, caller, show, null, null, ct)).Needs(Permission.HandOverCustomers);
        routes.MapForm("/customers/{id:long}/hand-over", async (long id, IFormCollection typed, Caller caller, HandOverCustomer handOver, ShowHandOver show, CancellationToken ct) =>
        {
            if (Bad(typed, "from") is { } bad)
                return await HandOver(id, caller, show, typed, bad, ct);
            var version = int.TryParse(typed["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var v) ? v : (int?)null;
            var outcome = await handOver.Run(Once(caller, typed), new(id, Id(typed["to"]), One<HandOverReason>(typed["reason"]), DisputesFeature.Day(typed["from"]), typed["words"], version), ct);
            return outcome.Refusal switch
            {
                null => Web.SeeOther($"/customers/{id}/hand-over#history"),
                { Kind: RefusalKind.NotFound } no => new ProblemResult(no),
                var no => await HandOver(id, caller, show, typed, no, ct),
            };
        }).Needs(Permission.HandOverCustomers);
        routes.MapForm("/customers/{id:long}/hand-over/{change:guid}/cancel", async (long id, Guid change, Caller caller, CancelHandOver cancel, CancellationToken ct) =>
            (await cancel.Run(caller.Call, new(id, change), ct)).Then(_ => $"/customers/{id}/hand-over#history")).Needs(Permission.HandOverCustomers);
        routes.MapPage("/customers/{id:long}/hand-over/letters/{document:guid}", async (long id, Guid document, Caller caller, DownloadHandOverLetter download, CancellationToken ct) =>
            await download.Run(caller.Call, new(id, document), ct) is var got && got.Refusal is { } no ? new ProblemResult(no) : Results.File(got.Value.Bytes, got.Value.MediaType, got.Value.Name)).Needs(Permission.HandOverCustomers);
    }

    private static async Task<IResult> HandOver(long id, Caller caller, ShowHandOver show, IFormCollection? typed, Refusal? refusal, CancellationToken ct)
    {
        var outcome = await show.Run(caller.Call with { IdempotencyKey = null }, new(id), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no)
            : Web.Page<HandOverPage>(new { View = outcome.Value, Typed = Typed(typed), Refusal = refusal }, refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal));
    }

    private static void GivingUps(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/customers/{id:long}/giving-up", (long id, Caller caller, ShowHandOver show, CancellationToken ct) => GivingUpForm(id, caller, show, null, null, null, ct)).Needs(Permission.HandOverCustomers);
        routes.MapForm("/customers/{id:long}/giving-up/preview", async (long id, IFormCollection typed, Caller caller, PreviewGivingUp preview, ShowHandOver show, CancellationToken ct) =>
        {
            var outcome = Bad(typed, "from") is { } bad ? bad : await preview.Run(caller.Call, Wish(id, typed), ct);
            return outcome.Refusal is { Kind: RefusalKind.NotFound } no ? new ProblemResult(no) : await GivingUpForm(id, caller, show, typed, outcome.Refusal, outcome.Refusal is null ? outcome.Value : null, ct);
        }).Needs(Permission.HandOverCustomers);
        routes.MapForm("/customers/{id:long}/giving-up", async (long id, IFormCollection typed, Caller caller, GiveUpCustomer give, ShowHandOver show, CancellationToken ct) =>
        {
            var outcome = Bad(typed, "from") is { } bad ? bad : await give.Run(Once(caller, typed), Wish(id, typed), ct);
            return outcome.Refusal switch
            {
                null => Web.SeeOther($"/giving-up/{outcome.Value.Id}"),
                { Kind: RefusalKind.NotFound } no => new ProblemResult(no),
                var no => await GivingUpForm(id, caller, show, typed, no, null, ct),
            };
        }).Needs(Permission.HandOverCustomers);
        routes.MapPage("/giving-up/{id:guid}", (Guid id, Caller caller, ShowGivingUp show, CancellationToken ct) => GivingUpOf(id, caller, show, null, null, ct)).Needs(Permission.HandOverCustomers);
        routes.MapForm("/giving-up/{id:guid}/decision", async (Guid id, IFormCollection typed, Caller caller, DecideGivingUp decide, ShowGivingUp show, CancellationToken ct) =>
        {
            bool? approved = typed["approved"].ToString() switch { "yes" => true, "no" => false, _ => null };
            var outcome = await decide.Run(caller.Call, new(id, approved, typed["digest"], typed["words"]), ct);
            return outcome.Refusal switch
            {
                null => Web.SeeOther($"/giving-up/{id}"),
                { Kind: RefusalKind.NotFound } no => new ProblemResult(no),
                var no => await GivingUpOf(id, caller, show, typed, no, ct),
            };
        }).Needs(Permission.ApproveGivingUp);
        routes.MapForm("/giving-up/{id:guid}/withdraw", async (Guid id, Caller caller, WithdrawGivingUp withdraw, CancellationToken ct) =>
            (await withdraw.Run(caller.Call, new(id), ct)).Then(_ => $"/giving-up/{id}")).Needs(Permission.HandOverCustomers);
    }

    private static async Task<IResult> GivingUpForm(long id, Caller caller, ShowHandOver show, IFormCollection? typed, Refusal? refusal, PreviewGivingUp.View? letter, CancellationToken ct)
    {
        var outcome = await show.Run(caller.Call with { IdempotencyKey = null }, new(id), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no)
            : Web.Page<GivingUpFormPage>(new { View = outcome.Value, Typed = Typed(typed), Refusal = refusal, Letter = letter }, refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal));
    }

    private static async Task<IResult> GivingUpOf(Guid id, Caller caller, ShowGivingUp show, IFormCollection? typed, Refusal? refusal, CancellationToken ct)
    {
        var outcome = await show.Run(caller.Call with { IdempotencyKey = null }, new(id), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no)
            : Web.Page<GivingUpPage>(new { View = outcome.Value, Typed = Typed(typed), Refusal = refusal }, refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal));
    }

    private static void Portfolios(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/hand-overs", async (string? unit, Caller caller, ListPortfolios list, CancellationToken ct) =>
        {
            var outcome = await list.Run(caller.Call, new(Number(unit)), ct);
            return outcome.Refusal is { } no ? new ProblemResult(no) : (IResult)Web.Page<HandOversPage>(new { View = outcome.Value, Unit = Number(unit) });
        }).Needs(Permission.HandOverCustomers);
        routes.MapPage("/hand-overs/people/{id:guid}", (Guid id, string? unit, Caller caller, ShowPortfolio show, CancellationToken ct) => Portfolio(id, Number(unit), caller, show, null, null, ct)).Needs(Permission.HandOverCustomers);
        routes.MapForm("/hand-overs/people/{id:guid}", async (Guid id, IFormCollection typed, Caller caller, MakePlan make, ShowPortfolio show, CancellationToken ct) =>
        {
            var unit = Number(typed["unit"]);
            var bad = Bad(typed, "from") ?? Bad(typed, "lastDay") ?? Bad(typed, "visitBy") ?? BadNumber(typed, "visitShare") ?? BadNumber(typed, "capacity");
            var request = new MakePlan.Request(id, unit, One<HandOverReason>(typed["reason"]), DisputesFeature.Day(typed["lastDay"]), DisputesFeature.Day(typed["from"]), Number(typed["visitShare"]), DisputesFeature.Day(typed["visitBy"]),
                [.. typed["successor"].Select(s => Id(s)).OfType<Guid>()], Number(typed["capacity"]));
            var outcome = bad is { } no ? no : await make.Run(Once(caller, typed), request, ct);
            return outcome.Refusal switch
            {
                null => Web.SeeOther($"/hand-overs/plans/{outcome.Value.Id}"),
                { Kind: RefusalKind.NotFound } gone => new ProblemResult(gone),
                var why => await Portfolio(id, unit, caller, show, typed, why, ct),
            };
        }).Needs(Permission.HandOverCustomers);
        routes.MapPage("/hand-overs/plans/{id:guid}", (Guid id, string? show, string? after, Caller caller, ShowPlan plan, CancellationToken ct) => Plan(id, One<PlanFilter>(show) ?? PlanFilter.All, Number(after) ?? 0, caller, plan, null, null, null, ct)).Needs(Permission.VisitCustomers);
        PlanForm(routes, "change", Permission.HandOverCustomers, async (Guid id, IFormCollection typed, Caller caller, ChangePlan change, ShowPlan show, CancellationToken ct) =>
        {
            bool? visit = typed["visit"].ToString() switch { "yes" => true, "no" => false, _ => null };
            var request = new ChangePlan.Request(id, new([.. typed["item"].Select(i => Number(i) ?? 0)], typed["all"] == "unassigned"), Id(typed["to"]), visit, DisputesFeature.Day(typed["visitOn"]), One<VisitKind>(typed["kind"]));
            return await After(Bad(typed, "visitOn") is { } bad ? bad : await change.Run(caller.Call, request, ct), id, typed, caller, show, "change", ct);
        });
        PlanForm(routes, "start", Permission.HandOverCustomers, async (Guid id, IFormCollection typed, Caller caller, StartPlan start, ShowPlan show, CancellationToken ct) =>
            await After(await start.Run(caller.Call, new(id, Number(typed["version"])), ct), id, typed, caller, show, "start", ct));
        PlanForm(routes, "cancel", Permission.HandOverCustomers, async (Guid id, IFormCollection typed, Caller caller, CancelPlan cancel, ShowPlan show, CancellationToken ct) =>
            await After(await cancel.Run(caller.Call, new(id), ct), id, typed, caller, show, "start", ct));
        PlanForm(routes, "close", Permission.HandOverCustomers, async (Guid id, IFormCollection typed, Caller caller, ClosePlan close, ShowPlan show, CancellationToken ct) =>
            await After(await close.Run(caller.Call, new(id), ct), id, typed, caller, show, "start", ct));
        PlanForm(routes, "items/{position:int}/visit", Permission.VisitCustomers, async (Guid id, int position, IFormCollection typed, Caller caller, RecordVisit record, ShowPlan show, CancellationToken ct) =>
            await After(Bad(typed, "on") is { } bad ? bad : await record.Run(caller.Call, new(id, position, DisputesFeature.Day(typed["on"]), typed["present"], One<VisitOutcome>(typed["outcome"]), typed["minutes"], typed["declined"] == "yes"), ct), id, typed, caller, show, $"visit-{position}", ct));
        PlanForm(routes, "items/{position:int}/waive", Permission.HandOverCustomers, async (Guid id, int position, IFormCollection typed, Caller caller, WaivePart waive, ShowPlan show, CancellationToken ct) =>
            await After(await waive.Run(caller.Call, new(id, position, One<PlanPart>(typed["part"]), typed["words"]), ct), id, typed, caller, show, $"waive-{position}", ct));
        PlanForm(routes, "items/{position:int}/posted", Permission.HandOverCustomers, async (Guid id, int position, IFormCollection typed, Caller caller, PostLetter post, ShowPlan show, CancellationToken ct) =>
            await After(await post.Run(caller.Call, new(id, position), ct), id, typed, caller, show, "", ct));
    }

    private static void PlanForm(IEndpointRouteBuilder routes, string what, Permission permission, Delegate handler) => routes.MapForm("/hand-overs/plans/{id:guid}/" + what, handler).Needs(permission);

    private static async Task<IResult> Portfolio(Guid id, int? unit, Caller caller, ShowPortfolio show, IFormCollection? typed, Refusal? refusal, CancellationToken ct)
    {
        var outcome = await show.Run(caller.Call with { IdempotencyKey = null }, new(id, unit), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no)
            : Web.Page<PortfolioPage>(new { View = outcome.Value, Typed = Typed(typed), Chosen = typed?["successor"].ToString().Split(',') ?? [], Refusal = refusal }, refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal));
    }

    private static async Task<IResult> Plan(Guid id, PlanFilter filter, int after, Caller caller, ShowPlan show, IFormCollection? typed, Refusal? refusal, string? form, CancellationToken ct)
    {
        var outcome = await show.Run(caller.Call with { IdempotencyKey = null }, new(id, filter, after), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no)
            : Web.Page<PlanPage>(new { View = outcome.Value, Filter = filter, After = after, Typed = Typed(typed), Refusal = refusal, Form = form }, refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal));
    }

    private static async Task<IResult> After<T>(Outcome<T> outcome, Guid id, IFormCollection typed, Caller caller, ShowPlan show, string form, CancellationToken ct)
    {
        var (filter, after) = (One<PlanFilter>(typed["show"]) ?? PlanFilter.All, Number(typed["after"]) ?? 0);
        return outcome.Refusal switch
        {
            null => Web.SeeOther(PlanPage.Path(id, filter, after)),
            { Kind: RefusalKind.NotFound } no => new ProblemResult(no),
            var no => await Plan(id, filter, after, caller, show, typed, no, form, ct),
        };
    }

    public sealed record NewOwner(Guid? To, HandOverReason? Reason, DateOnly? From, string? Words, int? Version);

    public sealed record NewGivingUp(GivingUpReason? Reason, string? Grounds, Alternative? Alternative, string? Contact, Guid? Successor, string? LetterReason, DateOnly? From)
    {
        public GivingUpWish Of(long customer) => new(customer, Reason, Grounds, Alternative, Contact, Successor, LetterReason, From);
    }

    public sealed record Decision(bool? Approved, string? Digest, string? Words);

    public sealed record NewPlan(int? Unit, HandOverReason? Reason, DateOnly? LastDay, DateOnly? From, int? VisitShare, DateOnly? VisitBy, IReadOnlyList<Guid>? Successors, int? Capacity);

    public sealed record PlanChange(IReadOnlyList<int>? Positions, bool AllUnassigned, Guid? Successor, bool? Visit, DateOnly? VisitOn, VisitKind? Kind);

    public sealed record VisitMade(DateOnly? On, string? Present, VisitOutcome? Outcome, string? Minutes, bool Declined);

    public sealed record Waiver(PlanPart? Part, string? Words);

    private static void Api(IEndpointRouteBuilder routes)
    {
        var customer = routes.MapGroup("/api/customers/{id:long}").WithTags("Hand-overs");
        customer.MapGet("/owners", async (long id, ListOwners list, Caller caller, CancellationToken ct) => (await list.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.ViewCustomers).WithSummary("Who looked after a customer, from when, why, and who decided it.");
        customer.MapGet("/hand-over", async (long id, ShowHandOver show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.HandOverCustomers).WithSummary("What would pass over with a customer, and to whom it could go.");
        customer.MapPost("/hand-over", async (long id, NewOwner body, HandOverCustomer handOver, Caller caller, CancellationToken ct) => (await handOver.Run(caller.Call, new(id, body.To, body.Reason, body.From, body.Words, body.Version), ct)).Api())
            .Needs(Permission.HandOverCustomers).WithSummary("Give a customer to another owner, now or from a day on; open cases go along.");
        customer.MapPost("/hand-over/{change:guid}/cancel", async (long id, Guid change, CancelHandOver cancel, Caller caller, CancellationToken ct) => (await cancel.Run(caller.Call, new(id, change), ct)).Api())
            .Needs(Permission.HandOverCustomers).WithSummary("Take back a hand-over whose day has not come.");
        customer.MapPost("/giving-up/preview", async (long id, NewGivingUp body, PreviewGivingUp preview, Caller caller, CancellationToken ct) => (await preview.Run(caller.Call, body.Of(id), ct)).Api())
            .Needs(Permission.HandOverCustomers).WithSummary("The letter as it would go out, and what forbids giving the customer up.");
        customer.MapPost("/giving-up", async (long id, NewGivingUp body, GiveUpCustomer give, Caller caller, CancellationToken ct) => (await give.Run(caller.Call, body.Of(id), ct)).Api())
            .Needs(Permission.HandOverCustomers).WithSummary("Give a customer up: with a successor at once, else somebody else approves.");
        var giving = routes.MapGroup("/api/giving-up/{id:guid}").WithTags("Hand-overs");
        giving.MapGet("", async (Guid id, ShowGivingUp show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, new(id), ct)).Api()).Needs(Permission.HandOverCustomers).WithSummary("One giving up with grounds, letter and decision.");
        giving.MapPost("/decision", async (Guid id, Decision body, DecideGivingUp decide, Caller caller, CancellationToken ct) => (await decide.Run(caller.Call, new(id, body.Approved, body.Digest, body.Words), ct)).Api())
            .Needs(Permission.ApproveGivingUp).WithSummary("Approve or return it, for exactly what was shown (its digest).");
        giving.MapPost("/withdraw", async (Guid id, WithdrawGivingUp withdraw, Caller caller, CancellationToken ct) => (await withdraw.Run(caller.Call, new(id), ct)).Api()).Needs(Permission.HandOverCustomers).WithSummary("Take it back before its day.");
        var api = routes.MapGroup("/api/hand-overs").WithTags("Hand-overs");
        api.MapGet("", async (int? unit, ListPortfolios list, Caller caller, CancellationToken ct) => (await list.Run(caller.Call, new(unit), ct)).Api()).Needs(Permission.HandOverCustomers).WithSummary("How much business hangs on whom; open plans and requests.");
        api.MapGet("/people/{id:guid}", async (Guid id, int? unit, ShowPortfolio show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, new(id, unit), ct)).Api()).Needs(Permission.HandOverCustomers).WithSummary("What hangs on one person and would pass over.");
        api.MapPost("/people/{id:guid}", async (Guid id, NewPlan body, MakePlan make, Caller caller, CancellationToken ct) =>
            (await make.Run(caller.Call, new(id, body.Unit, body.Reason, body.LastDay, body.From, body.VisitShare, body.VisitBy, body.Successors, body.Capacity), ct)).Api()).Needs(Permission.HandOverCustomers).WithSummary("Plan the hand-over of everything one person looks after.");
        var plan = api.MapGroup("/plans/{id:guid}");
        plan.MapGet("", async (Guid id, PlanFilter? show, int? after, ShowPlan use, Caller caller, CancellationToken ct) => (await use.Run(caller.Call, new(id, show ?? PlanFilter.All, after ?? 0), ct)).Api()).Needs(Permission.VisitCustomers).WithSummary("How far a plan is, and its customers.");
        plan.MapPost("/change", async (Guid id, PlanChange body, ChangePlan change, Caller caller, CancellationToken ct) =>
            (await change.Run(caller.Call, new(id, new(body.Positions, body.AllUnassigned), body.Successor, body.Visit, body.VisitOn, body.Kind), ct)).Api()).Needs(Permission.HandOverCustomers).WithSummary("Choose successors and visits for many customers at once.");
        plan.MapPost("/start", async (Guid id, StartPlan start, Caller caller, CancellationToken ct) => (await start.Run(caller.Call, new(id, caller.ExpectedVersion), ct)).Api()).Needs(Permission.HandOverCustomers).WithSummary("Start: customers pass over in the background, from the plan's first day.");
        plan.MapPost("/cancel", async (Guid id, CancelPlan cancel, Caller caller, CancellationToken ct) => (await cancel.Run(caller.Call, new(id), ct)).Api()).Needs(Permission.HandOverCustomers).WithSummary("Cancel before any customer has passed over.");
        plan.MapPost("/close", async (Guid id, ClosePlan close, Caller caller, CancellationToken ct) => (await close.Run(caller.Call, new(id), ct)).Api()).Needs(Permission.HandOverCustomers).WithSummary("Close when everything is done or waived.");
        plan.MapPost("/items/{position:int}/visit", async (Guid id, int position, VisitMade body, RecordVisit record, Caller caller, CancellationToken ct) =>
            (await record.Run(caller.Call, new(id, position, body.On, body.Present, body.Outcome, body.Minutes, body.Declined), ct)).Api()).Needs(Permission.VisitCustomers).WithSummary("Record a visit, or that none was wanted.");
        plan.MapPost("/items/{position:int}/waive", async (Guid id, int position, Waiver body, WaivePart waive, Caller caller, CancellationToken ct) => (await waive.Run(caller.Call, new(id, position, body.Part, body.Words), ct)).Api())
            .Needs(Permission.HandOverCustomers).WithSummary("Waive a visit or letter with words, as somebody else than who planned it.");
        plan.MapPost("/items/{position:int}/posted", async (Guid id, int position, PostLetter post, Caller caller, CancellationToken ct) => (await post.Run(caller.Call, new(id, position), ct)).Api())
            .Needs(Permission.HandOverCustomers).WithSummary("The letter to a customer without a mail address was posted.");
    }

    private static GivingUpWish Wish(long id, IFormCollection typed) =>
        new(id, One<GivingUpReason>(typed["reason"]), typed["grounds"], One<Alternative>(typed["alternative"]), typed["contact"], Id(typed["successor"]), typed["letterReason"], DisputesFeature.Day(typed["from"]));

    /// <summary>The page's own key: sent twice, a form does one thing.</summary>
    private static Call Once(Caller caller, IFormCollection typed) =>
        caller.Call with { IdempotencyKey = typed["key"].ToString() is { Length: > 0 and <= 80 } key ? "form:" + key : null };

    private static Refusal? Bad(IFormCollection typed, string field) =>
        typed[field].ToString() is { Length: > 0 } text && DisputesFeature.Day(text) is null ? NoDate with { Field = field } : null;

    private static Refusal? BadNumber(IFormCollection typed, string field) =>
        typed[field].ToString() is { Length: > 0 } text && Number(text) is null ? NoNumber with { Field = field } : null;

    private static readonly Refusal NoDate = new(RefusalKind.Invalid, "hand-over.no-date", "This is not a date; write it as 2026-11-30.", "日期格式不正确，请按 2026-11-30 填写。");
    private static readonly Refusal NoNumber = new(RefusalKind.Invalid, "hand-over.no-number", "A whole number, please.", "请填写整数。");

    private static Dictionary<string, string?>? Typed(IFormCollection? form) => form?.ToDictionary(f => f.Key, f => (string?)f.Value.ToString());

    private static T? One<T>(string? word) where T : struct, Enum => Enum.TryParse<T>(word, out var value) && Enum.IsDefined(value) ? value : null;

    private static Guid? Id(string? text) => Guid.TryParse(text, out var id) ? id : null;

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : null;
}
