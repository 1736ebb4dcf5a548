using static Exeunt.Core.Rules.RuleEffect;
using static Exeunt.Core.Rules.RuleWriting;

namespace Exeunt.Core.Rules;

/// <summary>United Kingdom: the subscription chapter, enacted and not in force; the day is not set, expected in spring 2027.</summary>
public static class UnitedKingdom
{
    public static RulePack Pack { get; } = new()
    {
        Jurisdiction = "GB", Version = 1, IssuedOn = IssuedOn, Title = W("United Kingdom", "英国"),
        Rules =
        [
            Rule("UK-DMCC", V, null, Require, "Digital Markets, Competition and Consumers Act 2024 ss. 258, 261", "text of the sections", W("Reminders and end notices", "续费提醒与终止通知"),
                W("A reminder every six months and before the first paid renewal after a trial; a notice of the end within 24 hours of an online exit, three working days otherwise. Not in force yet.", "每六个月及试用后首次付费续费前提醒；在线退出后24小时内、其他方式三个工作日内发出终止通知。尚未生效。"))
                with { Parties = Consumers, ProtectsCustomer = true, Figures = Figures(("reminderMonths", "6"), ("onlineHours", "24"), ("otherWorkingDays", "3")), Limits = [AtLeast("renewal.reminderDays", "1")], Fix = W("Remind before the renewal.", "续约前提醒。") },
            Rule("UK-DMCC-COOL", S, null, Require, "Digital Markets, Competition and Consumers Act 2024", "law firms", W("Cooling off", "冷静期"),
                W("14 days at the start, and again at a renewal of 12 months or more or after a trial; the refund follows within 14 days. Not in force yet.", "首次订立及续约（十二个月以上或试用后）各有14日冷静期，14日内退款。尚未生效。"))
                with { Parties = Consumers, ProtectsCustomer = true, Figures = Figures(("days", "14"), ("refundDays", "14")), Limits = [Is("ground.WITHDRAWAL.fee", "NONE")], Fix = W("Charge no fee for a withdrawal.", "冷静期内退出不得收费。") },
        ],
    };
}
