using System.Diagnostics.CodeAnalysis;
using Exeunt.App.Platform;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

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
        var route = routes.MapMethods(pattern, [method], context => compiled!.Value(context));
        route.Add(endpoint =>
        {
            var names = ((RouteEndpointBuilder)endpoint).RoutePattern.Parameters.Select(p => p.Name).ToList();
            var options = new RequestDelegateFactoryOptions
            {
                ServiceProvider = endpoint.ApplicationServices, RouteParameterNames = names, EndpointBuilder = isDescribed ? endpoint : null,
                ThrowOnBadRequest = endpoint.ApplicationServices.GetRequiredService<IOptions<RouteHandlerOptions>>().Value.ThrowOnBadRequest,
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
}
