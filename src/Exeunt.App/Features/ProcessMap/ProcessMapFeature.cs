using System.Globalization;
using System.Text;
using Exeunt.App.Features.ProcessMap.Console;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;

namespace Exeunt.App.Features.ProcessMap;

/// <summary>流程用时: how long the steps of a procedure take and where cases wait, as a page, a file and an answer of the API.</summary>
internal static class ProcessMapFeature
{
    public const string Path = "/cases/process-map";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage(Path, Show).Needs(Permission.ViewCases);
        routes.MapPage(Path + ".csv", async (string? procedure, string? unit, string? from, string? until, Caller caller, ShowProcessMap show, CancellationToken ct) =>
        {
            var outcome = await show.Run(caller.Call, Asked(procedure, unit, from, until, null), ct);
            return outcome.Refusal is { } no ? (IResult)new ProblemResult(no)
                : Results.File(Encoding.UTF8.GetBytes(File(outcome.Value, caller.T)), "text/csv; charset=utf-8", $"process-map-{outcome.Value.Procedure?.Id}-{outcome.Value.From}-{outcome.Value.Until}.csv");
        }).Needs(Permission.ViewCases);
        routes.MapGet("/api/process-map", async (string? procedure, CaseKind? kind, int? unit, string? from, string? until, string? step, Caller caller, ShowProcessMap show, CancellationToken ct) =>
            (await show.Run(caller.Call, new(procedure, kind, unit, from, until, step), ct)).Api())
            .Needs(Permission.ViewCases).WithTags("Cases").Produces<ShowProcessMap.View>()
            .WithSummary("How long the steps of a procedure took, for whom they waited, which are slow and which are open: milliseconds of business time, months as 2026-03.");
    }

    private static async Task<IResult> Show(string? procedure, string? unit, string? from, string? until, string? step, Caller caller, ShowProcessMap show, CancellationToken ct)
    {
        var asked = Asked(procedure, unit, from, until, step);
        var outcome = await show.Run(caller.Call, asked, ct);
        if (outcome.Refusal is not { } no)
            return Web.Page<ProcessMapPage>(new { View = outcome.Value, Asked = asked });
        if (no.Field is null)
            return new ProblemResult(no);
        // What was asked cannot be shown: the usual map, with what to mend.
        var usual = await show.Run(caller.Call, new(), ct);
        return Web.Page<ProcessMapPage>(new { View = usual.Value, Asked = new ShowProcessMap.Request(), Refusal = no }, StatusCodes.Status422UnprocessableEntity);
    }

    private static ShowProcessMap.Request Asked(string? procedure, string? unit, string? from, string? until, string? step) =>
        new(procedure is { Length: > 0 } ? procedure : null, null, int.TryParse(unit, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null,
            from is { Length: > 0 } ? from : null, until is { Length: > 0 } ? until : null, step);

    /// <summary>The steps as a table for spreadsheets; times in hours.</summary>
    private static string File(ShowProcessMap.View view, Texts t)
    {
        static string Hours(long? milliseconds) => milliseconds is { } there ? (there / 3_600_000m).ToString("0.##", CultureInfo.InvariantCulture) : "";
        static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);
        var text = new StringBuilder(Csv.Mark);
        text.Append(Csv.Line(["step", .. new[] { "name", "done", "skipped", "cut-short", "median", "ninety", "customer", "staff", "system", "date", "stopped", "with-due", "late", "escalated", "running", "overdue" }.Select(k => t["process-map.csv." + k])]));
        foreach (var s in (IEnumerable<ShowProcessMap.Figures>)[view.Whole, .. view.Steps])
            text.Append(Csv.Line([
                s.Step, s.Name.In(t.Language), Count(s.Done), Count(s.Skipped), Count(s.CutShort), Hours(s.Median), Hours(s.Ninety), Hours(s.Waited.Customer), Hours(s.Waited.Staff), Hours(s.Waited.System),
                Hours(s.Waited.Date), Hours(s.Waited.Stopped), Count(s.WithDue), Count(s.Late), Count(s.Escalated), Count(s.Running), Count(s.Overdue),
            ]));
        return text.ToString();
    }
}
