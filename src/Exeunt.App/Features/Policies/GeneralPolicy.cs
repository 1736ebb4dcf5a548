using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Calendar;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Policies;

/// <summary>The policy every installation starts with: 30 days' notice, a fifth of the remaining months, what is unused comes back.</summary>
public static class GeneralPolicy
{
    public const string Number = "JY-01";
    public const int Version = 1;

    public static readonly TerminationPolicy Document = new()
    {
        Number = Number,
        Version = Version,
        EffectiveFrom = new DateOnly(2020, 1, 1),
        TitleEnglish = "General termination policy",
        TitleChinese = "通用解约政策",
        Notice = NoticePeriod.OfDays(30),
        Etf = new RemainingShareFee(Rate.Parse("0.20", "pct")),
        Device = DeviceRule.ProRata,
        Lines = new Dictionary<string, LineTerms>
        {
            [LineCode.UnusedPrepaid] = new("4.1", "The unused part of a month paid in advance comes back, day by day.", "已预付月费中未使用的部分按日退还。"),
            [LineCode.ServiceToEnd] = new("4.1", "A month not yet paid is charged up to the last day of service.", "未预付的月份按实际服务天数计费至最后服务日。"),
            [LineCode.Etf] = new("4.2", "Leaving within the term costs a fifth of the fees for the months not begun.", "合同期内提前解约，按未开始月份月费的 20% 计收提前解约费。"),
            [LineCode.Device] = new("4.3", "Equipment that is kept is paid for the part of the term that remains.", "保留设备的，按剩余合同期比例返还设备补贴。"),
            [LineCode.Deposit] = new("4.4", "The deposit comes back in full.", "押金全额退还。"),
            [LineCode.Unpaid] = new("4.5", "Open invoices stay due.", "未付账单仍应支付。"),
        },
    };

    /// <summary>Puts the policy into a database that has none.</summary>
    public static async Task Ensure(AppDb db, Call call, CancellationToken ct)
    {
        if (await db.Policies.AnyAsync(ct))
            return;
        db.Policies.Add(new PolicyRow { Number = Number, Version = Version, Status = PolicyStatus.Published, Document = Document.ToJson(), EffectiveFrom = Document.EffectiveFrom });
        db.Audit(call, "policy.published", $"policy:{Number}:{Version}");
        await db.SaveChangesAsync(ct);
    }
}
