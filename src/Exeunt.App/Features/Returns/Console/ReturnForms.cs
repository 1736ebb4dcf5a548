using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Orders;
using Exeunt.App.Features.Returns.Portal;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Exeunt.Core.Returns;

namespace Exeunt.App.Features.Returns.Console;

/// <summary>What staff do with orders and returns in the console.</summary>
public static class ReturnForms
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/orders/{id:guid}", (Guid id, ShowOrder show, Caller caller, CancellationToken ct) => Order(id, show, caller, null, null, ct)).Needs(Permission.ViewCustomers);
        routes.MapForm("/orders/{id:guid}/returns", async (Guid id, IFormCollection typed, ShowOrder show, TakeReturn take, Caller caller, CancellationToken ct) =>
        {
            var (wish, lines, exchange) = ReturnPages.Typed(typed);
            var channel = Enum.TryParse<Channel>(typed["channel"], out var known) ? known : Channel.Phone;
            var taken = await take.Run(caller.Call, new(id, wish, lines, typed["proof"], channel, exchange), ct);
            return taken.Refusal is { } no ? await Order(id, show, caller, no, typed, ct) : Web.SeeOther($"/cases/{taken.Value.Returns[0].CaseId}#return");
        }).Needs(Permission.HandleCases);
        var form = routes.MapGroup("/cases/{id:guid}/return");
        form.MapForm("/decision", (Guid id, IFormCollection typed, CasesConsole.Pages pages, DecideReturn decide, CancellationToken ct) =>
            pages.After("return-decision", id, typed, call => decide.Run(call, new(id, typed["admit"] == "yes" ? true : typed["admit"] == "no" ? false : null, typed["words"]), ct), ct, "return")).Needs(Permission.DecideLines);
        form.MapForm("/parcel", (Guid id, IFormCollection typed, CasesConsole.Pages pages, ReceiveParcel receive, CancellationToken ct) =>
            pages.After("return-parcel", id, typed, call => receive.Run(call, new(id, ReturnPages.Day(typed["on"])), ct), ct, "return")).Needs(Permission.CarryOutWork);
        form.MapForm("/inspection", (Guid id, IFormCollection typed, CasesConsole.Pages pages, InspectReturn inspect, CancellationToken ct) =>
            pages.After("return-inspection", id, typed, call => inspect.Run(call, new(id, Looked(typed)), ct), ct, "return")).Needs(Permission.CarryOutWork);
        form.MapForm("/photos", async (Guid id, IFormCollection typed, CasesConsole.Pages pages, AddReturnPhoto add, CancellationToken ct) =>
        {
            var photo = await Formalities.Uploads.Bytes(typed.Files["photo"], ct);
            return await pages.After("return-photo", id, typed, call => add.Run(call, new(id, ReturnPages.Number(typed["line"]), photo), ct), ct, "return");
        }).Needs(Permission.CarryOutWork).Takes(LargeBodies.OneFile);
        form.MapForm("/revival", (Guid id, IFormCollection typed, CasesConsole.Pages pages, ReviveForCustomer revive, CancellationToken ct) =>
            pages.After("return-revival", id, typed, call => revive.Run(call, new(id), ct), ct, "return")).Needs(Permission.HandleCases);
    }

    private static async Task<IResult> Order(Guid id, ShowOrder show, Caller caller, Core.Refusal? refusal, IFormCollection? typed, CancellationToken ct)
    {
        var shown = await show.Run(caller.Call with { IdempotencyKey = null }, new(id), ct);
        return shown.Refusal is { } no ? new ProblemResult(no) : Web.Page<OrderPage>(new { View = shown.Value, Refusal = refusal, Typed = typed }, refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal));
    }

    private static List<InspectReturn.Looked> Looked(IFormCollection typed)
    {
        static T? Of<T>(string? text) where T : struct, Enum => Enum.TryParse<T>(text, out var known) && Enum.IsDefined(known) ? known : null;
        var lines = new List<InspectReturn.Looked>();
        foreach (var field in typed.Keys.Where(k => k.StartsWith("accepted-", StringComparison.Ordinal)).Take(RecordOrder.MaxLines))
        {
            var line = ReturnPages.Number(field["accepted-".Length..]);
            lines.Add(new InspectReturn.Looked(
                line, ReturnPages.Number(typed[field]), ReturnPages.Number(typed[$"rejected-{line}"]), Of<ReturnedCondition>(typed[$"condition-{line}"]), Of<RejectGround>(typed[$"ground-{line}"]),
                typed[$"finding-{line}"], Of<RejectedFate>(typed[$"fate-{line}"]), ReturnPages.Day(typed[$"fateOn-{line}"])));
        }
        return lines;
    }
}
