using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Exeunt.Core.Work;

namespace Exeunt.App.Tests.Work;

/// <summary>
/// A provisioning system that behaves like a real one: it checks our signature, takes orders, is down, is slow, and answers late or twice by
/// signed call-backs.
/// </summary>
public sealed class FakeSystem : IAsyncDisposable
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static readonly byte[] Key = WebhookSignature.KeyOf(Secret)!;
    private readonly HttpListener _listener;
    private readonly Task _loop;

    public FakeSystem()
    {
        (_listener, Url) = Listen();
        _loop = Task.Run(Serve);
    }

    /// <summary>On a free port; another one when somebody else was faster.</summary>
    private static (HttpListener Listener, string Url) Listen()
    {
        for (var tries = 1; ; tries++)
        {
            using var free = new TcpListener(IPAddress.Loopback, 0);
            free.Start();
            var url = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/orders/";
            free.Stop();
            var listener = new HttpListener();
            listener.Prefixes.Add(url);
            try
            {
                listener.Start();
                return (listener, url);
            }
            catch (HttpListenerException) when (tries < 10)
            {
                // Closing it would take the address once more.
            }
        }
    }

    public string Url { get; }

    /// <summary>What it answers with; 0: it takes the order and never answers.</summary>
    public int Status { get; set; } = 202;

    /// <summary>The orders that reached it, with their webhook-id; the same order again is the same message.</summary>
    public ConcurrentQueue<(string MessageId, Guid OrderId, string Callback)> Orders { get; } = new();

    /// <summary>The chat messages of ours that reached it.</summary>
    public ConcurrentQueue<(string MessageId, string Conversation, string Text)> Messages { get; } = new();

    /// <summary>Signatures of ours that were wrong.</summary>
    public int WronglySigned { get; private set; }

    /// <summary>Calls back about an order.</summary>
    /// <param name="id">The webhook-id; the same message again keeps it.</param>
    public static async Task<(HttpStatusCode Status, JsonElement Body)> CallBack(
        HttpClient client, string name, Guid order, DateTimeOffset at, string id, string type = "work-order.done", string? reason = null, string? secret = null, Func<string, string>? change = null)
    {
        var body = JsonSerializer.Serialize(new { type, data = new { orderId = order, reason } });
        return await Send(client, $"/api/systems/{name}/callbacks", body, at, id, secret, change);
    }

    /// <summary>Sends a signed body, as a system does.</summary>
    public static async Task<(HttpStatusCode Status, JsonElement Body)> Send(HttpClient client, string path, string body, DateTimeOffset at, string id, string? secret = null, Func<string, string>? change = null)
    {
        var timestamp = at.ToUnixTimeSeconds();
        var signature = WebhookSignature.Sign(secret is null ? Key : WebhookSignature.KeyOf(secret)!, id, timestamp, body);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(change?.Invoke(body) ?? body, Encoding.UTF8, "application/json") };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", signature);
        using var answer = await client.SendAsync(request);
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        try
        {
            _listener.Close();
        }
        catch (HttpListenerException)
        {
            // It takes its address once more in order to give it back, and by now somebody else may have it.
        }
        await _loop;
    }

    private async Task Serve()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
            var body = await reader.ReadToEndAsync();
            var (id, at) = (context.Request.Headers["webhook-id"], context.Request.Headers["webhook-timestamp"]!);
            if (WebhookSignature.Check(Key, id, at, context.Request.Headers["webhook-signature"], body, DateTimeOffset.FromUnixTimeSeconds(long.Parse(at, CultureInfo.InvariantCulture))) is not null)
                WronglySigned++;
            var data = JsonDocument.Parse(body).RootElement.GetProperty("data");
            if (data.TryGetProperty("text", out var text))
                Messages.Enqueue((id!, data.GetProperty("conversation").GetString()!, text.GetString()!));
            else
                Orders.Enqueue((id!, data.GetProperty("orderId").GetGuid(), data.GetProperty("callback").GetString()!));
            if (Status == 0)
            {
                // It has the order and does not answer until we gave up waiting.
                await Task.Delay(Exeunt.App.Features.Work.SendWork.Timeout + TimeSpan.FromSeconds(1));
                context.Response.Abort();
                continue;
            }
            context.Response.StatusCode = Status;
            context.Response.Close();
        }
    }
}
