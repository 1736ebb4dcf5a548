using static Exeunt.Core.Rules.RuleEffect;
using static Exeunt.Core.Rules.RuleWriting;

namespace Exeunt.Core.Rules;

/// <summary>New York.</summary>
public static class NewYork
{
    public static RulePack Pack { get; } = new()
    {
        Jurisdiction = "US-NY", Version = 1, IssuedOn = IssuedOn, Title = W("New York", "美国纽约州"),
        Rules =
        [
            .. UnitedStates.Federal,
            Rule("US-NY", S, "2025-11-05", Require, "General Business Law § 527-a", "law firm; statute looked at again in October 2026", W("Automatic renewal", "自动续费"),
                W("A price rise is announced 5 to 30 days before; the consumer agrees to it, or may cancel within 14 days of the charge with a refund pro rata. Material terms come before consent, with an acknowledgement that can be kept.", "涨价须提前5–30日通知；须经同意，否则扣费后14日内可取消并按比例退款；重要条款在同意前披露，并提供可留存的确认。"))
                with { Parties = Consumers, ProtectsCustomer = true, Figures = Figures(("priceAtMost", "30"), ("priceAtLeast", "5"), ("cancelDays", "14")) },
        ],
    };
}
