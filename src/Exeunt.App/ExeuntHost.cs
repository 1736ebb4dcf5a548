using System.Net;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Logging.Console;

namespace Exeunt.App;

/// <summary>Puts the server together: stores, services, the pipeline and every feature's routes.</summary>
public static class ExeuntHost
{
    public static async Task<WebApplication> Build(HostOptions options, TimeProvider time, CancellationToken ct)
    {
        // What goes wrong there goes wrong again below, where it is told.
        var models = Task.Run(() => Storage.BuildModels(options), ct);
        var storage = await Storage.Open(options, ct);
        try
        {
            return await Build(options, storage, time, models, ct);
        }
        catch
        {
            await storage.DisposeAsync();
            throw;
        }
    }

    private static async Task<WebApplication> Build(HostOptions options, Storage storage, TimeProvider time, Task models, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            WebRootPath = Path.Combine(AppContext.BaseDirectory, "wwwroot"),
            EnvironmentName = "Production",
        });
        Logging(builder);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargeBodies.Usual;
            if (options is { IsLoopback: true, Port: 0 })
                kestrel.Listen(IPAddress.Loopback, 0);
            else if (options.IsLoopback)
                kestrel.ListenLocalhost(options.Port);
            else
                kestrel.Listen(IPAddress.Parse(options.Bind), options.Port);
        });
        // Made by a factory, so that the container closes the stores (checkpoint, lock) when the server stops.
        builder.Services.AddSingleton(_ => storage).AddSingleton(options).AddSingleton(time);
        AddPlatform(builder.Services, storage);
        Telemetry.Add(builder.Services);
        Security.Add(builder.Services, storage);
        Features.All.Add(builder.Services, options);

        var app = builder.Build();
        app.Services.GetRequiredService<Storage>();
        // From now on it knows how much time passes.
        app.Services.GetRequiredService<ClockWatch>();
        await app.Services.GetRequiredService<SharedClock>().Refuse(ct);
        // Needs no database: the models are built meanwhile.
        Pipeline(app);
        Health.Map(app);
        OpenApi.Map(app);
        Features.All.Map(app);
        MakeEndpoints(app);
        await models;
        await using (await StartTurn.Take(options, ct))
        await using (var scope = app.Services.CreateAsyncScope())
            await Start.Prepare(scope.ServiceProvider, ct);
        return app;
    }

    /// <summary>
    /// Makes the endpoints, here and once: a source of routes makes them again for everyone who asks for them. One that names no permission
    /// would be open to everybody; the server does not start with it.
    /// </summary>
    private static void MakeEndpoints(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.DataSources.SelectMany(s => s.Endpoints).ToList();
        var open = endpoints.Where(e => e.Metadata.GetMetadata<Needed>() is null).ToList();
        if (open.Count > 0)
            throw new InvalidOperationException($"Endpoints without a permission (.Needs(…)): {string.Join(", ", open.Select(e => e.DisplayName))}");
        routes.DataSources.Clear();
        routes.DataSources.Add(new DefaultEndpointDataSource(endpoints));
    }

    private static void AddPlatform(IServiceCollection services, Storage storage)
    {
        services.AddSingleton<Clocks>().AddSingleton<ClockWatch>().AddSingleton(p => new SharedClock(storage, p.GetRequiredService<TimeProvider>(), p.GetRequiredService<TimeProvider>() == TimeProvider.System)).AddSingleton(storage.Keys).AddSingleton(storage.Search).AddSingleton(storage.Numbers).AddSingleton<Vault>();
        if (storage.Gate is { } gate)
            services.AddSingleton(gate);
        services.AddScoped(p => storage.NewAppDb());
        services.AddScoped(p => storage.NewStaffDb(p.GetRequiredService<TimeProvider>()));
        services.AddScoped<Caller>().AddScoped<StaffDirectory>();
        services.AddSingleton<EffectWorker>().AddSingleton<Outages>();
        if (storage.Options.Worker)
            services.AddHostedService(p => p.GetRequiredService<EffectWorker>());
        services.AddHttpContextAccessor();
        services.AddRazorComponents();
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.AddAntiforgery(o => o.Cookie.Name = "exeunt.form");
        services.ConfigureHttpJsonOptions(o =>
        {
            foreach (var converter in Json.Plain.Converters)
                o.SerializerOptions.Converters.Add(converter);
            o.SerializerOptions.Converters.Add(new KeptText());
            o.SerializerOptions.DefaultIgnoreCondition = Json.Plain.DefaultIgnoreCondition;
            o.SerializerOptions.Encoder = Json.Plain.Encoder;
        });
        OpenApi.Add(services);
        services.Configure<Microsoft.Extensions.Hosting.HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(5));
        // Styles, scripts and fonts only: see Pipeline.
        services.AddResponseCompression(o =>
        {
            o.EnableForHttps = true;
            o.MimeTypes = [.. Microsoft.AspNetCore.ResponseCompression.ResponseCompressionDefaults.MimeTypes, "image/svg+xml"];
        });
    }

    private static void Logging(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddJsonConsole(o => o.UseUtcTimestamp = true);
        // What a command prints on stdout is its result; logs go to stderr.
        builder.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Exeunt", LogLevel.Information);
        // Request lines hold addresses with tokens, and EF's commands hold values: neither is logged.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None);
        // Said in words by the command line: a port in use. What ends the server from within is critical, and is said here.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        // The ring of cookie keys is guarded as the rest of the data folder is.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
    }

    private static void Pipeline(WebApplication app)
    {
        var storage = app.Services.GetRequiredService<Storage>();
        app.UseMiddleware<SurroundingsMiddleware>();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            SuppressDiagnosticsCallback = _ => false,
            StatusCodeSelector = e =>
            {
                storage.Writing.Failed(e);
                return e is BadHttpRequestException bad ? bad.StatusCode
                    : Writing.IsImpossible(e) ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError;
            },
            ExceptionHandler = context => Problems.WriteStatus(context, context.Response.StatusCode),
        });
        app.UseStatusCodePages(context => Problems.WriteStatus(context.HttpContext, context.HttpContext.Response.StatusCode));
        // Files that are the same for everybody are compressed. Pages and API answers never are: they hold links, names and what was typed
        // side by side, and the length of a compressed answer tells what of it repeats (BREACH).
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/ui", StringComparison.Ordinal) || context.Request.Path.StartsWithSegments("/lib", StringComparison.Ordinal),
            files => files.UseResponseCompression());
        app.UseStaticFiles(new StaticFileOptions
        {
            OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "public, max-age=3600",
        });
        OpenApi.UseBrowser(app);
        // No text of ours holds this character, and PostgreSQL could not even be asked for it.
        app.Use((context, next) => context.Request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) == true ? Problems.WriteStatus(context, StatusCodes.Status400BadRequest) : next(context));
        app.UseRouting();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseMiddleware<CallerMiddleware>();
        app.UseMiddleware<LargeBodies>();
        app.UseAuthorization();
        // Reads the form: whoever may not send it is refused before.
        app.UseAntiforgery();
        app.Use((context, next) => context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false } wrong ? Problems.WriteForm(context, wrong) : next(context));
    }
}
