using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Platform;

/// <summary>How much an endpoint takes: what is larger is refused in words, and nothing is read of those who may not send it.</summary>
public abstract class LargeBodiesTests(ExeuntApp app)
{
    private const string Json = "application/json";
    private const string Form = "multipart/form-data; boundary=x";

    [Theory]
    [InlineData("/api/settlements/preview", 2)]
    [InlineData("/api/settlements/curve", 2)]
    [InlineData("/api/formulas/anything", 2)]
    [InlineData("/api/sign-in", 2)]
    [InlineData("/api/applications", 17)]
    [InlineData("/api/nothing", 2)]
    public async Task Refuses_what_is_larger_than_an_endpoint_takes_and_does_not_read_it(string path, int megabytes)
    {
        foreach (var (language, words) in new[] { ("en", "at most"), ("zh", "上限") })
        {
            using var body = new Announced(megabytes << 20, Json);

            using var answer = await Send(path, body, language);

            ((int)answer.StatusCode, body.WasSent).ShouldBe((413, false));
            var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            problem.GetProperty("code").GetString().ShouldBe("request-too-large");
            problem.GetProperty("title").GetString()!.ShouldContain(words);
        }
    }

    [Theory]
    [InlineData("/api/bank-files", Json)]
    [InlineData("/money/bank-file", Form)]
    [InlineData("/imports", Form)]
    [InlineData("/intake/visit", Form)]
    public async Task Asks_who_it_is_before_it_reads_a_file(string path, string type)
    {
        using var body = new Announced(20 << 20, type);

        using var answer = await Send(path, body);

        (answer.StatusCode, body.WasSent).ShouldBe((HttpStatusCode.Unauthorized, false));
    }

    [Theory]
    [InlineData("/api/settlements/preview", Json, "")]
    [InlineData("/api/sign-in", Json, "")]
    [InlineData("/follow", "application/x-www-form-urlencoded", "link=")]
    public async Task Refuses_what_turns_out_too_large_while_it_comes(string path, string type, string begins)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.ASCII.GetBytes(begins.PadRight((1 << 20) + 1, '1'))) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        request.Headers.TransferEncodingChunked = true;

        using var answer = await app.Client().SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(413);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("request-too-large");
    }

    [Fact]
    public async Task Takes_a_large_file_where_files_are_taken()
    {
        string Statement(string text) => $"date,amount,currency,text\n2026-03-01,1.00,CNY,{text}{new string('x', 3 << 20)}\n";
        var api = await app.SignIn(Role.Finance);
        (await api.Ok(HttpMethod.Post, "/api/bank-files", new { content = Statement("by program") })).GetProperty("lines").GetInt32().ShouldBe(1);
        using var finance = await app.Browser(Role.Finance);
        await finance.Get("/money");

        var page = await finance.Submit("Read it", new { file = new ChosenFile("large.csv", Encoding.UTF8.GetBytes(Statement("by page"))) });

        (page.Status, page.Path.StartsWith("/money/files/", StringComparison.Ordinal)).ShouldBe((200, true));
    }

    /// <summary>Says first how much is coming, and waits to be asked for it.</summary>
    private async Task<HttpResponseMessage> Send(string path, HttpContent body, string language = "en")
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, Expect100ContinueTimeout = TimeSpan.FromMinutes(1) }) { BaseAddress = app.Url };
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body };
        request.Headers.ExpectContinue = true;
        request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue(language));
        return await client.SendAsync(request);
    }

    private sealed class Announced : HttpContent
    {
        private readonly long _length;

        public Announced(long length, string type)
        {
            _length = length;
            Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        public bool WasSent { get; private set; }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            WasSent = true;
            await stream.WriteAsync(new byte[_length]);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _length;
            return true;
        }
    }

    public sealed class OnSqlite(SqliteApp app) : LargeBodiesTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : LargeBodiesTests(app), IClassFixture<PostgresApp>;
}
