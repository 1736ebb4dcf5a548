using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.AspNetCore.Mvc;

namespace Exeunt.App.Features.Cases.Portal;

/// <summary>The receipt, the progress page and what a customer answers there. Without a session only what was typed shows.</summary>
public static class ProgressPages
{
    /// <summary>A visit to the case of a link.</summary>
    public readonly record struct Visit(string Token, ShowProgress Show, CaseAccess Access, Caller Caller, HttpContext Http, CancellationToken Ct)
    {
        public string Path => $"/progress/{Token}";

        public async Task<IResult> Page(Func<ShowProgress.View, IResult> page)
        {
            var shown = await Show.Run(Caller.Call, new(Token, await CasesFeature.IsOpen(Access, Http, Caller, Token, Ct)), Ct);
            return shown.Refusal is { } no ? new ProblemResult(no) : page(shown.Value);
        }

        /// <summary>The progress page, or the one that asks for a code first.</summary>
        public Task<IResult> Progress(Refusal? refusal = null, string? done = null, string? typed = null)
        {
            var (token, status) = (Token, refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal));
            return Page(v => v.Open is null
                ? Web.Page<ConfirmPage>(new { Token = token, View = v, Done = done, Code = typed, Refusal = refusal }, status)
                : v.Open.IsReturn ? Web.SeeOther($"/progress/{token}/return")
                : Web.Page<ProgressPage>(new { Token = token, View = v, v.Open, Done = done, Words = typed, Refusal = refusal }, status));
        }

        /// <summary>Does something as the case's customer; without a session the progress page asks for a code.</summary>
        public async Task<IResult> AsCustomer(Func<Guid, Call, Task<IResult>> work)
        {
            var (id, call, refusal) = await Access.Open(Http, Caller, Token, Ct);
            return refusal switch { null => await work(id, call), { Kind: RefusalKind.NotFound } => new ProblemResult(refusal), _ => Web.SeeOther(Path) };
        }
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/progress/{token}", ([AsParameters] Visit visit, string? done) => visit.Progress(done: done)).Needs(Permission.Public);
        routes.MapPage("/progress/{token}/receipt", ([AsParameters] Visit visit) => visit.Page(v => Web.Page<ReceiptPage>(new { visit.Token, View = v }))).Needs(Permission.Public);
        routes.MapPage("/progress/{token}/withdraw", ([AsParameters] Visit visit) => Withdrawal(visit)).Needs(Permission.CustomerOfCase);
        routes.MapPage("/progress/{token}/documents", ([AsParameters] Visit visit) =>
            visit.Page(v => v.Open is { } open ? Web.Page<DocumentsPage>(new { visit.Token, v.Number, open.Documents, open.Zone }) : Web.SeeOther(visit.Path))).Needs(Permission.CustomerOfCase);
        routes.MapPage("/progress/{token}/documents/{document:guid}", Download).Needs(Permission.CustomerOfCase);
        Form(routes, "code", Permission.Public, SendCode);
        Form(routes, "identity", Permission.Public, Identify);
        Form(routes, "messages", Permission.CustomerOfCase, Write);
        routes.MapForm("/progress/{token}/withdraw", Withdraw).Needs(Permission.CustomerOfCase).RequireRateLimiting(Security.IntakeLimit);
    }

    private static void Form(IEndpointRouteBuilder routes, string name, Permission permission, Delegate handler)
    {
        routes.MapForm($"/progress/{{token}}/{name}", handler).Needs(permission).RequireRateLimiting(Security.IntakeLimit);
        routes.LeadBack($"/progress/{{token}}/{name}", "/progress/{0}");
    }

    private static async Task<IResult> SendCode([AsParameters] Visit visit, SendCaseCode send) =>
        (await send.Run(visit.Caller.Call, new(visit.Token), visit.Ct)).Refusal is { } no ? await visit.Progress(no) : Web.SeeOther($"{visit.Path}?done=sent");

    private static async Task<IResult> Identify([AsParameters] Visit visit, [FromForm] string? code, ProveIdentity prove, Terms.ShowConsequences consequences)
    {
        var proven = await prove.Run(visit.Caller.Call, new(visit.Token, code), visit.Ct);
        if (proven.Refusal is { } no)
            return await visit.Progress(no, typed: code);
        CaseAccess.Remember(visit.Http, proven.Value.Session);
        // What ending does is asked once the identity is proven; before, it would show that there is a contract.
        var told = await consequences.Run(visit.Caller.AsCustomer(proven.Value.CaseId), new(proven.Value.CaseId), visit.Ct);
        return Web.SeeOther(told is { Succeeded: true, Value.MayConfirm: true } ? $"{visit.Path}/consequences" : visit.Path);
    }

    private static Task<IResult> Write([AsParameters] Visit visit, [FromForm] string? words, LeaveMessage leave) =>
        visit.AsCustomer(async (id, call) =>
            (await leave.Run(call, new(id, words), visit.Ct)).Refusal is { } no ? await visit.Progress(no, typed: words) : Web.SeeOther($"{visit.Path}?done=message#messages"));

    private static Task<IResult> Withdraw([AsParameters] Visit visit, WithdrawCase withdraw) =>
        visit.AsCustomer(async (id, call) =>
            (await withdraw.Run(call, new(id), visit.Ct)).Refusal is { } no ? await Withdrawal(visit, no) : Web.SeeOther(visit.Path));

    private static Task<IResult> Withdrawal(Visit visit, Refusal? refusal = null) =>
        visit.Page(v => v.Open is { } open
            ? Web.Page<WithdrawPage>(new { visit.Token, v.Number, Open = open }, refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal))
            : Web.SeeOther(visit.Path));

    private static Task<IResult> Download([AsParameters] Visit visit, Guid document, DownloadOwnDocument download) =>
        visit.AsCustomer(async (id, call) => await download.Run(call, new(id, document), visit.Ct) is { Succeeded: true, Value: var file }
            ? Results.File(file.Bytes, file.MediaType, file.Name) : new ProblemResult(CommonRefusals.NotFound));
}
