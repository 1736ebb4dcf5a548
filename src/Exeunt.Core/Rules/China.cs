using static Exeunt.Core.Rules.RuleEffect;
using static Exeunt.Core.Rules.RuleWriting;

namespace Exeunt.Core.Rules;

/// <summary>China: civil code and settlement, consumers, platforms, telecom, prepayments, personal information and records.</summary>
public static class China
{
    private const string Code = "text of the statute";
    private const string Judicial = "text of the judicial interpretation or regulation";
    private const string Secondary = "reported by others; the official text was not read";

    public static RulePack Pack { get; } = new()
    {
        Jurisdiction = "CN", Version = 1, IssuedOn = IssuedOn, Title = W("China", "中国"),
        Rules = [.. ContractRules(), .. ConsumerRules(), .. RecordRules()],
    };

    private static IEnumerable<LegalRule> ContractRules() =>
    [
        Rule("CN-562", V, "2021-01-01", Require, "《民法典》第562条", Code, W("Ending by agreement", "协商或约定解除"),
            W("Both sides may end the contract by agreement, or one side when an agreed ground has come about. The agreement says how things are settled.", "双方可协商解除；约定的解除事由发生时，解除权人可以解除。解除协议应写明结算安排。")),
        Rule("CN-563", V, "2021-01-01", Require, "《民法典》第563条", Code, W("Statutory grounds", "法定解除"),
            W("Force majeure, a declared refusal, lateness in spite of a demand with a reasonable period, or frustration of the purpose give a right to end. A contract without a term may be ended at any time with reasonable notice.", "不可抗力、预期违约、经催告并给予合理期限仍迟延、根本违约可以解除；不定期持续性合同可随时解除，但应在合理期限前通知。")),
        Rule("CN-564", V, "2021-01-01", Cap, "《民法典》第564条", Code, W("The right to end lapses", "解除权的期限"),
            W("Where nothing is agreed, the right is lost one year after its holder knew or should have known the ground. The year is not suspended and does not move to a working day.", "法律未规定且当事人未约定的，自知道或应当知道解除事由之日起一年内不行使，解除权消灭；该期间不中止、不顺延。"))
            with { Figures = Figures(("years", "1")) },
        Rule("CN-565", V, "2021-01-01", Require, "《民法典》第565条", Code, W("Notice ends the contract when it arrives", "通知到达时解除"),
            W("A notice takes effect when it reaches the other side; it may say that the contract ends by itself if a debt is not paid by a day.", "解除通知到达对方时合同解除；通知可载明逾期不履行则自动解除。")),
        Rule("CN-565b", V, "2023-12-05", Require, "法释〔2023〕13号第53条", Judicial, W("Silence proves nothing", "对方沉默不等于有效"),
            W("That the other side did not object does not make a notice valid; the right itself is examined.", "对方未提异议，不当然认定解除有效，仍须审查是否享有解除权。")),
        Rule("CN-137", V, "2021-01-01", Default, "《民法典》第137条", Code, W("When an electronic notice arrives", "数据电文的到达"),
            W("A notice is there when it enters the system that the recipient named; if none was named, when the recipient knew or should have known of it.", "指定特定系统的，进入该系统时生效；未指定的，相对人知道或应当知道其进入系统时生效。")),
        Rule("CN-566/567", V, "2021-01-01", Require, "《民法典》第566、567条", Code, W("What stays after the end", "解除后的清理与结算"),
            W("What is not performed stops; restitution and damages may be asked for. Clauses on settlement survive, and so do guarantees.", "尚未履行的终止履行，可请求恢复原状、补救及赔偿；结算和清理条款继续有效，担保人仍应担责。")),
        Rule("CN-558", V, "2021-01-01", Require, "《民法典》第558条", Code, W("Duties after the end", "后合同义务"),
            W("After the end there remain duties to inform, to help, to keep secrets and to take back what was used.", "债权债务终止后，仍负通知、协助、保密、旧物回收等义务。")),
        Rule("CN-585", V, "2021-01-01", Default, "《民法典》第585条", Code, W("Liquidated damages may be adjusted", "违约金的调整"),
            W("On request a court may raise damages below the loss and lower those far above it. Damages for delay do not replace performance.", "违约金低于损失可请求增加，过分高于损失可请求适当减少；支付迟延违约金后仍应履行。")),
        Rule("CN-585i", V, "2023-12-05", Default, "法释〔2023〕13号第64、65条", Judicial, W("Damages above 130 % of the loss", "违约金超过损失百分之三十"),
            W("Damages above 130 % of the loss are as a rule excessive; whoever pays has to show it. A breach in bad faith is as a rule not relieved. Whether a fee for leaving is above it depends on the loss of the case, so a share above 30 % of what is left is pointed out and never cut by itself.", "违约金超过造成损失的百分之三十的，一般可认定过分高于损失，由违约方举证；恶意违约一般不予减少。是否超过取决于个案损失，因此剩余费用的30%以上只作提示，不自动削减。"))
            with { Figures = Figures(("factor", "1.30")), Limits = [AtMost("etf.remainingShare", "0.30")], Fix = W("Lower the share, or keep a worksheet of the loss that the share stands for.", "降低比例，或留存与该比例相应的损失测算表。") },
        Rule("CN-584i", V, "2023-12-05", Default, "法释〔2023〕13号第60–63条", Judicial, W("Loss of a continuing contract", "持续性合同的损失"),
            W("Expected profit counts for the time in which a replacement is reasonably found, or for what is left if that is shorter; costs saved, loss not avoided and the other side's own fault are deducted.", "可得利益按寻找替代交易的合理期限计算，剩余期限更短的按剩余期限；并扣除节省的成本、未减损部分及对方过错。")),
        Rule("CN-586/587", V, "2021-01-01", Cap, "《民法典》第586–588条；法释〔2023〕13号第67、68条", Judicial, W("Earnest money", "定金"),
            W("Earnest counts up to 20 % of the price of the main contract. A payer in default loses it, a payee in default returns double; where part was performed, in proportion. Damages or earnest, not both. Deposits under another name carry no penalty.", "定金不超过主合同标的额20%，超出部分不产生定金效力；给付方违约不得请求返还，收受方违约双倍返还，部分履行的按比例；违约金与定金择一适用；未约定定金性质的押金、保证金不适用定金罚则。"))
            with { Figures = Figures(("share", "0.20")), Limits = [AtMost("earnest.share", "0.20")], Fix = W("Take no more than 20 % of the price as earnest.", "定金不超过合同价款的20%。") },
        Rule("CN-560/561", V, "2021-01-01", Default, "《民法典》第560、561条", Code, W("In which order a payment counts", "清偿抵充顺序"),
            W("A payment that does not cover everything goes to costs, then interest, then the principal; among debts to the due one, the least secured, the most burdensome, the earliest.", "给付不足以清偿全部债务的，依次抵充费用、利息、主债务；数项债务的，先到期、缺乏担保或担保最少、负担较重、先到期者优先。")),
        Rule("CN-568/569", V, "2021-01-01", Require, "《民法典》第568、569条", Code, W("Set-off", "抵销"),
            W("Debts of the same kind are set off by notice, without condition; debts of different kinds, such as another currency, only by agreement.", "标的物种类、品质相同的到期债务可通知抵销，不得附条件；种类不同的须协商一致。")),
        Rule("CN-634", V, "2021-01-01", Require, "《民法典》第634条；法释〔2020〕17号第27条", Judicial, W("Calling in instalments", "分期付款的加速到期"),
            W("In an instalment sale of three payments or more the seller may ask for the whole price, or end the contract, once what is due and unpaid reaches a fifth of the price and a reasonable period after a demand has passed.", "分期付款（至少三期）买受人未支付到期价款达到总价款五分之一，经催告后合理期限内仍未支付的，出卖人可请求支付全部价款或解除合同。"))
            with { Figures = Figures(("share", "0.20"), ("instalments", "3")) },
        Rule("CN-LATE", V, "2021-01-01", Default, "法释〔2020〕17号第18条；《保障中小企业款项支付条例》第17条", Judicial, W("Interest on late payment", "逾期付款利息"),
            W("Without an agreed rate: one-year LPR with 30 to 50 % on top. A large company that pays a small one late owes 0.05 % a day where nothing is agreed, and an agreed rate is not below the LPR at signing.", "未约定逾期利率的，按一年期LPR加计30%–50%；机关、大型企业拖欠中小企业款项未约定的，按日万分之五；约定利率不得低于订立时一年期LPR。"))
            with { Figures = Figures(("multiplierLow", "1.30"), ("multiplierHigh", "1.50"), ("smeDaily", "0.0005")) },
        Rule("CN-LPR", S, "2026-08-20", Default, "LPR 2026-08-20", "published rate, quoted by others", W("Loan prime rate", "贷款市场报价利率"),
            W("One year 3.0 %, five years and more 3.5 %, as of 20 August 2026.", "2026年8月20日：一年期3.0%，五年期以上3.5%。"))
            with { Figures = Figures(("oneYear", "0.030"), ("fiveYears", "0.035")) },
        Rule("CN-201/3", V, "2021-01-01", Require, "《民法典》第201–203条", Code, W("How periods are counted", "期间计算"),
            W("The first day is not counted. Months end on the day of the same number, or the month's last. A last day that is a statutory day off moves to the day after it.", "开始当日不计入；按月计算的到期月对应日为最后一日，无对应日的为月末日；最后一日为法定休假日的，以休假日结束的次日为最后一日。")),
        Rule("CN-188", V, "2021-01-01", Cap, "《民法典》第188、195条", Code, W("Limitation of claims", "诉讼时效"),
            W("Three years from knowing, twenty in any case; a demand, an admission or an action begins them anew.", "三年，自知道或应当知道之日起算，最长二十年；请求、承认、起诉等中断时效。"))
            with { Figures = Figures(("years", "3"), ("longest", "20")) },
        Rule("CN-496-498", V, "2021-01-01", Require, "《民法典》第496–498条；法释〔2023〕13号第10条", Judicial, W("Standard terms", "格式条款"),
            W("Terms that burden the customer are pointed out and explained, or they are no part of the contract; an unreasonable exclusion is void; doubts go against whoever wrote them. A ticked box alone proves nothing.", "与对方有重大利害关系的条款应提示并说明，否则可主张不成为合同内容；不合理免责或限制权利的无效；有疑义作不利于提供方的解释。仅勾选、弹窗不足以证明已提示说明。"))
            with { ProtectsCustomer = true },
    ];

    private static IEnumerable<LegalRule> ConsumerRules() =>
    [
        Rule("CN-CP25", V, "2014-03-15", Require, "《消费者权益保护法》第25条", Code, W("Seven days to return goods", "七日无理由退货"),
            W("Goods bought at a distance may be returned within 7 days of receipt; the price is refunded within 7 days of the goods' return. Custom-made, perishable and opened digital goods and papers are excepted.", "网购等商品自收到之日起七日内可无理由退货，经营者自收到退回商品之日起七日内返还价款；定作、鲜活易腐、已拆封数字商品、报刊等除外。"))
            with { Parties = Consumers, Figures = Figures(("days", "7"), ("refundDays", "7"), ("except", "CUSTOM_MADE PERISHABLE NEWSPAPER OPENED_DIGITAL"), ("returnFreight", "CUSTOMER")), ProtectsCustomer = true, Limits = [Is("ground.WITHDRAWAL.fee", "NONE")], Fix = W("Charge nothing for a withdrawal without reason.", "无理由退货不得收取费用。") },
        Rule("CN-CP24", GK, "2014-03-15", Require, "《消费者权益保护法》第24条", "general knowledge; the text is to be read again", W("Seven days to return what is faulty", "质量不合格七日退货"),
            W("Goods that are not of the quality due may be returned within 7 days of receipt where nothing else is laid down or agreed; the trader bears the freight.", "商品不符合质量要求且无国家规定或约定的，自收到之日起七日内可退货，运输等必要费用由经营者承担。"))
            with { Parties = Consumers, Figures = Figures(("days", "7"), ("returnFreight", "COMPANY")), ProtectsCustomer = true },
        Rule("CN-CP25b", V, "2015-03-15", Forbid, "《侵害消费者权益行为处罚办法》第9、10条", "text of 2015; a later amendment is to be checked", W("Stalling a refund", "故意拖延退款"),
            W("More than 15 days from the request, the return or the refund request count as stalling.", "自消费者提出要求或退回商品之日起超过十五日未办理的，视为故意拖延或无理拒绝。"))
            with { Parties = Consumers, Figures = Figures(("days", "15"), ("warnDays", "10")), ProtectsCustomer = true },
        Rule("CN-CP53", V, "2014-03-15", Require, "《消费者权益保护法》第53条", Code, W("Prepaid and not performed", "预收款未履约"),
            W("Who took a prepayment and did not perform as agreed performs or refunds, with interest and reasonable costs.", "以预收款方式提供商品或服务未按约定提供的，应履行约定或退回预付款，并承担利息和合理费用。"))
            with { Parties = Consumers, ProtectsCustomer = true },
        Rule("CN-PP14", V, "2025-05-01", Require, "法释〔2025〕4号第14条", Judicial, W("Seven days for a prepayment", "预付款七日退款"),
            W("Within 7 days of paying, a consumer gets the principal back whatever the reason, unless the same goods or services were had before.", "消费者自付款之日起七日内请求返还预付款本金的，应予支持；此前已获得过相同商品或服务的除外。"))
            with { Parties = Consumers, Figures = Figures(("days", "7")), ProtectsCustomer = true, Limits = [Is("ground.WITHDRAWAL.fee", "NONE")], Fix = W("Charge nothing within the seven days.", "七日内退款不得扣费。") },
        Rule("CN-PP13", V, "2025-05-01", Require, "法释〔2025〕4号第13条", Judicial, W("Grounds to end a prepaid contract", "预付合同的解除事由"),
            W("Moving the place of business, transfer without consent, an \"unlimited\" promise that is not kept, a change in the consumer's health and the like let the consumer end the contract.", "变更经营场所造成明显不便、未经同意转让、承诺限时不限次未兑现、消费者身体健康等客观原因，消费者可解除合同。"))
            with { Parties = Consumers, ProtectsCustomer = true },
        Rule("CN-PP15-22", V, "2025-05-01", Require, "法释〔2025〕4号第9、15–22条", Judicial, W("Settling a prepayment", "预付款的结算"),
            W("At the operator's fault what was used counts at the discounted price with interest at one-year LPR; for the consumer's own reason at list price with the one-year deposit rate. Nothing is claimed beyond the prepayment. An unlimited card is settled by the time left. Staff commission is not deducted. A clause that nothing is refunded is void.", "因经营者原因按优惠（比例）价折算已消费金额并按合同成立时一年期LPR计息；因消费者自身原因按原价折算并按一年期存款基准利率计息；不得要求补足差价；限时不限次的按剩余时间退；不得扣除提成；“概不退款”等条款无效。"))
            with
            {
                Parties = Consumers, ProtectsCustomer = true, When = [IsNot("prepaid.method", "NONE")],
                Limits = [Is("refund.unusedPrepaid", "true"), Is("prepaid.operatorInterest", "true"), Is("prepaid.consumerInterest", "true")],
                Fix = W("Refund what is unused, and name both rates of interest: LPR at contracting, and the one-year deposit benchmark.", "退还未消费部分，并写明两项利率：合同成立时一年期LPR、一年期存款基准利率。"),
            },
        Rule("CN-BJ", V, "2022-06-01", Require, "《北京市单用途预付卡管理条例》", Judicial, W("Beijing: single-purpose cards", "北京单用途预付卡"),
            W("A card unused for 7 days is refunded within 5 days; otherwise within 15 days.", "七日内未消费的，五日内退款；其他情形十五日内退款。"))
            with { Parties = Consumers, Figures = Figures(("unusedDays", "7"), ("refundDays", "5"), ("otherRefundDays", "15")), ProtectsCustomer = true },
        Rule("CN-EC16", V, "2019-01-01", Require, "《电子商务法》第16条", Code, W("Announcing that one stops trading", "终止经营公示"),
            W("Who stops trading online says so on the home page for 30 days running beforehand.", "自行终止从事电子商务的，应提前三十日在首页显著位置持续公示。"))
            with { Figures = Figures(("days", "30")) },
        Rule("CN-EC21", V, "2019-01-01", Require, "《电子商务法》第21条", Code, W("Deposits go back", "押金退还"),
            W("How a deposit goes back is said beforehand, without unreasonable conditions; when the conditions are met it goes back in time.", "应明示押金退还方式、程序，不得设置不合理条件；符合条件的应及时退还。"))
            with { ProtectsCustomer = true },
        Rule("CN-EC24", V, "2019-01-01", Require, "《电子商务法》第24条", Code, W("Closing an account", "用户注销"),
            W("Closing an account has no unreasonable conditions; the data is deleted at once, except what a law or the agreement makes us keep.", "用户注销不得设置不合理条件；注销后应立即删除用户信息，依法或约定保存的除外。"))
            with { ProtectsCustomer = true },
        Rule("CN-EC31", V, "2019-01-01", Require, "《电子商务法》第31条", Code, W("Platforms keep transactions", "交易信息保存"),
            W("Data of goods, services and transactions is kept for at least three years from completion.", "商品和服务信息、交易信息自交易完成之日起保存不少于三年。"))
            with { Figures = Figures(("years", "3")) },
        Rule("CN-EC34/36", V, "2019-01-01", Require, "《电子商务法》第34、36条", Code, W("Platform rules and sanctions", "平台规则修改与处置公示"),
            W("A change of platform rules is published at least 7 days before it takes effect; a merchant who disagrees may leave under the old ones. Sanctions are published.", "修改规则应至少提前七日公示；平台内经营者不同意的可退出并按原规则承担责任；处置措施应及时公示。"))
            with { Parties = [Policies.Party.Platform], Figures = Figures(("days", "7")) },
        Rule("CN-PR26", S, "2026-02-01", Forbid, "《网络交易平台规则监督管理办法》第30、32条", Secondary, W("Limits of platform sanctions", "平台处罚的限度"),
            W("A platform demands no sums from consumers that are above the statutory ones or clearly unreasonable and does not cut paid member rights in mid-term; important rules are announced 15 days ahead; a sanction names reason, basis and appeal.", "不得向消费者主张超出法定或明显不合理的金额，不得中途减损付费会员权益；重要规则提前十五日公示；处置须说明理由、依据与申诉途径。"))
            with { ProtectsCustomer = true, Figures = Figures(("days", "15")) },
        Rule("CN-REN", S, "2025-03-18", Require, "《网络交易监督管理办法》第18条（2025年修正）；《消费者权益保护法实施条例》第10条", Secondary, W("Notice before an automatic renewal", "自动续费提醒"),
            W("Before the service begins and before each renewal the consumer is told conspicuously, chooses freely, and can cancel or change at any time. How many days before is not said any more.", "应在消费者接受服务前和自动展期、自动续费等日期前以显著方式提请注意，由其选择；服务期间提供显著、简便的随时取消或变更选项。现行规定不再写明提前天数。"))
            with { Parties = Consumers, ProtectsCustomer = true, Limits = [AtLeast("renewal.reminderDays", "1")], Fix = W("Remind the customer before the contract is renewed; five days before is on the safe side.", "在续约前提醒客户；提前五日较为稳妥。") },
        Rule("CN-REN-5D", S, "2023-02-06", Default, "工信部信管函〔2023〕26号", Secondary, W("Five days before: the safe harbour", "提前五日：安全做法"),
            W("For apps the ministry asks for a reminder five days before the charge. Keeping to it is safe; missing it is no breach of the measure of the market regulator.", "主管部门要求App在自动续费前五日提醒。照此办理最为稳妥；未达五日不当然违反市场监管规章。"))
            with { Parties = Consumers, Figures = Figures(("renewalNoticeDays", "5")), Limits = [AtLeast("renewal.reminderDays", "5")], Fix = W("Remind five days before.", "提前五日提醒。") },
        Rule("CN-TEL34", V, "2000-09-25", Cap, "《电信条例》第31、32、34条", Judicial, W("Telecom arrears", "电信欠费"),
            W("A surcharge of at most 3 ‰ a day; suspension after more than 30 days, ending when 60 days after that are still unpaid; service is back within 48 hours of payment. Mobile contracts may agree otherwise. Late installation costs the operator 1 % a day.", "每日加收3‰滞纳金；逾期超过三十日可暂停服务，自暂停之日起六十日仍不交纳可终止；补交后四十八小时内恢复；移动电话可另行约定；装机逾期每日按装机费1%赔偿。"))
            with
            {
                Parties = TelecomOnly, Figures = Figures(("dailySurcharge", "0.003"), ("suspendDays", "30"), ("endDays", "60"), ("restoreHours", "48")), ProtectsCustomer = true,
                Limits = [AtMost("lateInterest.dailyRate", "0.003")], Fix = W("Charge no more than 3 ‰ a day.", "滞纳金每日不超过3‰。"),
            },
        Rule("CN-MNP", GK, "2019-12-01", Require, "工信部信管〔2019〕242号", "draft and press; the final text was not read", W("Taking a number along", "携号转网"),
            W("Real name, normal state, bills settled, no term left on the network (or released) and at least 120 days on it; the code comes within about an hour. No further conditions, no stalling.", "已实名、状态正常、结清费用、无（或已解除）在网期限、入网满120日即可携转，授权码约一小时内下发；不得附加条件或拖延。"))
            with { Parties = TelecomOnly, Figures = Figures(("daysOnNet", "120")), ProtectsCustomer = true },
        Rule("CN-AF32", V, "2022-12-01", Require, "《反电信网络诈骗法》第32条", Code, W("Restrictions against fraud", "反诈限制措施的告知"),
            W("Whoever is restricted is told the reason, the way to appeal and the papers to hand in; the restriction is lifted at once when cleared.", "采取限制措施应告知原因、救济渠道、需提交资料；核查通过的应及时解除。"))
            with { ProtectsCustomer = true },
        Rule("CN-COMP", V, "2020-01-01", Require, "《市场监督管理投诉举报处理暂行办法》", "text of 2022; a revision is to be checked", W("Complaints to the regulator", "12315投诉时限"),
            W("Accepted or not within 7 working days; mediation is over after 45 working days; refused after 3 years, for non-consumers and duplicates.", "七个工作日内决定是否受理，四十五个工作日内终止调解；超过三年、非消费者、重复投诉不予受理。"))
            with { Figures = Figures(("acceptWorkingDays", "7"), ("mediationWorkingDays", "45"), ("years", "3")) },
        Rule("CN-ES", V, "2019-04-23", Forbid, "《电子签名法》第3、6、13、14条", Code, W("Stopping water, heat or gas needs paper", "停供水、热、气须书面通知"),
            W("A reliable electronic signature equals one by hand, but papers that stop water, heat or gas supply may not rely on electronic form.", "可靠电子签名与手写签名同等效力；但停止供水、供热、供气等公用事业服务的文书不适用电子形式。"))
            with { Sectors = ["UTILITY"], ProtectsCustomer = true, Limits = [Is("notice.onPaper", "true")], Fix = W("Serve the notice on paper.", "以纸质形式送达。") },
    ];

    private static IEnumerable<LegalRule> RecordRules() =>
    [
        Rule("CN-PI15/16", V, "2021-11-01", Require, "《个人信息保护法》第15、16条", Code, W("Withdrawing consent", "撤回同意"),
            W("As easy as giving it; service goes on unless the data is necessary for it; what was done before stays valid.", "撤回应与同意同样便捷；除提供服务所必需外不得因此拒绝服务；撤回不影响此前处理的效力。"))
            with { ProtectsCustomer = true },
        Rule("CN-PI24", V, "2021-11-01", Require, "《个人信息保护法》第24条", Code, W("No decision by a machine alone", "自动化决策"),
            W("A decision with a major effect on a person is explained, and the person may refuse one made by a machine alone; prices do not discriminate unreasonably.", "自动化决策不得实行不合理差别待遇；对个人权益有重大影响的，个人有权要求说明并拒绝仅通过自动化决策作出决定。"))
            with { ProtectsCustomer = true, Limits = [Is("decision.humanReview", "true")], Fix = W("Let a person look at it and decide.", "由人工复核后决定。") },
        Rule("CN-PI45", V, "2021-11-01", Require, "《个人信息保护法》第45条；《网络数据安全管理条例》第25条", Judicial, W("Access, copy, transfer", "查阅、复制、转移"),
            W("In time; a transfer where identity is proven, the data rests on consent or contract, it is technically feasible and harms nobody. A fee only for clearly excessive requests.", "应及时提供；身份可验证、基于同意或合同、技术可行且不损害他人的应支持转移；请求明显超出合理范围的可收取必要费用。"))
            with { ProtectsCustomer = true },
        Rule("CN-PI47", V, "2021-11-01", Require, "《个人信息保护法》第47条；《网络数据安全管理条例》第24条", Judicial, W("Deletion", "删除"),
            W("When the purpose is fulfilled, the service ended, the period over or consent withdrawn, the data is deleted without being asked. Where a statutory period still runs, it is only stored and protected.", "处理目的实现、停止服务、保存期届满或撤回同意的，应主动删除；法定保存期未届满或技术难以实现的，除存储和必要安全措施外停止处理。"))
            with { ProtectsCustomer = true },
        Rule("CN-PI50", V, "2021-11-01", Require, "《个人信息保护法》第50条", Code, W("Requests of persons", "个人行权申请"),
            W("A convenient way in; a refusal gives reasons; the person may go to court.", "应建立便捷的受理机制；拒绝的应说明理由；个人可起诉。"))
            with { ProtectsCustomer = true },
        Rule("CN-PI50-15D", GK, "2020-10-01", Default, "GB/T 35273；App违法违规收集使用个人信息行为认定方法", "industry norm, text not read", W("Answer in 15 working days", "十五个工作日内答复"),
            W("The industry answers requests within 15 working days.", "行业惯例为十五个工作日内答复。"))
            with { Figures = Figures(("workingDays", "15")) },
        Rule("CN-PI55/56", V, "2021-11-01", Require, "《个人信息保护法》第55、56条", Code, W("Impact assessment", "影响评估"),
            W("Before processing sensitive data, deciding automatically, entrusting or exporting; report and record are kept for at least 3 years.", "处理敏感信息、自动化决策、委托处理、出境等应事前评估，报告和记录至少保存三年。"))
            with { Figures = Figures(("years", "3")) },
        Rule("CN-PI31", V, "2021-11-01", Require, "《个人信息保护法》第31条；法释〔2025〕4号第10条", Judicial, W("Children", "未成年人"),
            W("Under 14 a guardian consents; a prepayment by a child under 8 goes back.", "不满十四周岁须监护人同意；不满八周岁订立的预付合同无效，应退款。"))
            with { Figures = Figures(("consentAge", "14"), ("capacityAge", "8")), ProtectsCustomer = true },
        Rule("CN-CSL", V, "2026-01-01", Require, "《网络安全法》第23条第3项（2025年修正）", Code, W("Network logs", "网络日志"),
            W("Kept for at least six months.", "网络日志留存不少于六个月。")) with { Figures = Figures(("months", "6")) },
        Rule("CN-AML", V, "2025-01-01", Require, "《反洗钱法》第34条", Code, W("Identity and transactions of financial customers", "客户身份资料与交易记录"),
            W("Kept for at least ten years after the relationship or transaction ends.", "业务关系或交易结束后至少保存十年。"))
            with { Parties = [Policies.Party.Financial], Figures = Figures(("years", "10")) },
        Rule("CN-CR", V, "2013-03-15", Require, "《征信业管理条例》第15、16、25条", Judicial, W("Reporting to a credit bureau", "报送征信"),
            W("The person is told before bad news is reported; it is kept for five years from its end; a dispute is answered within 20 days.", "向征信机构提供不良信息应事先告知本人；不良信息自终止之日起保存五年；异议二十日内答复。"))
            with
            {
                Figures = Figures(("years", "5"), ("disputeDays", "20")), ProtectsCustomer = true, Limits = [Is("credit.told", "true")],
                Fix = W("Say in the policy what ending does to the credit record, so that the customer is told before.", "在政策中写明对信用记录的影响，确保事先告知客户。"),
            },
        Rule("CN-ACC", S, "2016-01-01", Require, "《会计档案管理办法》（财政部 国家档案局令第79号）", Secondary, W("Accounting archives", "会计档案"),
            W("Vouchers and ledgers 30 years, reports, bank statements and returns 10, annual reports for ever, from the day after the financial year ends; open claims until settled.", "凭证、账簿保存30年；月、季、半年报表及银行对账单、纳税申报表10年；年度报告永久；自会计年度终了后第一天起算；未了结债权债务的保存至了结。"))
            with { Figures = Figures(("voucherYears", "30"), ("reportYears", "10")) },
        Rule("CN-TAX", S, "2016-02-06", Require, "《税收征收管理法实施细则》第29条", Secondary, W("Tax books", "涉税账簿"),
            W("Kept for ten years.", "保存十年。")) with { Figures = Figures(("years", "10")) },
        Rule("CN-TAX-INV", V, "2023-07-20", Require, "《发票管理办法》第28条", Judicial, W("Issued invoices", "发票存根"),
            W("Kept for five years.", "已开具发票存根联保存五年。")) with { Figures = Figures(("years", "5")) },
        Rule("CN-VAT", V, "2026-01-01", Require, "《增值税法》第10条", Code, W("Value added tax", "增值税税率"),
            W("13, 9 and 6 %. A refund reverses the tax at the rate of the original invoice.", "税率13%、9%、6%；退款按原发票税率冲减。")) with { Figures = Figures(("rates", "0.13 0.09 0.06")) },
        Rule("CN-VAT-RED", S, "2024-12-01", Require, "国家税务总局公告2024年第11号", Secondary, W("Red-letter invoice before the refund", "红字发票"),
            W("If the buyer has used the invoice, the other side confirms the red-letter form within 72 hours or it lapses; the refund waits for it.", "购买方已用于抵扣等的，须在72小时内确认红字信息确认单，逾期失效；退款应与红字发票同步。"))
            with { Figures = Figures(("hours", "72")) },
    ];
}
