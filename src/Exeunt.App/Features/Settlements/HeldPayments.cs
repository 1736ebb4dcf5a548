using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>
/// After a restore: what was paid between the backup and the loss is not known here, and the restored work would order it again. No refund goes to the
/// bank until a person has taken in the bank's statements up to then; what they show as paid is reconciled and not ordered.
/// </summary>
/// <param name="BackupAt">When the backup was taken that was restored; the oldest one, after several restores.</param>
/// <param name="RestoredAt">When it was restored, the last time.</param>
public sealed record HeldPayments(DateTimeOffset BackupAt, DateTimeOffset RestoredAt)
{
    /// <summary>The note of an effect that waits for it.</summary>
    public const string Note = "payments-held";

    private const string Setting = "payments.held";

    /// <summary>The day up to which the bank's statements must have been taken in, at the least.</summary>
    public DateOnly Until => Clocks.DateIn(RestoredAt, Clocks.CompanyZone);

    public static async Task<HeldPayments?> Find(AppDb db, CancellationToken ct) =>
        await db.Settings.AsNoTracking().SingleOrDefaultAsync(s => s.Key == Setting, ct) is { } found ? JsonSerializer.Deserialize<HeldPayments>(found.Value, Json.Plain) : null;

    /// <summary>Holds refunds from now on.</summary>
    internal static Task Begin(AppDb db, DateTimeOffset backupAt, Call call, CancellationToken ct) => db.Write(async token =>
    {
        var setting = await db.Settings.SingleOrDefaultAsync(s => s.Key == Setting, token);
        var before = setting is null ? null : JsonSerializer.Deserialize<HeldPayments>(setting.Value, Json.Plain);
        var held = JsonSerializer.Serialize(new HeldPayments(before is { } b && b.BackupAt < backupAt ? b.BackupAt : backupAt, call.Now), Json.Plain);
        if (setting is null)
            db.Settings.Add(new Setting { Key = Setting, Value = held });
        else
            setting.Value = held;
        db.Audit(call, "payments.held", "payments", new { backupAt });
        return await db.SaveChangesAsync(token);
    }, ct);

    /// <summary>Stages their end.</summary>
    internal static async Task End(AppDb db, CancellationToken ct)
    {
        if (await db.Settings.SingleOrDefaultAsync(s => s.Key == Setting, ct) is { } held)
            db.Settings.Remove(held);
    }
}

/// <summary>Lets refunds go to the bank again after a restore.</summary>
public sealed class ReleaseHeldPayments(AppDb db) : UseCase<ReleaseHeldPayments.Request, Done>(db)
{
    /// <param name="StatementsTo">The last day of the bank's statements that have been taken in since the restore.</param>
    public sealed record Request(DateOnly? StatementsTo);

    private static readonly Refusal NotHeld = new(RefusalKind.Conflict, "payments.not-held", "No refunds wait for this: they go to the bank.", "没有因数据恢复而暂停的退款，退款正常发往银行。");

    public override Permission Needs => Permission.HandleMoney;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (request.StatementsTo is not { } day)
            return CommonRefusals.Required("statementsTo");
        if (DateRange.Check(day, "statementsTo") is { } outside)
            return outside;
        if (await HeldPayments.Find(Db, ct) is not { } held)
            return NotHeld;
        if (day < held.Until)
            return new Refusal(RefusalKind.Invalid, "payments.statements-missing",
                $"What was paid before the restore may still be missing: take in the bank's statements up to {held.Until:yyyy-MM-dd} or later first.",
                $"恢复之前的付款可能尚未入账：请先导入截至 {held.Until:yyyy-MM-dd} 或之后的银行对账单。", Field: "statementsTo");
        if (day > call.Today(Clocks.CompanyZone))
            return new Refusal(RefusalKind.Invalid, "payments.statements-later", "This day has not come: no statement can reach so far.", "该日期尚未到来，对账单不可能覆盖到此日。", Field: "statementsTo");
        await HeldPayments.End(Db, ct);
        await Db.Write(token => Db.Effects.Where(e => e.State == EffectState.Waiting && e.Note == HeldPayments.Note)
            .ExecuteUpdateAsync(s => s.SetProperty(e => e.LeaseUntil, (DateTimeOffset?)null), token), ct);
        Db.Audit(call, "payments.released", "payments", new { statementsTo = day });
        return await Commit(Done.It, ct);
    }
}
