using Exeunt.Core;

namespace Exeunt.App.Features.Terms;

/// <summary>Every "no" about shown texts and their confirmations.</summary>
public static class TermsRefusals
{
    public static readonly Refusal ConfirmFirst = new(RefusalKind.Invalid, "terms.confirm-first",
        "Tick the box to say that you have read what ending does.", "请勾选，确认您已了解解约的影响。", Field: "confirmed");

    public static readonly Refusal TextChanged = new(RefusalKind.Invalid, "terms.text-changed",
        "The text was changed since you opened the page. Read it again below and tick the box.", "页面打开后文本已更新。请重新阅读下文并勾选。", Field: "confirmed");

    public static readonly Refusal NeverShown = new(RefusalKind.Invalid, "terms.never-shown",
        "This version never showed a text with this SHA-256 in this language. Fetch the text, show it, and send the hash you got with it.",
        "该版本从未以此语言展示过此 SHA-256 对应的文本。请先获取文本并展示，再提交随文本返回的哈希。", Field: "sha256");

    public static readonly Refusal Language = new(RefusalKind.Invalid, "terms.language",
        "The language is \"zh\" or \"en\".", "语言应为 \"zh\" 或 \"en\"。", Field: "language");

    public static readonly Refusal NoSuchContract = new(RefusalKind.Invalid, "terms.no-such-contract",
        "There is no contract with this number that is yours to see. Import the contract first.", "没有此编号的合同，或您无权查看。请先导入合同。", Field: "contractNumber");

    public static Refusal OtherPolicy(string number, int version) =>
        new(RefusalKind.Conflict, "terms.other-policy",
            $"This contract was signed under {number} version {version}; confirm the text of that version.", $"该合同适用 {number} 第 {version} 版；请确认该版本的文本。", Field: "contractNumber");
}
