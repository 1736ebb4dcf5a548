using System.Globalization;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Disputes;
using Exeunt.App.Features.Formalities;
using Exeunt.App.Features.Intakes.Console;
using Exeunt.App.Features.Work;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Intakes;

/// <summary>受理: the ways an application comes in beside the portal: phone, e-mail, chat, visit, API; each with its own proof.</summary>
public static class IntakesFeature
{
    public static void Add(IServiceCollection services, HostOptions options)
    {
        services.AddScoped<IntakeProofs>().AddScoped<ApiProof>().AddScoped<MailWork>().AddScoped<PhoneDesk>().AddScoped<ChatDesk>().AddScoped<ITodaySource, IntakeToday>();
        services.AddEffect<ForgetIntake>(ForgetIntake.Kind).AddEffect<SendChat>(SendChat.Kind).AddEffect<MessageOut>(MessageOut.Kind);
        services.AddSingleton<MailDrop>();
        if (options.Worker)
            services.AddHostedService(p => p.GetRequiredService<MailDrop>());
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/intake", async (ListIntake list, Caller caller, CancellationToken ct) =>
            await list.Run(caller.Call, new(), ct) is { Succeeded: true } outcome ? (IResult)Web.Page<IntakePage>(new { View = outcome.Value }) : new ProblemResult(CommonRefusals.NotFound)).Needs(Permission.HandleCases);
        Phone(routes.MapGroup("/intake/phone"));
        Mail(routes.MapGroup("/intake/mail"));
        Chat(routes.MapGroup("/intake/chat"));
        routes.MapPage("/intake/visit", (Reasons.ReasonBook reasons, CancellationToken ct) => VisitForm(reasons, null, null, ct)).Needs(Permission.HandleCases);
        routes.MapForm("/intake/visit", Visit).Needs(Permission.HandleCases).Takes(LargeBodies.Largest);
        Api(routes.MapGroup("/api/intake").WithTags("Intake"));
        routes.MapPost("/api/systems/{name}/messages", Received).WithTags("Intake").Needs(Permission.Public).RequireRateLimiting(Security.CallbackLimit)
            .WithSummary("A chat system's signed message (Standard Webhooks): {\"type\": \"chat.message\", \"data\": {conversation, text, speaker, language, sentAt}}.");
    }

    private static int StatusOf(Refusal? refusal) => refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal);

    /// <summary>What was typed in a form that came back.</summary>
    private static Dictionary<string, string> Kept(IFormCollection typed) => typed.Where(f => !f.Key.StartsWith('_')).ToDictionary(f => f.Key, f => f.Value.ToString());

    // ---- phone -----------------------------------------------------------------------------------------------------------

    private static void Phone(IEndpointRouteBuilder form)
    {
        form.MapPage("", (ListIntake list, Caller caller, CancellationToken ct) => Calls(list, caller, null, ct)).Needs(Permission.HandleCases);
        form.MapForm("", async (IFormCollection typed, StartCall start, ListIntake list, Caller caller, CancellationToken ct) =>
        {
            var outcome = await start.Run(caller.Call, new(typed["number"], typed["language"]), ct);
            return outcome.Refusal is { } no ? await Calls(list, caller, no, ct) : Web.SeeOther($"/intake/phone/{outcome.Value.Id}");
        }).Needs(Permission.HandleCases);
        form.MapPage("/{id:guid}", (Guid id, string? done, ShowCall show, Caller caller, CancellationToken ct) => Script(id, show, caller, null, null, done, ct)).Needs(Permission.HandleCases);
        form.MapForm("/{id:guid}", Noted).Needs(Permission.HandleCases);
    }

    private static async Task<IResult> Calls(ListIntake list, Caller caller, Refusal? refusal, CancellationToken ct)
    {
        var outcome = await list.Run(caller.Call with { IdempotencyKey = null }, new(), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no) : Web.Page<CallsPage>(new { View = outcome.Value, Refusal = refusal }, StatusOf(refusal));
    }

    private static async Task<IResult> Script(Guid id, ShowCall show, Caller caller, Refusal? refusal, IReadOnlyDictionary<string, string>? typed, string? done, CancellationToken ct)
    {
        var outcome = await show.Run(caller.Call with { IdempotencyKey = null }, new(id), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no) : Web.Page<CallPage>(new { View = outcome.Value, Refusal = refusal, Typed = typed, Sent = done == "sent" }, StatusOf(refusal));
    }

    /// <summary>Whatever button was pressed, what was typed is kept first.</summary>
    private static async Task<IResult> Noted(
        Guid id, IFormCollection typed, SaveCall save, SendCallCode send, CheckCallCode check, ApplyByPhone apply, EndCall end, ShowCall show, Caller caller, CancellationToken ct)
    {
        var call = caller.Call with { IdempotencyKey = null };
        var kept = Kept(typed);
        string Text(string name) => kept.GetValueOrDefault(name)?.Trim() ?? "";
        if (Text("endsOn").Length > 0 && DisputesFeature.Day(Text("endsOn")) is null)
            return await Script(id, show, caller, Cases.Intake.DateUnreadable, kept, null, ct);
        var notes = new CallNotes(
            Text("number"), Text("language"), Text("who"), Text("contractNumber"), Text("name"), Text("contact"), Text("representative"), Text("authority"), DisputesFeature.Day(Text("endsOn")), Text("reason"),
            Text("offers") switch { "yes" => true, "no" => false, _ => null }, Text("said"));
        var saved = await save.Run(call, new(id, notes), ct);
        // Sent twice: the first one's page is shown.
        if (saved.Refusal is { Code: "intake.over" })
            return Web.SeeOther($"/intake/phone/{id}");
        if (saved.Refusal is { } unsaved)
            return unsaved.Field is null ? new ProblemResult(unsaved) : await Script(id, show, caller, unsaved, kept, null, ct);
        var refusal = Text("do") switch
        {
            "code" => (await send.Run(call, new(id), ct)).Refusal,
            "check" => (await check.Run(call, new(id, Text("code")), ct)).Refusal,
            "apply" => (await apply.Run(call, new(id, Text("wish") == "yes", Text("confirmed") is { Length: > 0 } told ? told : null, int.TryParse(Text("minutes"), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) ? minutes : null), ct)).Refusal,
            "asked" => (await end.Run(call, new(id, CallState.Asked), ct)).Refusal,
            "dropped" => (await end.Run(call, new(id, CallState.Dropped), ct)).Refusal,
            "called-back" => (await end.Run(call, new(id, CallState.CalledBack), ct)).Refusal,
            "call-back" => (await end.Run(call, new(id, CallState.CallBack, Instant(Text("callBackAt"), caller)), ct)).Refusal,
            _ => null,
        };
        return refusal is null ? Web.SeeOther($"/intake/phone/{id}" + (Text("do") == "code" ? "?done=sent#identity" : Text("do") == "check" ? "#identity" : "")) : await Script(id, show, caller, refusal, kept, null, ct);
    }

    /// <summary>A local time of a form in the company's zone, as the business clock has it, as real time; null when it is none.</summary>
    private static DateTimeOffset? Instant(string? text, Caller caller) =>
        Clocks.InstantIn(text, Clocks.CompanyZone) is { } at && at != DateTimeOffset.MinValue ? at - (caller.BusinessNow - caller.Now) : null;

    // ---- mail ------------------------------------------------------------------------------------------------------------

    private static void Mail(IEndpointRouteBuilder form)
    {
        form.MapPage("", async (string? state, Guid? before, ListMails list, Caller caller, CancellationToken ct) =>
        {
            var outcome = await list.Run(caller.Call, new(Enum.TryParse<MailState>(state, ignoreCase: true, out var one) && Enum.IsDefined(one) ? one : MailState.New, before), ct);
            return outcome.Refusal is { } no ? (IResult)new ProblemResult(no) : Web.Page<MailsPage>(new { List = outcome.Value, Paged = before is not null });
        }).Needs(Permission.HandleCases);
        form.MapPage("/{id:guid}", (Guid id, ShowMail show, Reasons.ReasonBook reasons, Caller caller, CancellationToken ct) => OneMail(id, show, reasons, caller, null, null, null, ct)).Needs(Permission.HandleCases);
        form.MapPage("/{id:guid}/file", async (Guid id, DownloadMail download, Caller caller, CancellationToken ct) =>
        {
            var outcome = await download.Run(caller.Call, new(id), ct);
            return outcome.Refusal is { } no ? new ProblemResult(no) : Results.File(outcome.Value, "application/octet-stream", $"mail-{id.ToString("N")[^8..]}.eml");
        }).Needs(Permission.HandleCases);
        form.MapForm("/{id:guid}/application", async (Guid id, IFormCollection typed, ApplyFromMail apply, ShowMail show, Reasons.ReasonBook reasons, Caller caller, CancellationToken ct) =>
        {
            if (Unreadable(typed) is { } never)
                return await OneMail(id, show, reasons, caller, "application", never, Kept(typed), ct);
            var outcome = await apply.Run(caller.Call, new(id, typed["contractNumber"], typed["name"], typed["contact"], DisputesFeature.Day(typed["endsOn"]), typed["reason"]), ct);
            return outcome.Refusal is { } no ? await OneMail(id, show, reasons, caller, "application", no, Kept(typed), ct) : Web.SeeOther($"/cases/{outcome.Value.CaseId}");
        }).Needs(Permission.HandleCases);
        form.MapForm("/{id:guid}/case", async (Guid id, IFormCollection typed, JoinMail join, ShowMail show, Reasons.ReasonBook reasons, Caller caller, CancellationToken ct) =>
        {
            var outcome = await join.Run(caller.Call, new(id, typed["case"]), ct);
            return outcome.Refusal is { } no ? await OneMail(id, show, reasons, caller, "case", no, Kept(typed), ct) : Web.SeeOther($"/cases/{outcome.Value.CaseId}#messages");
        }).Needs(Permission.HandleCases);
        form.MapForm("/{id:guid}/dismissal", async (Guid id, IFormCollection typed, DismissMail dismiss, ShowMail show, Reasons.ReasonBook reasons, Caller caller, CancellationToken ct) =>
        {
            var outcome = await dismiss.Run(caller.Call, new(id, typed["dismissal"]), ct);
            return outcome.Refusal is { } no ? await OneMail(id, show, reasons, caller, "dismissal", no, Kept(typed), ct) : Web.SeeOther("/intake/mail");
        }).Needs(Permission.HandleCases);
    }

    private static Refusal? Unreadable(IFormCollection typed) => typed["endsOn"].ToString() is { Length: > 0 } text && DisputesFeature.Day(text) is null ? Cases.Intake.DateUnreadable : null;

    private static async Task<IResult> OneMail(Guid id, ShowMail show, Reasons.ReasonBook reasons, Caller caller, string? form, Refusal? refusal, IReadOnlyDictionary<string, string>? typed, CancellationToken ct)
    {
        var outcome = await show.Run(caller.Call with { IdempotencyKey = null }, new(id), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no)
            : Web.Page<MailPage>(new { View = outcome.Value, Reasons = await reasons.All(ct), Form = form, Refusal = refusal, Typed = typed }, StatusOf(refusal));
    }

    // ---- chat ------------------------------------------------------------------------------------------------------------

    private static void Chat(IEndpointRouteBuilder form)
    {
        form.MapPage("", async (ListIntake list, Caller caller, CancellationToken ct) =>
            await list.Run(caller.Call, new(), ct) is { Succeeded: true } outcome ? (IResult)Web.Page<ChatsPage>(new { View = outcome.Value }) : new ProblemResult(CommonRefusals.NotFound)).Needs(Permission.HandleCases);
        form.MapPage("/{id:guid}", (Guid id, ShowChat show, Caller caller, CancellationToken ct) => OneChat(id, show, caller, null, null, null, ct)).Needs(Permission.HandleCases);
        form.MapForm("/{id:guid}/reply", async (Guid id, IFormCollection typed, ReplyInChat reply, ShowChat show, Caller caller, CancellationToken ct) =>
        {
            var outcome = await reply.Run(caller.Call, new(id, typed["words"]), ct);
            return outcome.Refusal is { } no ? await OneChat(id, show, caller, "reply", no, Kept(typed), ct) : Web.SeeOther($"/intake/chat/{id}");
        }).Needs(Permission.HandleCases);
        form.MapForm("/{id:guid}/application", async (Guid id, IFormCollection typed, ApplyFromChat apply, ShowChat show, Caller caller, CancellationToken ct) =>
        {
            if (Unreadable(typed) is { } never)
                return await OneChat(id, show, caller, "application", never, Kept(typed), ct);
            var outcome = await apply.Run(caller.Call, new(id, typed["contractNumber"], typed["name"], typed["contact"], DisputesFeature.Day(typed["endsOn"]), typed["reason"]), ct);
            return outcome.Refusal is { } no ? await OneChat(id, show, caller, "application", no, Kept(typed), ct) : Web.SeeOther($"/cases/{outcome.Value.CaseId}");
        }).Needs(Permission.HandleCases);
        form.MapForm("/{id:guid}/dismissal", async (Guid id, IFormCollection typed, CloseChat close, ShowChat show, Caller caller, CancellationToken ct) =>
        {
            var outcome = await close.Run(caller.Call, new(id, typed["dismissal"]), ct);
            return outcome.Refusal is { } no ? await OneChat(id, show, caller, "dismissal", no, Kept(typed), ct) : Web.SeeOther("/intake/chat");
        }).Needs(Permission.HandleCases);
    }

    private static async Task<IResult> OneChat(Guid id, ShowChat show, Caller caller, string? form, Refusal? refusal, IReadOnlyDictionary<string, string>? typed, CancellationToken ct)
    {
        var outcome = await show.Run(caller.Call with { IdempotencyKey = null }, new(id), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no) : Web.Page<ChatPage>(new { View = outcome.Value, Form = form, Refusal = refusal, Typed = typed }, StatusOf(refusal));
    }

    private static async Task<IResult> Received(string name, HttpRequest request, ReceiveChat receive, Caller caller, CancellationToken ct)
    {
        var buffer = new byte[ReceiveCallback.MaxBody + 1];
        var length = request.ContentLength is > ReceiveCallback.MaxBody ? buffer.Length : await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
        if (length > ReceiveCallback.MaxBody)
            return new ProblemResult(IntakeRefusals.ChatUnreadable);
        string? Header(string header) => request.Headers[header].ToString() is { Length: > 0 } value ? value : null;
        return (await receive.Run(caller.Call with { IdempotencyKey = null },
            new(name, Header("webhook-id"), Header("webhook-timestamp"), Header("webhook-signature"), System.Text.Encoding.UTF8.GetString(buffer, 0, length)), ct)).Api();
    }

    // ---- visit -----------------------------------------------------------------------------------------------------------

    private static async Task<IResult> VisitForm(Reasons.ReasonBook reasons, Refusal? refusal, IReadOnlyDictionary<string, string>? typed, CancellationToken ct) =>
        Web.Page<VisitPage>(new { Reasons = await reasons.All(ct), Refusal = refusal, Typed = typed }, StatusOf(refusal));

    private static async Task<IResult> Visit(IFormCollection typed, RecordVisit record, Reasons.ReasonBook reasons, Caller caller, CancellationToken ct)
    {
        if (Unreadable(typed) is { } never)
            return await VisitForm(reasons, never, Kept(typed), ct);
        var files = new List<byte[]>();
        foreach (var file in typed.Files.GetFiles("files").Take(IntakeProofs.MaxFiles))
            if (await Uploads.Bytes(file, ct) is { } bytes)
                files.Add(bytes);
        var outcome = await record.Run(caller.Call, new(
            typed["contractNumber"], typed["name"], typed["contact"], DisputesFeature.Day(typed["endsOn"]), typed["reason"], typed["said"], Instant(typed["visitedAt"], caller),
            int.TryParse(typed["minutes"], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) ? minutes : -1, typed["where"], typed["present"], typed["documentsSeen"], typed["representative"],
            await Uploads.Bytes(typed.Files.GetFile("signature"), ct), files, typed["language"]), ct);
        return outcome.Refusal is { } no ? await VisitForm(reasons, no, Kept(typed), ct) : Web.SeeOther($"/cases/{outcome.Value.CaseId}");
    }

    // ---- the REST API ----------------------------------------------------------------------------------------------------

    public sealed record NewCall(string? Number, string? Language);

    public sealed record Code(string? Value);

    public sealed record CallApplication(bool Wish, string? Confirmed, int? Minutes);

    public sealed record CallEnd(CallState? As, DateTimeOffset? CallBackAt);

    public sealed record MadeOf(string? ContractNumber, string? Name, string? Contact, DateOnly? EndsOn, string? Reason);

    public sealed record Belongs(string? Case);

    public sealed record Dismissal(string? Reason);

    public sealed record Words(string? Text);

    public sealed record NewVisit(
        string? ContractNumber, string? Name, string? Contact, DateOnly? EndsOn, string? Reason, string? Said, DateTimeOffset? VisitedAt, int Minutes, string? Where, string? Present, string? DocumentsSeen, string? Representative,
        byte[]? Signature, IReadOnlyList<byte[]>? Files, string? Language);

    private static void Api(IEndpointRouteBuilder api)
    {
        api.MapGet("", async (ListIntake list, Caller caller, CancellationToken ct) => (await list.Run(caller.Call, new(), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("What waits at the door: open calls, mails, conversations.");
        api.MapPost("/calls", async (NewCall body, StartCall start, Caller caller, CancellationToken ct) => (await start.Run(caller.Call, new(body.Number, body.Language), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Begin to note down a call.");
        api.MapPut("/calls/{id:guid}", async (Guid id, CallNotes body, SaveCall save, Caller caller, CancellationToken ct) => (await save.Run(caller.Call, new(id, body), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Keep what was noted.");
        api.MapPost("/calls/{id:guid}/code", async (Guid id, SendCallCode send, Caller caller, CancellationToken ct) => (await send.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Send a code to the contact on file, for the caller to read back.");
        api.MapPost("/calls/{id:guid}/identity", async (Guid id, Code body, CheckCallCode check, Caller caller, CancellationToken ct) => (await check.Run(caller.Call, new(id, body.Value), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Check the code that the caller read back.");
        api.MapPost("/calls/{id:guid}/application", async (Guid id, CallApplication body, ApplyByPhone apply, Caller caller, CancellationToken ct) => (await apply.Run(caller.Call, new(id, body.Wish, body.Confirmed, body.Minutes), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Take the caller's application.");
        api.MapPost("/calls/{id:guid}/end", async (Guid id, CallEnd body, EndCall end, Caller caller, CancellationToken ct) => (await end.Run(caller.Call, new(id, body.As, body.CallBackAt), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("End a call without an application.");
        api.MapGet("/mails", async (MailState? state, Guid? before, ListMails list, Caller caller, CancellationToken ct) => (await list.Run(caller.Call, new(state ?? MailState.New, before), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Mails of a state, newest first, 50 a page; before for the next page.");
        api.MapPost("/mails/{id:guid}/application", async (Guid id, MadeOf body, ApplyFromMail apply, Caller caller, CancellationToken ct) => (await apply.Run(caller.Call, new(id, body.ContractNumber, body.Name, body.Contact, body.EndsOn, body.Reason), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Make a mail an application.");
        api.MapPost("/mails/{id:guid}/case", async (Guid id, Belongs body, JoinMail join, Caller caller, CancellationToken ct) => (await join.Run(caller.Call, new(id, body.Case), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Say to which case a mail belongs.");
        api.MapPost("/mails/{id:guid}/dismissal", async (Guid id, Dismissal body, DismissMail dismiss, Caller caller, CancellationToken ct) => (await dismiss.Run(caller.Call, new(id, body.Reason), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Say why a mail is no application.");
        api.MapPost("/conversations/{id:guid}/replies", async (Guid id, Words body, ReplyInChat reply, Caller caller, CancellationToken ct) => (await reply.Run(caller.Call, new(id, body.Text), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Answer in a conversation.");
        api.MapPost("/conversations/{id:guid}/application", async (Guid id, MadeOf body, ApplyFromChat apply, Caller caller, CancellationToken ct) => (await apply.Run(caller.Call, new(id, body.ContractNumber, body.Name, body.Contact, body.EndsOn, body.Reason), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Make a conversation an application.");
        api.MapPost("/conversations/{id:guid}/dismissal", async (Guid id, Dismissal body, CloseChat close, Caller caller, CancellationToken ct) => (await close.Run(caller.Call, new(id, body.Reason), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Say why a conversation is no application.");
        api.MapPost("/visits", async (NewVisit body, RecordVisit record, Caller caller, CancellationToken ct) => (await record.Run(caller.Call, new(
                body.ContractNumber, body.Name, body.Contact, body.EndsOn, body.Reason, body.Said, body.VisitedAt, body.Minutes, body.Where, body.Present, body.DocumentsSeen, body.Representative, body.Signature, body.Files ?? [], body.Language), ct)).Api())
            .Needs(Permission.HandleCases).Takes(LargeBodies.Largest).WithSummary("Take an application made at a visit; files in Base64.");
    }
}
