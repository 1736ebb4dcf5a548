using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.Formalities;

/// <summary>解约手续: what each side hands in or over, with date, condition, evidence and receipt.</summary>
public static class FormalitiesFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddScoped<FormalityReader>().AddScoped<MissingItems>();
        services.AddEffect<FormalitiesStep>("step.formalities").AddEffect<FormalitiesEnd>(FormalitiesEnd.Kind).AddEffect<FormalityDue>(FormalityDue.Kind);
    }

    public sealed record Received(string? Condition, byte[]? Evidence);

    public sealed record Words(string? Text);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/cases/{id:guid}/formalities").WithTags("Cases");
        api.MapGet("", async (Guid id, ListFormalities list, Caller caller, CancellationToken ct) => (await list.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.ViewCases).WithSummary("What each side hands in or over.");
        api.MapPost("/{item:guid}", async (Guid id, Guid item, Received body, HandOverItem hand, Caller caller, CancellationToken ct) => (await hand.Run(caller.Call, new(id, item, body.Condition, body.Evidence), ct)).Api())
            .Needs(Permission.HandleCases).Takes(LargeBodies.OneFile).WithSummary("Something was handed in or over; answers with the receipt's number.");
        api.MapPost("/{item:guid}/waiver", async (Guid id, Guid item, Words body, WaiveItem waive, Caller caller, CancellationToken ct) => (await waive.Run(caller.Call, new(id, item, body.Text), ct)).Api())
            .Needs(Permission.WaiveWork).WithSummary("Give an item up, with words.");
        routes.MapForm("/cases/{id:guid}/formalities/{item:guid}", async (Guid id, Guid item, IFormCollection typed, CasesConsole.Pages pages, HandOverItem hand, CancellationToken ct) =>
        {
            var evidence = await Uploads.Bytes(typed.Files["evidence"], ct);
            return await pages.After($"formality-{item}", id, typed, call => hand.Run(call, new(id, item, typed["condition"], evidence), ct), ct, "formalities");
        }).Needs(Permission.HandleCases).Takes(LargeBodies.OneFile);
        routes.MapForm("/cases/{id:guid}/formalities/{item:guid}/waive", (Guid id, Guid item, IFormCollection typed, CasesConsole.Pages pages, WaiveItem waive, CancellationToken ct) =>
            pages.After($"formality-{item}", id, typed, call => waive.Run(call, new(id, item, typed["words"]), ct), ct, "formalities")).Needs(Permission.WaiveWork);
    }
}

/// <summary>Uploads of forms.</summary>
public static class Uploads
{
    /// <summary>The bytes of an upload; of one that is too large just enough to say so.</summary>
    public static async Task<byte[]?> Bytes(IFormFile? file, CancellationToken ct)
    {
        if (file is not { Length: > 0 })
            return null;
        var bytes = new byte[(int)Math.Min(file.Length, Settlements.Evidence.MaxBytes + 1L)];
        await using var stream = file.OpenReadStream();
        await stream.ReadExactlyAsync(bytes, ct);
        return bytes;
    }
}
