using Exeunt.App.Data;
using Exeunt.App.Features.Appeals;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Cases.Portal;
using Exeunt.App.Features.Disputes;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Offboarding;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.FollowUps;

/// <summary>后续: tasks after the end, the customer's wish to be forgotten at once, and what decisions came to.</summary>
public static class FollowUpsFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddScoped<ITodaySource, FollowUpsToday>();
        services.AddEffect<FollowUpStep>("step.follow-up").AddEffect<FollowUpEnds>(FollowUpEnds.Kind).AddEffect<LookBack>(LookBack.Kind);
    }

    public sealed record NewTask(string? Words, DateOnly? DueOn);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/cases/{id:guid}").WithTags("Cases");
        api.MapGet("/aftermath", async (Guid id, ShowAftermath show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.ViewCases).WithSummary("Appeals, follow-ups and what the decision came to.");
        api.MapPost("/follow-ups", async (Guid id, NewTask body, AddFollowUp add, Caller caller, CancellationToken ct) => (await add.Run(caller.Call, new(id, body.Words, body.DueOn), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Put down something to be done for a former customer.");
        api.MapPost("/follow-ups/{task:guid}", async (Guid id, Guid task, FinishFollowUp finish, Caller caller, CancellationToken ct) => (await finish.Run(caller.Call, new(id, task), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("A follow-up is done.");
        routes.MapPost("/api/progress/{token}/forgetting", (string token, ForgetMe forget, CaseAccess access, Caller caller, HttpContext http, CancellationToken ct) =>
            CasesFeature.AsCustomer(access, http, caller, token, async (id, call) => (await forget.Run(call, new(id), ct)).Api(), ct))
            .WithTags("Customer").Needs(Permission.CustomerOfCase).WithSummary("Erase my contact now: survey and follow-up are over.");
        routes.MapGet("/api/decision-effects", async (DateOnly? from, DateOnly? until, ReportDecisionEffects report, Caller caller, CancellationToken ct) => (await report.Run(caller.Call, new(from, until), ct)).Api())
            .WithTags("Cases").Needs(Permission.ViewTreatment).WithSummary("What decisions came to after 30, 90 and 180 days.");
        routes.MapForm("/cases/{id:guid}/follow-ups", (Guid id, IFormCollection typed, CasesConsole.Pages pages, AddFollowUp add, CancellationToken ct) =>
            pages.After("follow-up", id, typed, call => add.Run(call, new(id, typed["words"], DisputesFeature.Day(typed["dueOn"])), ct), ct, "aftermath")).Needs(Permission.HandleCases);
        routes.MapForm("/cases/{id:guid}/follow-ups/{task:guid}", (Guid id, Guid task, IFormCollection typed, CasesConsole.Pages pages, FinishFollowUp finish, CancellationToken ct) =>
            pages.After("follow-up", id, typed, call => finish.Run(call, new(id, task), ct), ct, "aftermath")).Needs(Permission.HandleCases);
        routes.MapForm("/progress/{token}/forgetting", ([AsParameters] ProgressPages.Visit visit, ForgetMe forget) =>
            visit.AsCustomer(async (id, call) => (await forget.Run(call, new(id), visit.Ct)).Refusal is { } no ? await visit.Progress(no) : Web.SeeOther($"{visit.Path}?done=forgotten")))
            .Needs(Permission.CustomerOfCase).RequireRateLimiting(Security.IntakeLimit);
        routes.LeadBack("/progress/{token}/forgetting", "/progress/{0}");
    }
}

/// <summary>What comes after the decision of a case: appeals, follow-ups, and what it came to.</summary>
public sealed class ShowAftermath(AppDb db, CaseDesk desk, CaseTexts texts, StaffDirectory staff) : UseCase<ShowAftermath.Request, ShowAftermath.View>(db)
{
    public sealed record Request(Guid CaseId);

    public sealed record AppealLine(Guid Id, string? Words, DateTimeOffset MadeAt, DateOnly AnswerBy, bool? Upheld, string? Answer, string? DecidedBy);

    public sealed record TaskLine(Guid Id, string? Words, DateOnly DueOn, string? DoneBy, DateTimeOffset? DoneAt);

    /// <param name="CannotDecideAppeal">Why whoever looks cannot decide the open appeal; null: they can, or there is none.</param>
    public sealed record View(
        IReadOnlyList<AppealLine> Appeals, bool CanDecideAppeal, Refusal? CannotDecideAppeal, IReadOnlyList<TaskLine> Tasks, bool CanAddTask, IReadOnlyList<EffectLine> Effects, DateOnly Today);

    public sealed record EffectLine(DecisionEffect Effect, DateOnly On, string Currency);

    public override Permission Needs => Permission.ViewCases;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        var appeals = await Db.Set<Appeal>().AsNoTracking().Where(a => a.CaseId == exit.Id).OrderByDescending(a => a.MadeAt).ThenBy(a => a.Id).Take(50).ToListAsync(ct);
        var tasks = await Db.Set<FollowUpTask>().AsNoTracking().Where(t => t.CaseId == exit.Id).OrderBy(t => t.DoneAt != null).ThenBy(t => t.DueOn).ThenBy(t => t.Id).Take(200).ToListAsync(ct);
        var effects = await Db.Set<DecisionEffectRow>().AsNoTracking().Where(e => e.CaseId == exit.Id).OrderBy(e => e.Days).ToListAsync(ct);
        var words = appeals.Count + tasks.Count == 0 ? [] : await texts.Shown(exit, call, ct);
        var names = await staff.Names(appeals.Select(a => a.DecidedBy ?? "").Concat(tasks.Select(t => t.DoneBy ?? "")), ct);
        string? Name(string? by) => by is null ? null : names.GetValueOrDefault(by) ?? "—";
        var path = exit.UnitId is { } unit ? await Db.Units.AsNoTracking().Where(u => u.Id == unit).Select(u => u.Path).SingleAsync(ct) : "";
        var no = exit.CannotDecideAppeal(call.Actor.Id);
        var judges = call.Actor.Allows(Permission.DecideOffboarding, path);
        return new View(
            [.. appeals.Select(a => new AppealLine(a.Id, words.GetValueOrDefault(a.TextId), a.MadeAt, a.AnswerBy, a.Upheld, a.AnswerId is { } answer ? words.GetValueOrDefault(answer) : null, Name(a.DecidedBy)))],
            no is null && judges, exit.OpenAppealId is null || no is null ? null : no,
            [.. tasks.Select(t => new TaskLine(t.Id, words.GetValueOrDefault(t.TextId), t.DueOn, Name(t.DoneBy), t.DoneAt))],
            exit.IsActive(StepKind.FollowUp) && !exit.IsClosed && call.Actor.Allows(Permission.HandleCases, path),
            [.. effects.Select(e => new EffectLine(ReportDecisionEffects.Of(e), e.On, e.Currency))], call.Today(exit.Zone ?? Clocks.CompanyZone));
    }
}

/// <summary>Follow-ups that are due, for those who handle cases.</summary>
public sealed class FollowUpsToday(AppDb db, CaseDesk desk) : ITodaySource
{
    public async Task<IReadOnlyList<TodayItem>> For(Call call, CancellationToken ct)
    {
        if (!call.Actor.Allows(Permission.HandleCases))
            return [];
        var t = Texts.In(call.Language);
        var near = call.Today(Clocks.CompanyZone).AddDays(2);
        var open = await db.Set<FollowUpTask>().AsNoTracking().Where(f => f.DoneAt == null && f.DueOn <= near)
            .Join(desk.Visible(call, Permission.HandleCases), f => f.CaseId, c => c.Id, (f, c) => new { f.DueOn, c.Id, c.Number, c.AssignedTo })
            .Where(f => f.AssignedTo == null || f.AssignedTo == call.Actor.Id).OrderBy(f => f.DueOn).ThenBy(f => f.Number).Take(50).ToListAsync(ct);
        return [.. open.Select(f => new TodayItem(t["follow-up.today", f.Number], $"/cases/{f.Id}#aftermath", f.DueOn, TodayKind.Waiting))];
    }
}
