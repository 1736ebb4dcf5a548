using System.Globalization;
using System.Text;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>What the list shows, as CSV in the caller's language: the chosen columns, names masked as on the page, at most 5,000 cases.</summary>
public sealed class ExportCases(AppDb db, FilteredCases filtered, CaseRows rows, Reasons.ReasonBook reasons) : UseCase<ExportCases.Request, ExportCases.File>(db)
{
    public const int Max = 5_000;

    public sealed record Request(CaseFilter Filter);

    /// <param name="Complete">False when there were more cases than an export may hold, or a search did not look at all customers.</param>
    public sealed record File(string Text, int Rows, bool Complete);

    public override Permission Needs => Permission.ViewCases;

    protected override async Task<Outcome<File>> Handle(Call call, Request request, CancellationToken ct)
    {
        var (cases, stopped) = await filtered.Of(request.Filter, call, ct);
        var ids = request.Filter.Order == CaseOrder.Newest
            ? await cases.OrderByDescending(c => c.Id).Select(c => c.Id).Take(Max + 1).ToListAsync(ct)
            : await cases.OrderBy(c => c.EffectiveOn).ThenBy(c => c.Id).Select(c => c.Id).Take(Max + 1).ToListAsync(ct);
        var t = Texts.In(call.Language);
        var list = await reasons.All(ct);
        var text = new StringBuilder(Csv.Mark).Append(Csv.Line(new[] { t["desk.number"] }.Concat(request.Filter.Columns.Select(c => t["cases.column." + c]))));
        foreach (var chunk in ids.Take(Max).Chunk(500))
            foreach (var row in await rows.Of(chunk, ct))
                text.Append(Csv.Line(new[] { row.Number }.Concat(request.Filter.Columns.Select(c => Value(row, c, list, t)))));
        var count = Math.Min(ids.Count, Max);
        Db.Audit(call, "cases.exported", "cases", new { rows = count, columns = request.Filter.Columns });
        // A read keeps no answer under an idempotency key: it holds masked names.
        await Db.SaveChangesAsync(ct);
        return new File(text.ToString(), count, ids.Count <= Max && !stopped);
    }

    private static string Value(CaseRows.Row row, string column, Reasons.ReasonList reasons, Texts t) =>
        column switch
        {
            "customer" => row.Customer ?? "",
            "kind" => t.Of("desk.kind", row.Kind),
            "tier" => row.Tier is { } tier ? t.Of("desk.tier", tier) : "",
            "state" => row.Outcome is { } outcome ? t.Of("desk.outcome", outcome) : t.Of("desk.state", row.State),
            "waits" => string.Join(t.Pick(", ", "、"), row.Waits.Select(w => t["wait." + w])),
            "received" => TimeZoneInfo.ConvertTime(row.ReceivedAt, TimeZoneInfo.FindSystemTimeZoneById(row.Zone)).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
            "ends" => row.EffectiveOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "",
            "assignee" => row.Assignee ?? "",
            "reason" => row.Reason is { } reason ? reasons.Words(reason, row.ReasonDetail, t) : "",
            "channel" => t.Of("desk.channel", row.Channel),
            _ => row.Total is { } total ? string.Create(CultureInfo.InvariantCulture, $"{Amounts.Major(new Money(total, row.Currency!))} {row.Currency}") : "",
        };
}
