using static Exeunt.Core.Rules.RuleEffect;
using static Exeunt.Core.Rules.RuleWriting;

namespace Exeunt.Core.Rules;

/// <summary>France: beside what holds in the whole Union.</summary>
public static class France
{
    private const string Text = "text of the Code de la consommation";

    /// <summary>Before the pages had limits of their own.</summary>
    internal static RulePack First { get; } = new()
    {
        Jurisdiction = "FR", Version = 1, IssuedOn = IssuedOn, Title = W("France", "法国"),
        Rules =
        [
            Rule("FR-215", V, "2016-07-01", Require, "Code de la consommation L215-1", Text, W("Notice before a silent renewal", "默示续约前的告知"),
                W("Three months to one month before the last day on which renewal can be refused, the consumer gets a notice of its own with that date in a box. Without it the contract may be ended free of charge at any time from the renewal on, and sums prepaid come back within 30 days.", "应在可拒绝续约的最后期限前三个月至一个月，以专门通知并框注该日期告知消费者；未告知的，续约后可随时免费解约，预付款项30日内退还。"))
                with
                {
                    Parties = Consumers, ProtectsCustomer = true, Figures = Figures(("atMostMonths", "3"), ("atLeastMonths", "1"), ("refundDays", "30")),
                    Limits = [AtLeast("renewal.reminderBeforeDeadline", "31"), AtMost("renewal.reminderBeforeDeadline", "89"), Is("renewal.noticeSent", "true")],
                    Fix = W("Remind between three months and one month before the last day for refusing renewal, which is the renewal less the notice period.", "在可拒绝续约的最后期限（续约日减去通知期）前三个月至一个月提醒。"),
                },
            Rule("FR-3C", V, "2023-06-01", Require, "Code de la consommation L215-1-1, D215-1 à D215-3", Text, W("Ending in three clicks", "三步在线解约"),
                W("\"Résilier votre contrat\" leads to the fields, a summary and \"notification de la résiliation\"; no account is forced; a confirmation with the end date comes on a durable medium.", "“Résilier votre contrat”进入填写、汇总与“notification de la résiliation”；不得强制注册；以持久介质确认终止日。"))
                with { Parties = Consumers, ProtectsCustomer = true, Limits = [Is("page.loginRequired", "false")], Fix = W("Offer it without an account.", "无须账号即可办理。") },
            Rule("FR-TEL", V, "2016-07-01", Cap, "Code de la consommation L224-39, L224-40", Text, W("Ten days' notice for telecom", "电信通知期十日"),
                W("The end takes effect at most ten days after the notice is received, or later if the customer wishes.", "解约自通知送达起至多十日生效，客户希望更晚的除外。"))
                with
                {
                    Parties = TelecomOnly, ProtectsCustomer = true, Figures = Figures(("days", "10")),
                    Limits = [AtMost("notice.days", "10"), Is("endsOn", "ANY_DAY")], Fix = W("At most ten days' notice, to any day.", "通知期不超过十日，可于任意日终止。"),
                },
        ],
    };

    /// <summary>With limits for the pages themselves: three clicks, with a summary before the last.</summary>
    public static RulePack Pack { get; } = First with
    {
        Version = 2, IssuedOn = PagesIssuedOn,
        Rules =
        [
            .. First.Rules.Select(rule => rule.Id == "FR-3C"
                ? rule with
                {
                    When = [Is("page.function", "ENDING")], Limits = [.. rule.Limits, AtMost("page.clicks", "3"), Is("page.recap", "true")],
                    Fix = W("No account; three clicks from \"résilier votre contrat\" over the fields and a summary to \"notification de la résiliation\".", "无须账号；从“résilier votre contrat”经填写、汇总至“notification de la résiliation”共三步。"),
                }
                : rule),
            Rule("FR-3C-WORDS", V, "2023-06-01", Default, "Code de la consommation D215-1 à D215-3", Text, W("Words on the buttons", "按钮文字"),
                W("The buttons say \"résilier votre contrat\" and \"notification de la résiliation\", or as unmistakably the same.", "按钮文字为“résilier votre contrat”和“notification de la résiliation”，或同样明确的表述。"))
                with
                {
                    Parties = Consumers, ProtectsCustomer = true, When = [Is("page.function", "ENDING")],
                    Limits = [Is("page.entryWords", "résilier votre contrat"), Is("page.confirmWords", "notification de la résiliation")],
                    Fix = W("Use the words of the law, or let counsel look at yours.", "使用法定文字，或由法律顾问审核。"),
                },
        ],
    };
}
