using System.Diagnostics.CodeAnalysis;
using Exeunt.App.Platform;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace Exeunt.App;

/// <summary>
/// Routes whose handlers are compiled when somebody first asks for them. The framework compiles all of them at the start, which for seven
/// hundred takes longer than everything else together. Being in this namespace, these are taken before the framework's methods of the same
/// name wherever features map their routes.
/// </summary>
internal static class Routes
{
    public static RouteHandlerBuilder MapGet(this IEndpointRouteBuilder routes, [StringSyntax("Route")] string pattern, Delegate handler) => Map(routes, pattern, HttpMethods.Get, handler, isDescribed: true);

    public static RouteHandlerBuilder MapPost(this IEndpointRouteBuilder routes, [StringSyntax("Route")] string pattern, Delegate handler) => Map(routes, pattern, HttpMethods.Post, handler, isDescribed: true);

    public static RouteHandlerBuilder MapPut(this IEndpointRouteBuilder routes, [StringSyntax("Route")] string pattern, Delegate handler) => Map(routes, pattern, HttpMethods.Put, handler, isDescribed: true);

    public static RouteHandlerBuilder MapDelete(this IEndpointRouteBuilder routes, [StringSyntax("Route")] string pattern, Delegate handler) => Map(routes, pattern, HttpMethods.Delete, handler, isDescribed: true);

    /// <summary>A form's target: POST with antiforgery, not part of the REST API's description.</summary>
    public static RouteHandlerBuilder MapForm(this IEndpointRouteBuilder routes, [StringSyntax("Route")] string pattern, Delegate handler) =>
        Map(routes, pattern, HttpMethods.Post, handler, isDescribed: false).WithMetadata(new FormPost());

    /// <summary>A page: GET, not part of the REST API's description.</summary>
    public static RouteHandlerBuilder MapPage(this IEndpointRouteBuilder routes, [StringSyntax("Route")] string pattern, Delegate handler) =>
        Map(routes, pattern, HttpMethods.Get, handler, isDescribed: false);

    private static RouteHandlerBuilder Map(IEndpointRouteBuilder routes, string pattern, string method, Delegate handler, bool isDescribed)
    {
        Lazy<RequestDelegate>? compiled = null;
        var isForm = !isDescribed && method == HttpMethods.Post;
        var optional = handler.Method.GetParameters().Where(p => Nullable.GetUnderlyingType(p.ParameterType) is not null).Select(p => p.Name!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var route = routes.MapMethods(pattern, [method], async context =>
        {
            LeaveOutBlanks(context.Request, optional);
            try
            {
                if (isForm && context.Request.HasFormContentType && KeptText.FieldOf(await context.Request.ReadFormAsync(context.RequestAborted)) is { } field)
                    await Problems.Write(context, CommonRefusals.Unreadable(field));
                else
                    await compiled!.Value(context);
            }
            catch (BadHttpRequestException e) when (!context.Response.HasStarted)
            {
                await (KeptText.FieldOf(e) is { } field ? Problems.Write(context, CommonRefusals.Unreadable(field)) : Problems.WriteStatus(context, e.StatusCode));
            }
        });
        route.Add(endpoint =>
        {
            var names = ((RouteEndpointBuilder)endpoint).RoutePattern.Parameters.Select(p => p.Name).ToList();
            var options = new RequestDelegateFactoryOptions
            {
                ServiceProvider = endpoint.ApplicationServices, RouteParameterNames = names, EndpointBuilder = isDescribed ? endpoint : null,
                // Answered above.
                ThrowOnBadRequest = true,
                DisableInferBodyFromParameters = method == HttpMethods.Get || method == HttpMethods.Delete,
            };
            endpoint.Metadata.Add(handler.Method);
            // What the description of the API says of parameters and bodies.
            var inferred = isDescribed ? RequestDelegateFactory.InferMetadata(handler.Method, options) : null;
            if (!isDescribed)
                endpoint.Metadata.Add(new ExcludeFromDescriptionAttribute());
            foreach (var attribute in handler.Method.GetCustomAttributes(inherit: true))
                endpoint.Metadata.Add(attribute);
            compiled = new(() => RequestDelegateFactory.Create(handler, options, inferred).RequestDelegate);
        });
        return new RouteHandlerBuilder([route]);
    }

    /// <summary>A filter's "All" sends a name without a value. It says nothing, where the framework would take it for a number or a word that is none.</summary>
    private static void LeaveOutBlanks(HttpRequest request, HashSet<string> optional)
    {
        if (optional.Count > 0 && request.QueryString.HasValue && request.Query.Any(IsBlank))
            request.Query = new QueryCollection(request.Query.Where(q => !IsBlank(q)).ToDictionary(q => q.Key, q => q.Value, StringComparer.OrdinalIgnoreCase));

        bool IsBlank(KeyValuePair<string, StringValues> part) => optional.Contains(part.Key) && StringValues.IsNullOrEmpty(part.Value);
    }
}
