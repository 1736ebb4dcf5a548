using System.Globalization;
using System.Text;
using System.Text.Json;
using Exeunt.App.Commands;
using Exeunt.App.Data;
using Exeunt.App.Features.ChurnDefinitions;
using Exeunt.App.Features.Imports;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Exeunt.Core.Churn;

namespace Exeunt.App.Features.Evaluate;

/// <summary><c>exeunt evaluate</c>: every customer's indicators and churn states as CSV; works beside a running server.</summary>
public static class EvaluateCommand
{
    public static readonly string Help =
        """
        exeunt evaluate [--as-of YYYY-MM-DD] [--out FILE.csv] [--json]
          --as-of DATE   the months before this date's month are closed and count; default: today's business date
          --out FILE     write the CSV there; default: standard output
          --json         JSON instead of CSV
        Customers are judged by the churn definition in force today. Its version and the counts per state go to standard error.
        """;

    public static async Task<int> Run(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        var typed = Arguments.Parse(args, "--as-of DATE", "--out FILE", "--json");
        if (typed.Words is [var word, ..])
            throw new UsageException($"evaluate does not know what to do with \"{word}\".");
        var given = typed["--as-of"] is { } text ? Day(text) : (DateOnly?)null;
        try
        {
            await using var storage = await Storage.OpenReadOnly(options, ct);
            await using var db = storage.NewAppDb();
            var call = await ImportCommand.CallOf(storage, ct);
            var asOf = given ?? call.Today(Clocks.CompanyZone);
            var churn = await ChurnBook.Compiled(db, call.Today(Clocks.CompanyZone), ct);
            var customers = EvaluateCustomers.Run(await LoadBase.Run(storage, withLines: false, ct, churn: churn), asOf);
            var numbers = await EvaluateCustomers.Numbers(db, new Vault(storage.Keys), customers, ct);
            var listed = customers.Where(c => numbers.ContainsKey(c.Id)).Select(c => (Number: numbers[c.Id], c)).ToList();
            listed.Sort((a, b) => EvaluationCsv.ByCodePoint.Compare(a.Number, b.Number) is not 0 and var order ? order : a.c.Id.CompareTo(b.c.Id));

            // Recorded before the first name leaves.
            await PendingAudit.Write(storage, db, call, "evaluation.exported", $"as-of:{asOf:yyyy-MM-dd}", new { customers = listed.Count, churn = churn.Definition.Version }, ct);
            await Write(listed, churn.Definition.Version, typed["--out"], options.Json || typed.Has("--json"), output, ct);
            var erased = customers.Count - listed.Count;
            await error.WriteLineAsync($"judged by {ChurnWords.Name(churn.Definition).English}");
            foreach (var (state, count) in EvaluateCustomers.Counts(listed.Select(l => l.c)).OrderBy(c => c.Key))
                await error.WriteLineAsync($"{EvaluationCsv.Name(state)} {count}");
            await error.WriteLineAsync($"listed {listed.Count}{(erased > 0 ? $", not listed because erased {erased}" : "")}");
            return 0;
        }
        catch (Exception e) when (e is FileNotFoundException or NewerDatabaseException or InvalidDataException or UnauthorizedAccessException or DirectoryNotFoundException)
        {
            await error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static async Task Write(List<(string Number, EvaluatedCustomer Customer)> listed, int churn, string? file, bool isJson, TextWriter output, CancellationToken ct)
    {
        StreamWriter? ours = file is null ? null : new StreamWriter(file, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16) { NewLine = "\n" };
        var writer = ours ?? output;
        try
        {
            if (isJson)
            {
                await writer.WriteLineAsync(JsonSerializer.Serialize(listed.Select(l => JsonRow(l.Number, l.Customer, churn)), Json.Plain).AsMemory(), ct);
                return;
            }
            await writer.WriteAsync((EvaluationCsv.Header + "\n").AsMemory(), ct);
            foreach (var (number, customer) in listed)
                await writer.WriteAsync((EvaluationCsv.Row(number, customer.Indicators, Currency.MinorDigits(customer.Currency), customer.Defection, customer.Rhythm) + "\n").AsMemory(), ct);
        }
        finally
        {
            await writer.FlushAsync(ct);
            if (ours is not null)
                await ours.DisposeAsync();
        }
    }

    private static object JsonRow(string number, EvaluatedCustomer c, int churn) =>
        new
        {
            customer = number,
            state = EvaluationCsv.Name(c.Indicators.Churn.State),
            intermittent = c.Indicators.Churn.IsIntermittent,
            monthsSilent = c.Indicators.Churn.MonthsSilent,
            orders12m = c.Indicators.Orders12m,
            spend12m = Money.Format(c.Indicators.Spend12m, Currency.MinorDigits(c.Currency)),
            currency = c.Currency,
            returnRate12m = c.Indicators.ReturnRate12m,
            lastOrderOn = c.Indicators.LastOrderOn,
            usualShare = c.UsualShare == IIndicatorValues.Unknown ? (decimal?)null : c.UsualShare / 10_000m,
            defection = c.Defection is { } gone ? EvaluationCsv.Name(gone) : null,
            rhythm = c.Rhythm is { } rhythm ? EvaluationCsv.Name(rhythm) : null,
            excludedBecause = c.Indicators.Churn.Exclusion,
            churnDefinition = churn,
            churnSegment = c.Segment,
        };

    private static DateOnly Day(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year > 1
            ? day
            : throw new UsageException($"--as-of {text}: a date like 2011-12-31 is expected.");
}
