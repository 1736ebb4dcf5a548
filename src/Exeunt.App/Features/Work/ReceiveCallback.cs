using System.Globalization;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Work;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Work;

/// <summary>
/// A system's signed call-back about a work order (Standard Webhooks). An unknown system answers like a wrong signature. The same message twice
/// is refused; the same message sent again with a new time, and a second answer about an order that is done, change nothing and are welcome.
/// </summary>
public sealed class ReceiveCallback(AppDb db, CaseDesk desk, SystemSecrets secrets, WorkDone done) : UseCase<ReceiveCallback.Request, ReceiveCallback.Taken>(db)
{
    public const int MaxBody = 64 * 1024;

    /// <param name="Body">The raw body, as it was signed.</param>
    public sealed record Request(string System, string? Id, string? Timestamp, string? Signature, string Body);

    /// <param name="Already">Whether it was known before; nothing changed.</param>
    public sealed record Taken(Guid OrderId, bool Already);

    public override Permission Needs => Permission.Public;

    protected override int Tries => 5;

    protected override async Task<Outcome<Taken>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Set<ConnectedSystem>().AsNoTracking().SingleOrDefaultAsync(s => s.Name == request.System && s.IsActive, ct) is not { } system)
            return WebhookSignature.WrongSignature;
        if (WebhookSignature.Check(await secrets.KeyOf(system, ct), request.Id, request.Timestamp, request.Signature, request.Body, call.Now) is { } unbelieved)
            return unbelieved;
        if (Read(request.Body) is not var (orderId, failed))
            return CallbackRefusals.Unreadable;
        if (await Db.WorkOrders.SingleOrDefaultAsync(w => w.Id == orderId && w.System == system.Name, ct) is not { } order)
            return CommonRefusals.NotFound;
        // Who confirms is the system, by its name.
        var own = call with { Actor = new Actor(ActorKind.System, $"system:{system.Name}", []), IdempotencyKey = null };
        var timestamp = long.Parse(request.Timestamp!, CultureInfo.InvariantCulture);
        if (await Db.Set<SystemMessage>().SingleOrDefaultAsync(m => m.SystemId == system.Id && m.MessageId == request.Id, ct) is { } before)
        {
            if (timestamp <= before.Timestamp || before.OrderId != order.Id)
                return CallbackRefusals.Replayed;
            before.Timestamp = timestamp;
            Db.Audit(own, "callback.repeated", $"work:{order.Id:N}");
            return await Commit(new Taken(order.Id, true), ct);
        }
        Db.Add(new SystemMessage { SystemId = system.Id, MessageId = request.Id!, Timestamp = timestamp, OrderId = order.Id, At = call.Now });
        if (order.DoneAt is not null)
        {
            Db.Audit(own, "callback.repeated", $"work:{order.Id:N}");
            return await Commit(new Taken(order.Id, true), ct);
        }
        if (failed is not null)
        {
            order.Failure = failed;
            order.Version++;
            Db.Audit(own, "work.failed", $"work:{order.Id:N}", new { order.CaseId, order.Task, reason = failed });
            return await Commit(new Taken(order.Id, false), ct);
        }
        var exit = order.CaseId is { } caseId ? await desk.Find(caseId, own, ct) : null;
        await done.Confirm(exit, order, own, ct);
        if (exit is not null)
            desk.Stage(exit, own);
        return await Commit(new Taken(order.Id, false), ct);
    }

    /// <summary>The order and, when it failed, its reason as a code; null when the body is none of ours.</summary>
    private static (Guid OrderId, string? Failed)? Read(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var data = json.RootElement.GetProperty("data");
            if (!data.GetProperty("orderId").TryGetGuid(out var id))
                return null;
            return json.RootElement.GetProperty("type").GetString() switch
            {
                "work-order.done" => (id, null),
                "work-order.failed" => (id, Code(data.TryGetProperty("reason", out var reason) ? reason.GetString() : null)),
                _ => null,
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A reason is a code; what is not one may hold anything and is not kept.</summary>
    private static string Code(string? reason) =>
        reason is { Length: > 0 and <= 60 } && reason.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? reason : "failed";
}

public static class CallbackRefusals
{
    public static readonly Refusal Unreadable = new(RefusalKind.Invalid, "callback.unreadable",
        "The body is {\"type\": \"work-order.done\" or \"work-order.failed\", \"data\": {\"orderId\": …, \"reason\": …}}.",
        "请求体格式：{\"type\": \"work-order.done\" 或 \"work-order.failed\", \"data\": {\"orderId\": …, \"reason\": …}}。");

    public static readonly Refusal Replayed = new(RefusalKind.Conflict, "callback.replayed",
        "This very message was taken before.", "该消息已接收过。");
}
