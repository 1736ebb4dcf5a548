using System.Globalization;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Cases.Portal;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Returns;
using Microsoft.AspNetCore.Mvc;

namespace Exeunt.App.Features.Returns.Portal;

/// <summary>The way to a return: order, code, lines, check; and the page of one's own return. Each form answers with 303 to the next page.</summary>
public static class ReturnPages
{
    /// <summary>A return under way.</summary>
    public readonly record struct Visit(string Token, ShowReturnDraft Show, Caller Caller, CancellationToken Ct)
    {
        /// <summary>The page; before the code only the page that asks for it.</summary>
        public async Task<IResult> Page(Func<ShowReturnDraft.View, IResult> page, bool proven = true)
        {
            var shown = await Show.Run(Caller.Call, new(Token), Ct);
            return shown.Refusal is { } no ? Refused(no) : proven && shown.Value.Order is null ? Web.SeeOther($"/return/{Token}/code") : page(shown.Value);
        }

        public static IResult Refused(Refusal no) =>
            no.Code == ReturnRefusals.DraftGone.Code ? Web.Page<ReturnGonePage>(null, StatusCodes.Status404NotFound) : new ProblemResult(no);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/return", () => Web.Page<ReturnStartPage>()).Needs(Permission.Public);
        Form(routes, "/return", Start);
        routes.MapPage("/return/{token}/code", ([AsParameters] Visit visit, bool? sent) =>
            visit.Page(v => v.Order is not null ? Web.SeeOther($"/return/{visit.Token}/lines") : Web.Page<ReturnCodePage>(new { visit.Token, Sent = sent == true }), proven: false)).Needs(Permission.Public);
        Form(routes, "/return/{token}/code", Prove);
        Form(routes, "/return/{token}/code/again", Resend);
        routes.LeadBack("/return/{token}/code/again", "/return/{0}/code");
        routes.MapPage("/return/{token}/lines", ([AsParameters] Visit visit) => visit.Page(v => Web.Page<ReturnLinesPage>(new { visit.Token, View = v, v.Wish, v.Chosen, v.Exchange }))).Needs(Permission.Public);
        Form(routes, "/return/{token}/lines", Choose);
        routes.MapPage("/return/{token}/check", ([AsParameters] Visit visit) =>
            visit.Page(v => v.Quote is null ? Web.SeeOther($"/return/{visit.Token}/lines") : Web.Page<ReturnCheckPage>(new { visit.Token, View = v }))).Needs(Permission.Public);
        Form(routes, "/return/{token}/check", Send);
        routes.MapPage("/progress/{token}/return", ([AsParameters] ProgressPages.Visit visit, ShowOwnReturn show, string? done) => Own(visit, show, done: done)).Needs(Permission.CustomerOfCase);
        OwnForm(routes, "sent", async ([AsParameters] ProgressPages.Visit visit, ShowOwnReturn show, TellSent tell, [FromForm] string? on, [FromForm] string? carrier) =>
            await visit.AsCustomer(async (id, call) => await After(visit, show, (await tell.Run(call, new(id, Day(on), carrier), visit.Ct)).Refusal, "sent")));
        OwnForm(routes, "photos", async ([AsParameters] ProgressPages.Visit visit, ShowOwnReturn show, AddOwnPhoto add, IFormCollection typed) =>
            await visit.AsCustomer(async (id, call) => await After(visit, show, (await add.Run(call, new(id, Number(typed["line"]), await Formalities.Uploads.Bytes(typed.Files["photo"], visit.Ct)), visit.Ct)).Refusal, "photo"))).Takes(LargeBodies.OneFile);
        OwnForm(routes, "confirmation", async ([AsParameters] ProgressPages.Visit visit, ShowOwnReturn show, ConfirmResult confirm) =>
            await visit.AsCustomer(async (id, call) => await After(visit, show, (await confirm.Run(call, new(id), visit.Ct)).Refusal, "confirmed")));
        OwnForm(routes, "objection", async ([AsParameters] ProgressPages.Visit visit, ShowOwnReturn show, ContestResult contest, [FromForm] string? words) =>
            await visit.AsCustomer(async (id, call) =>
            {
                var again = await contest.Run(call, new(id, words), visit.Ct);
                return again.Refusal is { } no ? await Own(visit, show, no, typed: words) : OnTo(visit, again.Value.CaseId, again.Value.Token);
            }));
        OwnForm(routes, "revival", async ([AsParameters] ProgressPages.Visit visit, ShowOwnReturn show, ReviveReturn revive) =>
            await visit.AsCustomer(async (id, call) =>
            {
                var again = await revive.Run(call, new(id), visit.Ct);
                return again.Refusal is { } no ? await Own(visit, show, no) : OnTo(visit, again.Value.Returns[0].CaseId, again.Value.Returns[0].Token);
            }));
        OwnForm(routes, "withdrawal", async ([AsParameters] ProgressPages.Visit visit, ShowOwnReturn show, WithdrawCase withdraw) =>
            await visit.AsCustomer(async (id, call) => await After(visit, show, (await withdraw.Run(call, new(id), visit.Ct)).Refusal, "withdrawn")));
    }

    private static void Form(IEndpointRouteBuilder routes, string pattern, Delegate handler) =>
        routes.MapForm(pattern, handler).Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit);

    private static RouteHandlerBuilder OwnForm(IEndpointRouteBuilder routes, string name, Delegate handler)
    {
        routes.LeadBack($"/progress/{{token}}/return/{name}", "/progress/{0}/return");
        return routes.MapForm($"/progress/{{token}}/return/{name}", handler).Needs(Permission.CustomerOfCase).RequireRateLimiting(Security.IntakeLimit);
    }

    private static async Task<IResult> Start([FromForm] string? orderNumber, [FromForm] string? contact, StartReturn start, Caller caller, CancellationToken ct)
    {
        var started = await start.Run(caller.Call, new(orderNumber, contact), ct);
        return started.Refusal is { } no
            ? Web.Page<ReturnStartPage>(new { OrderNumber = orderNumber, Contact = contact, Refusal = no }, Problems.StatusOf(no))
            : Web.SeeOther($"/return/{started.Value.Token}/code");
    }

    private static async Task<IResult> Prove(string token, [FromForm] string? code, ProveReturn prove, Caller caller, CancellationToken ct) =>
        AfterCode(token, code, await prove.Run(caller.Call, new(token, code), ct), $"/return/{token}/lines");

    private static async Task<IResult> Resend(string token, ResendReturnCode resend, Caller caller, CancellationToken ct) =>
        AfterCode(token, null, await resend.Run(caller.Call, new(token), ct), $"/return/{token}/code?sent=true");

    private static IResult AfterCode(string token, string? code, Outcome<Done> outcome, string next) =>
        outcome.Refusal switch
        {
            null => Web.SeeOther(next),
            { Kind: RefusalKind.NotFound } no => Visit.Refused(no),
            var no => Web.Page<ReturnCodePage>(new { Token = token, Code = code, Refusal = no }, Problems.StatusOf(no)),
        };

    private static async Task<IResult> Choose([AsParameters] Visit visit, IFormCollection typed, FillReturn fill)
    {
        var (wish, chosen, exchange) = Typed(typed);
        var filled = await fill.Run(visit.Caller.Call, new(visit.Token, wish, chosen, exchange), visit.Ct);
        return filled.Refusal switch
        {
            null => Web.SeeOther($"/return/{visit.Token}/check"),
            { Kind: RefusalKind.NotFound } no => Visit.Refused(no),
            var no => await visit.Page(v => Web.Page<ReturnLinesPage>(new { visit.Token, View = v, Wish = wish, Chosen = chosen, Exchange = exchange, Refusal = no }, Problems.StatusOf(no))),
        };
    }

    /// <summary>What a form says of wish, lines, reasons and exchange: fields "quantity-1", "reason-1", "words-1".</summary>
    internal static (ReturnWish? Wish, IReadOnlyList<Chosen> Lines, string? Exchange) Typed(IFormCollection typed)
    {
        ReturnWish? wish = Enum.TryParse<ReturnWish>(typed["wish"], out var known) && Enum.IsDefined(known) ? known : null;
        var lines = new List<Chosen>();
        foreach (var field in typed.Keys.Where(k => k.StartsWith("quantity-", StringComparison.Ordinal)).Take(Orders.RecordOrder.MaxLines))
            if (int.TryParse(field.AsSpan("quantity-".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var line) && Number(typed[field]) is not 0 and var quantity)
                lines.Add(new Chosen(line, quantity, Enum.TryParse<ReturnReason>(typed[$"reason-{line}"], out var reason) ? reason : ReturnReason.NoReason, typed[$"words-{line}"]));
        return (wish, lines, wish == ReturnWish.Exchange ? typed["exchange"].ToString() : null);
    }

    private static async Task<IResult> Send([AsParameters] Visit visit, SubmitReturn submit, CaseAccess access, HttpContext http)
    {
        // A second click finds the draft sent, and lands on the same return.
        var sent = await submit.Run(visit.Caller.Call with { IdempotencyKey = SubmitReturn.KeyOf(visit.Token) }, new(visit.Token), visit.Ct);
        if (sent.Refusal is { } no)
            return no.Kind == RefusalKind.NotFound ? Visit.Refused(no)
                : await visit.Page(v => Web.Page<ReturnLinesPage>(new { visit.Token, View = v, v.Wish, v.Chosen, v.Exchange, Refusal = no }, Problems.StatusOf(no)));
        var first = sent.Value.Returns[0];
        return Web.SeeOther(access.RememberSent(http, first.CaseId, first.At, visit.Caller.Now)
            ? $"/progress/{first.Token}/return?done={(sent.Value.Returns.Count > 1 ? "several" : "begun")}" : $"/progress/{first.Token}");
    }

    private static Task<IResult> Own(ProgressPages.Visit visit, ShowOwnReturn show, Refusal? refusal = null, string? done = null, string? typed = null) =>
        visit.AsCustomer(async (id, call) =>
        {
            var shown = await show.Run(call, new(id), visit.Ct);
            return shown.Refusal is { } no ? new ProblemResult(no)
                : Web.Page<OwnReturnPage>(new { visit.Token, View = shown.Value, Refusal = refusal, Done = done, Words = typed }, refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal));
        });

    private static async Task<IResult> After(ProgressPages.Visit visit, ShowOwnReturn show, Refusal? refusal, string done) =>
        refusal is null ? Web.SeeOther($"{visit.Path}/return?done={done}") : await Own(visit, show, refusal);

    /// <summary>On to the case that follows, opened by the same customer.</summary>
    private static IResult OnTo(ProgressPages.Visit visit, Guid caseId, string token)
    {
        CaseAccess.Remember(visit.Http, visit.Access.Session(caseId, visit.Caller.Now));
        return Web.SeeOther($"/progress/{token}/return?done=again");
    }

    internal static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : string.IsNullOrWhiteSpace(text) ? null : DateOnly.MinValue;

    /// <summary>A whole number as typed; what is not one is out of every range, nothing typed is 0.</summary>
    internal static int Number(string? text) => int.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : string.IsNullOrWhiteSpace(text) ? 0 : -1;
}
