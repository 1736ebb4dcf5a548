namespace Exeunt.Core.Procedures;

/// <summary>What a step of a procedure does.</summary>
public enum StepKind
{
    /// <summary>核验身份: the customer proves possession of a contact on file, or more. First step of what a customer starts.</summary>
    VerifyIdentity,

    /// <summary>沟通: people talk; in an offboarding the talk may end it.</summary>
    Talk,

    /// <summary>挽留: one honest offer, answered or left out.</summary>
    Offer,

    /// <summary>协商: numbered proposals of either side. On demand: it starts with the first proposal and never holds up other steps.</summary>
    Negotiate,

    /// <summary>检查: a list of items that people tick before the case goes on.</summary>
    CheckList,

    /// <summary>
    /// 自动检查: the system looks at what its items name (<see cref="AutomaticCheck"/>). Nothing found: it is over at once; else people
    /// go through what was found. It holds up money and decisions, never a customer's end.
    /// </summary>
    AutoCheck,

    /// <summary>结算: computes what is owed on the last service day.</summary>
    Settle,

    /// <summary>审批: people approve what <see cref="ProcedureStep.Of"/> names.</summary>
    Approve,

    /// <summary>整改期: an improvement agreement is watched. On demand: it starts when one is made, and holds up what comes after it.</summary>
    CurePeriod,

    /// <summary>等待生效日: until the last service day is over.</summary>
    WaitUntilDate,

    /// <summary>期限: a number of days that the law or the contract gives; it ends by itself (transition, retrieval of data, time to pay).</summary>
    Period,

    /// <summary>收尾: open orders are finished or cancelled.</summary>
    WindDown,

    /// <summary>归档: the archive is written and its restore proved.</summary>
    Archive,

    /// <summary>执行工单: departments and systems carry out the step's tasks.</summary>
    WorkOrders,

    /// <summary>手续: what each side hands in or over. Never holds up an end: what is missing becomes a line of the settlement.</summary>
    Formalities,

    /// <summary>移交: what passes to the customer or a successor is handed over.</summary>
    HandOver,

    /// <summary>通知: a letter.</summary>
    Notify,

    /// <summary>付款指令: the approved settlement is booked and the money ordered.</summary>
    OrderMoney,

    /// <summary>对账: the money arrived, or a plan watches it.</summary>
    Reconcile,

    /// <summary>出具证明.</summary>
    Certify,

    /// <summary>回访: the survey on how it was handled.</summary>
    Survey,

    /// <summary>后续: follow-up tasks; the time in which an appeal is open.</summary>
    FollowUp,

    /// <summary>删除.</summary>
    Erase,

    /// <summary>受理退货: a person decides on a return that no law or promise grants; where one does, it is over at once.</summary>
    AdmitReturn,

    /// <summary>等待寄回: the customer sends the goods; after the day set the return lapses.</summary>
    SendBack,

    /// <summary>验收: what came back is looked at, line by line.</summary>
    InspectReturn,

    /// <summary>退换结算: what was accepted is refunded to the original means or exchanged, stock and invoice are corrected.</summary>
    SettleReturn,

    /// <summary>确认结果: the customer confirms the result or says what is wrong with it.</summary>
    ConfirmResult,

    /// <summary>结案: the last step.</summary>
    Close,
}
