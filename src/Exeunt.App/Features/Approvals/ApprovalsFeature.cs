using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Procedures;

namespace Exeunt.App.Features.Approvals;

/// <summary>审批: approving in cases, standing in for somebody, and the matrix that says who approves what.</summary>
public static class ApprovalsFeature
{
    public static void Add(IServiceCollection services) =>
        services.AddScoped<ApprovalBook>().AddScoped<ApprovalDesk>().AddScoped<Delegations>().AddScoped<MatrixConsole.Editing>().AddScoped<MatrixConsole.Pages>();

    public static void Map(IEndpointRouteBuilder routes)
    {
        OfCases(routes.MapGroup("/api/cases/{id:guid}/approvals").WithTags("Approvals"));
        Forms(routes.MapGroup("/cases/{id:guid}"));
        Absences(routes);
        MatrixConsole.Map(routes);
        MatrixApi(routes.MapGroup("/api/approval-matrix").WithTags("Approvals"));
    }

    // ---- in a case -----------------------------------------------------------------------------------------------------

    /// <param name="OnBehalfOf">The absent member of staff for whom it is given.</param>
    public sealed record Approval(ApprovalSubject Of, Role Role, string? Digest, string? Words = null, Guid? OnBehalfOf = null);

    public sealed record Subject(ApprovalSubject Of);

    public sealed record Rework(ApprovalSubject Of, string? Words, Role? Role = null);

    private static void OfCases(IEndpointRouteBuilder api)
    {
        api.MapPost("", async (Guid id, Approval body, Approve approve, Caller caller, CancellationToken ct) =>
                (await approve.Run(caller.Call, new(id, body.Of, body.Role, body.Digest, body.Words, body.OnBehalfOf), ct)).Api())
            .Needs(Permission.ApproveCases).WithSummary("Approve the settlement or decision with this digest for a role, or for somebody absent.");
        api.MapPost("/rework", async (Guid id, Rework body, ReturnApproval back, Caller caller, CancellationToken ct) =>
                (await back.Run(caller.Call, new(id, body.Words, body.Of, body.Role), ct)).Api())
            .Needs(Permission.ApproveCases).WithSummary("Send what waits for approval back with words.");
        api.MapPost("/recall", async (Guid id, Subject body, RecallApproval recall, Caller caller, CancellationToken ct) => (await recall.Run(caller.Call, new(id, body.Of), ct)).Api())
            .Needs(Permission.ApproveCases).WithSummary("Take one's own approval back while nothing has followed from it.");
        api.MapPost("/release", async (Guid id, ReleaseMoney release, Caller caller, CancellationToken ct) => (await release.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.HandleMoney).WithSummary("Release a payment that waits for a person.");
    }

    private static void Forms(IEndpointRouteBuilder form)
    {
        form.MapForm("/approve/{role}", (Guid id, string role, IFormCollection typed, CasesConsole.Pages pages, Approve approve, CancellationToken ct) =>
            pages.After("approve", id, typed, call => approve.Run(call, new(id, OfOf(typed), RoleOf(role), typed["digest"], typed["words"], Guid.TryParse(typed["behalf"], out var away) ? away : null), ct), ct))
            .Needs(Permission.ApproveCases);
        form.MapForm("/return", (Guid id, IFormCollection typed, CasesConsole.Pages pages, ReturnApproval back, CancellationToken ct) =>
            pages.After("return", id, typed, call => back.Run(call, new(id, typed["words"], OfOf(typed)), ct), ct)).Needs(Permission.ApproveCases);
        form.MapForm("/recall", (Guid id, IFormCollection typed, CasesConsole.Pages pages, RecallApproval recall, CancellationToken ct) =>
            pages.After("recall", id, typed, call => recall.Run(call, new(id, OfOf(typed)), ct), ct, "approvals")).Needs(Permission.ApproveCases);
        form.MapForm("/release", (Guid id, IFormCollection typed, CasesConsole.Pages pages, ReleaseMoney release, CancellationToken ct) =>
            pages.After("release", id, typed, call => release.Run(call, new(id), ct), ct)).Needs(Permission.HandleMoney);
    }

    private static ApprovalSubject OfOf(IFormCollection typed) => Enum.TryParse<ApprovalSubject>(typed["of"], out var of) && Enum.IsDefined(of) ? of : ApprovalSubject.Settlement;

    /// <summary>The role in the address; one that never approves when there is none of the name.</summary>
    private static Role RoleOf(string text) => Enum.TryParse<Role>(text.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var role) && Enum.IsDefined(role) ? role : Role.Auditor;

    // ---- absences ------------------------------------------------------------------------------------------------------

    public sealed record Absence(Guid To, Role Role, DateOnly? FromOn, DateOnly? UntilOn, AbsenceReason Reason = AbsenceReason.Leave);

    private static void Absences(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/absences").WithTags("Approvals");
        api.MapPost("", async (Absence body, RecordAbsence record, Caller caller, CancellationToken ct) =>
                (await record.Run(caller.Call, new(body.To, body.Role, body.FromOn, body.UntilOn, body.Reason), ct)).Api())
            .Needs(Permission.ApproveCases).WithSummary("Name who approves for one of one's own roles while one is away.");
        api.MapPost("/{id:guid}/end", async (Guid id, EndAbsence end, Caller caller, CancellationToken ct) => (await end.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.ApproveCases).WithSummary("End one's own absence early.");
        routes.MapForm("/approvals/absences", async (IFormCollection typed, RecordAbsence record, MatrixConsole.Pages pages, Caller caller, CancellationToken ct) =>
        {
            static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", out var day) ? day : null;
            var request = new RecordAbsence.Request(
                Guid.TryParse(typed["to"], out var to) ? to : default, Enum.TryParse<Role>(typed["role"], out var role) && Enum.IsDefined(role) ? role : Role.Auditor,
                Day(typed["fromOn"]), Day(typed["untilOn"]), Enum.TryParse<AbsenceReason>(typed["reason"], out var reason) && Enum.IsDefined(reason) ? reason : AbsenceReason.Other);
            var outcome = await record.Run(caller.Call, request, ct);
            return outcome.Refusal is { } no ? await pages.Home(no, typed, ct) : Web.SeeOther("/approvals#absence");
        }).Needs(Permission.ApproveCases);
        routes.MapForm("/approvals/absences/{id:guid}/end", async (Guid id, IFormCollection typed, EndAbsence end, MatrixConsole.Pages pages, Caller caller, CancellationToken ct) =>
            await end.Run(caller.Call, new(id), ct) is { Refusal: { } no } ? await pages.Home(no, typed, ct) : Web.SeeOther("/approvals#absence")).Needs(Permission.ApproveCases);
    }

    // ---- the matrix ----------------------------------------------------------------------------------------------------

    private static void MatrixApi(IEndpointRouteBuilder api)
    {
        SignedApi.Map(api, SignedKind.Approvals);
        api.MapGet("/in-force", async (ShowApprovals show, Caller caller, CancellationToken ct) =>
                await show.Run(caller.Call, new(), ct) is { Refusal: null, Value: var view } ? Results.Text(Core.Cases.ApprovalMatrixDocument.Write(view.Matrix), "application/json") : new ProblemResult(CommonRefusals.NotAllowed(Permission.ViewPolicies)))
            .Needs(Permission.ViewPolicies).WithSummary("The approval matrix in force.");
    }
}
