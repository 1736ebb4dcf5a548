using Exeunt.Core.Calendar;
using Exeunt.Core.Cases;
using Exeunt.Core.Policies;
using Exeunt.Core.Procedures;
using Exeunt.Core.Settlement;
using static Exeunt.Core.Packs.Writing;

namespace Exeunt.Core.Packs;

/// <summary>
/// Prepaid cards (gyms, barbers, courses): no talk and no offer, the card is handed in, the money comes back by what was used, and within
/// seven days of paying without reason.
/// </summary>
public static class PrepaidCards
{
    public const string TerminationId = "prepaid-card-termination";

    public static Procedure Termination { get; } = new(TerminationId, 1, CaseKind.Termination, W("Prepaid card: refund", "预付卡退卡"), new("CN", new(9, 0), new(18, 0)),
    [
        Of("identity", StepKind.VerifyIdentity, "Identity", "身份核验"),
        Of("card", StepKind.Formalities, "Card handed in", "交回卡片", "identity") with { Roles = Handlers, DueHours = 27, EscalateTo = [Role.Supervisor] },
        Of("settle", StepKind.Settle, "What is left on the card", "余额结算", "identity"),
        Of("approve", StepKind.Approve, "Approval above the limit", "超限额审批", "settle") with
        {
            Of = ApprovalSubject.Settlement, Roles = Payers, When = [Above("CNY 1000")], DueHours = 9, EscalateTo = [Role.BranchHead],
        },
        Of("effective", StepKind.WaitUntilDate, "Last day of the card", "停用日", "identity") with { AtOnce = true },
        Of("archive", StepKind.Archive, "Archive", "归档", "effective", "settle"),
        Of("block", StepKind.WorkOrders, "Card blocked", "停用卡片", "archive") with
        {
            Roles = [Role.Technical], DueHours = 9, EscalateTo = [Role.Supervisor],
            Tasks = [new("block-card", W("Block the card at every branch", "在各门店停用该卡"), Role.Technical, DueDays: 0)],
        },
        Of("refund-letter", StepKind.Notify, "Refund statement", "退款说明", "block") with { Letter = "refund" },
        Of("money", StepKind.OrderMoney, "Refund", "退款", "refund-letter", "approve"),
        // Three working days lie within the five days that the strictest city gives.
        Of("reconcile", StepKind.Reconcile, "Refund arrived", "退款到账核对", "money") with { Roles = [Role.Finance], DueHours = 27, EscalateTo = [Role.BranchHead] },
        Of("certificate", StepKind.Certify, "Certificate", "证明", "refund-letter"),
        Of("survey", StepKind.Survey, "Survey", "回访", "certificate") with { Days = 15 },
        Of("erase", StepKind.Erase, "Erasure", "删除", "certificate", "reconcile"),
        Of("follow-up", StepKind.FollowUp, "Follow-up", "后续", "certificate") with { Roles = Handlers, Days = 15 },
        Of("close", StepKind.Close, "Closing", "结案", "erase", "survey", "follow-up"),
    ])
    {
        Letters =
        [
            Letter("refund", W("Your card is refunded", "预付卡退款说明"),
                W("Card {contract.number} for {product} was returned on {received.on} and is blocked.", "{product}预付卡（合同 {contract.number}）已于{received.on}受理退卡并停用。"),
                W("{balance} The money goes back the way it came, within five days.", "{balance}款项将在五日内原路退回。"),
                W("What you used was counted as the line below says. Nothing beyond your prepayment is ever asked for.", "已消费部分按下列明细计算，任何情况下不会要求您另行补款。")) with { Table = LetterTable.Settlement },
        ],
    };

    public static TerminationPolicy Policy { get; } = new()
    {
        Number = "CARD-01", Version = 1, EffectiveFrom = new(2020, 1, 1), ReviewOn = new(2027, 6, 30), TitleEnglish = "Prepaid card by consumption", TitleChinese = "储值卡退卡政策",
        Scope = new(["CN"]), Procedures = new(TerminationId),
        Form = Form(W("To give back what was not used, without haggling.", "未消费部分如数退还，不设障碍。"), W("Cards with a balance.", "储值类预付卡。"), W("Application for a refund", "退卡申请表")),
        Grounds = CommonGrounds, Renewal = new(RenewalKind.None), Notice = NoticePeriod.OfDays(0), MaxTermMonths = 36,
        Prepaid = new(PrepaidMethod.ByConsumption, Rate.Parse("0.03", "operatorFaultRate"), Rate.Parse("0.015", "consumerReasonRate")),
        HandOvers = [new(PolicySide.Customer, "card", W("The card", "卡片"), 7)],
        Consequences = new()
        {
            Credit = W("Nothing is reported to a credit bureau.", "不报送征信机构。"), Points = W("Points and gifts on the card lapse.", "卡内积分与赠送额度作废。"), Resign = W("At any time.", "可随时重新办卡。"),
        },
        Lines = new Dictionary<string, LineTerms>
        {
            [LineCode.Prepaid] = new("2.1", "What was used counts at list price for the customer's own reason, at the discounted price for ours and within seven days of paying.", "消费者自身原因退卡按原价折算已消费部分；经营者原因及付款七日内退卡按优惠价折算。"),
            [LineCode.PrepaidInterest] = new("2.2", "Interest is paid on the refund: one-year deposit rate for the customer's reason, LPR for ours.", "退款计付利息：消费者原因按一年期存款利率，经营者原因按 LPR。"),
            [LineCode.Deposit] = new("2.3", "The deposit for the card comes back in full.", "卡片押金全额退还。"),
        },
    };

    public static TerminationPolicy Unlimited { get; } = Policy with
    {
        Number = "CARD-TIME-01", TitleEnglish = "Unlimited card by time", TitleChinese = "期限卡退卡政策",
        Form = Form(W("To give back the time that was not used.", "未使用的期限按日退还。"), W("Cards without a limit for a time: year cards, month cards.", "不限次期限卡：年卡、季卡、月卡。"), W("Application for a refund", "退卡申请表")),
        Prepaid = Policy.Prepaid! with { Method = PrepaidMethod.UnlimitedTime },
        Lines = new Dictionary<string, LineTerms>(Policy.Lines)
        {
            [LineCode.Prepaid] = new("2.1", "The days that remain come back, whoever's reason it is.", "不论何方原因，按剩余天数退还。"),
        },
    };

    public static Pack Pack { get; } = new("prepaid-cards", W("Prepaid cards", "预付卡"),
    [
        W("No talk, no offer: whoever asks gets the balance back.", "不设沟通与挽留环节，申请即退余额。"),
        W("Within seven days of paying without reason; later by consumption or by time, with interest.", "付款七日内无理由退款；逾期按消费或按时间折算并计息。"),
        W("The refund leaves within five days, everywhere.", "各地均在五日内退款。"),
        W("The card is handed in; a missing card costs nothing and delays nothing.", "须交回卡片；遗失不收费，也不影响退款。"),
    ], [Termination], [Policy, Unlimited],
    Reason("CARD", "Prepaid card", "预付卡", ("SHOP_MOVED", "The shop moved", "门店搬迁"), ("COACH_LEFT", "The coach or barber left", "教练或技师离职"), ("HEALTH", "Health", "身体原因"), ("PUSHED", "Talked into buying", "被诱导办卡"), ("CLOSED_SHOP", "The shop closed", "门店停业")),
    "CARD-2026-0001");
}
