using System.Globalization;
using Exeunt.App.Commands;
using Exeunt.App.Data;
using Exeunt.App.Features.Imports;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Platform;
using Exeunt.Core.Activity;
using Exeunt.Core.Documents;
using Exeunt.Core.Standards;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Standards;

/// <summary><c>exeunt backtest</c>: a standard's document, replayed over history; reads only, and works beside a running server.</summary>
public static class BacktestCommand
{
    public static readonly string Help =
        $"""
        exeunt backtest STANDARD.json --from YYYY-MM --to YYYY-MM [--against FILE|published] [--threshold N] [--json]
          STANDARD.json    the document to try (docs/standards.md); - is standard input
          --from, --to     first and last month, both included, at most {BacktestRequest.MaxMonths}; a month is judged as of its first day
          --against        compare with another document, or with the published version in force of the same code
          --threshold N    vary the Nth comparison for the curve, from 1; default: the first that is a number
          --json           the report as JSON; its fields are described in docs/standards.md
        The last month can be the present one. Months after the one in which the data ends are marked + and count in no total.
        Figures only: nobody is named. Exit: 0 done, 1 the document, the months or the database cannot be read.
        """;

    public static async Task<int> Run(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        var typed = Arguments.Parse(args, "--from MONTH", "--to MONTH", "--against WHAT", "--threshold N", "--json");
        if (typed.Words is not [var file])
            throw new UsageException(typed.Words.Count == 0 ? "backtest needs the document of a standard." : "backtest takes one document.");
        var (from, to) = (MonthOf("--from", typed.Need("--from")), MonthOf("--to", typed.Need("--to")));
        if (Backtest.WhyNot(from, to) is { } range)
            throw new UsageException(range.English);
        if (await Read(file, error, ct) is not { } standard)
            return 1;
        var varied = ThresholdOf(typed["--threshold"], standard);
        Standard? against = null;
        if (typed["--against"] is { } other && other != "published" && (against = await Read(other, error, ct)) is null)
            return 1;
        try
        {
            await using var storage = await Storage.OpenReadOnly(options, ct);
            await using var db = storage.NewAppDb();
            var today = (await ImportCommand.CallOf(storage, ct)).Today(Clocks.CompanyZone);
            if (Backtest.WhyNot(from, to, Month.Of(today)) is { } early)
                throw new UsageException(early.English);
            if (typed["--against"] == "published" && (against = await InForce(db, standard.Id, today, ct)) is null)
            {
                await error.WriteLineAsync($"No version of \"{standard.Id}\" is in force. Name a document with --against FILE, or leave --against out.");
                return 1;
            }
            var customers = await StandardBase.Load(db, storage, today, ct);
            foreach (var code in (standard.Scope?.Units ?? []).Concat(against?.Scope?.Units ?? []).Distinct().Where(u => customers.UnitsBelow(u).Count == 0))
            {
                await error.WriteLineAsync($"There is no unit with the code \"{code}\"; \"exeunt unit list\" shows them.");
                return 1;
            }
            var report = customers.Replay(customers.Compile(standard), new(from, to, against is null ? null : customers.Compile(against), varied), null, ct);
            if (options.Json || typed.Has("--json"))
                await output.WriteLineAsync(report.ToJson());
            else
                await Print(report, await db.Units.AsNoTracking().ToDictionaryAsync(u => u.Id.ToString(CultureInfo.InvariantCulture), u => u.Code, ct), output);
            return 0;
        }
        catch (Exception e) when (e is FileNotFoundException or NewerDatabaseException or InvalidDataException or UnauthorizedAccessException or DirectoryNotFoundException)
        {
            await error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    /// <summary>The published version of a code that is in force on a day; null: none.</summary>
    internal static async Task<Standard?> InForce(AppDb db, string id, DateOnly today, CancellationToken ct) =>
        await db.SignedDocuments.AsNoTracking().Where(d => d.Kind == SignedKind.Standard && d.Id == id && d.Status == VersionStatus.Published && d.EffectiveFrom <= today)
            .OrderByDescending(d => d.EffectiveFrom).ThenByDescending(d => d.Version).Select(d => d.Document).FirstOrDefaultAsync(ct) is { } document
            ? StandardDocument.Read(document).Standard : null;

    private static Month MonthOf(string option, string text) => Month.Read(text) ?? throw new UsageException($"{option} needs a month such as 2011-12, not \"{text}\".");

    private static int? ThresholdOf(string? typed, Standard standard)
    {
        if (typed is null)
            return null;
        var all = standard.When.Comparisons().ToList();
        if (!int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var n) || n < 1 || n > all.Count)
            throw new UsageException($"--threshold needs a number from 1 to {all.Count}: the comparison to vary.");
        return all[n - 1].Compare.Definition!.Unit is IndicatorUnit.State or IndicatorUnit.YesNo
            ? throw new UsageException($"Comparison {n} ({ConditionText.Write(all[n - 1].Compare)}) has no threshold that can be varied.") : n - 1;
    }

    private static async Task<Standard?> Read(string file, TextWriter error, CancellationToken ct)
    {
        string json;
        if (file == "-")
            json = await System.Console.In.ReadToEndAsync(ct);
        else if (File.Exists(file))
            json = await File.ReadAllTextAsync(file, ct);
        else
        {
            await error.WriteLineAsync($"{file}: no such file.");
            return null;
        }
        var read = StandardDocument.Read(json.TrimStart('\uFEFF'));
        foreach (var wrong in read.Problems)
            await error.WriteLineAsync($"{file}:{wrong.Line}:{wrong.Column}: {(wrong.Path.Length > 0 ? wrong.Path : "$")}: {wrong.Code}: {wrong.In("en")}");
        return read.Standard;
    }

    /// <param name="units">Codes of units by their numbers.</param>
    private static async Task Print(BacktestReport report, Dictionary<string, string> units, TextWriter output)
    {
        await output.WriteLineAsync($"{report.Standard} version {report.Version}, {report.From} to {report.To}{(report.Against is { } against ? $", against {against}" : "")}; the data ends in {report.Open}");
        await output.WriteLineAsync($"{report.Customers} customers, {report.Evaluated} judged, {report.Listed} listed at some time, {report.Listings} listings; false alarms after 3 months {Share(report.After3)}, after 6 months {Share(report.After6)}");
        await output.WriteLineAsync();
        var other = report.Against is null ? "" : $" {"in force",9} {"both",7}";
        await output.WriteLineAsync($"{"month",-9} {"judged",7} {"listed",7} {"new",6} {"dropped",7}{other} {"false 3m",14} {"false 6m",14}  revenue of the listed (12 months)");
        foreach (var m in report.Months)
            await output.WriteLineAsync(
                $"{m.Month + (m.Beyond ? " +" : ""),-9} {m.Evaluated,7} {m.Listed,7} {m.New,6} {m.Dropped,7}{(report.Against is null ? "" : $" {m.ListedAgainst,9} {m.Both,7}")} {Share(m.After3),14} {Share(m.After6),14}  {string.Join(", ", m.Revenue.Select(r => $"{r.Amount} {r.Currency}"))}");
        if (report.Months.Any(m => m.Beyond))
            await output.WriteLineAsync($"+ beyond the data, which ends in {report.Open}: counted in no total");
        await output.WriteLineAsync();
        await output.WriteLineAsync($"{"group",-28} {"judged",8} {"listed",7} {"rate",8} {"ratio",7} {"95 % interval",18}  {"",-6} {"false 6m",14}");
        foreach (var s in report.Segments)
            await output.WriteLineAsync(
                $"{$"{s.By} {(s.By == "unit" ? units.GetValueOrDefault(s.Value, s.Value) : s.Value.Length > 0 ? s.Value : "-")}",-28} {s.Evaluated,8} {s.Listed,7} {Percent(s.Rate),8} {(s.Ratio is { } ratio ? ratio.ToString("0.00", CultureInfo.InvariantCulture) : "-"),7} {$"{Percent(s.Low)} to {Percent(s.High)}",18}  {s.Stands,-6} {Share(s.After6),14}");
        if (report.Curve is not { } curve)
            return;
        await output.WriteLineAsync();
        await output.WriteLineAsync($"{curve.Indicator + " " + curve.Is,-28} {"listed",8} {"share",8} {"false 3m",14} {"false 6m",14}");
        foreach (var p in curve.Points)
            await output.WriteLineAsync($"{p.Threshold + (p.Threshold == curve.Threshold ? " *" : ""),-28} {p.Listed,8} {Percent(p.Share),8} {Share(p.After3),14} {Share(p.After6),14}");
    }

    private static string Percent(decimal share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + "%";

    private static string Share(FollowUp after) => after.Share is { } share ? $"{after.FalseAlarms}/{after.Known} {Percent(share)}" : "-";
}
