using Exeunt.Core.Rules;

namespace Exeunt.Core.Retention;

/// <summary>
/// The retention schedule (保存期限表) as data. Where several rules reach a category, by place or by law, the longest wins. Data that
/// no rule keeps is deleted.
/// </summary>
/// <remarks>
/// China: Civil Code 188, 会计档案管理办法 (order 79) 14, 电子商务法 31, 反洗钱法 34, 个人信息保护法 47 and 55/56, 网络安全法 21, 征信业管理条例 16.
/// Germany: HGB 257, whose periods begin with the close of the calendar year; vouchers alone are kept for 8 years since 2025, books for 10,
/// and this product keeps both together. What says "own choice" is no law's length.
/// </remarks>
public static class RetentionSchedule
{
    private const int Year = 12;

    /// <summary>Whose rules hold where nobody wrote any: books are kept where the company is.</summary>
    public const string Home = "CN";

    public static IReadOnlyList<RetentionRule> Rules { get; } =
    [
        Own("CN-CONTRACT", DataCategory.Contract, "CN", RetentionStart.End, 5 * Year, "Limitation of claims, 3 years (Civil Code Art. 188), and 2 years more for a late claim", "诉讼时效三年（民法典第188条），另留两年"),
        Law("DE-LETTERS", DataCategory.Contract, "DE", RetentionStart.YearEnd, 6 * Year, "Commercial letters, 6 years (HGB § 257)", "商业信函六年（德国商法典第257条）"),
        Own("EU-CONTRACT", DataCategory.Contract, "EU", RetentionStart.YearEnd, 3 * Year, "Legal claims (GDPR Art. 17(3)(e)), 3 years from the close of the year", "法律主张（GDPR 第17条第3款e项），自年末起三年"),
        Law("CN-VOUCHERS", DataCategory.Vouchers, "CN", RetentionStart.YearEnd, 30 * Year, "Accounting archives, 30 years (order 79, Art. 14)", "会计档案三十年（79号令第14条）"),
        Law("CN-INVOICES", DataCategory.Vouchers, "CN", RetentionStart.YearEnd, 5 * Year, "Invoices, 5 years (Invoice Measures Art. 29)", "发票五年（发票管理办法第29条）"),
        Law("CN-TAX", DataCategory.Vouchers, "CN", RetentionStart.YearEnd, 10 * Year, "Tax books, 10 years (Tax Administration Rules Art. 29)", "涉税账簿十年（税收征管法实施细则第29条）"),
        Law("DE-BOOKS", DataCategory.Vouchers, "DE", RetentionStart.YearEnd, 10 * Year, "Books and vouchers, 10 years (HGB § 257, AO § 147)", "账簿凭证十年（德国商法典第257条、税法通则第147条）"),
        Law("CN-TRANSACTIONS", DataCategory.Transactions, "CN", RetentionStart.Completion, 3 * Year, "Transactions, at least 3 years (E-Commerce Law Art. 31)", "交易信息至少三年（电子商务法第31条）", RetentionOutcome.Anonymise),
        Law("CN-AML", DataCategory.DueDiligence, "CN", RetentionStart.End, 10 * Year, "Due diligence, 10 years (Anti-Money-Laundering Law Art. 34)", "客户尽职调查资料十年（反洗钱法第34条）"),
        Law("EU-AML", DataCategory.DueDiligence, "EU", RetentionStart.End, 5 * Year, "Due diligence, 5 years (Directive 2015/849 Art. 40)", "客户尽职调查资料五年（2015/849 指令第40条）"),
        Own("CN-CONSENT", DataCategory.Consents, "CN", RetentionStart.End, 3 * Year, "Proof of consent, 3 years (limitation)", "同意证明三年（诉讼时效）"),
        Own("EU-CONSENT", DataCategory.Consents, "EU", RetentionStart.End, 3 * Year, "Proof of consent (GDPR Art. 7(1)), 3 years", "同意证明（GDPR 第7条第1款），三年"),
        Own("CN-RECORDINGS", DataCategory.Recordings, "CN", RetentionStart.Event, 2 * Year, "Recordings of calls and chats, 24 months", "通话与聊天记录二十四个月"),
        Own("EU-RECORDINGS", DataCategory.Recordings, "EU", RetentionStart.Event, 6, "Recordings of calls and chats, 6 months", "通话与聊天记录六个月"),
        Law("CN-ACCESS", DataCategory.AccessLogs, "CN", RetentionStart.Event, 6, "Network logs, at least 6 months (Cybersecurity Law Art. 21)", "网络日志至少六个月（网络安全法第21条）"),
        Own("EU-ACCESS", DataCategory.AccessLogs, "EU", RetentionStart.Event, Year, "Access logs, 12 months at most", "访问日志最长十二个月"),
        Law("CN-PIA", DataCategory.ImpactAssessments, "CN", RetentionStart.Report, 3 * Year, "Impact assessments, at least 3 years (PIPL Art. 56)", "影响评估报告至少三年（个人信息保护法第56条）"),
        Own("CN-RISK", DataCategory.RiskEvidence, "CN", RetentionStart.Decision, Year, "Risk tier and its evidence, 12 months after the tier ends", "风险等级及证据，等级失效后十二个月"),
        Own("EU-RISK", DataCategory.RiskEvidence, "EU", RetentionStart.Decision, Year, "Risk tier and its evidence, 12 months after the tier ends", "风险等级及证据，等级失效后十二个月"),
        Law("CN-CREDIT", DataCategory.CreditNegative, "CN", RetentionStart.Decision, 5 * Year, "Negative credit information, 5 years (Credit Reporting Rules Art. 16)", "不良信用信息五年（征信业管理条例第16条）"),
        Own("EU-CREDIT", DataCategory.CreditNegative, "EU", RetentionStart.Decision, 5 * Year, "Negative credit information, 5 years", "不良信用信息五年"),
        new("CN-IDENTITY", DataCategory.IdentityCopies, "CN", RetentionStart.Verification, 0, 30, RetentionOutcome.Delete, new("Only the result stays; the image goes within 30 days", "仅保留核验结果，影像三十日内销毁"), false),
        new("EU-IDENTITY", DataCategory.IdentityCopies, "EU", RetentionStart.Verification, 0, 30, RetentionOutcome.Delete, new("Only the result stays; the image goes within 30 days", "仅保留核验结果，影像三十日内销毁"), false),
        Own("CN-ANALYTICS", DataCategory.Analytics, "CN", RetentionStart.Event, 2 * Year, "Analysis, 24 months, then sums of many only", "统计特征二十四个月，之后仅留汇总", RetentionOutcome.Anonymise),
        Own("EU-ANALYTICS", DataCategory.Analytics, "EU", RetentionStart.Event, 2 * Year, "Analysis, 24 months, then sums of many only", "统计特征二十四个月，之后仅留汇总", RetentionOutcome.Anonymise),
        new("PROOF", DataCategory.Proof, "*", RetentionStart.Event, 0, 0, RetentionOutcome.Keep, new("Nothing personal: hashes and serials prove what was done", "不含个人信息：以散列值与编号证明处理过程"), true),
    ];

    /// <summary>A rule by its code; null when there is none (any more).</summary>
    public static RetentionRule? Find(string code) => Rules.FirstOrDefault(r => r.Code == code);

    /// <summary>
    /// The rules of a category at some places ("CN", "DE"; a member brings the Union's, so that the Union beside it adds nothing). A place for which the category has none takes
    /// those of <see cref="Home"/>, which may be none too.
    /// </summary>
    public static IReadOnlyList<RetentionRule> For(DataCategory category, IReadOnlyCollection<string> places)
    {
        RetentionRule[] At(IEnumerable<string> where) => [.. Rules.Where(r => r.Category == category && (r.Place == "*" || where.Contains(r.Place)))];
        var found = places.Where(p => !places.Any(q => q != p && Places.Of(q).Contains(p))).SelectMany(p => At(Places.Of(p)) is { Length: > 0 } own ? own : At([Home])).Distinct().ToList();
        return found.Count > 0 || places.Count > 0 ? found : At([Home]);
    }

    /// <summary>What becomes of a category, from the day its period starts: kept by the rule that lasts longest, else deleted at once.</summary>
    public static Retained Of(DataCategory category, IReadOnlyCollection<string> places, DateOnly from)
    {
        var rules = For(category, places);
        if (rules.Count == 0)
            return new Retained(category, RetentionOutcome.Delete, null, null);
        if (rules.FirstOrDefault(r => r.After == RetentionOutcome.Keep) is { } forever)
            return new Retained(category, RetentionOutcome.Keep, null, forever);
        var longest = rules.MaxBy(r => r.LastDay(from))!;
        return new Retained(category, RetentionOutcome.Lock, longest.LastDay(from), longest);
    }

    /// <summary>
    /// The same at the end of a relationship. What counts from transactions and their vouchers counts from the last trade where that came after the
    /// end; everything else from the end.
    /// </summary>
    /// <param name="lastTrade">Null: there never was any.</param>
    public static Retained AtEnd(DataCategory category, IReadOnlyCollection<string> places, DateOnly end, DateOnly? lastTrade) =>
        Of(category, places, category is DataCategory.Transactions or DataCategory.Vouchers && lastTrade is { } last && last > end ? last : end);

    private static RetentionRule Law(string code, DataCategory category, string place, RetentionStart start, int months, string english, string chinese, RetentionOutcome after = RetentionOutcome.Delete) =>
        new(code, category, place, start, months, 0, after, new(english, chinese), true);

    private static RetentionRule Own(string code, DataCategory category, string place, RetentionStart start, int months, string english, string chinese, RetentionOutcome after = RetentionOutcome.Delete) =>
        Law(code, category, place, start, months, english, chinese, after) with { ByLaw = false };
}

/// <summary>What the schedule says about a category of one customer.</summary>
/// <param name="Outcome">Delete: nothing keeps it. Lock: until <paramref name="Until"/>, then <see cref="Then"/>.</param>
/// <param name="Until">Last day (inclusive); null: not kept, or for ever.</param>
/// <param name="Rule">The rule that lasts longest; null: none keeps it.</param>
public sealed record Retained(DataCategory Category, RetentionOutcome Outcome, DateOnly? Until, RetentionRule? Rule)
{
    /// <summary>What comes when the last day is over.</summary>
    public RetentionOutcome Then => Rule?.After ?? RetentionOutcome.Delete;

    /// <summary>What holds on a day: the lock until its last day, then what comes after.</summary>
    public RetentionOutcome On(DateOnly day) => Outcome == RetentionOutcome.Lock && day > Until ? Then : Outcome;

    /// <summary>The later of two of the same category: the longest wins among several contracts too.</summary>
    public static Retained Longer(Retained one, Retained other) => (other.Until ?? DateOnly.MinValue) > (one.Until ?? DateOnly.MinValue) ? other : one;
}
