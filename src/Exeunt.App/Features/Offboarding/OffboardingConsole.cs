using System.Globalization;
using System.Text;
using Exeunt.App.Features.Approvals;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Disputes;
using Exeunt.App.Features.Formalities;
using Exeunt.App.Features.FollowUps;
using Exeunt.App.Features.Offboarding.Console;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Offboarding;
using Exeunt.Core.Procedures;

namespace Exeunt.App.Features.Offboarding;

/// <summary>清退 in the console: opening from the customer's file, the forms of the case page, the register, the equal-treatment report.</summary>
public static class OffboardingConsole
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/customers/{id:long}/offboarding", (long id, long? contract, bool? now, ShowCustomer show, Caller caller, CancellationToken ct) => NewPage(id, contract, now == true, show, caller, null, null, ct)).Needs(Permission.HandleOffboarding);
        routes.MapForm("/customers/{id:long}/offboarding", Open).Needs(Permission.HandleOffboarding).Takes(LargeBodies.Largest);
        routes.MapForm("/customers/{id:long}/immediate", End).Needs(Permission.EndImmediately).Takes(LargeBodies.Largest);
        routes.MapPage("/spot-decisions", (Guid? before, ListSpotDecisions list, Caller caller, CancellationToken ct) => Register(before, list, caller, null, null, ct)).Needs(Permission.HandleOffboarding);
        routes.MapForm("/spot-decisions", async (IFormCollection typed, RefuseAdmission refuse, ListSpotDecisions list, Caller caller, CancellationToken ct) =>
        {
            var outcome = await refuse.Run(caller.Call, new(Number(typed["unit"]), typed["ground"], typed["words"], Clocks.InstantIn(typed["toldAt"], Clocks.CompanyZone), typed["toldTo"]), ct);
            return outcome.Refusal is { } no ? await Register(null, list, caller, no, Kept(typed), ct) : Web.SeeOther("/spot-decisions");
        }).Needs(Permission.EndImmediately);
        routes.MapForm("/spot-decisions/{spot:guid}", async (Guid spot, IFormCollection typed, ReviewAdmission review, ListSpotDecisions list, Caller caller, CancellationToken ct) =>
        {
            var outcome = await review.Run(caller.Call, new(spot, YesNo(typed["stands"]), typed["words"]), ct);
            return outcome.Refusal is { } no ? await Register(null, list, caller, no, Kept(typed), ct) : Web.SeeOther("/spot-decisions");
        }).Needs(Permission.DecideOffboarding);
        routes.MapPage("/treatment", (string? from, string? until, string? ground, int? unit, ReportTreatment report, ReportDecisionEffects effects, Caller caller, CancellationToken ct) =>
            Treatment(new(DisputesFeature.Day(from), DisputesFeature.Day(until), ground, unit), report, effects, caller, ct)).Needs(Permission.ViewTreatment);
        routes.MapPage("/treatment.csv", Csv).Needs(Permission.ViewTreatment);
        Forms(routes.MapGroup("/cases/{id:guid}"));
    }

    private static void Forms(IEndpointRouteBuilder form)
    {
        const string card = "offboarding";
        form.MapForm("/talk/conclusion", (Guid id, IFormCollection typed, CasesConsole.Pages pages, ConcludeTalk conclude, CancellationToken ct) =>
            pages.After("conclusion", id, typed, call => conclude.Run(call, new(id, CaseMoneyForms.One<TalkResult>(typed["result"]), typed["words"], typed["monthlyFee"], int.TryParse(typed["noticeDays"], out var days) ? days : null), ct), ct, card)).Needs(Permission.HandleOffboarding);
        form.MapForm("/cure-agreement", (Guid id, IFormCollection typed, CasesConsole.Pages pages, AgreeCure agree, CancellationToken ct) =>
            pages.After("cure", id, typed, call => agree.Run(call, new(id, DisputesFeature.Day(typed["untilOn"]), typed["words"], typed["consequence"], Targets(typed)), ct), ct, card)).Needs(Permission.HandleOffboarding);
        form.MapForm("/cure-agreement/judgement", (Guid id, IFormCollection typed, CasesConsole.Pages pages, JudgeCure judge, CancellationToken ct) =>
            pages.After("judgement", id, typed, call => judge.Run(call, new(id, YesNo(typed["met"]), typed["words"]), ct), ct, card)).Needs(Permission.HandleOffboarding);
        form.MapForm("/checks", async (Guid id, IFormCollection typed, CasesConsole.Pages pages, TickItem tick, CancellationToken ct) =>
        {
            var evidence = await Formalities.Uploads.Bytes(typed.Files["evidence"], ct);
            return await pages.After("check", id, typed, call => tick.Run(call, new(id, typed["item"], typed["words"], evidence), ct), ct, card);
        }).Needs(Permission.HandleOffboarding).Takes(LargeBodies.OneFile);
        form.MapForm("/decision", (Guid id, IFormCollection typed, CasesConsole.Pages pages, DraftDecision draft, CancellationToken ct) =>
            pages.After("decision", id, typed, call => draft.Run(call, new(id, typed["ground"], [.. typed["codes"].OfType<string>()], typed["reasons"], DisputesFeature.Day(typed["effectiveOn"]), typed["restricted"],
                int.TryParse(typed["objectDays"], out var days) ? days : null), ct), ct, card)).Needs(Permission.HandleOffboarding);
        form.MapForm("/decision/approve", (Guid id, IFormCollection typed, CasesConsole.Pages pages, Approve approve, CancellationToken ct) =>
            pages.After("approval", id, typed, call => approve.Run(call, new(id, ApprovalSubject.Decision, null, typed["digest"], typed["words"]), ct), ct, card)).Needs(Permission.DecideOffboarding);
        form.MapForm("/decision/return", (Guid id, IFormCollection typed, CasesConsole.Pages pages, ReturnApproval back, CancellationToken ct) =>
            pages.After("approval", id, typed, call => back.Run(call, new(id, typed["words"], ApprovalSubject.Decision), ct), ct, card)).Needs(Permission.DecideOffboarding);
        form.MapForm("/decision/reverse", (Guid id, IFormCollection typed, CasesConsole.Pages pages, ReverseDecision reverse, CancellationToken ct) =>
            pages.After("approval", id, typed, call => reverse.Run(call, new(id, typed["words"]), ct), ct, card)).Needs(Permission.DecideOffboarding);
        form.MapForm("/objection", (Guid id, IFormCollection typed, CasesConsole.Pages pages, DecideObjection decide, CancellationToken ct) =>
            pages.After("objection", id, typed, call => decide.Run(call, new(id, YesNo(typed["upheld"]), typed["words"]), ct), ct, card)).Needs(Permission.DecideOffboarding);
        form.MapForm("/open-orders", (Guid id, IFormCollection typed, CasesConsole.Pages pages, ListOpenOrders list, CancellationToken ct) =>
            pages.After("orders", id, typed, call => list.Run(call, new(id, typed["orders"]), ct), ct, card)).Needs(Permission.HandleCases);
        form.MapForm("/open-orders/{order:guid}", (Guid id, Guid order, IFormCollection typed, CasesConsole.Pages pages, CloseOpenOrder close, CancellationToken ct) =>
            pages.After("orders", id, typed, call => close.Run(call, new(id, order, CaseMoneyForms.One<OpenOrderState>(typed["state"])), ct), ct, card)).Needs(Permission.HandleCases);
        form.MapForm("/wind-down", (Guid id, IFormCollection typed, CasesConsole.Pages pages, FinishWindDown finish, CancellationToken ct) =>
            pages.After("orders", id, typed, call => finish.Run(call, new(id), ct), ct, card)).Needs(Permission.HandleCases);
        form.MapForm("/cure", (Guid id, IFormCollection typed, CasesConsole.Pages pages, CureCase cure, CancellationToken ct) =>
            pages.After("cured", id, typed, call => cure.Run(call, new(id, typed["words"]), ct), ct, card)).Needs(Permission.HandleOffboarding);
    }

    /// <summary>What stood in a form that came back.</summary>
    public sealed record NewForm(IReadOnlyDictionary<string, string> Typed, IReadOnlyList<string> Facts, IReadOnlyList<string> Codes);

    private static async Task<IResult> NewPage(long id, long? contract, bool now, ShowCustomer show, Caller caller, Refusal? refusal, NewForm? typed, CancellationToken ct)
    {
        var file = await show.Run(caller.Call with { IdempotencyKey = null }, id, ct);
        return file.Refusal is { } no ? new ProblemResult(no)
            : Web.Page<OpenPage>(new { File = file.Value, Contract = contract, Now = now && caller.May(Permission.EndImmediately), Refusal = refusal, Form = typed }, refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal));
    }

    private static async Task<IResult> Open(long id, IFormCollection typed, OpenOffboarding open, ShowCustomer show, Caller caller, CancellationToken ct)
    {
        var contract = Long(typed["contract"]);
        var outcome = await open.Run(caller.Call, new(id, contract, typed["ground"], typed["words"], Facts(typed), await Files(typed, ct)), ct);
        return outcome.Refusal is { } no ? await NewPage(id, contract, false, show, caller, no, Form(typed), ct) : Web.SeeOther($"/cases/{outcome.Value.CaseId}");
    }

    private static async Task<IResult> End(long id, IFormCollection typed, EndImmediately end, ShowCustomer show, Caller caller, CancellationToken ct)
    {
        var contract = Long(typed["contract"]);
        var outcome = await end.Run(caller.Call, new(id, contract, typed["ground"], typed["words"], [.. typed["codes"].OfType<string>()], typed["reasons"], Clocks.InstantIn(typed["toldAt"], Clocks.CompanyZone), typed["toldTo"], Facts(typed), await Files(typed, ct)), ct);
        return outcome.Refusal is { } no ? await NewPage(id, contract, true, show, caller, no, Form(typed), ct) : Web.SeeOther($"/cases/{outcome.Value.CaseId}");
    }

    private static async Task<IResult> Register(Guid? before, ListSpotDecisions list, Caller caller, Refusal? refusal, IReadOnlyDictionary<string, string>? typed, CancellationToken ct)
    {
        var outcome = await list.Run(caller.Call with { IdempotencyKey = null }, new(before), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no)
            : Web.Page<SpotPage>(new { List = outcome.Value, Paged = before is not null, Refusal = refusal, Typed = typed }, refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal));
    }

    private static async Task<IResult> Treatment(ReportTreatment.Request request, ReportTreatment report, ReportDecisionEffects effects, Caller caller, CancellationToken ct)
    {
        var outcome = await report.Run(caller.Call, request, ct);
        if (outcome.Refusal is { } no)
            return new ProblemResult(no);
        var came = await effects.Run(caller.Call, new(outcome.Value.From, outcome.Value.Until), ct);
        return Web.Page<TreatmentPage>(new { Report = outcome.Value, Effects = came.Value, request.Ground });
    }

    /// <summary>One line for each compared case, with its group and the group's usual measure.</summary>
    private static async Task<IResult> Csv(string? from, string? until, string? ground, int? unit, ReportTreatment report, Caller caller, CancellationToken ct)
    {
        var outcome = await report.Run(caller.Call, new(DisputesFeature.Day(from), DisputesFeature.Day(until), ground, unit), ct);
        if (outcome.Refusal is { } no)
            return new ProblemResult(no);
        var csv = new StringBuilder("group,case,ground,tier,currency,spend_band,arrears_band,measure,usual,otherwise\n");
        foreach (var (n, group) in outcome.Value.Groups.Index())
            foreach (var one in group.Cases)
                csv.Append(CultureInfo.InvariantCulture, $"{n + 1},{one.Number},{group.Ground},{group.Tier},{group.Currency},{group.SpendBand},{group.ArrearsBand},{one.Measure},{group.Usual},{(group.Otherwise.Contains(one) ? "yes" : "no")}\n");
        return Results.File(Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes(csv.ToString())).ToArray(), "text/csv", "treatment.csv");
    }

    // ---- reading forms -------------------------------------------------------------------------------------------------

    private static List<CureTarget> Targets(IFormCollection typed)
    {
        var targets = new List<CureTarget>();
        foreach (var measure in Enum.GetValues<CureMeasure>())
            if (typed["target-" + measure].ToString().Trim() is { Length: > 0 } value)
                // What is not readable is a target that no request accepts.
                targets.Add(new(measure, measure == CureMeasure.ComplaintsAtMost
                    ? long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1
                    : Minor(value, typed["currency"].ToString())));
        return targets;
    }

    private static long Minor(string value, string currency)
    {
        try
        {
            return Money.Parse(value, currency, "targets").Minor;
        }
        catch (CalculationException)
        {
            return -1;
        }
    }

    private static List<EvidenceFact> Facts(IFormCollection typed) => [.. typed["facts"].Select(f => CaseMoneyForms.One<EvidenceFact>(f)).OfType<EvidenceFact>()];

    private static async Task<List<EvidenceUpload>> Files(IFormCollection typed, CancellationToken ct)
    {
        var files = new List<EvidenceUpload>();
        foreach (var file in typed.Files.GetFiles("evidence").Take(OffboardingOpening.MaxFiles + 1))
            if (await Uploads.Bytes(file, ct) is { } bytes)
                files.Add(new(file.FileName, bytes));
        return files;
    }

    private static NewForm Form(IFormCollection typed) => new(Kept(typed), [.. typed["facts"].OfType<string>()], [.. typed["codes"].OfType<string>()]);

    private static Dictionary<string, string> Kept(IFormCollection typed) => typed.Where(f => !f.Key.StartsWith('_')).ToDictionary(f => f.Key, f => f.Value.ToString());

    private static bool? YesNo(string? text) => text switch { "yes" => true, "no" => false, _ => null };

    private static long Long(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;

    private static int Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;
}
