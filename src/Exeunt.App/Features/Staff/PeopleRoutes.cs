using Exeunt.App.Features.Staff.Console;
using Exeunt.App.Features.Units;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.AspNetCore.Mvc;

namespace Exeunt.App.Features.Staff;

/// <summary>The administrator's page of people, and the same for programs.</summary>
internal static class PeopleRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/admin/people", (Lists lists, Caller caller, CancellationToken ct) => Show(lists, caller, null, null, null, ct)).Needs(Permission.ManageStaff);

        routes.MapForm("/admin/people", async (Lists lists, InvitePerson invite, Caller caller, CancellationToken ct,
            [FromForm] string? mail, [FromForm] string? name, [FromForm] Role role, [FromForm] string? unit) =>
        {
            var request = new InvitePerson.Request(mail ?? "", name, role, unit ?? "");
            var invited = await invite.Run(caller.Call, request, ct);
            // Not a redirect: the link is shown once and stored only hashed.
            return invited.Refusal is { } refusal
                ? await Show(lists, caller, null, refusal, request, ct)
                : await Show(lists, caller, invited.Value, null, null, ct);
        }).Needs(Permission.ManageStaff);

        routes.MapForm("/admin/people/{id:guid}/reset", async (Guid id, Lists lists, ResetPerson reset, Caller caller, CancellationToken ct) =>
        {
            var link = await reset.Run(caller.Call, new(id), ct);
            return link.Refusal is { } refusal ? new ProblemResult(refusal) : await Show(lists, caller, link.Value, null, null, ct);
        }).Needs(Permission.ManageStaff);

        routes.MapForm("/admin/people/{id:guid}/roles", async (Guid id, AssignRole assign, Caller caller, CancellationToken ct, [FromForm] Role role, [FromForm] string? unit) =>
            (await assign.Run(caller.Call, new(id, role, unit ?? ""), ct)).Then(_ => "/admin/people")).Needs(Permission.ManageStaff);

        routes.MapForm("/admin/people/{id:guid}/roles/withdraw", async (Guid id, WithdrawRole withdraw, Caller caller, CancellationToken ct, [FromForm] Role role, [FromForm] string? unit) =>
            (await withdraw.Run(caller.Call, new(id, role, unit ?? ""), ct)).Then(_ => "/admin/people")).Needs(Permission.ManageStaff);

        routes.MapForm("/admin/people/{id:guid}/disable", async (Guid id, DisablePerson disable, Caller caller, CancellationToken ct, [FromForm] bool? anyway) =>
            (await disable.Run(caller.Call, new(id, anyway == true), ct)).Then(_ => "/admin/people")).Needs(Permission.ManageStaff);

        routes.MapForm("/admin/people/{id:guid}/enable", async (Guid id, EnablePerson enable, Caller caller, CancellationToken ct) =>
            (await enable.Run(caller.Call, new(id), ct)).Then(_ => "/admin/people")).Needs(Permission.ManageStaff);

        var api = routes.MapGroup("/api/people").WithTags("Administration");
        api.MapGet("", async (ListPeople list, Caller caller, CancellationToken ct) => (await list.Run(caller.Call, new(), ct)).Api())
            .Needs(Permission.ManageStaff).Produces<Person[]>().WithSummary("The people you administer");
        api.MapPost("", async (InvitePerson.Request request, InvitePerson invite, Caller caller, CancellationToken ct) => (await invite.Run(caller.Call, request, ct)).Api())
            .Needs(Permission.ManageStaff).Produces<Invitation>().WithSummary("Add a person with a first role; the answer holds the one-time link");
        api.MapPost("/{id:guid}/roles", async (Guid id, RoleInUnit role, AssignRole assign, Caller caller, CancellationToken ct) =>
            (await assign.Run(caller.Call, new(id, role.Role, role.Unit), ct)).Api()).Needs(Permission.ManageStaff).WithSummary("Give a person a role for a unit and below");
        api.MapPost("/{id:guid}/roles/withdraw", async (Guid id, RoleInUnit role, WithdrawRole withdraw, Caller caller, CancellationToken ct) =>
            (await withdraw.Run(caller.Call, new(id, role.Role, role.Unit), ct)).Api()).Needs(Permission.ManageStaff).WithSummary("Take a role from a person");
        api.MapPost("/{id:guid}/disable", async (Guid id, bool? anyway, DisablePerson disable, Caller caller, CancellationToken ct) => (await disable.Run(caller.Call, new(id, anyway == true), ct)).Api())
            .Needs(Permission.ManageStaff).WithSummary("End a person's access at once");
        api.MapPost("/{id:guid}/enable", async (Guid id, EnablePerson enable, Caller caller, CancellationToken ct) => (await enable.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.ManageStaff).WithSummary("Let a person sign in again");
        api.MapPost("/{id:guid}/reset", async (Guid id, ResetPerson reset, Caller caller, CancellationToken ct) => (await reset.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.ManageStaff).Produces<Invitation>().WithSummary("Take password and second factor; the answer holds a new one-time link");
    }

    /// <param name="Unit">The unit's code.</param>
    public sealed record RoleInUnit(Role Role, string Unit);

    /// <summary>What the page shows.</summary>
    internal sealed record Lists(ListPeople People, ListUnits Units);

    private static async Task<IResult> Show(Lists lists, Caller caller, Invitation? link, Refusal? refusal, InvitePerson.Request? typed, CancellationToken ct)
    {
        var people = await lists.People.Run(caller.Call, new(), ct);
        var units = await lists.Units.Run(caller.Call, new(), ct);
        return people.Refusal is { } no
            ? new ProblemResult(no)
            : Web.Page<PeoplePage>(new { People = people.Value, Units = units.Value, Link = link, Refusal = refusal, Typed = typed, Me = caller.Staff!.Id },
                refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal));
    }
}
