using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Exeunt.App.Platform;

/// <summary>The REST API's description at /openapi/v1.json, and a page to read and try it at /openapi.</summary>
public static class OpenApi
{
    private const string Bearer = "bearer";

    public static void Add(IServiceCollection services) =>
        services.AddOpenApi("v1", o => o.AddDocumentTransformer(Describe).AddOperationTransformer(Complete));

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapOpenApi("/openapi/{documentName}.json").Needs(Permission.Public);

    public static void UseBrowser(IApplicationBuilder app) =>
        app.UseSwaggerUI(o =>
        {
            o.RoutePrefix = "openapi";
            o.DocumentTitle = "Exeunt API";
            o.SwaggerEndpoint("/openapi/v1.json", "Exeunt API v1");
        });

    private static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Info.Title = "Exeunt 善别";
        document.Info.Description =
            "Every change is one POST. Send an **Idempotency-Key** and repeat a request whose answer you missed: it is done once and answered alike. "
            + "Where an answer carries a version, send it back as **If-Match** and a change made meanwhile is refused (409) instead of overwritten. "
            + "Errors are problem+json (RFC 9457) with a stable `code`, a sentence in the language of Accept-Language, the `field` concerned, and `possibleOn` when it becomes possible later. "
            + "Sign in with `POST /api/sign-in` and send the token as `Authorization: Bearer …`; cookies are not accepted here.";
        document.Servers?.Clear();
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "The token from POST /api/sign-in; valid for 8 hours.",
        };
        return Task.CompletedTask;
    }

    private static Task Complete(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var needed = context.Description.ActionDescriptor.EndpointMetadata.OfType<Needed>().Single().Permission;
        if (needed is not (Permission.Public or Permission.CustomerOfCase))
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] }];
            var roles = string.Join(", ", Permissions.RolesWith(needed));
            operation.Description = $"{operation.Description}\n\nNeeds *{needed}*: {roles}.".Trim();
            Problem(operation, "401", "Not signed in, or no longer");
            Problem(operation, "403", "Your roles do not include this");
        }
        if (context.Description.HttpMethod is { } method && !HttpMethods.IsGet(method))
        {
            Header(operation, Web.IdempotencyHeader, "Up to 255 characters of your choice; a repeated request with the same key is answered like the first.");
            Header(operation, "If-Match", "The version you saw; refused with 409 when it changed meanwhile.");
            Problem(operation, "409", "Its state forbids this now, or somebody changed it meanwhile");
            Problem(operation, "422", "A field is wrong: which, and why");
        }
        Problem(operation, "404", "There is no such thing, or it is not yours to see");
        Problem(operation, "429", "Too many requests; Retry-After says when to come back");
        return Task.CompletedTask;
    }

    private static void Header(OpenApiOperation operation, string name, string description) =>
        (operation.Parameters ??= []).Add(new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });

    private static void Problem(OpenApiOperation operation, string status, string description) =>
        (operation.Responses ??= []).TryAdd(status, new OpenApiResponse
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] = new()
                {
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Properties = new Dictionary<string, IOpenApiSchema>
                        {
                            ["type"] = new OpenApiSchema { Type = JsonSchemaType.String },
                            ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
                            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
                            ["code"] = new OpenApiSchema { Type = JsonSchemaType.String },
                            ["field"] = new OpenApiSchema { Type = JsonSchemaType.String },
                            ["possibleOn"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "date" },
                            ["reference"] = new OpenApiSchema { Type = JsonSchemaType.String },
                        },
                    },
                },
            },
        });
}
