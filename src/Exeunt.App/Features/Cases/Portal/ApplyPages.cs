using System.Globalization;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.AspNetCore.Mvc;

namespace Exeunt.App.Features.Cases.Portal;

/// <summary>The way of an application: contract, code, date, reason, check. Each form answers with 303 to the next page.</summary>
public static class ApplyPages
{
    /// <summary>One step of an application under way.</summary>
    public readonly record struct Visit(string Token, ShowDraft Show, Caller Caller, CancellationToken Ct)
    {
        /// <summary>
        /// The page with what was typed so far; an application that is not open says so. Where the law asks for one page of its own at this
        /// contract, it goes on there.
        /// </summary>
        public async Task<IResult> Page(Func<ShowDraft.View, IResult> page)
        {
            var shown = await Show.Run(Caller.Call, new(Token), Ct);
            return shown.Refusal is { } no ? Refused(no)
                : shown.Value.Page is { StepByStep: false } own ? Web.SeeOther($"/end/{own.Id}/form?draft={Uri.EscapeDataString(Token)}")
                : page(shown.Value);
        }

        public static IResult Refused(Refusal no) =>
            no.Code == Intake.DraftGone.Code ? Web.Page<GonePage>(null, StatusCodes.Status404NotFound) : new ProblemResult(no);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/apply", () => Web.Page<ContractPage>()).Needs(Permission.Public);
        Form(routes, "/apply", Start);
        routes.MapPage("/apply/{token}/code", ([AsParameters] Visit visit, bool? sent) =>
            visit.Page(v => v.Proven ? Web.SeeOther($"/apply/{visit.Token}/date") : Web.Page<CodePage>(new { visit.Token, Sent = sent == true }))).Needs(Permission.Public);
        Form(routes, "/apply/{token}/code", Prove);
        Form(routes, "/apply/{token}/code/again", Resend);
        routes.LeadBack("/apply/{token}/code/again", "/apply/{0}/code");
        routes.MapPage("/apply/{token}/date", ([AsParameters] Visit visit) => visit.Page(v => DateOf(visit, v))).Needs(Permission.Public);
        Form(routes, "/apply/{token}/date", Choose);
        routes.MapPage("/apply/{token}/reason", ([AsParameters] Visit visit) =>
            visit.Page(v => v.Page is { Survey: false } ? Web.SeeOther($"/apply/{visit.Token}/check") : Web.Page<ReasonPage>(new { visit.Token, v.Reasons, v.Typed.Reason, v.Typed.Words }))).Needs(Permission.Public);
        Form(routes, "/apply/{token}/reason", Explain);
        routes.MapPage("/apply/{token}/check", ([AsParameters] Visit visit) => visit.Page(v => Web.Page<CheckPage>(new { visit.Token, View = v }))).Needs(Permission.Public);
        Form(routes, "/apply/{token}/check", Send);
        routes.MapPage("/apply/{token}/keep", ([AsParameters] Visit visit) => visit.Page(_ => Web.Page<KeepPage>(new { visit.Token }))).Needs(Permission.Public);
    }

    private static void Form(IEndpointRouteBuilder routes, string pattern, Delegate handler) =>
        routes.MapForm(pattern, handler).Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit);

    private static async Task<IResult> Start(
        [FromForm] string? contractNumber, [FromForm] string? name, [FromForm] string? contact, StartApplication start, Caller caller, CancellationToken ct)
    {
        var started = await start.Run(caller.Call, new(contractNumber, name, contact), ct);
        return started.Refusal is { } no
            ? Web.Page<ContractPage>(new { ContractNumber = contractNumber, Name = name, Contact = contact, Refusal = no }, Problems.StatusOf(no))
            : Web.SeeOther($"/apply/{started.Value.Token}/code");
    }

    private static async Task<IResult> Prove(string token, [FromForm] string? code, ProveDraft prove, Caller caller, CancellationToken ct) =>
        AfterCode(token, code, await prove.Run(caller.Call, new(token, code), ct), $"/apply/{token}/date");

    private static async Task<IResult> Resend(string token, ResendDraftCode resend, Caller caller, CancellationToken ct) =>
        AfterCode(token, null, await resend.Run(caller.Call, new(token), ct), $"/apply/{token}/code?sent=true");

    private static IResult AfterCode(string token, string? code, Outcome<Done> outcome, string next) =>
        outcome.Refusal switch
        {
            null => Web.SeeOther(next),
            { Kind: RefusalKind.NotFound } no => Visit.Refused(no),
            var no => Web.Page<CodePage>(new { Token = token, Code = code, Refusal = no }, Problems.StatusOf(no)),
        };

    private static IResult DateOf(Visit visit, ShowDraft.View view, Refusal? refusal = null, string? choice = null, string? other = null)
    {
        var status = refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal);
        return view.Contract is { } contract
            ? Web.Page<DatePage>(new { visit.Token, Contract = contract, Wished = view.Typed.EndsOn, Choice = choice, Other = other, Refusal = refusal }, status)
            : Web.Page<OpenDatePage>(new { visit.Token, Wished = view.Typed.EndsOn, Choice = choice, Other = other, Refusal = refusal }, status);
    }

    private static async Task<IResult> Choose(
        [AsParameters] Visit visit, [FromForm] string? choice, [FromForm] string? endsOn, [FromForm] string? show, FillDraft fill)
    {
        var shown = await visit.Show.Run(visit.Caller.Call, new(visit.Token), visit.Ct);
        if (shown.Refusal is { } gone)
            return Visit.Refused(gone);
        DateOnly? date = choice switch
        {
            "earliest" => shown.Value.Contract?.EarliestOn,
            "term" => shown.Value.Contract?.TermEndsOn,
            "other" when DateOnly.TryParse(endsOn, CultureInfo.InvariantCulture, out var typed) => typed,
            _ => null,
        };
        var no = choice == "other" && date is null
            ? string.IsNullOrWhiteSpace(endsOn) ? CommonRefusals.Required("endsOn") : Intake.DateUnreadable
            : (await fill.Run(visit.Caller.Call, new(visit.Token, date, Soonest: date is null), visit.Ct)).Refusal;
        return no is not null ? DateOf(visit, shown.Value, no, choice, endsOn)
            : Web.SeeOther($"/apply/{visit.Token}/{(show is null ? "reason" : "date")}");
    }

    private static async Task<IResult> Explain(
        string token, [FromForm] string? reason, [FromForm] string? words, [FromForm] string? skip, FillDraft fill, Reasons.ReasonBook reasons, Caller caller, CancellationToken ct)
    {
        var filled = await fill.Run(caller.Call, skip is null ? new(token, null, reason ?? "", words ?? "") : new(token, null, "", ""), ct);
        return filled.Refusal switch
        {
            null => Web.SeeOther($"/apply/{token}/check"),
            { Kind: RefusalKind.NotFound } no => Visit.Refused(no),
            var no => Web.Page<ReasonPage>(new { Token = token, Reasons = await reasons.All(ct), Reason = reason, Words = words, Refusal = no }, Problems.StatusOf(no)),
        };
    }

    /// <summary>Sends the application; one confirmed with a code opens its progress page at once.</summary>
    private static async Task<IResult> Send([AsParameters] Visit visit, [FromForm] string? confirmed, SubmitApplication submit, CaseAccess access, HttpContext http)
    {
        var shown = await visit.Show.Run(visit.Caller.Call, new(visit.Token), visit.Ct);
        if (shown.Refusal is { } never && never.Code != Intake.DraftGone.Code)
            return Visit.Refused(never);
        // A second click finds the draft sent, and lands on the same receipt.
        var call = visit.Caller.Call with { IdempotencyKey = SubmitApplication.KeyOf(visit.Token) };
        var sent = await submit.Run(call, new(visit.Token, Confirmed: string.IsNullOrEmpty(confirmed) ? null : confirmed), visit.Ct);
        if (sent.Refusal is { } no)
            return shown.Refusal is { } gone ? Visit.Refused(gone)
                : no.Kind == RefusalKind.NotFound ? Visit.Refused(no)
                : Web.Page<CheckPage>(new { visit.Token, View = shown.Value, Refusal = no }, Problems.StatusOf(no));
        if (sent.Value.IdentityProven)
            access.RememberSent(http, sent.Value.CaseId, sent.Value.ReceivedAt, visit.Caller.Now);
        return Web.SeeOther($"/progress/{sent.Value.Token}/receipt");
    }
}
