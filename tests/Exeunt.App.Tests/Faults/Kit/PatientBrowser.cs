using System.Net;
using System.Text.RegularExpressions;

namespace Exeunt.App.Tests.Faults.Kit;

/// <summary>
/// A person at the pages, as patient as <see cref="PatientClient"/>: a form is sent, with a key made before it is sent, until there is an answer that
/// says more than "not now".
/// </summary>
public sealed partial class PatientBrowser : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _signedIn;
    private readonly Acknowledged _acknowledged;
    private readonly CancellationToken _until;

    /// <param name="cookie">What the browser keeps since the person has signed in.</param>
    public PatientBrowser(Uri at, string cookie, Acknowledged acknowledged, CancellationToken until)
    {
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(2) }) { BaseAddress = at, Timeout = TimeSpan.FromSeconds(20) };
        _http.DefaultRequestHeaders.Add("Accept", "text/html");
        (_signedIn, _acknowledged, _until) = ($"exeunt.staff={cookie}", acknowledged, until);
    }

    private sealed record Shown(HttpStatusCode Status, string Text, string? Location, string? Cookie);

    /// <summary>Opens a page and sends a form of it; acknowledged when that leads on.</summary>
    /// <param name="fields">The fields as they were filled in, made anew for each time they are sent.</param>
    /// <returns>The path it leads to.</returns>
    public async Task<string> Submit(string page, string action, string key, Func<MultipartFormDataContent> fields)
    {
        var shown = await Send(() => Request(HttpMethod.Get, page, _signedIn));
        var token = Token().Match(shown.Text);
        if (shown.Status != HttpStatusCode.OK || !token.Success || shown.Cookie is null)
            throw new InvalidOperationException($"{page}: {(int)shown.Status} {shown.Location}, no form");
        var answer = await Send(() =>
        {
            var filled = fields();
            filled.Add(new StringContent(token.Groups[1].Value), "__RequestVerificationToken");
            var request = Request(HttpMethod.Post, action, $"{_signedIn}; {shown.Cookie}");
            request.Headers.Add("Idempotency-Key", key);
            request.Content = filled;
            return request;
        });
        if (answer is not { Status: HttpStatusCode.SeeOther, Location: { } location })
            throw new InvalidOperationException($"{action}: {(int)answer.Status} {answer.Location} {answer.Text}");
        _acknowledged.Add(new(key, action, null));
        return location;
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Request(HttpMethod method, string path, string cookies) => new(method, path) { Headers = { { "Cookie", cookies } } };

    private Task<Shown> Send(Func<HttpRequestMessage> make) =>
        PatientClient.Send(_http, make, (response, text) => new Shown(response.StatusCode, text, response.Headers.Location?.OriginalString, FormCookie(response)), _acknowledged, _until);

    /// <summary>The cookie that belongs to the token in the page's forms.</summary>
    private static string? FormCookie(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies.Select(c => c.Split(';')[0]).LastOrDefault(c => c.StartsWith("exeunt.form=", StringComparison.Ordinal)) : null;

    [GeneratedRegex("""name="__RequestVerificationToken" value="([^"]+)""")]
    private static partial Regex Token();
}
