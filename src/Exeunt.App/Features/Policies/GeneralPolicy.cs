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
        ReviewOn = new DateOnly(2027, 6, 30),
        TitleEnglish = "General termination policy",
        TitleChinese = "通用解约政策",
        Scope = new PolicyScope(["CN", "GB"]),
        Form = new PolicyForm
        {
            Purpose = new("To end contracts in a way the customer can foresee, at a price that can be recomputed.", "让客户事先知道合同如何终止，并可复算每一笔费用。"),
            Scope = new("All contracts for services with a monthly fee, with or without equipment.", "适用于所有按月计费的服务合同，含附带设备的合同。"),
            Responsibilities =
            [
                new(new("Customer service", "客服部门"), new("Takes the application, proves identity, tells the customer what ending means.", "受理申请、核验身份、说明解约后果。")),
                new(new("Finance", "财务部门"), new("Checks the settlement, pays refunds, collects what is owed.", "复核结算、办理退款、收取应付款。")),
                new(new("Technical service", "技术部门"), new("Ends the service on its last day, collects equipment, deletes data.", "按日停止服务、收回设备、清除数据。")),
                new(new("Legal", "法务部门"), new("Decides disputed cases and keeps this policy within the law.", "处理争议，确保本政策合法。")),
            ],
            Definitions =
            [
                new(new("Last day of service", "最后服务日"), new("The last day on which the contract is in force, to its end at midnight.", "合同有效的最后一日，至当日 24 时止。")),
                new(new("Full month", "满月"), new("A month from one day to the same day of the next.", "自某日起至次月对应日止。")),
            ],
            InterpretingOffice = new("the legal department", "法务部"),
            Attachments = [new("Application form", "解约申请表"), new("Price list for equipment", "设备赔偿价目表")],
        },
        Grounds =
        [
            new(Ground.ConsumerEarly), new(Ground.Expiry, GroundFee.None), new(Ground.Withdrawal, GroundFee.None, NoticePeriod.OfDays(0)), new(Ground.Mutual, GroundFee.Policy, NoticePeriod.OfDays(0)),
            new(Ground.AgreedEvent, GroundFee.None, NoticePeriod.OfDays(0), new("the event named in the contract", "合同约定事由的证明")),
            new(Ground.ForceMajeure, GroundFee.None, NoticePeriod.OfDays(0), new("a certificate of the event", "不可抗力证明")),
            new(Ground.Anticipatory, GroundFee.None, NoticePeriod.OfDays(0)), new(Ground.LateAfterDemand, GroundFee.None, NoticePeriod.OfDays(0), new("the demand", "催告文件")),
            new(Ground.Fundamental, GroundFee.None, NoticePeriod.OfDays(0)), new(Ground.IndefiniteNotice, GroundFee.None), new(Ground.ServiceEnd, GroundFee.None),
            new(Ground.Death, GroundFee.None, NoticePeriod.OfDays(0), new("a death certificate, or the entry in the register", "死亡证明或注销登记")),
            new(Ground.LegalOrder, GroundFee.None, NoticePeriod.OfDays(0), new("the order", "相关法律文书")),
        ],
        Renewal = new RenewalTerms(RenewalKind.Indefinite, Notice: NoticePeriod.OfDays(30), ReminderDays: 15),
        Notice = NoticePeriod.OfDays(30),
        Etf = new RemainingShareFee(Rate.Parse("0.20", "pct")),
        Device = DeviceRule.ProRata,
        Instalments = new InstalmentTerms(6),
        HandOvers =
        [
            new(PolicySide.Customer, "router", new("Router", "路由器"), 14, new Money(18000, "CNY")),
            new(PolicySide.Customer, "set-top-box", new("Set-top box", "机顶盒"), 14, new Money(15000, "CNY")),
            new(PolicySide.Company, "data-export", new("A copy of the customer’s data", "客户数据副本"), 14),
        ],
        DamagePrices =
        [
            new("router-damaged", new("Router, damaged", "路由器损坏"), new Money(9000, "CNY")), new("power-supply", new("Power supply, lost", "电源适配器遗失"), new Money(3000, "CNY")),
        ],
        Consequences = new Consequences
        {
            Credit = new("Unpaid amounts can be reported once they are 90 days late and you were told.", "欠费逾期满 90 天并经告知后，方可报送征信机构。"),
            Obligations = new("Open invoices and hand-overs stay due after the end.", "未付账单和未完成的交接在解约后仍须履行。"),
            Points = new("Points can be used until the last day of service; then they lapse.", "积分可使用至最后服务日，逾期作废。"),
            Services = new("Services booked with this contract end with it.", "随本合同开通的附加服务一并终止。"),
            Resign = new("On the terms that are then offered.", "按届时的签约条件办理。"),
        },
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
        var document = Document.ToJson();
        db.Policies.Add(new PolicyRow
        {
            Number = Number, Version = Version, Status = PolicyStatus.Published, Document = document, Digest = PolicyVersion.DigestOf(document), EffectiveFrom = Document.EffectiveFrom, ReviewOn = Document.ReviewOn,
        });
        db.PolicyTurns.Add(new PolicyTurn { Id = Guid.CreateVersion7(), Number = Number, Version = Version, Kind = PolicyTurnKind.Published, By = call.Actor.Id, At = call.Now });
        db.Enqueue(ReviewDue.On(Number, Version, Document.ReviewOn!.Value));
        db.Audit(call, "policy.published", $"policy:{Number}:{Version}");
        await db.SaveChangesAsync(ct);
    }
}
