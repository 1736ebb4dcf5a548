using static Exeunt.Core.Rules.RuleEffect;
using static Exeunt.Core.Rules.RuleWriting;

namespace Exeunt.Core.Rules;

/// <summary>Germany: beside what holds in the whole Union.</summary>
public static class Germany
{
    private const string Text = "text of the BGB or TKG";
    private const string Secondary = "press release and headnotes of the courts, commentaries; § text not read";

    /// <summary>Before the pages had limits of their own.</summary>
    internal static RulePack First { get; } = new()
    {
        Jurisdiction = "DE", Version = 1, IssuedOn = IssuedOn, Title = W("Germany", "德国"),
        Rules =
        [
            Rule("DE-312k", S, "2022-07-01", Forbid, "BGB § 312k; BGH I ZR 200/25", Secondary, W("Cancellation button", "解约按钮"),
                W("Where consumers can conclude paid continuing contracts online, a button \"Verträge hier kündigen\" leads to a page that asks five things only and ends with \"jetzt kündigen\"; a receipt in text form comes at once. No account is needed. The confirmation page holds nothing else: no pause, downgrade or discount. An offer may stand near the first button as long as it hinders nobody. Once the customer has declared, no offer step follows here. Without the button the contract may be ended at any time without notice.", "可在线订立的有偿持续合同须设“Verträge hier kündigen”按钮，进入仅询问五项内容的页面，并以“jetzt kündigen”确认，立即发送文本回执；无须登录。确认页不得有其他内容（暂停、降级、优惠均不可）；入口附近的挽留信息不妨碍解约的可保留。客户提交后本系统不再进入挽留步骤。未设按钮的可随时解约、无须通知期。"))
                with
                {
                    Parties = Consumers, ProtectsCustomer = true, Figures = Figures(("fields", "kind reason identity contract endsOn contact")),
                    Limits = [AtMost("page.extraFields", "0"), Is("page.loginRequired", "false"), Is("offer.onConfirmationPage", "false"), Is("offer.afterDeclaration", "false")],
                    Fix = W("Ask only for kind and reason, identity, contract, end date and contact, without an account, and show no offer on the confirmation page.", "仅询问解约类型及原因、身份、合同、终止日、联系方式，无须登录，确认页不展示任何挽留方案。"),
                },
            Rule("DE-309-9", V, "2022-03-01", Cap, "BGB § 309 Nr. 9", Text, W("Terms in consumer contracts", "消费者格式合同的期限"),
                W("A first term of at most two years; a silent renewal only without a term and with at most one month's notice; notice before the term ends at most one month. Other clauses are void.", "首期不超过两年；默示续约只能为不定期，且通知期不超过一个月；期满前的通知期不超过一个月；其他约定无效。"))
                with
                {
                    Parties = Consumers, ProtectsCustomer = true, ContractsFrom = Day("2022-03-01"), Figures = Figures(("termMonths", "24"), ("noticeMonths", "1")),
                    Limits = [AtMost("termMonths", "24"), IsNot("renewal.kind", "FIXED"), AtMost("notice.months", "1"), Is("fee.afterRenewal", "false")],
                    Fix = W("A term of at most 24 months, an indefinite renewal, and at most one month's notice.", "首期不超过24个月，续约为不定期，通知期不超过一个月。"),
                },
            Rule("DE-TKG56", V, "2021-12-01", Cap, "TKG § 56", Text, W("Telecom contracts", "电信合同"),
                W("As in the Union: 24 months at most, one month's notice without cost after the term, and for equipment kept the lesser of its value pro rata and the fees left.", "与欧盟规定一致：首期不超过24个月；期满后提前一个月通知、免费；保留设备取按比例价值与剩余费用中的较低者。"))
                with
                {
                    Parties = TelecomOnly, ProtectsCustomer = true, Figures = Figures(("termMonths", "24"), ("noticeMonths", "1")),
                    Limits = [AtMost("termMonths", "24"), IsNot("device.rule", "PRO_RATA"), AtMost("notice.afterTerm.months", "1"), Is("fee.afterRenewal", "false")],
                    Fix = W("A term of at most 24 months, equipment by the lesser of the two (EECC), one month's notice and no fee after the term.", "首期不超过24个月；设备按两者较低者（EECC）计费；期满后提前一个月通知、不收费。"),
                },
            Rule("DE-314", V, "2002-01-01", Require, "BGB § 314", Text, W("Ending for good cause", "重大事由解除"),
                W("After a warning or a period to mend, where a breach is the cause, and within a reasonable time of knowing it.", "因违约的须先警告或给予补救期，并在知悉后合理期间内行使。")),
            Rule("DE-288", V, "2014-07-29", Cap, "BGB § 288", Text, W("Interest on default", "迟延利息"),
                W("Base rate and five percentage points for consumers, nine between businesses, and 40 euros flat between businesses.", "消费者为基准利率加5个百分点，企业间加9个百分点；企业间另加40欧元固定费用。"))
                with { Figures = Figures(("consumerPoints", "0.05"), ("businessPoints", "0.09"), ("businessLump", "40.00 EUR")) },
            Rule("DE-356a", S, "2026-06-19", Require, "BGB § 356a", Secondary, W("Withdrawal button", "撤回按钮"),
                W("\"Vertrag widerrufen\" leads to \"Widerruf bestätigen\": a function of its own beside the cancellation button.", "设“Vertrag widerrufen”与“Widerruf bestätigen”，为独立于解约按钮的功能。"))
                with { Parties = Consumers, ProtectsCustomer = true },
        ],
    };

    /// <summary>With limits for the pages themselves: which page the rule is about, and the words on its buttons.</summary>
    public static RulePack Pack { get; } = First with
    {
        Version = 2, IssuedOn = PagesIssuedOn,
        Rules =
        [
            .. First.Rules.Select(rule => rule.Id == "DE-312k" ? rule with
                {
                    When = [Is("page.function", "ENDING")], Limits = [.. rule.Limits, AtMost("page.missingFields", "0"), AtMost("page.clicks", "2")],
                    Fix = W("Ask for kind and reason, identity, contract, end date and contact, all of it and nothing else, on one page that ends with the button, without an account and without an offer.", "在同一页面询问且仅询问解约类型及原因、身份、合同、终止日、联系方式，页末即为提交按钮；无须登录，不展示挽留方案。"),
                } : rule),
            Rule("DE-312k-WORDS", S, "2022-07-01", Default, "BGB § 312k", Secondary, W("Words on the cancellation buttons", "解约按钮文字"),
                W("The buttons say \"Verträge hier kündigen\" and \"jetzt kündigen\", or as unmistakably the same.", "按钮文字为“Verträge hier kündigen”和“jetzt kündigen”，或同样明确的表述。"))
                with
                {
                    Parties = Consumers, ProtectsCustomer = true, When = [Is("page.function", "ENDING")],
                    Limits = [Is("page.entryWords", "Verträge hier kündigen"), Is("page.confirmWords", "jetzt kündigen")],
                    Fix = W("Use the words of the law, or let counsel look at yours.", "使用法定文字，或由法律顾问审核。"),
                },
            Rule("DE-356a-WORDS", S, "2026-06-19", Default, "BGB § 356a", Secondary, W("Words on the withdrawal buttons", "撤回按钮文字"),
                W("The buttons say \"Vertrag widerrufen\" and \"Widerruf bestätigen\", or as unmistakably the same.", "按钮文字为“Vertrag widerrufen”和“Widerruf bestätigen”，或同样明确的表述。"))
                with
                {
                    Parties = Consumers, ProtectsCustomer = true, When = [Is("page.function", "WITHDRAWAL")],
                    Limits = [Is("page.entryWords", "Vertrag widerrufen"), Is("page.confirmWords", "Widerruf bestätigen")],
                    Fix = W("Use the words of the law, or let counsel look at yours.", "使用法定文字，或由法律顾问审核。"),
                },
        ],
    };
}
