using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Imports;

/// <summary><c>exeunt import</c>: a CSV file or workbook into the database of a data folder that no server holds.</summary>
public static class ImportCommand
{
    private const int ShownRefusals = 20;

    public static readonly string Help =
        """
        exeunt import customers|contacts|contracts|invoices|complaints|orders|facts FILE [options]
        exeunt import NOUN --template            print the header of a CSV file
          --map MAP.json     how the file's columns are meant (docs/import.md); without it a shipped mapping that fits the header is used
          --source NAME      the system the numbers come from, instead of the mapping's
          --unit CODE        unit of new customers; default: the root
          --rejects FILE     write refused rows there, with the reason (personal data in clear: keep it safe)
          --dry-run          read and check, change nothing
          --json             the result as JSON on standard output
        Exit: 0 all rows in, 2 some rows refused, 1 failed.
        """;

    public static async Task<int> Run(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        if (Arguments.Parse(args) is not { } a)
        {
            await error.WriteLineAsync(Help);
            return 1;
        }
        a = a with { IsJson = a.IsJson || options.Json };
        if (a.IsTemplate)
        {
            await output.WriteLineAsync(ImportMap.TemplateHeader(a.Noun));
            return 0;
        }
        try
        {
            var map = a.Map is null ? null : ImportMap.Parse(a.Noun, await ReadMap(a.Map, ct));
            await using var file = Open(a.File!);
            await using var storage = await Storage.Open(options, ct);
            var call = await CallOf(storage, ct);
            await using var rejects = a.Rejects is null ? null : new RejectsFile(a.Rejects);
            var progress = new ProgressLine(error);
            var run = new RunImport(storage, call) { Progress = progress.Show, Rejected = rejects is null ? null : rejects.Add };
            var result = await run.Run(file, new ImportRequest(a.Noun, map, a.Unit, a.IsDryRun, a.Source, [""]), ct);
            await progress.End();
            await Report(result, a, output, error);
            return result.Refused > 0 ? 2 : 0;
        }
        catch (ImportFileException e)
        {
            await ReportFault(a, e, output, error);
            return 1;
        }
        catch (Exception e) when (e is LockedException or NewerDatabaseException or InvalidDataException)
        {
            await error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static FileStream Open(string file)
    {
        try
        {
            return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImportFileException(ImportRefusals.Missing);
        }
    }

    private static async Task<string> ReadMap(string file, CancellationToken ct)
    {
        try
        {
            return await File.ReadAllTextAsync(file, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImportFileException(ImportRefusals.MapUnreadable);
        }
    }

    /// <summary>The call of a command: the system, at real time and at the installation's business time.</summary>
    internal static async Task<Call> CallOf(Storage storage, CancellationToken ct)
    {
        await using var db = storage.NewAppDb();
        var now = TimeProvider.System.GetUtcNow();
        var offset = await db.Settings.AsNoTracking().Where(s => s.Key == Start.ClockOffsetDays).Select(s => s.Value).SingleOrDefaultAsync(ct);
        return new Call(Actor.System, now, now.AddDays(offset is null ? 0 : int.Parse(offset, CultureInfo.InvariantCulture)));
    }

    private static async Task Report(ImportResult result, Arguments a, TextWriter output, TextWriter error)
    {
        if (a.IsJson)
            await output.WriteLineAsync(JsonSerializer.Serialize(result, Json.Plain));
        foreach (var row in result.Refusals.Take(a.IsJson ? 0 : ShownRefusals))
            await error.WriteLineAsync($"line {row.Line}{(row.Column is null ? "" : $", column {row.Column}")}: {row.Code}: {row.English} / {row.Chinese}");
        if (result.Refused + result.Spared > ShownRefusals && !a.IsJson)
            await error.WriteLineAsync($"… and {result.Refused + result.Spared - ShownRefusals} more{(a.Rejects is null ? "; --rejects FILE writes them all" : "")}.");
        if (result.LeftOut.Count > 0 && !a.IsJson)
            await error.WriteLineAsync($"columns left out: {string.Join(", ", result.LeftOut)}.");
        await error.WriteLineAsync(
            $"mapping {result.Map}, source {result.Source}: {result.Read} rows read, {result.Added} new, {result.Changed} changed, {result.Unchanged} there already, {result.Refused} refused"
            + (result.Spared > 0 ? $", {result.Spared} kept as stored" : "") + (result.Noun == ImportNoun.Invoices ? $"; {result.NewCustomers} new customers" : "") + (result.IsDryRun ? " (dry run: nothing was changed)" : "") + ".");
    }

    private static async Task ReportFault(Arguments a, ImportFileException e, TextWriter output, TextWriter error)
    {
        var file = e.Refusal == ImportRefusals.MapUnreadable ? a.Map : a.File;
        if (a.IsJson)
            await output.WriteLineAsync(JsonSerializer.Serialize(new { file, line = e.Line, column = e.Column, code = e.Refusal.Code, expected = e.Refusal.English, expectedChinese = e.Refusal.Chinese }, Json.Plain));
        await error.WriteLineAsync($"{file}{(e.Line > 0 ? $", line {e.Line}" : "")}{(e.Column > 0 ? $", column {e.Column}" : "")}: {e.Refusal.Code}: {e.Refusal.English} / {e.Refusal.Chinese}");
    }

    private sealed record Arguments(ImportNoun Noun, string? File, string? Map, string? Source, string? Unit, string? Rejects, bool IsTemplate, bool IsDryRun, bool IsJson)
    {
        public static Arguments? Parse(string[] args)
        {
            if (args.Length < 2 || !Enum.TryParse<ImportNoun>(args[0], ignoreCase: true, out var noun) || char.IsAsciiDigit(args[0][0]))
                return null;
            var a = new Arguments(noun, null, null, null, null, null, false, false, false);
            for (var i = 1; i < args.Length; i++)
            {
                string? Next() => i + 1 < args.Length ? args[++i] : null;
                var parsed = args[i] switch
                {
                    "--template" => a with { IsTemplate = true },
                    "--dry-run" => a with { IsDryRun = true },
                    "--json" => a with { IsJson = true },
                    "--map" => Next() is { } v ? a with { Map = v } : null,
                    "--source" => Next() is { Length: > 0 and <= 40 } v ? a with { Source = v } : null,
                    "--unit" => Next() is { } v ? a with { Unit = v } : null,
                    "--rejects" => Next() is { } v ? a with { Rejects = v } : null,
                    ['-', ..] => null,
                    var file => a.File is null ? a with { File = file } : null,
                };
                if (parsed is null)
                    return null;
                a = parsed;
            }
            return a.IsTemplate || a.File is not null ? a : null;
        }
    }

    /// <summary>One line that overwrites itself on a terminal; a line every few seconds in a log.</summary>
    private sealed class ProgressLine(TextWriter error)
    {
        private readonly bool _isTerminal = error == System.Console.Error && !System.Console.IsErrorRedirected;
        private readonly Stopwatch _since = Stopwatch.StartNew();
        private bool _shown;

        public async Task Show(ImportProgress p)
        {
            if (_since.ElapsedMilliseconds < (_isTerminal ? 200 : 5_000))
                return;
            _since.Restart();
            var text = $"{p.Read} of {p.Total} rows ({(p.Total == 0 ? 100 : p.Read * 100 / p.Total)} %), {p.Refused} refused";
            await error.WriteAsync(_isTerminal ? $"\r{text}  " : text + Environment.NewLine);
            _shown = true;
        }

        public async Task End()
        {
            if (_shown && _isTerminal)
                await error.WriteLineAsync();
        }
    }

    /// <summary>The refused rows as CSV: line, column, reason, then the row as it was. Readable by its owner only.</summary>
    private sealed class RejectsFile(string path) : IAsyncDisposable
    {
        private StreamWriter? _writer;

        public void Add(IReadOnlyList<string> header, RefusedRow row, IReadOnlyList<string> fields)
        {
            if (_writer is null)
            {
                _writer = new StreamWriter(new FileStream(path, new FileStreamOptions
                {
                    Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
                Write(["line", "column", "code", "expected", "expected_zh", .. header]);
            }
            Write([row.Line.ToString(CultureInfo.InvariantCulture), row.Column ?? "", row.Code, row.English, row.Chinese, .. fields]);
        }

        public async ValueTask DisposeAsync()
        {
            if (_writer is not null)
                await _writer.DisposeAsync();
        }

        private void Write(IEnumerable<string> cells) => _writer!.WriteLine(string.Join(',', cells.Select(Cell)));

        /// <summary>A cell that a spreadsheet would take for a formula gets an apostrophe; a number keeps its sign.</summary>
        private static string Cell(string text)
        {
            if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' && !Numbers.TryRead(text, out _))
                text = "'" + text;
            return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
        }
    }
}
