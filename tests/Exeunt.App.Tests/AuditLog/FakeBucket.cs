using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Exeunt.App.Tests.AuditLog;

/// <summary>
/// A service with one bucket that speaks as much of S3 as an export needs, path style: PUT (also on condition and as a copy), GET, DELETE, the
/// second listing. It checks each request's signature (version 4) and the hash of what was sent, and can be told to be away.
/// </summary>
internal sealed class FakeBucket : IAsyncDisposable
{
    public const string KeyId = "test-key";
    public const string Secret = "test-secret";
    private readonly WebApplication _server;

    private FakeBucket(WebApplication server) => _server = server;

    public ConcurrentDictionary<string, byte[]> Objects { get; } = new(StringComparer.Ordinal);

    public bool IsAway { get; set; }

    /// <summary>How many objects a page of the listing has.</summary>
    public int PageSize { get; set; } = 1000;

    public List<string> Requests { get; } = [];

    public string Url => _server.Urls.First();

    public static async Task<FakeBucket> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var bucket = new FakeBucket(builder.Build());
        bucket._server.Run(bucket.Answer);
        await bucket._server.StartAsync();
        return bucket;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    private async Task Answer(HttpContext http)
    {
        var request = http.Request;
        lock (Requests)
            Requests.Add($"{request.Method} {request.Path}");
        if (IsAway)
        {
            http.Response.StatusCode = 503;
            return;
        }
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer);
        var body = buffer.ToArray();
        if (Refusal(request, body) is { } code)
        {
            await Error(http, 403, code);
            return;
        }
        var path = Uri.UnescapeDataString(request.Path.Value!.TrimStart('/'));
        var (name, key) = path.Split('/', 2) is [var b, var k] ? (b, k) : (path, "");
        if (name != "heads")
        {
            await Error(http, 404, "NoSuchBucket");
            return;
        }
        switch (request.Method)
        {
            case "GET" when key.Length == 0:
                await List(http);
                break;
            case "GET" when Objects.TryGetValue(key, out var found):
                await http.Response.Body.WriteAsync(found);
                break;
            case "PUT" when request.Headers.TryGetValue("x-amz-copy-source", out var source):
                Objects[key] = Objects[Uri.UnescapeDataString(source.ToString()).TrimStart('/').Split('/', 2)[1]];
                await http.Response.WriteAsync("<CopyObjectResult><ETag>\"1\"</ETag></CopyObjectResult>");
                break;
            case "PUT" when request.Headers.IfNoneMatch == "*" && Objects.ContainsKey(key):
                await Error(http, 412, "PreconditionFailed");
                break;
            case "PUT":
                Objects[key] = body;
                http.Response.Headers.ETag = "\"1\"";
                break;
            case "DELETE":
                Objects.TryRemove(key, out _);
                http.Response.StatusCode = 204;
                break;
            default:
                await Error(http, 404, "NoSuchKey");
                break;
        }
    }

    private async Task List(HttpContext http)
    {
        var (prefix, after, delimiter) = (http.Request.Query["prefix"].ToString(), http.Request.Query["start-after"].ToString(), http.Request.Query["delimiter"].ToString());
        var keys = Objects.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(k, after) > 0)
            .Where(k => delimiter.Length == 0 || !k[prefix.Length..].Contains(delimiter, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        var page = keys.Take(PageSize).ToList();
        var xml = new XElement("ListBucketResult", new XElement("IsTruncated", keys.Count > page.Count), new XElement("KeyCount", page.Count),
            page.Select(k => new XElement("Contents", new XElement("Key", k), new XElement("Size", Objects[k].Length), new XElement("LastModified", "2026-03-16T02:00:00.000Z"))));
        http.Response.ContentType = "application/xml";
        await http.Response.WriteAsync(xml.ToString());
    }

    private static async Task Error(HttpContext http, int status, string code)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/xml";
        await http.Response.WriteAsync($"<Error><Code>{code}</Code><Message>{code}</Message></Error>");
    }

    /// <summary>The code of what is wrong with the signature; null: nothing.</summary>
    private static string? Refusal(HttpRequest request, byte[] body)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (!authorization.StartsWith("AWS4-HMAC-SHA256 ", StringComparison.Ordinal))
            return "AccessDenied";
        var parts = authorization["AWS4-HMAC-SHA256 ".Length..].Split(',', StringSplitOptions.TrimEntries).Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
        var scope = parts["Credential"].Split('/');
        if (scope[0] != KeyId)
            return "InvalidAccessKeyId";
        var sent = request.Headers["x-amz-content-sha256"].ToString();
        if (sent != Convert.ToHexStringLower(SHA256.HashData(body)))
            return "XAmzContentSHA256Mismatch";
        var names = parts["SignedHeaders"].Split(';');
        var query = string.Join('&', request.Query.SelectMany(q => q.Value.Select(v => (Uri.EscapeDataString(q.Key), Uri.EscapeDataString(v ?? "")))).OrderBy(q => q.Item1, StringComparer.Ordinal).Select(q => $"{q.Item1}={q.Item2}"));
        var path = string.Join('/', request.Path.Value!.Split('/').Select(Uri.EscapeDataString));
        var canonical = string.Join('\n', request.Method, path, query,
            string.Concat(names.Select(n => $"{n}:{string.Join(',', request.Headers[n].Select(v => v!.Trim()))}\n")), parts["SignedHeaders"], sent);
        var toSign = string.Join('\n', "AWS4-HMAC-SHA256", request.Headers["x-amz-date"].ToString(), string.Join('/', scope[1..]), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
        var key = scope[1..].Aggregate(Encoding.UTF8.GetBytes("AWS4" + Secret), (k, part) => HMACSHA256.HashData(k, Encoding.UTF8.GetBytes(part)));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign))) == parts["Signature"] ? null : "SignatureDoesNotMatch";
    }
}
