using System.Text.Json.Serialization.Metadata;

namespace Exeunt.Core.Policies;

/// <summary>One value or part of the policy's document: where it stands and what it is called.</summary>
/// <param name="Pattern">JSON path with [] for any entry: "handOvers[].price"; the key of an entry of <c>lines</c> is "lines[].code".</param>
/// <param name="Type">Its type, without a question mark.</param>
/// <param name="Name">What it is called.</param>
/// <param name="IsRequired">Whether the document cannot be without it.</param>
/// <param name="Parts">The values in it, in order; empty for a value.</param>
/// <param name="IsList">Whether it is a list whose entries have <see cref="Parts"/>.</param>
public sealed record PolicyField(string Pattern, Type Type, Words Name, bool IsRequired, IReadOnlyList<PolicyField> Parts, bool IsList)
{
    /// <summary>The last name of the path: "price".</summary>
    public string Key { get; } = Pattern[(Pattern.LastIndexOf('.') + 1)..].TrimEnd('[', ']');

    /// <summary>Whether it is a list of fee rules, whose entries have the fields of "etf".</summary>
    public bool IsRules => IsList && Type == typeof(Settlement.EtfRule);

    /// <summary>Whether it is a list of plain values, written as one text.</summary>
    public bool IsPlainList => IsList && Parts.Count == 0 && !IsRules;
}

/// <summary>
/// Every field of a policy's document, read from its types, with its name in both languages: what forms, differences, messages and
/// the JSON Schema call it.
/// </summary>
public static class PolicyFields
{
    /// <summary>How many rules a fee that is the least of several may hold in each other.</summary>
    public const int MaxDepth = 3;

    private static readonly Dictionary<string, Words> Names = new(StringComparer.Ordinal)
    {
        ["number"] = new("Number", "编号"),
        ["version"] = new("Version", "版本"),
        ["effectiveFrom"] = new("In force from", "生效日期"),
        ["effectiveUntil"] = new("In force until (not included)", "失效日期（当日不含）"),
        ["reviewOn"] = new("Next review on", "下次复核日期"),
        ["titleEnglish"] = new("Title in English", "英文标题"),
        ["titleChinese"] = new("Title in Chinese", "中文标题"),
        ["scope"] = new("Where and for whom", "适用地区与对象"),
        ["scope.jurisdictions"] = new("Places", "法域"),
        ["scope.party"] = new("Kind of customer", "客户类别"),
        ["scope.products"] = new("Products", "产品"),
        ["scope.sector"] = new("Line of business", "行业"),
        ["procedures"] = new("Procedures", "办理流程"),
        ["procedures.termination"] = new("The customer ends the contract", "客户解约"),
        ["procedures.offboarding"] = new("We end the relationship", "公司清退"),
        ["procedures.arrears"] = new("We end it for arrears", "欠费清退"),
        ["procedures.immediate"] = new("We end it on the spot", "立即清退"),
        ["form"] = new("The formal document", "制度文件"),
        ["form.purpose"] = new("Purpose", "目的"),
        ["form.scope"] = new("Scope", "适用范围"),
        ["form.responsibilities"] = new("Responsibilities", "职责"),
        ["form.responsibilities[].name"] = new("Office", "部门"),
        ["form.responsibilities[].text"] = new("Does", "职责内容"),
        ["form.definitions"] = new("Definitions", "定义"),
        ["form.definitions[].name"] = new("Term", "术语"),
        ["form.definitions[].text"] = new("Means", "含义"),
        ["form.interpretingOffice"] = new("Interpreting office", "解释部门"),
        ["form.attachments"] = new("Attachments", "附件"),
        ["grounds"] = new("Grounds for ending", "解约事由"),
        ["grounds[].ground"] = new("Ground", "事由"),
        ["grounds[].fee"] = new("Fee for leaving early", "提前解约费"),
        ["grounds[].notice"] = new("Its own notice", "单独的通知期"),
        ["grounds[].proof"] = new("To be shown", "须提供的证明"),
        ["maxTermMonths"] = new("Longest initial term in months", "首个合同期最长月数"),
        ["minimumMonths"] = new("Full months before the customer may leave early", "可提前解约前须满月数"),
        ["renewal"] = new("After the term", "期满后"),
        ["renewal.kind"] = new("What happens", "处理方式"),
        ["renewal.months"] = new("Months of a fixed renewal", "固定续期月数"),
        ["renewal.notice"] = new("Notice after an indefinite renewal", "转为不定期后的通知期"),
        ["renewal.reminderDays"] = new("Reminder, days before", "提前提醒天数"),
        ["notice"] = new("Notice", "通知期"),
        ["notice.count"] = new("How long", "长度"),
        ["notice.unit"] = new("Counted in", "单位"),
        ["endsOn"] = new("The contract ends", "合同终止日"),
        ["earlyExitAllowed"] = new("May leave within the term", "合同期内可否解约"),
        ["etf"] = new("Fee for leaving early", "提前解约费"),
        ["etf.kind"] = new("How it is computed", "计算方式"),
        ["etf.fee"] = new("Fee", "费用"),
        ["etf.pct"] = new("Share of the monthly fee", "月费比例"),
        ["etf.monthlyFee"] = new("Monthly fee, instead of the contract’s", "月费（替代合同月费）"),
        ["etf.initial"] = new("Initial fee", "初始费用"),
        ["etf.perMonth"] = new("Less, for each full month", "每满一个月减少"),
        ["etf.fees"] = new("Fee by full months, one a line", "按已满月数的费用（每行一项）"),
        ["etf.replacementMonths"] = new("Months to find a replacement", "合理替代期（月）"),
        ["etf.avoidableCost"] = new("Cost a month that the end saves", "每月可节省的成本"),
        ["etf.avoidableShare"] = new("Or the share of the fee that it saves", "或可节省成本占月费比例"),
        ["etf.mitigationCost"] = new("Cost of mitigating", "减损费用"),
        ["etf.of"] = new("The least of", "取其中最低"),
        ["device"] = new("Device that is kept", "保留设备"),
        ["clawback"] = new("Discounts taken back", "优惠追回"),
        ["refundsUnusedPeriod"] = new("Unused part of a paid period comes back", "退还已付未用部分"),
        ["billingEnds"] = new("Billing ends", "计费截止"),
        ["prepaid"] = new("Prepayments", "预付款"),
        ["prepaid.method"] = new("Settled", "结算方式"),
        ["prepaid.operatorFaultRate"] = new("Interest a year, our fault", "年利率（经营者原因）"),
        ["prepaid.consumerReasonRate"] = new("Interest a year, customer’s reason", "年利率（消费者原因）"),
        ["insurance"] = new("Insurance", "保险"),
        ["insurance.coolingOffDays"] = new("Cooling-off period in days", "犹豫期（天）"),
        ["insurance.coolingOffFee"] = new("Kept in it for the printed policy", "犹豫期内扣除工本费"),
        ["insurance.surrender"] = new("Surrender table", "退保金额表"),
        ["insurance.surrender.basis"] = new("Shares of", "计算基数"),
        ["insurance.surrender.between"] = new("Between two years", "两个年度之间"),
        ["insurance.surrender.rows"] = new("Rows", "表行"),
        ["insurance.surrender.rows[].from"] = new("From this many on", "自满"),
        ["insurance.surrender.rows[].share"] = new("Comes back", "退还比例"),
        ["insurance.loanRate"] = new("Interest a year on policy loans", "保单贷款年利率"),
        ["earnestElection"] = new("Earnest or fee, when both apply", "定金与解约费竞合时"),
        ["instalments"] = new("Instalments", "分期付款"),
        ["instalments.maxCount"] = new("Most instalments", "最多期数"),
        ["instalments.firstDueDays"] = new("First due, days after the end", "首期到期（终止后天数）"),
        ["lateInterest"] = new("Interest on late invoices", "逾期利息"),
        ["lateInterest.annualRate"] = new("Rate a year", "年利率"),
        ["lateInterest.multiplier"] = new("Times", "倍数"),
        ["lateInterest.dailyRate"] = new("Or rate a day", "或日利率"),
        ["handOvers"] = new("What is handed in or over", "交还与移交"),
        ["handOvers[].side"] = new("By", "由谁"),
        ["handOvers[].code"] = new("Code", "代码"),
        ["handOvers[].name"] = new("Name", "名称"),
        ["handOvers[].days"] = new("Within days after the end", "终止后几日内"),
        ["handOvers[].price"] = new("When missing", "缺失时收费"),
        ["damagePrices"] = new("Prices for damage", "损坏赔偿价目"),
        ["damagePrices[].code"] = new("Code", "代码"),
        ["damagePrices[].name"] = new("Name", "名称"),
        ["damagePrices[].price"] = new("Price", "价格"),
        ["consequences"] = new("Beside the money", "其他后果"),
        ["consequences.reportedToCreditBureau"] = new("Ending is reported to a credit bureau", "解约报送征信机构"),
        ["consequences.credit"] = new("Credit record", "信用记录"),
        ["consequences.obligations"] = new("Open obligations", "未了义务"),
        ["consequences.points"] = new("Points and benefits", "积分与权益"),
        ["consequences.services"] = new("Other services", "其他服务"),
        ["consequences.resignAfterDays"] = new("Days until a new contract is possible", "可重新签约前须间隔天数"),
        ["consequences.resign"] = new("Signing again", "重新签约"),
        ["dayCount"] = new("Days are counted", "计日方式"),
        ["rounding"] = new("Rounding", "舍入"),
        ["lines"] = new("Clauses and tax", "条款与税"),
        ["lines[].code"] = new("Line", "项目"),
        ["lines[].clause"] = new("Clause number", "条款号"),
        ["lines[].english"] = new("Clause in English", "英文条款"),
        ["lines[].chinese"] = new("Clause in Chinese", "中文条款"),
        ["lines[].taxCode"] = new("Tax code", "税码"),
        ["lines[].taxRate"] = new("Tax contained", "含税税率"),
    };

    /// <summary>The parts at the top, in the order of the document; each holds its own.</summary>
    public static IReadOnlyList<PolicyField> Top { get; } = Parts(typeof(TerminationPolicy), "");

    private static readonly Dictionary<string, PolicyField> ByPattern = Flat(Top).ToDictionary(f => f.Pattern, StringComparer.Ordinal);

    /// <summary>Every field, parts before what is in them.</summary>
    public static IReadOnlyCollection<PolicyField> All => ByPattern.Values;

    /// <summary>The kinds of fee and the fields each has: "FLAT" has "fee".</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> FeeKinds { get; } =
        PolicyDocument.TypeInfo(typeof(Settlement.EtfRule)).PolymorphismOptions!.DerivedTypes.ToDictionary(
            d => (string)d.TypeDiscriminator!, d => (IReadOnlyList<string>)[.. PolicyDocument.TypeInfo(d.DerivedType).Properties.Select(p => p.Name)]);

    /// <summary>The field at a path: "handOvers[2].price", "lines.etf.clause", "etf.of[0].fee". Null when there is none.</summary>
    public static PolicyField? At(string path) => ByPattern.GetValueOrDefault(PatternOf(path));

    /// <summary>The name of the field at a path with those of what it stands in: "Notice: How long". The path itself when unknown.</summary>
    public static Words NameOf(string path)
    {
        var names = new List<Words>();
        var pattern = PatternOf(path);
        for (var end = pattern.Length; end > 0; end = pattern.LastIndexOf('.', end - 1))
            if (ByPattern.TryGetValue(pattern[..end].EndsWith("[]", StringComparison.Ordinal) ? pattern[..(end - 2)] : pattern[..end], out var field))
                names.Insert(0, field.Name);
        return names.Count == 0
            ? new(path, path)
            : new(string.Join(": ", names.Select(n => n.English)), string.Join("：", names.Select(n => n.Chinese)));
    }

    /// <summary>A path with [] for every entry, and the rules inside a MIN as if they stood outside.</summary>
    public static string PatternOf(string path)
    {
        var pattern = new System.Text.StringBuilder(path.Length);
        foreach (var part in path.Split('.'))
        {
            if (pattern.Length > 0)
                pattern.Append('.');
            var bracket = part.IndexOf('[', StringComparison.Ordinal);
            pattern.Append(bracket < 0 ? part : part[..bracket] + "[]");
        }
        var text = pattern.ToString();
        while (text.StartsWith("etf.of[].", StringComparison.Ordinal))
            text = "etf." + text["etf.of[].".Length..];
        // lines.etf.clause: the second name is the entry's key.
        if (text.StartsWith("lines.", StringComparison.Ordinal))
        {
            var rest = text["lines.".Length..];
            var last = rest.LastIndexOf('.');
            text = last < 0 ? "lines[]" : "lines[]" + rest[last..];
        }
        return text;
    }

    internal static bool IsRequired(JsonPropertyInfo property) => property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false };

    internal static Type Plain(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    /// <summary>The values and parts of a type; a rule of one of several kinds has those of all of them.</summary>
    private static List<PolicyField> Parts(Type type, string at)
    {
        var prefix = at.Length == 0 ? "" : at + ".";
        var info = PolicyDocument.TypeInfo(type);
        var parts = new List<PolicyField>();
        if (info.PolymorphismOptions is { } kinds)
        {
            parts.Add(Field(prefix + kinds.TypeDiscriminatorPropertyName, typeof(string), true, [], false));
            foreach (var property in kinds.DerivedTypes.SelectMany(d => PolicyDocument.TypeInfo(d.DerivedType).Properties).DistinctBy(p => p.Name))
                parts.Add(Of(property, prefix));
            return parts;
        }
        foreach (var property in info.Properties)
            parts.Add(Of(property, prefix));
        return parts;
    }

    private static PolicyField Of(JsonPropertyInfo property, string prefix)
    {
        var (type, pattern, required) = (Plain(property.PropertyType), prefix + property.Name, IsRequired(property));
        var info = PolicyDocument.TypeInfo(type);
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Dictionary:
                return Field(pattern, info.ElementType!, required, [Field(pattern + "[].code", typeof(string), true, [], false), .. Parts(info.ElementType!, pattern + "[]")], true);
            case JsonTypeInfoKind.Enumerable:
                var element = Plain(info.ElementType!);
                // The rules in a MIN are rules again: their fields are those of the rule outside.
                var entries = PolicyDocument.TypeInfo(element).Kind != JsonTypeInfoKind.Object || element == typeof(Settlement.EtfRule) ? [] : Parts(element, pattern + "[]");
                return Field(pattern, element, required, entries, true);
            case JsonTypeInfoKind.Object:
                return Field(pattern, type, required, Parts(type, pattern), false);
            default:
                return Field(pattern, type, required, [], false);
        }
    }

    private static PolicyField Field(string pattern, Type type, bool required, IReadOnlyList<PolicyField> parts, bool list) =>
        new(pattern, type, Name(pattern), required, parts, list);

    private static Words Name(string pattern)
    {
        if (Names.TryGetValue(pattern, out var name))
            return name;
        // Parts that are the same everywhere: a text in both languages, a notice.
        return pattern[(pattern.LastIndexOf('.') + 1)..] switch
        {
            "english" => new("English", "英文"),
            "chinese" => new("Chinese", "中文"),
            "count" => Names["notice.count"],
            "unit" => Names["notice.unit"],
            _ => throw new InvalidOperationException($"The field '{pattern}' has no name: add it to PolicyFields."),
        };
    }

    private static IEnumerable<PolicyField> Flat(IEnumerable<PolicyField> fields) => fields.SelectMany(f => Flat(f.Parts).Prepend(f));
}
