using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Imports;

/// <summary>A file from the page, with what it brings, for which unit, and an own mapping.</summary>
public sealed record UploadRequest(ImportNoun Noun, string? Unit, string? Map, [property: JsonIgnore] Stream File);

/// <summary>Keeps an uploaded file, sealed under keys of its own, until its import ends. Nothing is imported yet.</summary>
public sealed class UploadImport(AppDb db, Vault vault) : UseCase<UploadRequest, Guid>(db)
{
    /// <summary>Largest file taken by the page; larger ones go in by the command line.</summary>
    public const long MaxBytes = 48L << 20;
    private const int ChunkSize = 1 << 20;

    public override Permission Needs => Permission.ImportData;

    protected override async Task<Outcome<Guid>> Handle(Call call, UploadRequest request, CancellationToken ct)
    {
        var scope = call.Actor.UnitsFor(Permission.ImportData);
        var units = (await Db.Units.AsNoTracking().OrderBy(u => u.Path).ToListAsync(ct)).Where(u => scope.Any(s => u.Path.StartsWith(s, StringComparison.Ordinal))).ToList();
        var unit = string.IsNullOrEmpty(request.Unit) ? units.OrderBy(u => u.Path.Length).FirstOrDefault() : units.Find(u => u.Code == request.Unit);
        if (unit is null)
            return ImportRefusals.UnknownUnit with { Field = "unit" };
        try
        {
            if (request.Map is not null)
                ImportMap.Parse(request.Noun, request.Map);
        }
        catch (ImportFileException e)
        {
            return e.Refusal with { Field = "map" };
        }
        var subject = -(RandomNumberGenerator.GetInt32(1, int.MaxValue) * 1_000_000L + RandomNumberGenerator.GetInt32(1_000_000));
        var job = new ImportJob
        {
            Noun = request.Noun, State = ImportState.Draft, By = call.Actor.Id, UnitId = unit.Id, Scope = string.Join('\n', scope), Map = request.Map, At = call.Now, Subject = subject,
        };
        var buffer = new byte[ChunkSize];
        for (var number = 0; ; number++)
        {
            var n = await request.File.ReadAtLeastAsync(buffer, ChunkSize, throwOnEndOfStream: false, ct);
            if (n == 0)
                break;
            job.Bytes += n;
            if (job.Bytes > MaxBytes)
                return ImportRefusals.TooLarge;
            Db.ImportChunks.Add(new ImportChunk
            {
                ImportId = job.Id, Number = number,
                Sealed = await vault.Seal(subject, DataClass.Profile, ImportTable.ChunkPlace, Row(job.Id, number), buffer[..n], ct),
            });
        }
        if (job.Bytes == 0)
            return ImportRefusals.Empty;
        Db.Imports.Add(job);
        Db.Audit(call, "import.uploaded", $"import:{job.Id:N}", new { noun = job.Noun, bytes = job.Bytes, unit = unit.Id });
        return await Commit(job.Id, ct);
    }

    internal static string Row(Guid id, int number) => string.Create(CultureInfo.InvariantCulture, $"{id:N}.{number}");

    /// <summary>The uploaded file, opened.</summary>
    internal static async Task<MemoryStream> Open(AppDb db, Vault vault, ImportJob job, CancellationToken ct)
    {
        var file = new MemoryStream((int)job.Bytes);
        await foreach (var chunk in db.ImportChunks.AsNoTracking().Where(c => c.ImportId == job.Id).OrderBy(c => c.Number).AsAsyncEnumerable().WithCancellation(ct))
            if (await vault.Open<byte[]>(job.Subject!.Value, DataClass.Profile, ImportTable.ChunkPlace, Row(job.Id, chunk.Number), chunk.Sealed, ct) is { } piece)
                file.Write(piece);
        file.Position = 0;
        return file;
    }
}

/// <summary>An import as its page shows it; the preview's personal columns are masked.</summary>
public sealed record ImportView(
    ImportJob Job, string? MapName, IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<string>> Preview, Refusal? Problem, long ProblemLine,
    IReadOnlyList<(long Line, string? Column, string Code, string English, string Chinese)> Refusals)
{
    /// <summary>Columns of the file that its mapping does not take.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];
}

/// <summary>Reads one import, with mapping and preview while it is a draft (recorded: the file holds personal data).</summary>
public sealed class LookAtImport(AppDb db, Vault vault)
{
    private const int PreviewRows = 8;

    public async Task<Outcome<ImportView>> Run(Call call, Guid id, CancellationToken ct)
    {
        if (await db.Imports.AsNoTracking().SingleOrDefaultAsync(i => i.Id == id && i.By == call.Actor.Id, ct) is not { } job)
            return CommonRefusals.NotFound;
        var refusals = job.Refusals is null ? [] : System.Text.Json.JsonSerializer.Deserialize<List<RefusedRow>>(job.Refusals, Json.Plain)!
            .ConvertAll(r => (r.Line, r.Column, r.Code, r.English, r.Chinese));
        if (job.State != ImportState.Draft)
        {
            var failure = job.State != ImportState.Failed || job.Failure is null ? null : System.Text.Json.JsonSerializer.Deserialize<ImportFailure>(job.Failure, Json.Plain);
            return new ImportView(job, null, [], [], failure is null ? null : new Refusal(RefusalKind.Invalid, failure.Code, failure.English, failure.Chinese), failure?.Line ?? 0, refusals);
        }
        db.Audit(call, "import.previewed", $"import:{job.Id:N}");
        await db.SaveChangesAsync(ct);
        await using var file = await UploadImport.Open(db, vault, job, ct);
        try
        {
            var request = new ImportRequest(job.Noun, job.Map is null ? null : ImportMap.Parse(job.Noun, job.Map), null, true, null, []);
            var (map, header) = RunImport.Recognise(file, request);
            var places = map.Places(header);
            return new ImportView(job, map.Name, ColumnNames(job.Noun, places), Preview(file, map, places), null, 0, refusals) { LeftOut = ImportMap.LeftOut(header, places) };
        }
        catch (ImportFileException e)
        {
            return new ImportView(job, null, [], [], e.Refusal, e.Line, refusals);
        }
    }

    private static List<string> ColumnNames(ImportNoun noun, int[] places) =>
        [.. ImportMap.ColumnsOf[noun].Where((_, i) => places[i] >= 0).Select(c => c.Name)];

    private static List<IReadOnlyList<string>> Preview(Stream file, ImportMap map, int[] places)
    {
        var columns = ImportMap.ColumnsOf[map.Noun];
        var preview = new List<IReadOnlyList<string>>();
        file.Position = 0;
        using var rows = RowReader.Open(file, map);
        rows.Read();
        while (preview.Count < PreviewRows && rows.Read())
        {
            var row = new List<string>();
            for (var c = 0; c < columns.Length; c++)
                if (places[c] >= 0)
                    row.Add(columns[c].IsPersonal ? Mask.Name(rows[places[c]].ToString()) : rows[places[c]].ToString());
            preview.Add(row);
        }
        return preview;
    }
}

/// <summary>Why an import failed, as it is kept with the job; of one that is taken up again, by what it broke off last.</summary>
/// <param name="Tries">How often it broke off by a fault.</param>
internal sealed record ImportFailure(string Code, string English, string Chinese, long Line, int Column, int Tries = 0);
