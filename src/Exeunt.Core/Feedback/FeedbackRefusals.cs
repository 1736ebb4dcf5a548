namespace Exeunt.Core.Feedback;

public static class FeedbackRefusals
{
    public static readonly Refusal OwnCase = new(RefusalKind.Forbidden, "feedback.own-case",
        "You took part in the case this complaint is about. Somebody else has to look into it.", "您参与过该投诉所涉案件，须由他人处理。");

    public static readonly Refusal JudgedBefore = new(RefusalKind.Forbidden, "feedback.judged-before",
        "You answered this before. It was opened anew so that another person looks at it.", "您已答复过该反馈；重新受理后须由他人处理。");

    public static readonly Refusal HasItAlready = new(RefusalKind.Conflict, "feedback.has-it-already",
        "This person has it already.", "已由该人员负责。", Field: "to");

    public static readonly Refusal ProvenAlready = new(RefusalKind.Conflict, "feedback.proven-already",
        "It came from the customer of a case, and stays linked to it.", "该反馈由案件客户本人提交，关联不可更改。");

    public static readonly Refusal CannotJoin = new(RefusalKind.Invalid, "feedback.cannot-join",
        "Enter the number of another open one of the same kind, which is not joined itself.", "请输入另一条同类、未答复且未被合并的反馈编号。", Field: "number");

    public static readonly Refusal NotJoined = new(RefusalKind.Conflict, "feedback.not-joined",
        "It is not joined to another one, or is answered already.", "该反馈未被合并，或已答复。");

    public static readonly Refusal TakeFirst = new(RefusalKind.Conflict, "feedback.take-first",
        "Take it first: whoever answers has it.", "请先受理，由受理人答复。");

    public static readonly Refusal ChooseVerdict = new(RefusalKind.Invalid, "feedback.choose-verdict",
        "Choose what you found.", "请选择认定结果。", Field: "verdict");

    public static readonly Refusal ChooseRemedy = new(RefusalKind.Invalid, "feedback.choose-remedy",
        "Choose at least one thing that is done about it.", "请至少选择一项处理措施。", Field: "remedies");

    public static readonly Refusal Closed = new(RefusalKind.Conflict, "feedback.closed",
        "This is closed. You can write anew at any time.", "该反馈已办结。您可随时重新提交。");

    public static readonly Refusal NotAnswered = new(RefusalKind.Conflict, "feedback.not-answered",
        "It is not answered yet.", "尚未答复。");

    public static readonly Refusal IsAnswered = new(RefusalKind.Conflict, "feedback.is-answered",
        "It is answered. If that does not settle it, whoever wrote can have it opened anew.", "该反馈已答复；如未解决，提交人可要求重新处理。");

    public static readonly Refusal IsJoined = new(RefusalKind.Conflict, "feedback.is-joined",
        "It is answered together with the one it was joined into. Separate it first.", "该反馈已合并处理，请先取消合并。");

    public static readonly Refusal ChooseKind = new(RefusalKind.Invalid, "feedback.choose-kind",
        "Say whether it is a complaint or a suggestion.", "请选择投诉或建议。", Field: "kind");

    public static readonly Refusal ChooseCategory = new(RefusalKind.Invalid, "feedback.choose-category",
        "Choose what it is about.", "请选择涉及事项。", Field: "about");

    public static readonly Refusal ChooseAnswer = new(RefusalKind.Invalid, "feedback.choose-answer",
        "Choose how we may answer you.", "请选择答复方式。", Field: "by");

    public static readonly Refusal MailUnreadable = new(RefusalKind.Invalid, "feedback.mail-unreadable",
        "Enter a mail address, such as name@example.com.", "请输入邮箱地址，例如 name@example.com。", Field: "contact");

    public static readonly Refusal PhoneUnreadable = new(RefusalKind.Invalid, "feedback.phone-unreadable",
        "Enter a phone number with its digits.", "请输入电话号码。", Field: "contact");

    public static readonly Refusal UnknownNumber = new(RefusalKind.Invalid, "feedback.unknown-number",
        "No case, contract or customer of your units has this number.", "您所辖单位没有此编号的案件、合同或客户。", Field: "number");

    public static readonly Refusal TooManyWords = new(RefusalKind.Conflict, "feedback.too-many-messages",
        "There are a hundred messages here already. Please wait for the answer.", "留言已达一百条，请等待答复。", Field: "words");
}
