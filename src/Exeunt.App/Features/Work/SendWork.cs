using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core.Work;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Work;

/// <summary>
/// Effect "work.send": posts a work order to its system, signed. A system that takes it says so with 2xx and later confirms by a signed
/// call-back; only that confirms. What does not get through is tried again later and later, then parked, which shows on the order. While a system
/// is known to be away its other messages wait without a try.
/// </summary>
public sealed class SendWork(AppDb db, SystemPost post, HostOptions options) : IEffect
{
    public const string Kind = "work.send";
    public const string Client = "systems";
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    internal static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2)];

    public sealed record What(Guid OrderId);

    public static string KeyOf(Guid orderId) => $"{Kind}|{orderId:N}";

    public static Effect Of(WorkOrder order, Call call) => Effect.Now(Kind, KeyOf(order.Id), call, new What(order.Id), order.CaseId);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var order = await db.WorkOrders.SingleAsync(w => w.Id == effect.Read<What>().OrderId, ct);
        // Confirmed meanwhile: a call-back may come before the answer to the order, or after we gave up waiting for it.
        if (order.DoneAt is not null || order.SentAt is not null)
            return EffectResult.Done;
        if (await db.Set<ConnectedSystem>().AsNoTracking().SingleOrDefaultAsync(s => s.Name == order.System && s.IsActive, ct) is not { } system)
            return EffectResult.Park("no-such-system");
        if (await Post(order, system, effect, call, ct) is { } failed)
            return failed;
        order.SentAt = call.Now;
        order.Version++;
        db.Audit(call, "work.sent", $"work:{order.Id:N}", new { order.CaseId, order.Task, order.System });
        return EffectResult.Done;
    }

    /// <summary>What became of it when it was not taken; null when the system took it.</summary>
    private async Task<EffectResult?> Post(WorkOrder order, ConnectedSystem system, Effect effect, Call call, CancellationToken ct)
    {
        var body = JsonSerializer.Serialize(new
        {
            type = "work-order.ordered", timestamp = call.Now,
            data = new { orderId = order.Id, caseId = order.CaseId, task = order.Task, dueOn = order.DueOn, callback = $"{options.Url}/api/systems/{system.Name}/callbacks" },
        }, Json.Plain);
        // The same order sent again is the same message.
        return await post.Send(system, $"work_{order.Id:N}", body, effect, call, ct);
    }
}

/// <summary>Posts a signed message (Standard Webhooks) to a connected system.</summary>
public sealed class SystemPost(SystemSecrets secrets, IHttpClientFactory http, Outages outages)
{
    /// <param name="id">The webhook-id: the same message sent again keeps it.</param>
    /// <returns>What became of it when it was not taken; null when the system took it.</returns>
    public async Task<EffectResult?> Send(ConnectedSystem system, string id, string body, Effect effect, Call call, CancellationToken ct)
    {
        // By its address: a system that moved is tried at once.
        if (outages.AwayFor(system.Url) is { } away)
            return EffectResult.Postpone("system-away", away);
        using var request = new HttpRequestMessage(HttpMethod.Post, system.Url) { Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };
        var timestamp = call.Now.ToUnixTimeSeconds();
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Sign(await secrets.KeyOf(system, ct), id, timestamp, body));
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(SendWork.Timeout);
        try
        {
            Failpoint.Reach(Point.BeforeWork);
            using var answer = await http.CreateClient(SendWork.Client).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            Failpoint.Reach(Point.AfterWork);
            outages.IsBack(system.Url);
            return answer.IsSuccessStatusCode ? null : Later(string.Create(CultureInfo.InvariantCulture, $"system-answered-{(int)answer.StatusCode}"));
        }
        catch (HttpRequestException)
        {
            outages.IsAway(system.Url);
            return Later("system-unreachable");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            outages.IsAway(system.Url);
            return Later("system-timed-out");
        }

        EffectResult Later(string why) => effect.Attempts > SendWork.Waits.Length ? EffectResult.Park(why) : EffectResult.Retry(why, SendWork.Waits[effect.Attempts - 1]);
    }
}
