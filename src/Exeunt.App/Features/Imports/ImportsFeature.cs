using Exeunt.App.Data;
using Exeunt.App.Features.Imports.Console;
using Exeunt.App.Platform;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Imports;

/// <summary>Imports by page; by command line it is <see cref="ImportCommand"/>.</summary>
public static class ImportsFeature
{
    public static IServiceCollection AddImports(this IServiceCollection services)
    {
        services.AddScoped<UploadImport>().AddScoped<StartImport>().AddScoped<LookAtImport>().AddScoped<ListImports>();
        services.Configure<FormOptions>(o => o.MultipartBodyLengthLimit = UploadImport.MaxBytes + (1 << 20));
        // What is uploaded waits in memory until it is sealed: nothing of it stands in clear on a disk, where a kill would leave it.
        services.Configure<FormOptions>(o => o.MemoryBufferThreshold = (int)LargeBodies.Largest);
        return services.AddSingleton<ImportWorker>().AddHostedService(p => p.GetRequiredService<ImportWorker>());
    }

    public static void MapImports(this IEndpointRouteBuilder routes)
    {
        routes.MapPage("/imports", async (ListImports list, Caller caller, CancellationToken ct) =>
            Web.Page<Console.Imports>(new { View = await list.Run(caller.Call, ct) })).Needs(Permission.ImportData);
        routes.MapForm("/imports", Upload).Needs(Permission.ImportData);
        routes.MapPage("/imports/{id:guid}", async (Guid id, LookAtImport look, Caller caller, CancellationToken ct) =>
        {
            var view = await look.Run(caller.Call, id, ct);
            return view.Refusal is { } no ? new ProblemResult(no) : (IResult)Web.Page<Import>(new { View = view.Value });
        }).Needs(Permission.ImportData);
        routes.MapForm("/imports/{id:guid}/start", async (Guid id, StartImport start, Caller caller, CancellationToken ct) =>
            (await start.Run(caller.Call, id, ct)).Then(i => $"/imports/{i}")).Needs(Permission.ImportData);
    }

    private static async Task<IResult> Upload(HttpContext context, UploadImport upload, ListImports list, Caller caller, CancellationToken ct)
    {
        var form = await context.Request.ReadFormAsync(ct);
        if (form.Files["file"] is not { } file || !Enum.TryParse<ImportNoun>(form["noun"], out var noun))
            return Web.Page<Console.Imports>(new { View = await list.Run(caller.Call, ct), Problem = ImportRefusals.Empty }, StatusCodes.Status422UnprocessableEntity);
        string? map = null;
        if (form.Files["map"] is { Length: > 0 and < 100_000 } mapFile)
            using (var reader = new StreamReader(mapFile.OpenReadStream()))
                map = await reader.ReadToEndAsync(ct);
        await using var content = file.OpenReadStream();
        var outcome = await upload.Run(caller.Call, new UploadRequest(noun, form["unit"], map, content), ct);
        return outcome.Refusal is { } problem
            ? Web.Page<Console.Imports>(new { View = await list.Run(caller.Call, ct), Problem = problem }, StatusCodes.Status422UnprocessableEntity)
            : Web.SeeOther($"/imports/{outcome.Value}");
    }
}

/// <summary>The page of imports: the units one may import into, and one's last imports.</summary>
public sealed record ImportsView(IReadOnlyList<Units.Unit> Units, IReadOnlyList<ImportJob> Jobs);

/// <summary>Reads the page of imports.</summary>
public sealed class ListImports(AppDb db)
{
    private const int Shown = 20;

    public async Task<ImportsView> Run(Call call, CancellationToken ct)
    {
        var scope = call.Actor.UnitsFor(Permission.ImportData);
        var units = await db.Units.AsNoTracking().OrderBy(u => u.Path).ToListAsync(ct);
        var jobs = await db.Imports.AsNoTracking().Where(i => i.By == call.Actor.Id).OrderByDescending(i => i.Id).Take(Shown).ToListAsync(ct);
        return new ImportsView([.. units.Where(u => scope.Any(s => u.Path.StartsWith(s, StringComparison.Ordinal)))], jobs);
    }
}
