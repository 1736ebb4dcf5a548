using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Retention;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Erasure;

/// <summary>What becomes of a customer's data when a case ends their contract: planned before the erasure, recorded after it; with holds, certificates and second searches.</summary>
public sealed class ShowCaseData(AppDb db, CaseDesk desk, Retention retention, Locks locks, CopiesOutside copies, StaffDirectory staff, KeyStore keys, HostOptions options) : UseCase<ShowCaseData.Request, ShowCaseData.View>(db)
{
    public sealed record Request(Guid CaseId);

    /// <param name="Then">What comes when the last day is over.</param>
    public sealed record Line(DataCategory Category, RetentionOutcome Outcome, RetentionOutcome Then, DateOnly? Until, string Basis, string? Rule, DateTimeOffset? DoneAt);

    /// <param name="Found">How much was found, by table; empty: nothing.</param>
    public sealed record Search(DateTimeOffset At, string Cause, IReadOnlyDictionary<string, int> Found);

    /// <param name="IsErased">Whether the lines are recorded; else they are what is planned.</param>
    /// <param name="LockedUntil">Last day of the lock; null with <paramref name="IsLocked"/>: without one.</param>
    /// <param name="CopiesDieOn">From when no backup gives the erased back; null before an erasure.</param>
    public sealed record View(
        IReadOnlyList<Line> Lines, bool IsErased, bool IsLocked, DateOnly? LockedUntil, DateOnly? CopiesDieOn, IReadOnlyList<PlacedHold> Holds, IReadOnlyList<Certified> Certificates, IReadOnlyList<Search> Searches,
        IReadOnlyList<CopiesOutside.Copy> Copies);

    public override Permission Needs => Permission.ViewCases;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { CustomerId: { } customer } exit)
            return CommonRefusals.NotFound;
        var t = Texts.In(call.Language);
        IReadOnlyList<RetainedRow> rows = exit is { EffectiveOn: not null, ContractId: not null, Outcome: null or CaseOutcome.Executed } ? await retention.Of(exit, ct) : [];
        var holds = await ShowLegalHolds.Of(Db, staff, customer, ct);
        var certificates = await Db.Certificates.AsNoTracking().Where(c => c.CaseId == exit.Id).OrderBy(c => c.IssuedOn).ThenBy(c => c.Serial).Take(200).ToListAsync(ct);
        var target = $"customer:{customer}";
        var searches = await Db.AuditLog.AsNoTracking().Where(r => r.Target == target && (r.Verb == VerifyErasure.Verified || r.Verb == VerifyErasure.Found)).OrderByDescending(r => r.Id).Take(20).ToListAsync(ct);
        var erased = await Db.Erasures.AsNoTracking().Where(e => e.CustomerId == customer && e.Class != DataClass.Payout).Select(e => (DateTimeOffset?)e.At).MaxAsync(ct);
        var locked = await locks.Of(customer, ct);
        return new View(
            [.. rows.Select(r => new Line(r.Category, r.Now, RetentionSchedule.Find(r.Rule ?? "")?.After ?? RetentionOutcome.Delete, r.Until, r.Basis(t), r.Rule, r.DoneAt))], erased is not null, locked is not null, locked?.Until,
            erased is { } at ? await keys.CopiesDieOn(at, await ClockWatch.InDoubt(Db, ct) is null ? call.Now : null, options.KeyEpochDays, Clocks.CompanyZone, ct, customer) : null,
            holds,
            [.. certificates.Select(Certified.Of)],
            [.. searches.Select(SearchOf)], await copies.Of(exit.Id, ct));
    }

    private static Search SearchOf(AuditRow row)
    {
        using var data = JsonDocument.Parse(row.Data);
        var found = data.RootElement.GetProperty("found");
        return new Search(row.At, data.RootElement.GetProperty("cause").GetString() ?? "",
            found.ValueKind == JsonValueKind.Object ? found.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt32()) : []);
    }
}

/// <summary>The retention schedule in words.</summary>
public static class ShowRetention
{
    /// <param name="For">The length: "30 years", "24 months".</param>
    public sealed record Line(string Code, DataCategory Category, string CategoryName, string Place, string For, string From, RetentionOutcome After, string Basis, bool ByLaw);

    public static IReadOnlyList<Line> Of(string language)
    {
        var t = Texts.In(language);
        return [.. RetentionSchedule.Rules.OrderBy(r => r.Category).ThenBy(r => r.Place, StringComparer.Ordinal).Select(r => new Line(
            r.Code, r.Category, t[$"retention.{r.Category}"], r.Place,
            r.After == RetentionOutcome.Keep ? t["retention.for.ever"] : r.Days > 0 ? t["retention.for.days", r.Days] : r.Months % 12 == 0 ? t["retention.for.years", r.Months / 12] : t["retention.for.months", r.Months],
            t[$"retention.from.{r.Start}"], r.After, r.Basis.In(language), r.ByLaw))];
    }
}
