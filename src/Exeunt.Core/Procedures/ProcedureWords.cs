namespace Exeunt.Core.Procedures;

/// <summary>What kinds of steps and roles are called, wherever procedures and approvals are put into words.</summary>
public static class ProcedureWords
{
    public static Words Of(StepKind kind) =>
        kind switch
        {
            StepKind.VerifyIdentity => new("Verify identity", "身份核验"),
            StepKind.Talk => new("Talk", "沟通"),
            StepKind.Offer => new("Offer", "挽留"),
            StepKind.Negotiate => new("Negotiation", "协商"),
            StepKind.CheckList => new("Check-list", "检查"),
            StepKind.AutoCheck => new("Automatic check", "自动检查"),
            StepKind.Period => new("Period", "期限"),
            StepKind.Settle => new("Settlement", "结算"),
            StepKind.Approve => new("Approval", "审批"),
            StepKind.CurePeriod => new("Improvement agreement", "整改期"),
            StepKind.WaitUntilDate => new("Last service day", "生效日"),
            StepKind.WindDown => new("Winding down", "收尾"),
            StepKind.Archive => new("Archive", "归档"),
            StepKind.WorkOrders => new("Work orders", "执行工单"),
            StepKind.Formalities => new("Formalities", "手续"),
            StepKind.HandOver => new("Hand-over", "移交"),
            StepKind.Notify => new("Notice", "通知"),
            StepKind.OrderMoney => new("Payment order", "付款指令"),
            StepKind.Reconcile => new("Reconciliation", "对账"),
            StepKind.Certify => new("Certificate", "证明"),
            StepKind.Survey => new("Survey", "回访"),
            StepKind.FollowUp => new("Follow-up", "后续"),
            StepKind.Erase => new("Erasure", "删除"),
            StepKind.AdmitReturn => new("Accepting the return", "受理退货"),
            StepKind.SendBack => new("Sending back", "等待寄回"),
            StepKind.InspectReturn => new("Inspection", "验收"),
            StepKind.SettleReturn => new("Refund or exchange", "退换结算"),
            StepKind.ConfirmResult => new("Result confirmed", "确认结果"),
            StepKind.Close => new("Closing", "结案"),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };

    public static Words Of(Role role) =>
        role switch
        {
            Role.Agent => new("Agent", "客服专员"),
            Role.AccountManager => new("Account manager", "客户经理"),
            Role.Supervisor => new("Supervisor", "主管"),
            Role.BranchHead => new("Branch head", "分公司负责人"),
            Role.Marketing => new("Marketing", "市场"),
            Role.Technical => new("Technical", "技术"),
            Role.Finance => new("Finance", "财务"),
            Role.Legal => new("Legal", "法务"),
            Role.DataOfficer => new("Data officer", "数据保护官"),
            Role.Analyst => new("Analyst", "分析师"),
            Role.Trainer => new("Trainer", "培训"),
            Role.Auditor => new("Auditor", "审计"),
            Role.Administrator => new("Administrator", "管理员"),
            _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
        };

    /// <summary>Roles one after another: "Finance, Legal", "财务、法务".</summary>
    public static Words Of(IEnumerable<Role> roles)
    {
        var words = roles.Select(Of).ToList();
        return new(string.Join(", ", words.Select(w => w.English)), string.Join("、", words.Select(w => w.Chinese)));
    }
}
