using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Exeunt.App.Tests.Faults.Kit;

/// <summary>What clients were told is done, kept outside the server.</summary>
public sealed class Acknowledged
{
    /// <param name="Key">The idempotency key it was sent with.</param>
    /// <param name="CaseId">The case it is about; null where there is none.</param>
    public sealed record Command(string Key, string What, Guid? CaseId);

    private readonly ConcurrentQueue<Command> _commands = [];
    private readonly ConcurrentDictionary<Guid, string> _cases = [];
    private readonly ConcurrentDictionary<string, string> _faults = [];

    public IReadOnlyCollection<Command> Commands => _commands;

    /// <summary>Cases with the number their applicants were given.</summary>
    public IReadOnlyDictionary<Guid, string> Cases => _cases;

    /// <summary>Answers that a server that lives must not give, each once with what it said.</summary>
    public IReadOnlyCollection<string> Faults => [.. _faults.Select(f => $"{f.Key}: {f.Value}")];

    public void Add(Command command) => _commands.Enqueue(command);

    public void AddCase(Guid id, string number) => _cases[id] = number;

    /// <summary>The same list, to add to.</summary>
    public Acknowledged Copy()
    {
        var copy = new Acknowledged();
        foreach (var command in _commands)
            copy.Add(command);
        foreach (var (id, number) in _cases)
            copy.AddCase(id, number);
        foreach (var (answer, said) in _faults)
            copy.AddFault(answer, said);
        return copy;
    }

    public void AddFault(string answer, string said) => _faults.TryAdd(answer, said);
}

/// <summary>
/// A client as a careful integrator writes it: every command has a key made before it is sent, and is sent again with the same key until there is an
/// answer that says more than "not now". "Not now" are 503, 429 and no whole answer; any other fault of the server is written down, and tried again.
/// </summary>
public sealed class PatientClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly Acknowledged _acknowledged;
    private readonly CancellationToken _until;

    public PatientClient(Uri at, string? token, Acknowledged acknowledged, CancellationToken until)
    {
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(2) }) { BaseAddress = at, Timeout = TimeSpan.FromSeconds(20) };
        if (token is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        (_acknowledged, _until) = (acknowledged, until);
    }

    /// <summary>Opens the customer's own view of a case.</summary>
    public string? Session { get; set; }

    /// <summary>Sends a command until it is answered; acknowledged when the answer is 2xx.</summary>
    public async Task<Answer> Post(string path, object? body, string key, Guid? caseId = null)
    {
        var answer = await Send(() => new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = body is null ? null : JsonContent.Create(body), Headers = { { "Idempotency-Key", key } },
        });
        if (answer.Ok)
            _acknowledged.Add(new(key, path, caseId));
        return answer;
    }

    public Task<Answer> Get(string path) => Send(() => new HttpRequestMessage(HttpMethod.Get, path));

    public void Dispose() => _http.Dispose();

    private Task<Answer> Send(Func<HttpRequestMessage> make) =>
        Send(_http, () =>
        {
            var request = make();
            if (Session is not null)
                request.Headers.Add("Case-Session", Session);
            return request;
        }, (response, text) => new Answer((int)response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement), _acknowledged, _until);

    /// <summary>Sends a request until there is an answer that says more than "not now".</summary>
    /// <param name="make">The request, made anew for each time it is sent.</param>
    /// <param name="read">What is made of the answer and its text.</param>
    internal static async Task<T> Send<T>(HttpClient http, Func<HttpRequestMessage> make, Func<HttpResponseMessage, string, T> read, Acknowledged acknowledged, CancellationToken until)
    {
        while (true)
        {
            until.ThrowIfCancellationRequested();
            try
            {
                using var request = make();
                var asked = $"{request.Method} {request.RequestUri}";
                using var response = await http.SendAsync(request, until);
                var text = await response.Content.ReadAsStringAsync(until);
                // The whole answer is there: it is no answer that a kill has cut.
                if ((int)response.StatusCode >= 500 && response.StatusCode != HttpStatusCode.ServiceUnavailable)
                    acknowledged.AddFault($"{asked} answered {(int)response.StatusCode}", text);
                if ((int)response.StatusCode < 500 && response.StatusCode != HttpStatusCode.TooManyRequests)
                    return read(response, text);
            }
            // A server that dies while it takes the connection gives the bare socket's exception.
            catch (Exception e) when (e is HttpRequestException or IOException or SocketException || (e is TaskCanceledException && !until.IsCancellationRequested))
            {
                // Killed, restarting, or frozen: the same once more.
            }
            await Task.Delay(100, until);
        }
    }
}

/// <summary>An answer that says more than "not now".</summary>
public sealed record Answer(int Status, JsonElement Body)
{
    public bool Ok => Status is >= 200 and < 300;

    /// <summary>The code of a refusal.</summary>
    public string Refusal => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("code", out var code) ? code.GetString()! : $"{Status}";

    /// <summary>The body of an answer that must be good.</summary>
    public JsonElement Must(string what) => Ok ? Body : throw new InvalidOperationException($"{what}: {Status} {(Body.ValueKind == JsonValueKind.Undefined ? "" : Body.GetRawText())}");
}
