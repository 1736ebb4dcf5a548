using Exeunt.App.Features.Work.Console;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.Work;

/// <summary>Work orders to departments.</summary>
public static class WorkFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddScoped<WorkDone>().AddScoped<UndoWork>().AddScoped<SystemSecrets>().AddScoped<SystemPost>();
        services.AddEffect<WorkOrdersStep>("step.work-orders", "step.wind-down", "step.hand-over").AddEffect<SendWork>(SendWork.Kind);
        services.AddHttpClient(SendWork.Client).ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = SendWork.Timeout });
    }

    public sealed record Words(string? Text);

    public sealed record System(string? Url, string? Secret, bool Active = true);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/work-orders/{id:guid}/confirmation", async (Guid id, ConfirmWork confirm, Caller caller, CancellationToken ct) => (await confirm.Run(caller.Call, new(id), ct)).Api())
            .WithTags("Work").Needs(Permission.CarryOutWork).WithSummary("Confirm that a work order is done.");
        routes.MapPost("/api/work-orders/{id:guid}/waiver", async (Guid id, Words body, WaiveWork waive, Caller caller, CancellationToken ct) => (await waive.Run(caller.Call, new(id, body.Text), ct)).Api())
            .WithTags("Work").Needs(Permission.WaiveWork).WithSummary("Say with words that a work order need not be done.");
        routes.MapPost("/api/work-orders/{id:guid}/retry", async (Guid id, RetryWork retry, Caller caller, CancellationToken ct) => (await retry.Run(caller.Call, new(id), ct)).Api())
            .WithTags("Work").Needs(Permission.CarryOutWork).WithSummary("Ask the system again for a parked or failed order.");
        routes.MapPost("/api/systems/{name}/callbacks", Callback).WithTags("Work").Needs(Permission.Public).RequireRateLimiting(Security.CallbackLimit)
            .WithSummary("A system's signed call-back about a work order (Standard Webhooks): work-order.done or work-order.failed.");
        routes.MapGet("/api/systems", async (ListSystems list, Caller caller, CancellationToken ct) => (await list.Run(caller.Call, new(), ct)).Api())
            .WithTags("Work").Needs(Permission.ManageSettings).WithSummary("The connected systems, without their secrets.");
        routes.MapPut("/api/systems/{name}", async (string name, System body, SaveSystem save, Caller caller, CancellationToken ct) => (await save.Run(caller.Call, new(name, body.Url, body.Secret, body.Active), ct)).Api())
            .WithTags("Work").Needs(Permission.ManageSettings).WithSummary("Add a connected system or change it.");
        routes.MapPage("/admin/systems", (ListSystems list, Caller caller, CancellationToken ct) => Systems(list, caller, null, null, ct)).Needs(Permission.ManageSettings);
        routes.MapForm("/admin/systems", async (IFormCollection typed, SaveSystem save, ListSystems list, Caller caller, CancellationToken ct) =>
        {
            var request = new SaveSystem.Request(typed["name"], typed["url"], typed["secret"], typed["active"] == "yes");
            var outcome = await save.Run(caller.Call, request, ct);
            return outcome.Refusal is { } no ? await Systems(list, caller, request, no, ct) : Web.SeeOther("/admin/systems");
        }).Needs(Permission.ManageSettings);
        routes.MapForm("/work/{id:guid}/waive", async (Guid id, IFormCollection typed, WaiveWork waive, Caller caller, CancellationToken ct) => (await waive.Run(caller.Call, new(id, typed["words"]), ct)).Then(_ => "/work"))
            .Needs(Permission.WaiveWork);
        routes.MapForm("/work/{id:guid}/retry", async (Guid id, RetryWork retry, Caller caller, CancellationToken ct) => (await retry.Run(caller.Call, new(id), ct)).Then(_ => "/work"))
            .Needs(Permission.CarryOutWork);
        routes.MapPage("/work", List).Needs(Permission.CarryOutWork);
        routes.MapForm("/work/{id:guid}", async (Guid id, ConfirmWork confirm, Caller caller, CancellationToken ct) => (await confirm.Run(caller.Call, new(id), ct)).Then(_ => "/work"))
            .Needs(Permission.CarryOutWork);
    }

    private static async Task<IResult> Systems(ListSystems list, Caller caller, SaveSystem.Request? typed, Exeunt.Core.Refusal? refusal, CancellationToken ct)
    {
        var outcome = await list.Run(caller.Call with { IdempotencyKey = null }, new(), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no) : Web.Page<SystemsPage>(new { List = outcome.Value, Typed = typed, Refusal = refusal }, refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal));
    }

    private static async Task<IResult> Callback(string name, HttpRequest request, ReceiveCallback receive, Caller caller, CancellationToken ct)
    {
        if (request.ContentLength is > ReceiveCallback.MaxBody)
            return new ProblemResult(CallbackRefusals.Unreadable);
        var buffer = new byte[ReceiveCallback.MaxBody + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
        if (length > ReceiveCallback.MaxBody)
            return new ProblemResult(CallbackRefusals.Unreadable);
        string? Header(string header) => request.Headers[header].ToString() is { Length: > 0 } value ? value : null;
        return (await receive.Run(caller.Call with { IdempotencyKey = null },
            new(name, Header("webhook-id"), Header("webhook-timestamp"), Header("webhook-signature"), global::System.Text.Encoding.UTF8.GetString(buffer, 0, length)), ct)).Api();
    }

    private static async Task<IResult> List(Guid? after, ListWork list, Caller caller, CancellationToken ct)
    {
        var outcome = await list.Run(caller.Call, new(after), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no) : Web.Page<WorkPage>(new { List = outcome.Value, After = after });
    }
}
