using Exeunt.Core;

namespace Exeunt.App.Features.Returns;

/// <summary>Every "no" about returns.</summary>
public static class ReturnRefusals
{
    private static Refusal Invalid(string code, string english, string chinese, string? field = null) => new(RefusalKind.Invalid, "return." + code, english, chinese, Field: field);

    private static Refusal Conflict(string code, string english, string chinese, string? field = null) => new(RefusalKind.Conflict, "return." + code, english, chinese, Field: field);

    public static readonly Refusal NothingChosen = Invalid("nothing-chosen", "Choose at least one line and how many pieces.", "请至少选择一行并填写数量。", "lines");

    public static readonly Refusal WishMissing = Invalid("wish-missing", "Say what you want.", "请选择您的要求。", "wish");

    public static Refusal NoSuchLine(int line) => Invalid("no-such-line", $"The order has no line {line}.", $"订单没有第 {line} 行。", "lines");

    public static Refusal TooMany(int line, int left) => Conflict("too-many", $"Of line {line} at most {left} can still come back.", $"第 {line} 行最多还可退 {left} 件。", "lines");

    public static Refusal NotDelivered(int line) =>
        Conflict("not-delivered", $"Line {line} has not arrived yet. Once it is here it can be returned; if it was not sent yet, choose to cancel it.", $"第 {line} 行尚未签收，签收后方可退货；如未发货，请选择取消。", "lines");

    public static Refusal Shipped(int line) =>
        Conflict("shipped", $"Line {line} was sent already, so it cannot be cancelled. Return it when it has arrived.", $"第 {line} 行已发货，无法取消；请在签收后办理退货。", "lines");

    public static Refusal NothingPaid => Conflict("nothing-paid", "Nothing was paid for this, so nothing can go back.", "该商品未付款，无款可退。", "lines");

    public static readonly Refusal NoSuchProduct = Invalid("no-such-product", "Choose an article from the list, in the order's currency.", "请从列表选择与订单同币种的商品。", "exchange");

    public static readonly Refusal NoService = Invalid("no-service", "A service is not sent back: choose to cancel it for money.", "服务无法寄回，请选择退款。", "wish");

    public static readonly Refusal DraftGone = new(RefusalKind.NotFound, "return.draft-gone",
        "This return was not finished within a day and is forgotten. Please start again.", "该退货申请未在一天内完成，已被清除。请重新开始。");

    public static readonly Refusal CodeFirst = new(RefusalKind.Forbidden, "return.code-first",
        "Enter the code first that was sent to the contact on file.", "请先输入发送到留存联系方式的验证码。", Field: "code");

    public static readonly Refusal DayWrong = Invalid("day-wrong", "Give a day between the return and today.", "日期须在申请退货之日至今日之间。", "on");

    public static Refusal CountsWrong(int line) => Invalid("counts-wrong", $"Accepted and rejected pieces of line {line} must be 0 or more and together at most what was to come.", $"第 {line} 行的接受与拒收数量须为非负，且合计不超过应退数量。", $"accepted-{line}");

    public static Refusal ConditionMissing(int line) => Invalid("condition-missing", $"Say in which condition the accepted pieces of line {line} are.", $"请选择第 {line} 行接受商品的状态。", $"condition-{line}");

    public static Refusal GroundMissing(int line) => Invalid("ground-missing", $"Say why pieces of line {line} are rejected, in words the customer reads, and what becomes of them.", $"请说明第 {line} 行拒收的理由（客户可见）及处理方式。", $"finding-{line}");

    public static Refusal FateDay(int line) => Invalid("fate-day", $"Give the day until which the rejected pieces of line {line} are kept or by which they are sent back, within the next 90 days.", $"请填写第 {line} 行拒收商品保管至或寄回的日期（90 天以内）。", $"fateOn-{line}");

    public static Refusal LinesMissing => Invalid("lines-missing", "Say of every line of the return what came.", "请逐行填写验收结果。", "lines");

    public static Refusal LessThanBefore(int line) => Invalid("less-than-before", $"A second look never takes away: line {line} had more accepted, or less deducted.", $"复验不得更不利：第 {line} 行原接受数量更多或扣减更少。", $"accepted-{line}");

    public static readonly Refusal InspectedBefore = new(RefusalKind.Forbidden, "return.inspected-before", "You looked at these goods before, so another person looks now.", "您已验收过该商品，须由他人复验。");

    public static readonly Refusal TooLateToContest = Conflict("too-late-to-contest", "The time to say that the result is wrong is over.", "提出异议的期限已过。");

    public static readonly Refusal AgainOnce = Conflict("again-once", "This result was looked at twice. You can still appeal, or write to us.", "该结果已复验。您仍可申诉或留言。");

    public static readonly Refusal NothingLookedAt = Conflict("nothing-looked-at", "Nothing was sent back here that could be looked at again. Write to us, or appeal.", "本案没有可复验的商品。请留言或申诉。");

    public static readonly Refusal DecideThere = Conflict("decide-there", "A return is accepted or refused in its own card, not here.", "退货的受理与拒绝请在退货卡片中办理。");

    public static readonly Refusal RevivedAlready = Conflict("revived-already", "It has begun anew already; go on with that return.", "该退货已重新开始，请继续办理新的退货。");

    public static readonly Refusal NotLapsed = Conflict("not-lapsed", "Only a return that lapsed because nothing was sent can begin anew.", "仅因未按时寄回而失效的退货可重新开始。");

    public static readonly Refusal RightOver = Conflict("right-over", "The time of this right is over, so it cannot begin anew by itself. Ask for a new return; a person decides.", "该权利期限已过，无法自动恢复。请另行申请，由人工决定。");

    public static readonly Refusal OtherUnit = new(RefusalKind.NotFound, "not-found", "There is no such thing here, or it is not yours to see.", "没有找到，或您无权查看。");

    public static readonly Refusal NoPhoto = Invalid("no-photo", "This is no photo we can read: send JPEG, PNG or WebP of at most 8 MB and 40 megapixels.", "无法识别为照片，请上传不超过 8 MB、4000 万像素的 JPEG、PNG 或 WebP。", "photo");

    public static readonly Refusal EnoughPhotos = Conflict("enough-photos", "There are as many photos as one return takes.", "照片数量已达上限。", "photo");

    public static readonly Refusal ProofMissing = Invalid("proof-missing", "Say how the customer proved who they are.", "请选择客户身份的核验方式。", "proof");

    public static Refusal PolicyWrong(string field) => Invalid("policy-wrong", $"This is out of range: {field}.", $"内容超出范围：{field}。", field);
}
