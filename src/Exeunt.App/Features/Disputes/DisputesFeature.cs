using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.Disputes;

/// <summary>法律纠纷: contested amounts and erasure wait, deadlines are watched, the file goes out with proof, the ruling is carried out.</summary>
public static class DisputesFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddScoped<ContestedBooks>().AddScoped<ITodaySource, DisputesToday>();
        services.AddEffect<DeadlineNear>(DeadlineNear.Kind);
    }

    public sealed record NewDispute(DisputeForum? Forum, string? Words, IReadOnlyList<string>? Lines, string? Amount);

    public sealed record NewDeadline(DeadlineKind? Kind, DateOnly? DueOn);

    public sealed record Ruling(DisputeResult? Result, string? Upheld, string? Words);

    /// <param name="Reason">For what, when the customer's data is locked.</param>
    public sealed record ExportAsked(string? Reason);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/cases/{id:guid}").WithTags("Disputes");
        api.MapGet("/disputes", async (Guid id, ListDisputes list, Caller caller, CancellationToken ct) => (await list.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.ViewCases).WithSummary("The disputes of a case with their deadlines.");
        api.MapPost("/disputes", async (Guid id, NewDispute body, OpenDispute open, Caller caller, CancellationToken ct) => (await open.Run(caller.Call, new(id, body.Forum, body.Words, body.Lines, body.Amount), ct)).Api())
            .Needs(Permission.HandleDisputes).WithSummary("Open a dispute: contested amounts and erasure wait.");
        api.MapPost("/disputes/{dispute:guid}/deadlines", async (Guid id, Guid dispute, NewDeadline body, AddDeadline add, Caller caller, CancellationToken ct) => (await add.Run(caller.Call, new(id, dispute, body.Kind, body.DueOn), ct)).Api())
            .Needs(Permission.HandleDisputes).WithSummary("Note a deadline of a dispute.");
        api.MapPost("/disputes/deadlines/{deadline:guid}", async (Guid id, Guid deadline, MeetDeadline meet, Caller caller, CancellationToken ct) => (await meet.Run(caller.Call, new(id, deadline), ct)).Api())
            .Needs(Permission.HandleDisputes).WithSummary("A deadline was met.");
        api.MapPost("/disputes/{dispute:guid}/ruling", async (Guid id, Guid dispute, Ruling body, CloseDispute close, Caller caller, CancellationToken ct) =>
            (await close.Run(caller.Call, new(id, dispute, body.Result, body.Upheld, body.Words), ct)).Api())
            .Needs(Permission.HandleDisputes).WithSummary("End a dispute and carry out what was ruled.");
        api.MapPost("/export", (Guid id, ExportAsked? body, ExportCase export, Caller caller, CancellationToken ct) => Export(id, body?.Reason, export, caller, ct)).Needs(Permission.HandleDisputes).WithSummary("The whole file of a case with proof, as a ZIP.");
        Forms(routes.MapGroup("/cases/{id:guid}"));
    }

    private static void Forms(IEndpointRouteBuilder form)
    {
        form.MapForm("/disputes", (Guid id, IFormCollection typed, CasesConsole.Pages pages, OpenDispute open, CancellationToken ct) =>
            pages.After("dispute", id, typed, call => open.Run(call, new(id, CaseMoneyForms.One<DisputeForum>(typed["forum"]), typed["words"], [.. typed["lines"].OfType<string>()], typed["amount"]), ct), ct, "disputes")).Needs(Permission.HandleDisputes);
        form.MapForm("/disputes/{dispute:guid}/deadlines", (Guid id, Guid dispute, IFormCollection typed, CasesConsole.Pages pages, AddDeadline add, CancellationToken ct) =>
            pages.After("deadline", id, typed, call => add.Run(call, new(id, dispute, CaseMoneyForms.One<DeadlineKind>(typed["kind"]), Day(typed["dueOn"])), ct), ct, "disputes")).Needs(Permission.HandleDisputes);
        form.MapForm("/disputes/deadlines/{deadline:guid}", (Guid id, Guid deadline, IFormCollection typed, CasesConsole.Pages pages, MeetDeadline meet, CancellationToken ct) =>
            pages.After("deadline", id, typed, call => meet.Run(call, new(id, deadline), ct), ct, "disputes")).Needs(Permission.HandleDisputes);
        form.MapForm("/disputes/{dispute:guid}/ruling", (Guid id, Guid dispute, IFormCollection typed, CasesConsole.Pages pages, CloseDispute close, CancellationToken ct) =>
            pages.After("ruling", id, typed, call => close.Run(call, new(id, dispute, CaseMoneyForms.One<DisputeResult>(typed["result"]), typed["upheld"], typed["words"]), ct), ct, "disputes")).Needs(Permission.HandleDisputes);
        form.MapForm("/export", (Guid id, IFormCollection typed, ExportCase export, Caller caller, CancellationToken ct) => Export(id, typed["reason"], export, caller, ct)).Needs(Permission.HandleDisputes);
    }

    private static async Task<IResult> Export(Guid id, string? reason, ExportCase export, Caller caller, CancellationToken ct)
    {
        var outcome = await export.Run(caller.Call with { IdempotencyKey = null }, new(id, reason), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no) : Results.File(outcome.Value.Bytes, "application/zip", outcome.Value.Name);
    }

    /// <summary>A date as typed; null when it is none.</summary>
    public static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var day) ? day : null;
}
