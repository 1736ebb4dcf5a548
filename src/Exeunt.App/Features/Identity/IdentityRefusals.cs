using Exeunt.Core;

namespace Exeunt.App.Features.Identity;

public static class IdentityRefusals
{
    public static readonly Refusal LevelTwo = new(RefusalKind.Forbidden, "identity.level-two",
        "A code alone is not enough for this. Show our staff a document, or for a company the proof of your authority; they record the check, and you can go on.",
        "仅凭验证码不足以办理此项。请向工作人员出示证件（单位请出示授权证明），核验登记后即可办理。");

    public static readonly Refusal AlreadyWaiting = new(RefusalKind.Conflict, "identity.change-waits",
        "A change of this kind waits already. Stop it first, or wait for its date.", "已有同类变更在保护期内，请先撤销或等待到期。");

    public static readonly Refusal NothingWaits = new(RefusalKind.Conflict, "identity.nothing-waits", "No change of this kind waits.", "没有等待生效的变更。");

    public static readonly Refusal NoContact = new(RefusalKind.Invalid, "identity.contact-unreadable",
        "Enter a mail address, a phone number with its digits, or both.", "请输入邮箱或电话号码。", Field: "mail");

    public static readonly Refusal Method = new(RefusalKind.Invalid, "identity.method",
        "Choose how it was checked.", "请选择核验方式。", Field: "method");

    public static readonly Refusal NoSuchContract = new(RefusalKind.Invalid, "identity.no-such-contract",
        "There is no contract with this number, or its customer's contacts are gone.", "没有此编号的合同，或该客户的联系方式已清除。", Field: "contractNumber");

    public static readonly Refusal SecondPerson = new(RefusalKind.Forbidden, "identity.second-person",
        "You said whose application it is, so another person must confirm it.", "该申请的身份由您核验，须由他人确认。");

    public static readonly Refusal Twice = new(RefusalKind.Conflict, "identity.checked-already", "This level is proven already.", "该核验级别已达到。");
}
