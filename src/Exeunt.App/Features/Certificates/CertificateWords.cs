using System.Globalization;
using Exeunt.Core;

namespace Exeunt.App.Features.Certificates;

/// <summary>
/// The fixed words of certificates and letters. A record with one instance per language: the compiler finds a missing one.
/// </summary>
internal sealed record CertificateWords
{
    public required string Termination { get; init; }
    public required string TerminationSettled { get; init; }
    public required string AccountClosure { get; init; }
    public required string OffboardingNotice { get; init; }
    public required string Erasure { get; init; }

    /// <summary>The certifying sentence by kind; {0} customer, {1} contract number, {2} product, {3} effective time.</summary>
    public required string TerminationStatement { get; init; }
    public required string AccountClosureStatement { get; init; }
    public required string OffboardingStatement { get; init; }
    public required string ErasureStatement { get; init; }

    public required string Serial { get; init; }
    public required string CreditCode { get; init; }
    public required string Relationship { get; init; }
    public required string Customer { get; init; }
    public required string ContractNumber { get; init; }
    public required string RequestNumber { get; init; }
    public required string Product { get; init; }
    public required string StartedOn { get; init; }
    public required string Ground { get; init; }
    public required string NoticeReceivedAt { get; init; }
    public required string EffectiveAt { get; init; }
    public required string Settlement { get; init; }
    public required string Item { get; init; }
    public required string Explanation { get; init; }
    public required string Amount { get; init; }
    public required string NetToCustomer { get; init; }
    public required string NetFromCustomer { get; init; }
    public required string Settled { get; init; }
    public required string SettledPaidOn { get; init; }
    public required string OpenToCustomer { get; init; }
    public required string OpenFromCustomer { get; init; }
    public required string OpenUnstated { get; init; }
    public required string Invoices { get; init; }
    public required string PropertyReturned { get; init; }
    public required string SurvivingClauses { get; init; }
    public required string PersonalData { get; init; }
    public required string Category { get; init; }
    public required string Outcome { get; init; }
    public required string Until { get; init; }
    public required string Basis { get; init; }
    public required string Deleted { get; init; }
    public required string Anonymised { get; init; }
    public required string Locked { get; init; }
    public required string Kept { get; init; }
    public required string Backups { get; init; }

    /// <summary>Where no day can be named from which no backup has the erased data.</summary>
    public required string BackupsUndated { get; init; }
    public required string Further { get; init; }
    public required string Appeal { get; init; }
    public required string Supersedes { get; init; }
    public required string TreeHead { get; init; }
    public required string Verify { get; init; }
    public required string VerifyHow { get; init; }
    public required string IssuedOn { get; init; }
    public required string Signed { get; init; }
    public required string SealUpper { get; init; }
    public required string SealLower { get; init; }
    public required string To { get; init; }
    public required string Reference { get; init; }
    public required string Substituted { get; init; }

    /// <summary>Between the items of an enumeration in one line.</summary>
    public required string Comma { get; init; }

    public required string DateFormat { get; init; }

    public static CertificateWords In(string language) =>
        language.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Chinese : English;

    public string Title(CertificateKind kind, bool settled) =>
        kind switch
        {
            CertificateKind.Termination => settled ? TerminationSettled : Termination,
            CertificateKind.AccountClosure => AccountClosure,
            CertificateKind.OffboardingNotice => OffboardingNotice,
            CertificateKind.Erasure => Erasure,
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    public string Statement(CertificateKind kind) =>
        kind switch
        {
            CertificateKind.Termination => TerminationStatement,
            CertificateKind.AccountClosure => AccountClosureStatement,
            CertificateKind.OffboardingNotice => OffboardingStatement,
            CertificateKind.Erasure => ErasureStatement,
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    public string Word(DataOutcome outcome) =>
        outcome switch
        {
            DataOutcome.Deleted => Deleted,
            DataOutcome.Anonymised => Anonymised,
            DataOutcome.Locked => Locked,
            DataOutcome.Kept => Kept,
            _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
        };

    public string Date(DateOnly date) => date.ToString(DateFormat, CultureInfo.InvariantCulture);

    /// <summary>Date and time to the minute in a zone, with the zone's name and its offset: midnight is 00:00 of the new day.</summary>
    public string Time(DateTimeOffset at, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone);
        var sign = local.Offset < TimeSpan.Zero ? '−' : '+';
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Date(DateOnly.FromDateTime(local.DateTime))} {local:HH:mm} ({zone.Id}, UTC{sign}{local.Offset.Duration():hh\\:mm})"
        );
    }

    /// <summary>"−1,234.50": grouped, with a real minus sign and the currency's decimals, without the currency.</summary>
    public static string Figure(Money amount)
    {
        var text = amount.ToString();
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var digits = point < 0 ? text.Length : point;
        for (var i = digits - 3; i > (amount.Minor < 0 ? 1 : 0); i -= 3)
            text = text.Insert(i, ",");
        return text.Replace('-', '−');
    }

    private static readonly CertificateWords Chinese = new()
    {
        Termination = "解约证明",
        TerminationSettled = "解约结清证明",
        AccountClosure = "注销证明",
        OffboardingNotice = "清退通知书",
        Erasure = "数据删除证明",
        TerminationStatement =
            "兹证明：{0} 与本公司订立的合同（编号 {1}，{2}）已于 {3} 终止，双方自该时起不再互负继续履行的义务。",
        AccountClosureStatement = "兹证明：{0} 在本公司的账户及其服务（编号 {1}，{2}）已于 {3} 注销。",
        OffboardingStatement =
            "{0}：本公司依据下列事由，自 {3} 起终止与贵方的业务关系（编号 {1}，{2}）。如有异议，可按本通知所列方式申诉。",
        ErasureStatement =
            "兹证明：本公司已于 {3} 对 {0} 的个人数据作如下处理；已删除的数据在运行系统中无法恢复，备份中的副本见下文；继续保存的数据列明依据与期限。",
        Serial = "编号",
        CreditCode = "统一社会信用代码",
        Relationship = "业务关系",
        Customer = "客户",
        ContractNumber = "合同编号",
        RequestNumber = "请求编号",
        Product = "产品或服务",
        StartedOn = "起始日期",
        Ground = "终止事由",
        NoticeReceivedAt = "收到通知时间",
        EffectiveAt = "终止生效时间",
        Settlement = "费用结算",
        Item = "项目",
        Explanation = "计算说明",
        Amount = "金额（{0}）",
        NetToCustomer = "合计（退还客户）",
        NetFromCustomer = "合计（客户应付）",
        Settled = "已结清，双方无未了款项。",
        SettledPaidOn = "已于 {0} 结清，双方无未了款项。",
        OpenToCustomer = "未结清：尚待退还客户 {0}。",
        OpenFromCustomer = "未结清：客户尚欠 {0}。",
        OpenUnstated = "款项尚未结清。",
        Invoices = "发票及红字发票号码",
        PropertyReturned = "已归还物品",
        SurvivingClauses = "继续有效的条款",
        PersonalData = "个人数据处理情况",
        Category = "数据类别",
        Outcome = "处理",
        Until = "保存至",
        Basis = "依据",
        Deleted = "已删除",
        Anonymised = "已匿名化",
        Locked = "已封存",
        Kept = "保留",
        Backups = "备份中的副本在此之前仍可读取；自 {0} 起，任何备份中的上述已删除数据均不可读取。",
        BackupsUndated = "备份中的副本在备份保存期间仍可读取，无法给出确定日期。",
        Further = "其他事项",
        Appeal = "异议与申诉",
        Supersedes = "替代证明编号",
        TreeHead = "审计日志",
        Verify = "验真",
        VerifyHow = "扫描二维码，或访问 {0} 并核对编号。验真页面仅显示本证明是否有效，不显示其内容。",
        IssuedOn = "签发日期",
        Signed = "本文件以电子签名签发，任何改动均可被验出。",
        SealUpper = "电子",
        SealLower = "签名",
        To = "致",
        Reference = "案件编号",
        Substituted = "“□”代替无法印出的字符。",
        Comma = "、",
        DateFormat = "yyyy年M月d日",
    };

    private static readonly CertificateWords English = new()
    {
        Termination = "Certificate of Termination",
        TerminationSettled = "Certificate of Termination and Settlement",
        AccountClosure = "Certificate of Account Closure",
        OffboardingNotice = "Notice of Offboarding",
        Erasure = "Certificate of Erasure",
        TerminationStatement =
            "This is to certify that the contract of {0} with us (no. {1}, {2}) ended on {3}. From that time neither side owes the other further performance under it.",
        AccountClosureStatement =
            "This is to certify that the account of {0} with us and its services (no. {1}, {2}) were closed on {3}.",
        OffboardingStatement =
            "{0}: on the ground stated below we end our business relationship with you (no. {1}, {2}) on {3}. You may appeal in the way named in this notice.",
        ErasureStatement =
            "This is to certify that on {3} we treated the personal data of {0} as follows. What was deleted cannot be restored in the running system; what holds for copies in backups is said below. For what is kept, the legal basis and the end are stated.",
        Serial = "Serial",
        CreditCode = "Registration no.",
        Relationship = "Relationship",
        Customer = "Customer",
        ContractNumber = "Contract no.",
        RequestNumber = "Request no.",
        Product = "Product or service",
        StartedOn = "Started on",
        Ground = "Ground of termination",
        NoticeReceivedAt = "Notice received at",
        EffectiveAt = "Effective at",
        Settlement = "Settlement",
        Item = "Item",
        Explanation = "How it was computed",
        Amount = "Amount ({0})",
        NetToCustomer = "Total, paid to the customer",
        NetFromCustomer = "Total, owed by the customer",
        Settled = "Settled in full; nothing is open on either side.",
        SettledPaidOn = "Settled in full on {0}; nothing is open on either side.",
        OpenToCustomer = "Not settled: {0} is still owed to the customer.",
        OpenFromCustomer = "Not settled: {0} is still owed by the customer.",
        OpenUnstated = "The settlement is still open.",
        Invoices = "Invoices, credit notes",
        PropertyReturned = "Property returned",
        SurvivingClauses = "Clauses that stay in force",
        PersonalData = "Personal data",
        Category = "Category",
        Outcome = "Treatment",
        Until = "Until",
        Basis = "Legal basis",
        Deleted = "Deleted",
        Anonymised = "Anonymised",
        Locked = "Locked",
        Kept = "Kept",
        Backups = "Copies in backups can be read until then: from {0} on, no backup can give the deleted data back.",
        BackupsUndated = "Copies in backups stay readable as long as they are kept; no date can be given.",
        Further = "Further",
        Appeal = "Questions and appeals",
        Supersedes = "Replaces serial",
        TreeHead = "Audit log",
        Verify = "Verify",
        VerifyHow =
            "Scan the code, or go to {0} and compare the serial. The page says only whether this document is valid and shows nothing of its content.",
        IssuedOn = "Issued on",
        Signed = "Issued with an electronic signature, which shows any change to this file.",
        SealUpper = "SIGNED",
        SealLower = "PAdES",
        To = "To",
        Reference = "Case",
        Substituted = "“□” stands for a character that cannot be printed.",
        Comma = ", ",
        DateFormat = "d MMMM yyyy",
    };
}
