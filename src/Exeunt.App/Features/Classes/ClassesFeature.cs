using System.Text;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Platform;
using Exeunt.Core.Classes;

namespace Exeunt.App.Features.Classes;

/// <summary>客户分类: schemes as signed documents, who is in which class since when, and the work plans that follow. Pages in Console.</summary>
public static class ClassesFeature
{
    public static void Add(IServiceCollection services) =>
        services.AddScoped<ClassBook>().AddScoped<SchemePreview>().AddScoped<ClassesConsole.Pages>().AddScoped<ClassesConsole.Editing>().AddScoped<ITodaySource, ClassesToday>();

    public sealed record Skipping(SkipReason? Reason);

    public sealed record Closing(IReadOnlyList<Guid>? Tasks, bool Done, SkipReason? Reason);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(SchemeSchema.Path, () => Results.Text(SchemeSchema.Json, "application/schema+json", Encoding.UTF8)).Needs(Permission.Public).ExcludeFromDescription();
        var api = routes.MapGroup("/api/classes").WithTags("Classes");
        SignedApi.Map(api, SignedKind.Scheme);
        api.MapPost("/find-groups", async (HttpRequest request, FindSchemeGroups find, Caller caller, CancellationToken ct) =>
        {
            var read = SchemeDocument.Read(await SignedApi.Body(request, ct));
            if (!read.IsValid)
                return new ProblemResult(SignedDocumentDesk.RefusalOf(read.Problems));
            var outcome = await find.Run(caller.Call, new(read.Scheme), ct);
            return outcome.Refusal is { } no ? new ProblemResult(no) : Results.Text(SchemeDocument.Write(outcome.Value), "application/json", Encoding.UTF8);
        }).Needs(Permission.WriteStandards).WithSummary("Find the groups of a scheme among today's customers; the answer is its document with a class for each group. Nothing is kept.");
        api.MapGet("/distribution", async (string? scheme, int? unit, ShowClasses show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, new(scheme, unit), ct)).Api())
            .Needs(Permission.ViewWatch).Produces<ShowClasses.View>().WithSummary("How customers spread over the classes of the schemes in force.");
        api.MapGet("/{id}/transitions", async (string id, string? from, string? to, int? unit, ShowClassMoves show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, new(id, from, to, unit), ct)).Api())
            .Needs(Permission.ViewWatch).Produces<ShowClassMoves.View>().WithSummary("How many customers went from which class into which between the ends of two months (yyyy-MM).");
        api.MapGet("/{id}/members", async (string id, string? @class, int? unit, long? after, ListClassMembers list, Caller caller, CancellationToken ct) => (await list.Run(caller.Call, new(id, @class, unit, after ?? 0), ct)).Api())
            .Needs(Permission.ViewWatch).Produces<ListClassMembers.View>().WithSummary("The customers of a scheme with class and since when, by number, 500 a page.");
        api.MapGet("/tasks", async (string? scheme, string? @class, int? unit, bool? everybody, DateOnly? until, string? after, ListClassTasks list, Caller caller, CancellationToken ct) =>
                (await list.Run(caller.Call, new(scheme, @class, unit, everybody == true, until, after), ct)).Api())
            .Needs(Permission.ViewWatch).WithSummary("What the plans of classes ask for your customers, by due day, 50 a page.");
        api.MapPost("/tasks/{task:guid}/done", async (Guid task, CloseClassTasks close, Caller caller, CancellationToken ct) => (await close.Run(caller.Call, new([task], true), ct)).Api())
            .Needs(Permission.DecideListings).Produces<CloseClassTasks.Closed>().WithSummary("A task of a plan is done; a recurring step is due again after its days.");
        api.MapPost("/tasks/{task:guid}/skip", async (Guid task, Skipping body, CloseClassTasks close, Caller caller, CancellationToken ct) => (await close.Run(caller.Call, new([task], false, body.Reason), ct)).Api())
            .Needs(Permission.DecideListings).Produces<CloseClassTasks.Closed>().WithSummary("A task of a plan is skipped this time, for a reason of the list.");
        api.MapPost("/tasks/close", async (Closing body, CloseClassTasks close, Caller caller, CancellationToken ct) => (await close.Run(caller.Call, new(body.Tasks ?? [], body.Done, body.Reason), ct)).Api())
            .Needs(Permission.DecideListings).Produces<CloseClassTasks.Closed>().WithSummary("The same for many tasks, at most 200; those that are closed already stay as they are.");
        routes.MapGet("/api/customers/{id:long}/classes", async (long id, ShowCustomerClasses show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, id, ct)).Api())
            .Needs(Permission.ViewCustomers).WithTags("Classes").Produces<ShowCustomerClasses.View>().WithSummary("A customer's class in each scheme, how it came to it, and what the plans ask.");
        ClassesConsole.Map(routes);
    }
}
