using System.Globalization;
using Exeunt.App.Features.Staff;
using Exeunt.Core;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Exeunt.App.Platform;

/// <summary>What an endpoint needs; an endpoint without it stops the start.</summary>
public sealed record Needed(Permission Permission);

/// <summary>Marks a form post: it carries an antiforgery token and answers with a redirect, or 422 and the page.</summary>
public sealed class FormPost : IAntiforgeryMetadata
{
    public bool RequiresValidation => true;
}

/// <summary>How features map their routes: every one with its permission.</summary>
public static class Web
{
    public const string IdempotencyHeader = "Idempotency-Key";

    public static TBuilder Needs<TBuilder>(this TBuilder builder, Permission permission) where TBuilder : IEndpointConventionBuilder
    {
        builder.WithMetadata(new Needed(permission));
        return builder;
    }

    /// <summary>The endpoint takes more than <see cref="LargeBodies.Usual"/>: up to so many bytes.</summary>
    public static TBuilder Takes<TBuilder>(this TBuilder builder, long bytes) where TBuilder : IEndpointConventionBuilder
    {
        builder.WithMetadata(new RequestSizeLimitAttribute(bytes));
        return builder;
    }

    /// <summary>A server-rendered page with its parameters; 422 when a form comes back with messages.</summary>
    public static RazorComponentResult Page<T>(object? parameters = null, int status = StatusCodes.Status200OK) where T : IComponent =>
        parameters is null
            ? new RazorComponentResult<T> { StatusCode = status }
            : new RazorComponentResult<T>(parameters) { StatusCode = status };

    /// <summary>The REST answer to an outcome: 200 with the value, or the refusal as problem+json.</summary>
    public static IResult Api<T>(this Outcome<T> outcome) =>
        outcome.Refusal is { } refusal ? new ProblemResult(refusal) : Results.Json(outcome.Value, Json.Plain);

    /// <summary>The answer to a form: see-other to a page, or the refusal as a page.</summary>
    public static IResult Then<T>(this Outcome<T> outcome, Func<T, string> where) =>
        outcome.Refusal is { } refusal ? new ProblemResult(refusal) : SeeOther(where(outcome.Value));

    /// <summary>A path within this server, for redirects to an address that came with the request; "/" when it leads elsewhere.</summary>
    public static string Local(string? path) =>
        path is ['/', ..] and not ['/', '/' or '\\', ..] && !path.Any(char.IsControl) ? path : "/";

    /// <summary>303: go and look at the result with GET.</summary>
    public static IResult SeeOther(string path) => new SeeOtherResult(path);

    private sealed class SeeOtherResult(string path) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = path;
            return Task.CompletedTask;
        }
    }
}

/// <summary>
/// The one request's surroundings, for handlers and pages: who calls, in which language, at what time. Set by
/// <see cref="CallerMiddleware"/>.
/// </summary>
public sealed class Caller
{
    public Actor Actor { get; set; } = Actor.Anonymous;
    public StaffMember? Staff { get; set; }
    public string Language { get; set; } = "en";
    public string? IdempotencyKey { get; set; }
    public int? ExpectedVersion { get; set; }
    public DateTimeOffset Now { get; set; }
    public DateTimeOffset BusinessNow { get; set; }
    public string Path { get; set; } = "/";
    public string Query { get; set; } = "";

    /// <summary>Nonce of this response's content security policy.</summary>
    public string Nonce { get; set; } = "";

    public Texts T => Texts.In(Language);

    public Call Call => new(Actor, Now, BusinessNow, Language, IdempotencyKey, ExpectedVersion);

    /// <summary>The same call made by the customer of a case.</summary>
    public Call AsCustomer(Guid caseId) => Call with { Actor = Actor.Customer(caseId) };

    public bool May(Permission permission) => Actor.Allows(permission);
}

/// <summary>
/// First in the pipeline: time, language and headers of the answer, so that every answer has them, errors and files too.
/// </summary>
public sealed class SurroundingsMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context, Caller caller, Clocks clocks)
    {
        caller.Now = clocks.Now;
        caller.BusinessNow = clocks.BusinessNow;
        caller.Path = context.Request.Path;
        caller.Query = context.Request.QueryString.Value ?? "";
        caller.Language = LanguageOf(context);
        caller.Nonce = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));
        if (!HttpMethods.IsGet(context.Request.Method) && context.Request.Headers.TryGetValue(Web.IdempotencyHeader, out var key) && key.ToString() is { Length: > 0 and <= 255 } text)
            caller.IdempotencyKey = text;
        if (int.TryParse(context.Request.Headers.IfMatch.ToString().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            caller.ExpectedVersion = version;
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = caller.T.Culture;
        // The exception handler clears what was set before; this runs when the answer starts.
        context.Response.OnStarting(() =>
        {
            Headers(context, caller.Nonce);
            return Task.CompletedTask;
        });
        return next(context);
    }

    private static string LanguageOf(HttpContext context)
    {
        if (context.Request.Cookies.TryGetValue(CallerMiddleware.LanguageCookie, out var cookie) && cookie is "zh" or "en")
            return context.Request.Cookies[CallerMiddleware.LanguageCookie]!;
        foreach (var wish in context.Request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1))
        {
            if (wish.Value.StartsWith("zh", StringComparison.OrdinalIgnoreCase))
                return "zh";
            if (wish.Value.StartsWith("en", StringComparison.OrdinalIgnoreCase))
                return "en";
        }
        return "en";
    }

    private static void Headers(HttpContext context, string nonce)
    {
        var headers = context.Response.Headers;
        // The API's browser sets styles of its own from its scripts.
        var style = context.Request.Path.StartsWithSegments("/openapi", StringComparison.Ordinal) ? "'unsafe-inline'" : $"'nonce-{nonce}'";
        headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self'; style-src 'self' {style}; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        if (headers.CacheControl.Count == 0 || context.Response.StatusCode >= 400)
            headers.CacheControl = "no-store";
    }
}

/// <summary>Fills the rest of <see cref="Caller"/> (who calls) and enforces the endpoint's permission.</summary>
public sealed class CallerMiddleware(RequestDelegate next)
{
    public const string LanguageCookie = "lang";

    public async Task InvokeAsync(HttpContext context, Caller caller, StaffDirectory staff)
    {
        if (context.User.Identity?.IsAuthenticated == true)
            await staff.Identify(context, caller);

        if (context.Request.Query.TryGetValue(LanguageCookie, out var wish) && HttpMethods.IsGet(context.Request.Method) && wish.ToString() is "zh" or "en")
        {
            context.Response.Cookies.Append(LanguageCookie, context.Request.Query[LanguageCookie]!, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromDays(365), IsEssential = true });
            var rest = QueryString.Create(context.Request.Query.Where(q => q.Key != LanguageCookie));
            context.Response.Redirect(Web.Local(context.Request.Path) + rest);
            return;
        }

        if (context.GetEndpoint()?.Metadata.GetMetadata<Needed>() is { } needed && !Passes(caller, needed.Permission))
        {
            if (caller.Actor.Kind == ActorKind.Anonymous && Problems.WantsPage(context))
                context.Response.Redirect("/sign-in" + (HttpMethods.IsGet(context.Request.Method) ? "?back=" + Uri.EscapeDataString(caller.Path + caller.Query) : ""));
            else
                await Problems.Write(context, caller.Actor.Kind == ActorKind.Anonymous ? StaffRefusals.SignInFirst : CommonRefusals.NotAllowed(needed.Permission),
                    caller.Actor.Kind == ActorKind.Anonymous ? StatusCodes.Status401Unauthorized : null);
            return;
        }
        await next(context);
    }

    /// <summary>Public pages and a customer's link need no account: the link itself is checked by the use case.</summary>
    private static bool Passes(Caller caller, Permission permission) =>
        permission is Permission.Public or Permission.CustomerOfCase || caller.Actor.Allows(permission);
}
