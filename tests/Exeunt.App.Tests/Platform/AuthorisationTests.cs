using System.Net;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Microsoft.AspNetCore.Routing;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Platform;

/// <summary>Who may do what: every endpoint over HTTP and every use case through its door, against every role.</summary>
public abstract partial class AuthorisationTests(ExeuntApp app)
{
    private static readonly Role[] Roles = Enum.GetValues<Role>();

    [Fact]
    public async Task Lets_each_role_into_its_endpoints_and_nobody_else()
    {
        var endpoints = await Endpoints();
        var wrong = new List<string>();
        await Try("anonymous", Actor.Anonymous, app.Client(), app.Client());
        foreach (var role in Roles)
        {
            using var browser = await app.Browser(role);
            var pages = app.Client();
            pages.DefaultRequestHeaders.Add("Cookie", browser.Cookies.GetCookieHeader(app.Url));
            await Try($"{role}", (await app.CallOf(role)).Actor, await app.SignIn(role), pages);
        }
        wrong.ShouldBeEmpty();

        async Task Try(string who, Actor actor, HttpClient api, HttpClient pages)
        {
            foreach (var (method, path, needed) in endpoints)
            {
                var allowed = needed is Permission.Public or Permission.CustomerOfCase || actor.Allows(needed);
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                if (method != "GET")
                    request.Content = path.StartsWith("/api", StringComparison.Ordinal) ? new StringContent("{}", Encoding.UTF8, "application/json") : new FormUrlEncodedContent([]);
                using var answer = await (path.StartsWith("/api", StringComparison.Ordinal) ? api : pages).SendAsync(request);
                var refused = answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
                    || (answer.Headers.Location?.OriginalString.StartsWith("/sign-in?back=", StringComparison.Ordinal) == true && path != "/sign-in/code");
                if (refused == allowed || answer.StatusCode == HttpStatusCode.InternalServerError)
                    wrong.Add($"{who}: {method} {path} needs {needed}, answered {(int)answer.StatusCode}");
            }
        }
    }

    [Fact]
    public async Task Names_a_permission_on_every_endpoint() =>
        (await app.With<EndpointDataSource, List<string>>(s => Task.FromResult(
            s.Endpoints.Where(e => e.Metadata.GetMetadata<Needed>() is null).Select(e => e.DisplayName!).ToList()))).ShouldBeEmpty();

    [Fact]
    public async Task Refuses_every_use_case_to_those_who_may_not()
    {
        var actors = await Actors();
        foreach (var useCase in UseCases())
        {
            foreach (var (who, actor) in actors)
            {
                var (needs, code) = await app.With<IServiceProvider, (Permission, string?)>(async services =>
                {
                    var instance = (IUseCase)services.GetService(useCase)!.ShouldNotBeNull($"{useCase.Name} is not registered");
                    return actor.Allows(instance.Needs) ? (instance.Needs, null) : (instance.Needs, await Run(instance, new Call(actor, app.Time.GetUtcNow(), app.Time.GetUtcNow())));
                });
                if (!actor.Allows(needs))
                    code.ShouldBe("not-allowed", $"{useCase.Name} as {who}");
            }
        }
    }

    /// <summary>
    /// The table a person reads before a use case reaches anybody: authorisation.txt. A new use case, or a changed permission,
    /// fails here until the line stands there; EXEUNT_UPDATE=1 writes the file.
    /// </summary>
    [Fact]
    public async Task Keeps_to_the_table_that_was_read()
    {
        var actors = await Actors();
        var lines = new List<string>();
        foreach (var useCase in UseCases())
        {
            var needs = await app.With<IServiceProvider, Permission>(s => Task.FromResult(((IUseCase)s.GetService(useCase)!).Needs));
            var who = actors.Where(a => a.Actor.Allows(needs)).Select(a => a.Name).ToList();
            lines.Add($"{useCase.Name,-28} {needs,-20} {(who.Count == actors.Count ? "everybody" : string.Join(' ', who))}");
        }
        var file = Path.Combine(Folder(), "authorisation.txt");
        if (Environment.GetEnvironmentVariable("EXEUNT_UPDATE") == "1")
            await File.WriteAllLinesAsync(file, lines);
        (await File.ReadAllLinesAsync(file)).ShouldBe(lines);
    }

    [Fact]
    public async Task Changes_nothing_by_looking()
    {
        using var administrator = await app.Browser(Role.Administrator);
        var cookie = administrator.Cookies.GetCookieHeader(app.Url);
        var api = await app.SignIn(Role.Supervisor);
        var before = await app.Contents();
        foreach (var (_, path, _) in (await Endpoints()).Where(e => e.Method == "GET"))
        {
            foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
            {
                using var request = new HttpRequestMessage(method, path);
                if (!path.StartsWith("/api", StringComparison.Ordinal))
                    request.Headers.Add("Cookie", cookie);
                using var answer = await (path.StartsWith("/api", StringComparison.Ordinal) ? api : app.Client()).SendAsync(request);
                ((int)answer.StatusCode).ShouldBeLessThan(500, path);
            }
        }
        (await app.Contents()).ShouldBe(before);
    }

    private async Task<List<(string Name, Actor Actor)>> Actors()
    {
        var actors = new List<(string, Actor)> { ("anonymous", Actor.Anonymous), ("customer", Actor.Customer(Guid.CreateVersion7())) };
        foreach (var role in Roles)
            actors.Add(($"{role}", (await app.CallOf(role)).Actor));
        actors.Add(("system", Actor.System));
        return actors;
    }

    private static List<Type> UseCases() =>
        [.. typeof(IUseCase).Assembly.GetTypes().Where(t => !t.IsAbstract && t.IsAssignableTo(typeof(IUseCase))).OrderBy(t => t.Name, StringComparer.Ordinal)];

    /// <summary>The code of the refusal; null when it went through.</summary>
    private static async Task<string?> Run(IUseCase useCase, Call call)
    {
        var run = useCase.GetType().GetMethod("Run", [typeof(Call), Arguments(useCase)[0], typeof(CancellationToken)])!;
        var request = RuntimeHelpers.GetUninitializedObject(Arguments(useCase)[0]);
        var task = (Task)run.Invoke(useCase, [call, request, CancellationToken.None])!;
        await task;
        var outcome = task.GetType().GetProperty("Result")!.GetValue(task)!;
        return ((Refusal?)outcome.GetType().GetProperty("Refusal")!.GetValue(outcome))?.Code;
    }

    private static Type[] Arguments(IUseCase useCase)
    {
        var type = useCase.GetType();
        while (type is not { IsGenericType: true } || type.GetGenericTypeDefinition() != typeof(UseCase<,>))
            type = type.BaseType!;
        return type.GetGenericArguments();
    }

    private async Task<List<(string Method, string Path, Permission Needed)>> Endpoints() =>
        await app.With<EndpointDataSource, List<(string, string, Permission)>>(source => Task.FromResult((
            from endpoint in source.Endpoints.OfType<RouteEndpoint>()
            let needed = endpoint.Metadata.GetMetadata<Needed>()
            where needed is not null
            from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
            select (method, "/" + Parameter().Replace(endpoint.RoutePattern.RawText!.TrimStart('/'), Value), needed.Permission)).ToList()));

    /// <summary>A value of the right form that names nothing.</summary>
    private static string Value(Match parameter) =>
        parameter.Groups[2].Value switch
        {
            "guid" => Guid.CreateVersion7().ToString(),
            "int" or "long" => "999999",
            _ => parameter.Groups[1].Value == "documentName" ? "v1" : "no-such-thing",
        };

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    [GeneratedRegex(@"\{\*{0,2}(\w+)(?::(\w+)[^}]*)?\??\}")]
    private static partial Regex Parameter();

    public sealed class OnSqlite(SqliteApp app) : AuthorisationTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : AuthorisationTests(app), IClassFixture<PostgresApp>;
}
