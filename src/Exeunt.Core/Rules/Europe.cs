using static Exeunt.Core.Rules.RuleEffect;
using static Exeunt.Core.Rules.RuleWriting;

namespace Exeunt.Core.Rules;

/// <summary>The European Union: what holds in every member state.</summary>
public static class Europe
{
    private const string Text = "text of the regulation";
    private const string Secondary = "law firms and chambers; the official text was not read";

    /// <summary>Before the pages had limits of their own.</summary>
    internal static RulePack First { get; } = new()
    {
        Jurisdiction = "EU", Version = 1, IssuedOn = IssuedOn, Title = W("European Union", "欧盟"),
        Rules =
        [
            Rule("EU-G12", V, "2018-05-25", Require, "GDPR Art. 12", Text, W("Answer within a month", "一个月内答复"),
                W("A request is answered within one calendar month of receipt; a complex one within two more, of which the person is told within the first. Identity is checked only on reasonable doubt.", "自收到请求起一个日历月内答复；复杂的可延长两个月，并在首月内告知；有合理怀疑时方可核验身份。"))
                with { Figures = Figures(("months", "1"), ("extensionMonths", "2")), ProtectsCustomer = true },
            Rule("EU-G17", V, "2018-05-25", Require, "GDPR Art. 17", Text, W("Erasure", "删除权"),
                W("Without undue delay on any of the grounds (a) to (f); kept only for expression, legal duties, public health, archives or legal claims.", "符合(a)–(f)任一情形的应及时删除；仅因言论自由、法定义务、公共健康、存档或法律主张可保留。"))
                with { ProtectsCustomer = true },
            Rule("EU-G18/19", V, "2018-05-25", Require, "GDPR Art. 18, 19", Text, W("Restriction", "限制处理"),
                W("Restricted data is only stored, or used with consent or for claims; the person is told before it is lifted, recipients are notified.", "限制期间仅可存储，或经同意、为法律主张使用；解除前告知本人，并通知接收方。"))
                with { ProtectsCustomer = true },
            Rule("EU-G20/22/30", GK, "2018-05-25", Require, "GDPR Art. 20, 22, 30", "standard text, not read again", W("Portability, automated decisions, records", "可携、自动化决策、处理记录"),
                W("Data from consent or contract is handed over in a machine-readable form; nobody is subject to a decision by a machine alone with legal or similar effect: a person intervenes, hears and reviews; processing is recorded.", "基于同意或合同的数据以机器可读格式提供；不得仅以自动化决策作出有法律或类似重大影响的决定，须有人工介入、听取意见并可申诉；保存处理活动记录。"))
                with { ProtectsCustomer = true, Limits = [Is("decision.humanReview", "true")], Fix = W("Let a person look at it and decide.", "由人工复核后决定。") },
            Rule("EU-CRD", V, "2014-06-13", Require, "Directive 2011/83/EU Art. 9–13; Code de la consommation L221-18 à L221-24", "read as transposed in France", W("Fourteen days to withdraw", "十四日撤回权"),
                W("A distance contract may be withdrawn from within 14 days of receipt (goods) or conclusion (services), 12 months more if the consumer was not told; the refund follows within 14 days by the same means.", "远程合同自收货（商品）或订立（服务）起14日内可撤回；未告知的延长12个月；14日内以原支付方式退款。"))
                with { Parties = Consumers, Figures = Figures(("days", "14"), ("uninformedMonths", "12"), ("refundDays", "14"), ("except", "CUSTOM_MADE PERISHABLE NEWSPAPER OPENED_DIGITAL"), ("returnFreight", "CUSTOMER")), ProtectsCustomer = true, Limits = [Is("ground.WITHDRAWAL.fee", "NONE")], Fix = W("Charge no fee for a withdrawal.", "撤回不得收取费用。") },
            Rule("EU-SGD", GK, "2022-01-01", Require, "Directive (EU) 2019/771 Art. 10, 14, 16", "general knowledge; the text is to be read again", W("Two years for what is faulty", "两年质量保证"),
                W("The seller is liable for a lack of conformity that shows within two years of delivery; the seller bears the cost of bringing goods back.", "自交付起两年内出现的不符合约定，由卖方承担责任，退回费用由卖方负担。"))
                with { Parties = Consumers, Figures = Figures(("months", "24"), ("returnFreight", "COMPANY")), ProtectsCustomer = true },
            Rule("EU-CRD-14-3", GK, "2014-06-13", Require, "Directive 2011/83/EU Art. 14(3)", "general knowledge", W("Paying for a service started on request", "应请求提前开始的服务"),
                W("Who expressly asked for the service to begin at once pays in proportion to what was provided; without request or information nothing.", "消费者明确要求在撤回期内开始服务的，按比例付费；未明确要求或未告知的，不付费。"))
                with { Parties = Consumers, ProtectsCustomer = true },
            Rule("EU-11a", S, "2026-06-19", Require, "Directive 2011/83/EU Art. 11a (Directive (EU) 2023/2673)", Secondary, W("Withdrawal button", "在线撤回按钮"),
                W("Online there is a withdrawal function for the whole period: name, contract, contact, a confirming button, and an acknowledgement with content, date and time. It stands beside the way to end a contract and needs no account.", "在线合同在整个撤回期内提供撤回功能：姓名、合同、联系方式、确认按钮，并发送载明内容、日期和时间的回执；与解约入口分开，且无须登录。"))
                with { Parties = Consumers, ProtectsCustomer = true, Limits = [Is("page.loginRequired", "false")], Fix = W("Offer it without an account.", "无须账号即可使用。") },
            Rule("EU-EECC", S, "2020-12-21", Cap, "Directive (EU) 2018/1972 Art. 105", Secondary, W("Telecom contracts", "电信合同"),
                W("The first term is at most 24 months. After a silent renewal one month's notice without cost. Whoever may leave before the end pays only for equipment kept: the lesser of its agreed value pro rata and the fees left.", "首期不超过24个月；默示续约后提前一个月通知即可免费解约；有权提前解约者仅就保留的设备付费，取约定价值按比例与剩余费用中的较低者。"))
                with
                {
                    Parties = TelecomOnly, ProtectsCustomer = true, Figures = Figures(("termMonths", "24"), ("noticeMonths", "1")),
                    Limits = [AtMost("termMonths", "24"), IsNot("device.rule", "PRO_RATA"), AtMost("notice.afterTerm.months", "1"), Is("fee.afterRenewal", "false")],
                    Fix = W("A term of at most 24 months, equipment by the lesser of the two (EECC), one month's notice and no fee after the term.", "首期不超过24个月；设备按两者较低者（EECC）计费；期满后提前一个月通知、不收费。"),
                },
            Rule("EU-DATA", S, "2025-09-12", Cap, "Regulation (EU) 2023/2854 Art. 23–31", Secondary, W("Leaving a cloud service", "退出云服务"),
                W("Notice of at most two months at any time; transition within 30 days, at most 7 months; data can be fetched for at least 30 days, then it is erased. Businesses are protected too. Charges for leaving early are no switching charges, but are disclosed.", "可随时解约，通知期不超过两个月；过渡期30日，最长7个月；数据至少可取回30日，随后删除；企业客户同样适用；提前解约费不属于转换费，但须披露。"))
                with
                {
                    Sectors = ["SAAS", "CLOUD"], ProtectsCustomer = true, Figures = Figures(("noticeMonths", "2"), ("transitionDays", "30"), ("transitionMaxMonths", "7"), ("retrievalDays", "30")),
                    Limits = [AtMost("notice.months", "2"), Is("earlyExit.allowed", "true")],
                    Fix = W("Let the customer leave at any time with at most two months' notice.", "允许客户随时解约，通知期不超过两个月。"),
                },
            Rule("EU-DATA-SWITCH", S, "2027-01-12", Forbid, "Regulation (EU) 2023/2854 Art. 29", Secondary, W("No switching charge", "不得收取转换费"),
                W("Until 11 January 2027 switching is charged at cost, from 12 January 2027 not at all.", "2027年1月11日前转换费不得超过成本，自2027年1月12日起不得收取。"))
                with { Sectors = ["SAAS", "CLOUD"], ProtectsCustomer = true, Limits = [AtMost("switchingCharge", "0")], Fix = W("Charge nothing for switching.", "取消转换费。") },
            Rule("EU-P2B", V, "2020-07-12", Require, "Regulation (EU) 2019/1150 Art. 4", Text, W("Ending a business user", "平台终止商户"),
                W("A platform tells a business user at least 30 days before it ends the service, with reasons, on a durable medium, and hears complaints.", "平台终止向商户提供服务应至少提前30日以持久介质说明理由，并提供申诉。"))
                with { Parties = [Policies.Party.Platform], Figures = Figures(("days", "30")), ProtectsCustomer = true },
            Rule("EU-DSA17", GK, "2024-02-17", Require, "Regulation (EU) 2022/2065 Art. 17", "general knowledge", W("Reasons for a suspension", "暂停或终止的理由说明"),
                W("A hosting service that suspends or ends gives its reasons with the decision.", "托管服务暂停或终止服务时应同时说明理由。"))
                with { Parties = [Policies.Party.Platform], ProtectsCustomer = true },
        ],
    };

    /// <summary>With limits for the withdrawal page: what it may ask, and how many clicks it takes.</summary>
    public static RulePack Pack { get; } = First with
    {
        Version = 2, IssuedOn = PagesIssuedOn,
        Rules =
        [
            .. First.Rules.Select(rule => rule.Id == "EU-11a"
                ? rule with
                {
                    When = [Is("page.function", "WITHDRAWAL")], Figures = Figures(("fields", "identity contract contact")),
                    Limits = [.. rule.Limits, AtMost("page.extraFields", "0"), AtMost("page.clicks", "2"), Is("offer.onConfirmationPage", "false")],
                    Fix = W("Ask for name, contract and contact only, without an account, and confirm with one button.", "仅询问姓名、合同、联系方式，无须账号，一个按钮确认。"),
                }
                : rule),
        ],
    };
}
