using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Orders;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Returns;

namespace Exeunt.App.Features.Returns;

/// <summary>退换货: orders, and what comes back of them; pages in Portal and Console, the REST API here.</summary>
public static class ReturnsFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddScoped<OrderBook>().AddScoped<ReturnPolicies>().AddScoped<ReturnDrafts>().AddScoped<ReturnDesk>().AddScoped<ReturnCases>().AddScoped<ReturnReader>().AddScoped<PhotoDesk>()
            .AddScoped<ITodaySource, ReturnsToday>();
        services.AddEffect<SettleReturnStep>("step.settle-return").AddEffect<ReturnLapses>("return.lapse").AddEffect<ResultUnanswered>(ResultUnanswered.Kind);
    }

    public sealed record Started(string? OrderNumber, string? Contact);

    public sealed record CodeEntered(string? Code);

    public sealed record Wanted(ReturnWish? Wish, IReadOnlyList<Chosen>? Lines, string? Exchange);

    public sealed record Taken(ReturnWish? Wish, IReadOnlyList<Chosen>? Lines, string? Proof, Channel Channel = Channel.Phone, string? Exchange = null);

    public sealed record Sent(DateOnly? On, string? Carrier);

    public sealed record Words(string? Text);

    public sealed record Photo(int Line, byte[]? Bytes);

    public sealed record Decision(bool? Admit, string? Words);

    public sealed record Arrived(DateOnly? On);

    public sealed record Inspected(IReadOnlyList<InspectReturn.Looked>? Lines);

    public static void Map(IEndpointRouteBuilder routes)
    {
        Drafting(routes.MapGroup("/api/returns").WithTags("Customer"));
        Own(routes.MapGroup("/api/progress/{token}/return").WithTags("Customer"));
        Staff(routes.MapGroup("/api/cases/{id:guid}/return").WithTags("Returns"));
        var api = routes.MapGroup("/api").WithTags("Returns");
        api.MapPost("/orders", async (RecordOrder.Request body, RecordOrder record, Caller caller, CancellationToken ct) => (await record.Run(caller.Call, body, ct)).Api())
            .Needs(Permission.ImportData).WithSummary("Record an order; sent again it tells shipping, delivery, invoice and further payments.");
        api.MapGet("/orders/{id:guid}", async (Guid id, ShowOrder show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.ViewCustomers).WithSummary("An order with its lines and payments.");
        api.MapGet("/customers/{id:long}/orders", async (long id, ListOrders list, Caller caller, CancellationToken ct) => (await list.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.ViewCustomers).WithSummary("The orders of a customer, newest first.");
        api.MapPost("/orders/{id:guid}/returns", async (Guid id, Taken body, TakeReturn take, Caller caller, CancellationToken ct) => (await take.Run(caller.Call, new(id, body.Wish, body.Lines, body.Proof, body.Channel, body.Exchange), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Take a return for a customer.");
        api.MapPost("/products", async (SaveProduct.Request body, SaveProduct save, Caller caller, CancellationToken ct) => (await save.Run(caller.Call, body, ct)).Api())
            .Needs(Permission.ImportData).WithSummary("An article that can be had in exchange.");
        api.MapGet("/return-policy", async (ShowReturnPolicy show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, new(), ct)).Api())
            .Needs(Permission.Public).WithSummary("The company's own rules of returning, beyond the law.");
        api.MapPut("/return-policy", async (ReturnPolicy body, SaveReturnPolicy save, Caller caller, CancellationToken ct) => (await save.Run(caller.Call, new(body), ct)).Api())
            .Needs(Permission.ManageSettings).WithSummary("Change them.");
        Portal.ReturnPages.Map(routes);
        Console.ReturnForms.Map(routes);
    }

    private static void Drafting(IEndpointRouteBuilder api)
    {
        api.MapPost("", async (Started body, StartReturn start, Caller caller, CancellationToken ct) => (await start.Run(caller.Call, new(body.OrderNumber, body.Contact), ct)).Api())
            .Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit).WithSummary("Begin a return. Answers the same for a real and an invented order.");
        api.MapPost("/{token}/code", async (string token, ResendReturnCode resend, Caller caller, CancellationToken ct) => (await resend.Run(caller.Call, new(token), ct)).Api())
            .Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit).WithSummary("Send another code to the contact on file.");
        api.MapPost("/{token}/identity", async (string token, CodeEntered body, ProveReturn prove, Caller caller, CancellationToken ct) => (await prove.Run(caller.Call, new(token, body.Code), ct)).Api())
            .Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit).WithSummary("Enter the code; then the order shows.");
        api.MapGet("/{token}", async (string token, ShowReturnDraft show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, new(token), ct)).Api())
            .Needs(Permission.Public).WithSummary("A return under way, and what it would bring.");
        api.MapPut("/{token}", async (string token, Wanted body, FillReturn fill, Caller caller, CancellationToken ct) => (await fill.Run(caller.Call, new(token, body.Wish, body.Lines, body.Exchange), ct)).Api())
            .Needs(Permission.Public).WithSummary("What is wanted, of which lines and why.");
        api.MapPost("/{token}/submission", async (string token, SubmitReturn submit, Caller caller, CancellationToken ct) => (await submit.Run(caller.Call, new(token, Channel.Api), ct)).Api())
            .Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit).WithSummary("Send it; answers with the return's number, deadline and link.");
    }

    private static void Own(IEndpointRouteBuilder api)
    {
        api.MapGet("", (string token, CaseAccess access, ShowOwnReturn show, Caller caller, HttpContext http, CancellationToken ct) =>
            AsCustomer(token, access, caller, http, async (id, call) => (await show.Run(call, new(id), ct)).Api(), ct)).Needs(Permission.CustomerOfCase).WithSummary("One's own return.");
        api.MapPost("/sent", (string token, Sent body, CaseAccess access, TellSent tell, Caller caller, HttpContext http, CancellationToken ct) =>
            AsCustomer(token, access, caller, http, async (id, call) => (await tell.Run(call, new(id, body.On, body.Carrier), ct)).Api(), ct))
            .Needs(Permission.CustomerOfCase).WithSummary("The goods are sent, with the carrier's number.");
        api.MapPost("/photos", (string token, Photo body, CaseAccess access, AddOwnPhoto add, Caller caller, HttpContext http, CancellationToken ct) =>
            AsCustomer(token, access, caller, http, async (id, call) => (await add.Run(call, new(id, body.Line, body.Bytes), ct)).Api(), ct))
            .Needs(Permission.CustomerOfCase).Takes(LargeBodies.OneFile).WithSummary("Add a photo to a line; base64.");
        api.MapPost("/confirmation", (string token, CaseAccess access, ConfirmResult confirm, Caller caller, HttpContext http, CancellationToken ct) =>
            AsCustomer(token, access, caller, http, async (id, call) => (await confirm.Run(call, new(id), ct)).Api(), ct)).Needs(Permission.CustomerOfCase).WithSummary("The result is right.");
        api.MapPost("/objection", (string token, Words body, CaseAccess access, ContestResult contest, Caller caller, HttpContext http, CancellationToken ct) =>
            AsCustomer(token, access, caller, http, async (id, call) => (await contest.Run(call, new(id, body.Text), ct)).Api(), ct))
            .Needs(Permission.CustomerOfCase).WithSummary("The result is wrong: another person looks again.");
        api.MapPost("/revival", (string token, CaseAccess access, ReviveReturn revive, Caller caller, HttpContext http, CancellationToken ct) =>
            AsCustomer(token, access, caller, http, async (id, call) => (await revive.Run(call, new(id), ct)).Api(), ct))
            .Needs(Permission.CustomerOfCase).WithSummary("Begin a lapsed return anew while its right runs.");
    }

    private static async Task<IResult> AsCustomer(string token, CaseAccess access, Caller caller, HttpContext http, Func<Guid, Call, Task<IResult>> work, CancellationToken ct)
    {
        var (id, call, refusal) = await access.Open(http, caller, token, ct);
        return refusal is null ? await work(id, call) : new ProblemResult(refusal);
    }

    private static void Staff(IEndpointRouteBuilder api)
    {
        api.MapGet("", async (Guid id, ShowReturn show, Caller caller, CancellationToken ct) => (await show.Run(caller.Call, new(id), ct)).Api()).Needs(Permission.ViewCases).WithSummary("The return of a case.");
        api.MapPost("/decision", async (Guid id, Decision body, DecideReturn decide, Caller caller, CancellationToken ct) => (await decide.Run(caller.Call, new(id, body.Admit, body.Words), ct)).Api())
            .Needs(Permission.DecideLines).WithSummary("Agree to a return that neither law nor promise grants, or refuse it.");
        api.MapPost("/parcel", async (Guid id, Arrived body, ReceiveParcel receive, Caller caller, CancellationToken ct) => (await receive.Run(caller.Call, new(id, body.On), ct)).Api())
            .Needs(Permission.CarryOutWork).WithSummary("The goods arrived; the time for the refund begins.");
        api.MapPost("/photos", async (Guid id, Photo body, AddReturnPhoto add, Caller caller, CancellationToken ct) => (await add.Run(caller.Call, new(id, body.Line, body.Bytes), ct)).Api())
            .Needs(Permission.CarryOutWork).Takes(LargeBodies.OneFile).WithSummary("Add a photo to a line; base64.");
        api.MapPost("/inspection", async (Guid id, Inspected body, InspectReturn inspect, Caller caller, CancellationToken ct) => (await inspect.Run(caller.Call, new(id, body.Lines), ct)).Api())
            .Needs(Permission.CarryOutWork).WithSummary("What came back, line by line.");
        api.MapPost("/revival", async (Guid id, ReviveForCustomer revive, Caller caller, CancellationToken ct) => (await revive.Run(caller.Call, new(id), ct)).Api())
            .Needs(Permission.HandleCases).WithSummary("Begin a lapsed return anew: a parcel that came late.");
    }
}
