using System.Net;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Exeunt.App.Tests.Harness;

/// <summary>A file chosen in a form.</summary>
public sealed record ChosenFile(string Name, byte[] Content, string Type = "application/octet-stream");

/// <summary>
/// A browser without a screen and without JavaScript: it keeps cookies, follows redirects and sends forms as they stand in
/// the page, hidden fields included.
/// </summary>
public sealed class Browser : IDisposable
{
    private readonly HttpClient _client;

    public Browser(Uri home, string language)
    {
        _client = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies, AllowAutoRedirect = false }) { BaseAddress = home };
        _client.DefaultRequestHeaders.Add("Accept", "text/html");
        _client.DefaultRequestHeaders.Add("Accept-Language", language);
    }

    public CookieContainer Cookies { get; } = new();

    /// <summary>The page shown last.</summary>
    public Page Page { get; private set; } = null!;

    /// <summary>Opens a page.</summary>
    public Task<Page> Get(string path) => Send(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>Follows the link whose text or selector is given.</summary>
    public Task<Page> Follow(string link) =>
        Get((Page.Find<IHtmlAnchorElement>(link) ?? throw Page.Missing("link", link)).GetAttribute("href")!);

    /// <summary>
    /// Fills and sends a form of the shown page. It is found by the words on one of its buttons or by a selector of the form or
    /// the button; a pressed button's name and value go with it. <paramref name="fields"/> is an object whose properties, or
    /// a dictionary whose entries, replace the fields' values: text, number, bool (a check box), <see cref="ChosenFile"/>, or several
    /// strings. A field that the form does not have is an error.
    /// </summary>
    public Task<Page> Submit(string button, object? fields = null)
    {
        var pressed = Page.Find<IElement>(button, "button, input[type=submit]");
        var form = pressed as IHtmlFormElement ?? pressed?.Closest("form") as IHtmlFormElement ?? throw Page.Missing("form", button);
        var values = Filled(form, pressed, Entries(fields));
        var action = pressed?.GetAttribute("formaction") ?? form.GetAttribute("action") ?? Page.Path;
        if (!string.Equals(form.GetAttribute("method"), "post", StringComparison.OrdinalIgnoreCase))
            return Get(action.Split('?')[0] + "?" + string.Join('&', values.Select(v => $"{Uri.EscapeDataString(v.Name)}={Uri.EscapeDataString($"{v.Value}")}")));
        return Send(new HttpRequestMessage(HttpMethod.Post, action) { Content = Content(form, values) });
    }

    public void Dispose() => _client.Dispose();

    private async Task<Page> Send(HttpRequestMessage request)
    {
        for (var hops = 0; hops < 10; hops++)
        {
            if (request.RequestUri is { IsAbsoluteUri: false } && Page is not null)
                request.RequestUri = new Uri(Page.Url, request.RequestUri);
            using var response = await _client.SendAsync(request);
            var url = response.RequestMessage!.RequestUri!;
            if (response.Headers.Location is { } location && (int)response.StatusCode is 301 or 302 or 303)
            {
                request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, response.Headers.Location));
                continue;
            }
            var body = await response.Content.ReadAsByteArrayAsync();
            return Page = new Page(url, (int)response.StatusCode, response, body);
        }
        throw new InvalidOperationException("More than ten redirects.");
    }

    private static List<(string Name, object Value)> Filled(IHtmlFormElement form, IElement? pressed, Dictionary<string, object?> fields)
    {
        var values = new List<(string, object)>();
        var open = new HashSet<string>(fields.Keys);
        foreach (var control in form.Elements.OfType<IElement>())
        {
            var name = control.GetAttribute("name");
            if (string.IsNullOrEmpty(name) || control.HasAttribute("disabled"))
                continue;
            var given = fields.TryGetValue(name, out var value);
            open.Remove(name);
            switch (control)
            {
                case IHtmlInputElement { Type: "submit" or "button" or "image" or "reset" }:
                case IHtmlButtonElement:
                    if (ReferenceEquals(control, pressed))
                        values.Add((name, control.GetAttribute("value") ?? ""));
                    break;
                case IHtmlInputElement { Type: "checkbox" } box:
                    if (given ? Chosen(value, box.Value) : box.IsChecked)
                        values.Add((name, box.Value is { Length: > 0 } v ? v : "on"));
                    break;
                case IHtmlInputElement { Type: "radio" } radio:
                    if (given ? Text(value) == radio.Value : radio.IsChecked)
                        values.Add((name, radio.Value));
                    break;
                case IHtmlInputElement { Type: "file" }:
                    if (value is ChosenFile file)
                        values.Add((name, file));
                    break;
                case IHtmlSelectElement select:
                    if (given && value is not string[] && !select.Options.Any(o => o.Value == Text(value)))
                        throw new InvalidOperationException($"'{name}' has no choice '{Text(value)}', only: {string.Join(", ", select.Options.Select(o => o.Value))}");
                    foreach (var option in select.Options.Where(o => given ? Chosen(value, o.Value) : o.IsSelected))
                        values.Add((name, option.Value));
                    break;
                default:
                    values.Add((name, given ? Text(value) : control is IHtmlTextAreaElement area ? area.Value : ((IHtmlInputElement)control).Value));
                    break;
            }
        }
        return open.Count == 0
            ? values
            : throw new InvalidOperationException($"The form has no field '{string.Join("', '", open)}', only: {string.Join(", ", form.Elements.OfType<IElement>().Select(e => e.GetAttribute("name")).Where(n => n is not null).Distinct())}");
    }

    private static bool Chosen(object? value, string choice) =>
        value switch { bool yes => yes, string[] several => several.Contains(choice), _ => Text(value) == choice };

    private static string Text(object? value) => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "";

    private static Dictionary<string, object?> Entries(object? fields) =>
        fields switch
        {
            null => [],
            IReadOnlyDictionary<string, object?> all => new(all),
            IReadOnlyDictionary<string, string> all => all.ToDictionary(e => e.Key, e => (object?)e.Value),
            _ => fields.GetType().GetProperties().ToDictionary(p => p.Name, p => p.GetValue(fields)),
        };

    private static HttpContent Content(IHtmlFormElement form, List<(string Name, object Value)> values)
    {
        if (form.GetAttribute("enctype") != "multipart/form-data")
            return new FormUrlEncodedContent(values.Select(v => KeyValuePair.Create(v.Name, $"{v.Value}")));
        var content = new MultipartFormDataContent();
        foreach (var (name, value) in values)
            if (value is ChosenFile file)
            {
                var part = new ByteArrayContent(file.Content);
                part.Headers.ContentType = new(file.Type);
                content.Add(part, name, file.Name);
            }
            else
                content.Add(new StringContent($"{value}", Encoding.UTF8), name);
        return content;
    }
}

/// <summary>A page as it came from the server.</summary>
public sealed class Page(Uri url, int status, HttpResponseMessage response, byte[] body)
{
    private static readonly HtmlParser Parser = new();
    private IHtmlDocument? _document;

    public Uri Url => url;
    public string Path => url.PathAndQuery;
    public int Status => status;
    public byte[] Body => body;
    public string? ContentType { get; } = response.Content.Headers.ContentType?.ToString();
    public string? Header(string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
    public string Html => Encoding.UTF8.GetString(body);
    public IHtmlDocument Document => _document ??= Parser.ParseDocument(Html);

    /// <summary>What a reader sees of the main part, with runs of white space as one space.</summary>
    public string Text => Squeeze((Document.QuerySelector("main") ?? Document.Body as IElement)?.TextContent ?? "");

    /// <summary>The squeezed texts of all elements that match.</summary>
    public IReadOnlyList<string> All(string selector) => [.. Document.QuerySelectorAll(selector).Select(e => Squeeze(e.TextContent))];

    /// <summary>The squeezed text of the first element that matches; null when there is none.</summary>
    public string? Of(string selector) => Document.QuerySelector(selector) is { } e ? Squeeze(e.TextContent) : null;

    /// <summary>The first element with these words, or that matches this selector.</summary>
    internal T? Find<T>(string wordsOrSelector, string? among = null) where T : class, IElement
    {
        var byWords = Document.QuerySelectorAll(among ?? "a").OfType<T>()
            .FirstOrDefault(e => Squeeze(e.TextContent) == wordsOrSelector || e.GetAttribute("value") == wordsOrSelector);
        if (byWords is not null)
            return byWords;
        try
        {
            return Document.QuerySelector(wordsOrSelector) as T;
        }
        catch (DomException)
        {
            return null;
        }
    }

    internal Exception Missing(string what, string words) =>
        new InvalidOperationException($"No {what} '{words}' on {Path} ({Status}). Buttons: {string.Join(" | ", All("button"))}. Page: {Text[..Math.Min(Text.Length, 600)]}");

    private static string Squeeze(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
