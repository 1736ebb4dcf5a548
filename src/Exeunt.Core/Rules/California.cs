using static Exeunt.Core.Rules.RuleEffect;
using static Exeunt.Core.Rules.RuleWriting;

namespace Exeunt.Core.Rules;

/// <summary>California.</summary>
public static class California
{
    public static RulePack Pack { get; } = new()
    {
        Jurisdiction = "US-CA", Version = 1, IssuedOn = IssuedOn, Title = W("California", "美国加利福尼亚州"),
        Rules =
        [
            .. UnitedStates.Federal,
            Rule("US-CA", S, "2025-07-01", Require, "Bus. & Prof. Code § 17602 (AB 2863)", "quotations of the statute", W("Automatic renewal", "自动续费"),
                W("Ending is possible by the medium of signing up, and online. A reminder every year; 15 to 45 days before a renewal after a first term of a year or more; 3 to 21 days before a trial of more than 31 days ends; 7 to 30 days before a fee changes. Consent is recorded for three years or one year after the end, whichever is longer.", "可以订购时的方式及在线取消；每年提醒；首期一年以上的，续约前15–45日提醒；31日以上试用结束前3–21日提醒；费用变更前7–30日提醒；同意记录保存三年或终止后一年（取较长者）。"))
                with
                {
                    Parties = Consumers, ProtectsCustomer = true, ContractsFrom = Day("2025-07-01"),
                    Figures = Figures(("renewalAtMost", "45"), ("renewalAtLeast", "15"), ("trialAtMost", "21"), ("trialAtLeast", "3"), ("feeAtMost", "30"), ("feeAtLeast", "7"), ("consentYears", "3"), ("consentYearsAfterEnd", "1")),
                    Limits = [AtLeast("renewal.reminderDays", "15"), AtMost("renewal.reminderDays", "45")], When = [AtLeast("termMonths", "12")],
                    Fix = W("Remind 15 to 45 days before the renewal.", "续约前15–45日提醒。"),
                },
            Rule("US-CA-OFFER", S, "2025-07-01", Require, "Bus. & Prof. Code § 17602 (AB 2863)", "quotations of the statute", W("Offers beside the way to cancel", "挽留页须同时可取消"),
                W("An offer to stay is no obstacle only while a prominent way to cancel stands beside it all the time.", "挽留页须始终同时显著显示取消入口，否则视为妨碍取消。"))
                with { Parties = Consumers, ProtectsCustomer = true, Limits = [Is("offer.showsCancel", "true")], Fix = W("Show the way to cancel beside the offer.", "在挽留方案旁显示取消入口。") },
            Rule("US-CA-VOICE", GK, "2025-07-01", Require, "Bus. & Prof. Code § 17602", "sources differ", W("Requests by voicemail", "语音留言申请"),
                W("A request left on voicemail is dealt with within 24 hours, by other sources within one business day.", "语音留言的取消申请应在24小时（另有来源称一个工作日）内处理。"))
                with { Parties = Consumers, ProtectsCustomer = true, Figures = Figures(("hours", "24")) },
        ],
    };
}
