namespace Exeunt.Core.Procedures;

/// <summary>What an automatic check can look at: the codes its items may have.</summary>
public static class AutomaticCheck
{
    public const string Arrears = "arrears";
    public const string Disputes = "disputes";
    public const string OpenOrders = "open-orders";
    public const string Holds = "holds";
    public const string Reviews = "reviews";
    public const string OnNet = "on-net-120-days";

    /// <summary>边缘型: no orders in the last closed months, not yet for as long as the definition of churn asks (<see cref="Churn.ChurnState.Borderline"/>), whether or not a contract is in term.</summary>
    public const string Borderline = "borderline-by-months";

    /// <summary>普通型: no orders for as many closed months as the definition of churn asks (<see cref="Churn.ChurnState.Churned"/>).</summary>
    public const string LostByMonths = "lost-by-months";

    /// <summary>An irrevocable beneficiary (不可撤销受益人) has a right in the contract.</summary>
    public const string IrrevocableBeneficiary = "irrevocable-beneficiary";

    /// <summary>The contract is pledged (质押) to somebody.</summary>
    public const string Pledge = "pledge";

    /// <summary>Another person is insured, or a beneficiary is named.</summary>
    public const string InsuredTold = "insured-told";

    /// <summary>
    /// Rights of others in the contract: without their consent it cannot end, so these alone may stand before the last service day. Each
    /// is ticked with a paper.
    /// </summary>
    public static IReadOnlySet<string> RightsOfOthers { get; } = new HashSet<string> { IrrevocableBeneficiary, Pledge };

    /// <summary>Days on the net before a number can be taken along.</summary>
    public const int OnNetDays = 120;

    /// <summary>Codes with what is found: unpaid invoices, a dispute or appeal, orders not delivered, a hold, a breach of law that people have not closed, less than 120 days of contract, months without orders.</summary>
    public static IReadOnlyDictionary<string, Words> All { get; } = new Dictionary<string, Words>
    {
        [Arrears] = new("There are unpaid invoices.", "存在未付账单。"),
        [Disputes] = new("There is a dispute or an appeal.", "存在纠纷或申诉。"),
        [OpenOrders] = new("Orders are still open.", "存在未完结订单。"),
        [Holds] = new("The case is on hold.", "案件处于暂停状态。"),
        [OnNet] = new("The contract is younger than 120 days.", "在网未满 120 日。"),
        [Borderline] = new("Borderline: no orders in the last closed months, not yet lost by the churn definition.", "边缘型：最近整月没有订货，尚未达到流失定义的月数。"),
        [LostByMonths] = new("Ordinary loss: no orders for as many closed months in a row as the churn definition says.", "普通型：连续没有订货的整月数已达到流失定义。"),
        [IrrevocableBeneficiary] = new("There is an irrevocable beneficiary, who must consent.", "有不可撤销受益人，须其同意。"),
        [Pledge] = new("The contract is pledged; the pledgee must consent.", "合同已质押，须质权人同意。"),
        [InsuredTold] = new("Another person is insured, or a beneficiary is named: they are to be told.", "被保险人另有其人或已指定受益人，须告知。"),
        [Reviews] = new("A question of law about the contract is open.", "合同存在待处理的合规问题。"),
    };

    /// <summary>An item that looks at one of them.</summary>
    /// <exception cref="KeyNotFoundException">There is no such check.</exception>
    public static StepItem Of(string code) => new(code, code switch
    {
        Arrears => new("No unpaid invoices", "无未付账单"),
        Disputes => new("No dispute, no appeal", "无纠纷、无申诉"),
        OpenOrders => new("No open orders", "无未完结订单"),
        Holds => new("Not on hold", "未暂停"),
        OnNet => new("At least 120 days on the net", "在网满 120 日"),
        Reviews => new("No open question of law", "无待处理的合规问题"),
        Borderline => new("Not borderline by its months", "按月份不属于边缘型"),
        LostByMonths => new("Not lost by its months", "按月份不属于普通型"),
        IrrevocableBeneficiary => new("Consent of the irrevocable beneficiary", "不可撤销受益人同意书"),
        Pledge => new("Consent of the pledgee", "质权人同意书"),
        InsuredTold => new("Insured person and beneficiary told", "已告知被保险人与受益人"),
        _ => throw new KeyNotFoundException($"No check {code}."),
    })
    {
        Evidence = code is IrrevocableBeneficiary or Pledge or InsuredTold,
    };
}
