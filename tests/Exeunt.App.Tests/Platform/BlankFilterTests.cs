using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Microsoft.AspNetCore.Routing;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Platform;

/// <summary>A filter's "All" sends its name without a value.</summary>
public sealed class BlankFilterTests(SqliteApp app) : IClassFixture<SqliteApp>
{
    [Fact]
    public async Task Every_page_and_call_takes_an_optional_value_that_is_blank_as_none()
    {
        var wanted = await app.With<EndpointDataSource, List<(string Path, string Query, Permission Needed)>>(source => Task.FromResult((
            from endpoint in source.Endpoints.OfType<RouteEndpoint>()
            where endpoint.RoutePattern.Parameters.Count == 0 && endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Contains("GET")
            let optional = (endpoint.Metadata.GetMetadata<System.Reflection.MethodInfo>()?.GetParameters() ?? []).Where(p => Nullable.GetUnderlyingType(p.ParameterType) is not null).Select(p => p.Name + "=").ToList()
            where optional.Count > 0
            select ("/" + endpoint.RoutePattern.RawText!.TrimStart('/'), string.Join('&', optional), endpoint.Metadata.GetMetadata<Needed>()!.Permission)).ToList()));
        wanted.ShouldContain(w => w.Path == "/listings");
        wanted.ShouldContain(w => w.Path == "/data-requests");
        var clients = new Dictionary<Role, HttpClient>();
        var browsers = new Dictionary<Role, Browser>();
        foreach (var (path, query, needed) in wanted)
        {
            var role = Permissions.RolesWith(needed).FirstOrDefault(Role.Administrator);
            Func<string, Task<int>> ask;
            if (path.StartsWith("/api/", StringComparison.Ordinal))
            {
                if (!clients.TryGetValue(role, out var client))
                    clients[role] = client = await app.SignIn(role);
                ask = async at => (int)(await client.GetAsync(new Uri(at, UriKind.Relative))).StatusCode;
            }
            else
            {
                if (!browsers.TryGetValue(role, out var browser))
                    browsers[role] = browser = await app.Browser(role);
                ask = async at => (await browser.Get(at)).Status;
            }
            var status = await ask($"{path}?{query}");
            status.ShouldBe(await ask(path), $"{path}?{query}");
            status.ShouldBeLessThan(500, $"{path}?{query}");
        }
        (await (await app.Browser(Role.Supervisor)).Get("/listings?unit=nothing")).Status.ShouldBe(400, "what is typed and is no number is still refused");
    }
}
