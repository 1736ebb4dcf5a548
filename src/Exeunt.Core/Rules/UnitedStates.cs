using static Exeunt.Core.Rules.RuleEffect;
using static Exeunt.Core.Rules.RuleWriting;

namespace Exeunt.Core.Rules;

/// <summary>Federal rules of the United States; they stand in the pack of every state.</summary>
internal static class UnitedStates
{
    internal static IReadOnlyList<LegalRule> Federal { get; } =
    [
        Rule("US-FTC", S, null, Default, "16 CFR 425; vacated rule of 2024", "law firms", W("Federal negative option rule", "联邦负选择规则"),
            W("The \"click to cancel\" rule of 2024 was vacated on 8 July 2025; a new proceeding is open. No new federal rule is in force; the old one on prenotification plans remains. We build to \"as easy as signing up\" all the same.", "2024年“一键取消”规则已于2025年7月8日被撤销，新的立法程序进行中；目前无新的联邦规则，旧的预先通知规则仍有效。产品仍按“取消与订购同样简便”设计。")),
        Rule("US-ROSCA", S, "2010-12-29", Require, "15 U.S.C. § 8403", "law firms", W("Online negative options", "在线自动续费"),
            W("Terms are disclosed, consent is express and informed, and there is a simple way to stop.", "须清楚披露条款、取得明示知情同意，并提供简便的停止方式。"))
            with { Parties = Consumers, ProtectsCustomer = true },
    ];
}
