using Exeunt.App.Features.Approvals;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Exeunt.Core.Offboarding;
using Exeunt.Core.Procedures;

namespace Exeunt.App.Features.Offboarding;

/// <summary>清退: the company ends a relationship. Opening, talk, improvement, decision, notice, objection, wind-down, on the spot, equal treatment.</summary>
public static class OffboardingFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddScoped<OffboardingOpening>().AddScoped<RecordedFigures>().AddScoped<Decisions>().AddScoped<DecisionNotice>().AddScoped<CaseLinks>().AddScoped<TurnBack>().AddScoped<ArrearsPaid>().AddScoped<CustomerRights>()
            .AddScoped<SpotRegister>().AddScoped<SpotReview>().AddScoped<ITodaySource, OffboardingToday>();
        services.AddEffect<CureEnds>(CureEnds.Kind).AddEffect<ForgetSpot>(ForgetSpot.Kind);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        Opening(routes.MapGroup("/api").WithTags("Offboarding"));
        OfCase(routes.MapGroup("/api/cases/{id:guid}").WithTags("Offboarding"));
        routes.MapPost("/api/progress/{token}/objection", (string token, OneText body, MakeObjection make, CaseAccess access, Caller caller, HttpContext http, CancellationToken ct) =>
            CasesFeature.AsCustomer(access, http, caller, token, async (id, call) => (await make.Run(call, new(id, body.Text), ct)).Api(), ct))
            .WithTags("Customer").Needs(Permission.CustomerOfCase).WithSummary("Object to the notice of an ending.");
        OffboardingConsole.Map(routes);
        OffboardingPortal.Map(routes);
    }

    public sealed record OneText(string? Text);

    public sealed record Verdict(bool? Upheld, string? Words);

    public sealed record Conclusion(TalkResult? Result, string? Words, string? MonthlyFee, int? NoticeDays);

    public sealed record NewCure(DateOnly? UntilOn, string? Words, string? Consequence, IReadOnlyList<CureTarget>? Targets);

    public sealed record Judgement(bool? Met, string? Words);

    /// <param name="Evidence">Base64: photo or paper, where the item asks for one.</param>
    public sealed record Tick(string? Item, string? Words, byte[]? Evidence = null);

    public sealed record NewDecision(string? Ground, IReadOnlyList<string>? Codes, string? Reasons, DateOnly? EffectiveOn, string? Restricted, int? ObjectDays);

    public sealed record Approval(string? Digest, string? Words);

    public sealed record Orders(string? Lines);

    public sealed record OrderState(OpenOrderState? State);

    public sealed record Review(bool? Stands, string? Words);

    private static void Opening(IEndpointRouteBuilder api)
    {
        api.MapPost("/offboardings", async (OpenOffboarding.Request body, OpenOffboarding open, Caller caller, CancellationToken ct) => (await open.Run(caller.Call, body, ct)).Api())
            .Needs(Permission.HandleOffboarding).Takes(LargeBodies.Largest).WithSummary("Open an offboarding with a ground and evidence, which is frozen; files are Base64.");
        api.MapPost("/offboardings/immediate", async (EndImmediately.Request body, EndImmediately end, Caller caller, CancellationToken ct) => (await end.Run(caller.Call, body, ct)).Api())
            .Needs(Permission.EndImmediately).Takes(LargeBodies.Largest).WithSummary("End a relationship at once for danger, an unlawful act or proven abuse.");
        api.MapPost("/admission-refusals", async (RefuseAdmission.Request body, RefuseAdmission refuse, Caller caller, CancellationToken ct) => (await refuse.Run(caller.Call, body, ct)).Api())
            .Needs(Permission.EndImmediately).WithSummary("Record a refusal at admission.");
        api.MapPost("/admission-refusals/{spot:guid}/review", async (Guid spot, Review body, ReviewAdmission review, Caller caller, CancellationToken ct) => (await review.Run(caller.Call, new(spot, body.Stands, body.Words), ct)).Api())
            .Needs(Permission.DecideOffboarding).WithSummary("Review a refusal at admission that somebody else made.");
        api.MapGet("/spot-decisions", async (Guid? before, ListSpotDecisions list, Caller caller, CancellationToken ct) => (await list.Run(caller.Call, new(before), ct)).Api())
            .Needs(Permission.HandleOffboarding).WithSummary("The register of what was ended or refused on the spot, newest first, 50 a page.");
        api.MapGet("/treatment", async (DateOnly? from, DateOnly? until, string? ground, int? unit, ReportTreatment report, Caller caller, CancellationToken ct) => (await report.Run(caller.Call, new(from, until, ground, unit), ct)).Api())
            .Needs(Permission.ViewTreatment).WithSummary("The equal-treatment report of a period: similar customers, and who was treated otherwise.");
    }

    private static void OfCase(IEndpointRouteBuilder api)
    {
        api.MapGet("/offboarding", async (Guid id, ShowOffboarding show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.ViewCases).WithSummary("Evidence, checks, decision, agreement, objection and open orders of an offboarding.");
        api.MapPost("/talk/conclusion", async (Guid id, Conclusion body, ConcludeTalk conclude, Caller caller, CancellationToken ct) =>
            (await conclude.Run(caller.Call, new(id, body.Result, body.Words, body.MonthlyFee, body.NoticeDays), ct)).Api())
            .Needs(Permission.HandleOffboarding).WithSummary("What the talk came to: Cleared, ChangedTerms or GoesOn.");
        api.MapPost("/cure-agreement", async (Guid id, NewCure body, AgreeCure agree, Caller caller, CancellationToken ct) => (await agree.Run(caller.Call, new(id, body.UntilOn, body.Words, body.Consequence, body.Targets), ct)).Api())
            .Needs(Permission.HandleOffboarding).WithSummary("Make an improvement agreement with measured targets.");
        api.MapPost("/cure-agreement/judgement", async (Guid id, Judgement body, JudgeCure judge, Caller caller, CancellationToken ct) => (await judge.Run(caller.Call, new(id, body.Met, body.Words), ct)).Api())
            .Needs(Permission.HandleOffboarding).WithSummary("Judge an improvement agreement: met or missed.");
        api.MapPost("/checks", async (Guid id, Tick body, TickItem tick, Caller caller, CancellationToken ct) => (await tick.Run(caller.Call, new(id, body.Item, body.Words, body.Evidence), ct)).Api())
            .Needs(Permission.HandleOffboarding).Takes(LargeBodies.OneFile).WithSummary("Tick an item of the check-list.");
        api.MapPost("/decision", async (Guid id, NewDecision body, DraftDecision draft, Caller caller, CancellationToken ct) =>
            (await draft.Run(caller.Call, new(id, body.Ground, body.Codes, body.Reasons, body.EffectiveOn, body.Restricted, body.ObjectDays), ct)).Api())
            .Needs(Permission.HandleOffboarding).WithSummary("Draft the decision to end the relationship.");
        api.MapPost("/decision/approval", async (Guid id, Approval body, Approve approve, Caller caller, CancellationToken ct) =>
            (await approve.Run(caller.Call, new(id, ApprovalSubject.Decision, null, body.Digest, body.Words), ct)).Api())
            .Needs(Permission.DecideOffboarding).WithSummary("Approve the decision with this digest, with own grounds; of an immediate ending this is its review.");
        api.MapPost("/decision/return", async (Guid id, OneText body, ReturnApproval back, Caller caller, CancellationToken ct) =>
            (await back.Run(caller.Call, new(id, body.Text, ApprovalSubject.Decision), ct)).Api())
            .Needs(Permission.DecideOffboarding).WithSummary("Send the decision back with words.");
        api.MapPost("/decision/reversal", async (Guid id, OneText body, ReverseDecision reverse, Caller caller, CancellationToken ct) => (await reverse.Run(caller.Call, new(id, body.Text), ct)).Api())
            .Needs(Permission.DecideOffboarding).WithSummary("The review of an immediate ending finds it wrong.");
        api.MapPost("/objection/decision", async (Guid id, Verdict body, DecideObjection decide, Caller caller, CancellationToken ct) => (await decide.Run(caller.Call, new(id, body.Upheld, body.Words), ct)).Api())
            .Needs(Permission.DecideOffboarding).WithSummary("Decide the customer's objection; only by somebody who took no part.");
        api.MapPost("/open-orders", async (Guid id, Orders body, ListOpenOrders list, Caller caller, CancellationToken ct) => (await list.Run(caller.Call, new(id, body.Lines), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("List open orders, one a line: number, amount.");
        api.MapPost("/open-orders/{order:guid}", async (Guid id, Guid order, OrderState body, CloseOpenOrder close, Caller caller, CancellationToken ct) => (await close.Run(caller.Call, new(id, order, body.State), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("An open order was finished or cancelled.");
        api.MapPost("/wind-down", async (Guid id, FinishWindDown finish, Caller caller, CancellationToken ct) => (await finish.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("The wind-down is over; refused while an order is open.");
        api.MapPost("/cure", async (Guid id, OneText body, CureCase cure, Caller caller, CancellationToken ct) => (await cure.Run(caller.Call, new(id, body.Text), ct)).Api())
            .Needs(Permission.HandleOffboarding).WithSummary("What led to the ending was put right: turn everything back.");
    }
}
