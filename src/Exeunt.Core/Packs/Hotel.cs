using Exeunt.Core.Calendar;
using Exeunt.Core.Cases;
using Exeunt.Core.Policies;
using Exeunt.Core.Procedures;
using Exeunt.Core.Settlement;
using static Exeunt.Core.Packs.Writing;

namespace Exeunt.Core.Packs;

/// <summary>
/// Hotels and long stays: a guest who leaves early is out the same day, the room is looked at with the guest before the deposit is
/// settled, damage goes by the price list; and an ending at the desk has papers of its own.
/// </summary>
public static class Hotel
{
    public const string CheckOutId = "hotel-check-out";
    public const string ImmediateId = "hotel-immediate";

    private static ProcedureStep RoomCheck(params string[] after) => Of("room-check", StepKind.CheckList, "Room looked at with the guest", "与客人共同查房", after) with
    {
        Roles = Checkers, DueHours = 2, EscalateTo = [Role.BranchHead],
        Items =
        [
            new("inspected", W("Room inspected with the guest, or with a witness", "与客人或见证人共同查验房间")), new("damage", W("Damage priced by the list with a photo, or none", "损坏已按价目表计价并拍照，或无损坏")),
            new("consumption", W("Consumption and minibar entered", "消费与迷你吧已入账")), new("key", W("Key or card back, or cancelled", "钥匙或房卡已交回或已注销")),
        ],
    };

    private static ProcedureStep[] End(string told) =>
    [
        Of("money", StepKind.OrderMoney, "Deposit settled", "押金结算", told, "approve"),
        Of("certificate", StepKind.Certify, "Certificate", "证明", told),
        Of("survey", StepKind.Survey, "Survey", "回访", "certificate") with { Days = 7 },
        Of("reconcile", StepKind.Reconcile, "Reconciliation", "对账", "money") with { Roles = [Role.Finance] },
        Of("erase", StepKind.Erase, "Erasure", "删除", "certificate", "reconcile"),
        Of("follow-up", StepKind.FollowUp, "Lost property, appeal", "遗留物品与申诉", "certificate") with { Roles = Handlers, Days = 30 },
        Of("close", StepKind.Close, "Closing", "结案", "erase", "survey", "follow-up"),
    ];

    public static Procedure CheckOut { get; } = new(CheckOutId, 1, CaseKind.Termination, W("Hotel: early check-out", "酒店提前退房"), new("CN", new(8, 0), new(22, 0)),
    [
        Of("identity", StepKind.VerifyIdentity, "Identity", "身份核验"),
        Of("settle", StepKind.Settle, "Bill", "账单", "identity"),
        Of("effective", StepKind.WaitUntilDate, "Last night", "离店日", "identity") with { AtOnce = true },
        RoomCheck("effective"),
        Of("approve", StepKind.Approve, "Approval above the limit", "超限额审批", "settle", "room-check") with { Of = ApprovalSubject.Settlement, Roles = Payers, When = [Above("CNY 3000")], DueHours = 14, EscalateTo = [Role.BranchHead] },
        Of("archive", StepKind.Archive, "Archive", "归档", "effective", "settle"),
        Of("release-room", StepKind.WorkOrders, "Room released", "释放房间", "archive") with
        {
            Roles = [Role.Technical], DueHours = 4, EscalateTo = [Role.Supervisor],
            Tasks = [new("cancel-key-cards", W("Cancel the key cards", "注销房卡"), Role.Technical, DueDays: 0), new("release-room", W("Give the room free and cancel nights not used", "释放房间并取消未住房晚"), Role.Technical, DueDays: 0)],
        },
        Of("bill", StepKind.Notify, "Bill and deposit", "账单与押金说明", "release-room") with { Letter = "bill" },
        .. End("bill"),
    ])
    {
        Letters =
        [
            Letter("bill", W("Your bill for contract {contract.number}", "合同 {contract.number} 账单"), W("{customer.name}, your stay ended on {last.day}. {balance}", "{customer.name}，您好：您已于{last.day}离店。{balance}"),
                W("The deposit is settled once the room has been looked at; damage goes by the price list shown at check-in, and you can object to any line.", "查房后结算押金；如有损坏，按入住时公示的价目表计算，您可对任何一项提出异议。")) with { Table = LetterTable.Settlement },
        ],
    };

    public static Procedure Immediate { get; } = new(ImmediateId, 1, CaseKind.Offboarding, W("Hotel: ending at the desk", "酒店立即清退"), new("CN", new(8, 0), new(22, 0)),
    [
        Of("restrict", StepKind.WorkOrders, "Key cards cancelled", "注销房卡") with
        {
            Roles = [Role.Technical, Role.Supervisor],
            Tasks = [new("cancel-key-cards", W("Cancel the key cards; let the guest fetch belongings accompanied", "注销房卡，陪同客人取回物品"), Role.Technical, DueDays: 0)],
        },
        Of("notice", StepKind.Notify, "Written notice", "书面通知") with { Letter = "immediate" },
        Of("incident", StepKind.CheckList, "Record of the incident", "事件记录") with
        {
            Roles = Checkers, DueHours = 2, EscalateTo = [Role.BranchHead],
            Items =
            [
                new("report", W("Report of the incident with time, place, witnesses", "事件报告：时间、地点、见证人")), new("police", W("Police called, or why not", "已报警，或说明未报警的原因")),
                new("belongings", W("Belongings listed and handed over", "物品已清点并交付")), new("lodging", W("Other lodging named, where the guest is in need", "客人确有困难的，已告知其他住宿")),
            ],
        },
        Of("review", StepKind.Approve, "Review by another person", "复核") with { Of = ApprovalSubject.Decision, Roles = [Role.BranchHead, Role.Legal], DueHours = 12, EscalateTo = [Role.BranchHead] },
        Of("effective", StepKind.WaitUntilDate, "Last day", "生效日", "review"),
        RoomCheck("effective", "incident"),
        Of("settle", StepKind.Settle, "Bill", "账单", "room-check"),
        Of("approve", StepKind.Approve, "Approval", "审批", "settle") with { Of = ApprovalSubject.Settlement, Roles = Payers, DueHours = 14, EscalateTo = [Role.BranchHead] },
        Of("archive", StepKind.Archive, "Archive", "归档", "settle", "notice", "restrict"),
        Of("release-room", StepKind.WorkOrders, "Room released", "释放房间", "archive") with { Roles = [Role.Technical], Tasks = [new("release-room", W("Give the room free and cancel nights not used", "释放房间并取消未住房晚"), Role.Technical, DueDays: 0)] },
        Of("ended", StepKind.Notify, "Closing letter", "结清通知", "release-room") with { Letter = "ended" },
        .. End("ended"),
    ]);

    public static TerminationPolicy Policy { get; } = new()
    {
        Number = "HOTEL-01", Version = 1, EffectiveFrom = new(2020, 1, 1), ReviewOn = new(2027, 6, 30), TitleEnglish = "Stays by the month", TitleChinese = "长住退房政策", Scope = new(["CN"]), Procedures = new(CheckOutId, Immediate: ImmediateId),
        Form = Form(W("To let guests leave when they must, and settle deposits fairly.", "客人可随时离店，公平结算押金。"), W("Stays of a month and longer.", "一个月及以上的住宿。"), W("Price list for damage", "物品损坏赔偿价目表"), W("Record of an incident", "事件记录表"), W("List of belongings handed over", "物品交接清单")),
        Grounds = CommonGrounds, Renewal = new(RenewalKind.None), Notice = NoticePeriod.OfDays(0), MaxTermMonths = 24, Etf = new LeastFee([new FlatFee(new Money(30000, "CNY")), new RemainingShareFee(Rate.Parse("0.10", "pct"))]),
        HandOvers = [new(PolicySide.Customer, "key", W("Key card", "房卡"), 1, new Money(5000, "CNY"))],
        DamagePrices =
        [
            new("linen", W("Linen, per piece", "床品（件）"), new Money(12000, "CNY")), new("carpet", W("Carpet, stain", "地毯污损"), new Money(20000, "CNY")), new("television", W("Television", "电视机"), new Money(250000, "CNY")),
            new("smoking", W("Cleaning after smoking", "吸烟清洁"), new Money(30000, "CNY")),
        ],
        Consequences = new()
        {
            Credit = W("Nothing is reported to a credit bureau.", "不报送征信机构。"), Points = W("Points of nights stayed are kept.", "已住房晚的积分保留。"), Resign = W("At any time, if a room is free.", "有空房时可随时再次入住。"),
        },
        Lines = new Dictionary<string, LineTerms>
        {
            [LineCode.UnusedPrepaid] = new("2.1", "Nights paid and not used come back.", "已付未住房晚退还。"), [LineCode.ServiceToEnd] = new("2.1", "Nights are charged to the last one.", "房费计至最后一晚。"),
            [LineCode.Etf] = new("2.2", "Leaving before the agreed end costs a tenth of the rent for the months not begun, at most 300.", "提前退房按未开始月份租金的 10% 计收，最高 300 元。"),
            [LineCode.Deposit] = new("2.3", "The deposit comes back after the room was looked at.", "查房后退还押金。"), [LineCode.Damage] = new("2.4", "Damage goes by the price list.", "损坏按价目表赔偿。"), [LineCode.Unpaid] = new("2.5", "Open bills stay due.", "未付账单仍应支付。"),
        },
    };

    public static Pack Pack { get; } = new("hotel", W("Hotel", "酒店"),
    [
        W("A guest who leaves is out the same day; nights not used come back.", "客人当日即可离店，未住房晚退还。"), W("The room is looked at with the guest before the deposit is settled; damage goes by the price list, with a photo.", "与客人共同查房后结算押金；损坏按价目表计价并拍照。"),
        W("Ended at the desk: key cards cancelled and a written notice at once, a record of the incident, another person reviews within the working day.", "当场清退：立即注销房卡并书面通知，记录事件，当日由他人复核。"),
    ], [CheckOut, Immediate], [Policy],
    Reason("STAY", "Stay", "住宿", ("NOISE", "Noise", "噪音"), ("TRIP_CHANGED", "Trip changed", "行程变更"), ("ROOM", "The room", "房间问题"), ("HYGIENE", "Cleanliness", "卫生问题"), ("NEIGHBOURS", "Other guests", "其他客人影响")),
    "HOTEL-2026-0001");
}
