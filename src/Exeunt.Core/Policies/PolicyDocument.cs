using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Exeunt.Core.Calendar;
using Exeunt.Core.Documents;
using Exeunt.Core.Settlement;

namespace Exeunt.Core.Policies;

/// <summary>What is wrong with a policy's document, and where.</summary>
/// <param name="Path">JSON path: "etf.of[0].fee"; "" for the whole.</param>
/// <param name="Code">Stable: "policy.unknown-name".</param>
/// <param name="Line">From 1; 0 when the policy was not read from a text.</param>
/// <param name="Column">From 1, in characters.</param>
public sealed record PolicyError(string Path, string Code, string English, string Chinese, int Line = 0, int Column = 0)
{
    public string In(string language) => language.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Chinese : English;

    /// <summary>The same as a refusal that says where.</summary>
    public Refusal ToRefusal()
    {
        var place = Line > 0 ? (English: $"line {Line}, column {Column}, ", Chinese: $"第 {Line} 行第 {Column} 列，") : (English: "", Chinese: "");
        var path = Path.Length == 0 ? "$" : Path;
        return new(RefusalKind.Invalid, Code, $"{place.English}{path}: {English}", $"{place.Chinese}{path}：{Chinese}", Field: Path.Length == 0 ? null : Path);
    }
}

/// <summary>What came of reading a document: the policy, or everything that is wrong with it.</summary>
public sealed record PolicyReading(TerminationPolicy? Policy, IReadOnlyList<PolicyError> Errors)
{
    [MemberNotNullWhen(true, nameof(Policy))]
    public bool IsValid => Policy is not null;
}

/// <summary>
/// Reads a policy's JSON document as strictly as it is described and says everything that is wrong at once, each with its path, line
/// and column. Forms, files, the API and the command line all come through here.
/// </summary>
public static partial class PolicyDocument
{
    /// <summary>Longest document, in characters.</summary>
    public const int MaxLength = 1_000_000;

    /// <summary>Longest text of one field.</summary>
    public const int MaxText = 4000;

    public const int MaxNumber = 40;

    /// <summary>Most entries of one list.</summary>
    public const int MaxEntries = 600;

    internal static readonly JsonSerializerOptions Options = new(SettlementJson.Document) { RespectRequiredConstructorParameters = true };

    private static readonly JsonSerializerOptions Indented = new(SettlementJson.Document) { WriteIndented = true, NewLine = "\n" };

    internal static JsonTypeInfo TypeInfo(Type type) => Options.GetTypeInfo(type);

    /// <summary>The document for people: the same as <see cref="TerminationPolicy.ToJson"/>, with line breaks.</summary>
    public static string Write(TerminationPolicy policy) => JsonSerializer.Serialize(policy, Indented);

    /// <summary>Reads and checks a document.</summary>
    public static PolicyReading Read(string json)
    {
        if (json.Length > MaxLength)
            return Wrong(new PolicyError("", "policy.too-long", $"The document is longer than {MaxLength} characters.", $"文档超过 {MaxLength} 个字符。"));
        var bytes = Encoding.UTF8.GetBytes(json);
        JsonSpot root;
        try
        {
            root = JsonSpot.Parse(bytes);
        }
        catch (JsonException e)
        {
            var column = (int)(e.BytePositionInLine ?? 0) + 1;
            return Wrong(new PolicyError("", "policy.not-json", "This is not JSON.", "不是有效的 JSON。", (int)(e.LineNumber ?? 0) + 1, column));
        }
        var errors = new List<PolicyError>();
        var shape = new JsonShape(Options, (path, code, english, chinese) => errors.Add(new(path, "policy." + code, english, chinese)), MaxEntries, PolicyFields.MaxDepth);
        shape.Check(root, typeof(TerminationPolicy), "");
        if (errors.Count > 0)
            return new(null, Placed(errors, shape, bytes));
        TerminationPolicy policy;
        try
        {
            policy = JsonSerializer.Deserialize<TerminationPolicy>(bytes, Options)!;
        }
        catch (JsonException e)
        {
            // The shape was right; whatever is left is said by the reader itself.
            return Wrong(new PolicyError((e.Path ?? "").TrimStart('$').TrimStart('.'), "policy.unreadable", "This cannot be read.", "无法读取。", (int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1));
        }
        errors.AddRange(Check(policy));
        return errors.Count > 0 ? new(null, Placed(errors, shape, bytes)) : new(policy, []);
    }

    private static PolicyReading Wrong(PolicyError error) => new(null, [error]);

    private static List<PolicyError> Placed(List<PolicyError> errors, JsonShape shape, byte[] bytes) =>
        [.. errors.Select(e => shape.PlaceOf(e.Path, bytes) is var (line, column) ? e with { Line = line, Column = column } : e).OrderBy(e => (e.Line, e.Column))];

    /// <summary>The names of an enum's values in the document.</summary>
    public static IReadOnlyList<string> NamesOf(Type type) =>
        JsonShape.NamesOf(type, Options);

    // --- what the values say together -----------------------------------------------------------------------------------

    /// <summary>What is wrong with a policy that was read: ranges, codes, dates, currencies. Empty when nothing is.</summary>
    public static IReadOnlyList<PolicyError> Check(TerminationPolicy policy)
    {
        var say = new Findings();
        say.Code("number", policy.Number, MaxNumber);
        say.Range("version", policy.Version, 1, 9999);
        say.Text("titleEnglish", policy.TitleEnglish, 200);
        say.Text("titleChinese", policy.TitleChinese, 200);
        say.If(policy.EffectiveUntil <= policy.EffectiveFrom, "effectiveUntil", "policy.dates", "This is the day after the last one; it must be after the first.", "失效日期（当日不含）须晚于生效日期。");
        say.If(policy.ReviewOn <= policy.EffectiveFrom, "reviewOn", "policy.dates", "The review is after the policy has begun.", "复核日期须晚于生效日期。");
        Scope(policy, say);
        Form(policy, say);
        if (policy.Procedures is { } p)
            foreach (var (path, code) in new[] { ("termination", p.Termination), ("offboarding", p.Offboarding), ("arrears", p.Arrears), ("immediate", p.Immediate) })
                say.If(code is not null && !Procedures.ProcedureDocument.IsCode(code), $"procedures.{path}", "policy.code", "The code of a procedure: small letters, digits and dashes.", "流程代码：小写字母、数字和连字符。");
        Ends(policy, say);
        if (policy.Etf is { } etf)
            Fee(etf, "etf", say);
        Terms(policy, say);
        HandOvers(policy, say);
        say.Range("consequences.resignAfterDays", policy.Consequences.ResignAfterDays, 0, 36500);
        say.Words("consequences.credit", policy.Consequences.Credit);
        say.Words("consequences.obligations", policy.Consequences.Obligations);
        say.Words("consequences.points", policy.Consequences.Points);
        say.Words("consequences.services", policy.Consequences.Services);
        say.Words("consequences.resign", policy.Consequences.Resign);
        foreach (var (code, terms) in policy.Lines)
        {
            say.Code($"lines.{code}", code, 60);
            say.Text($"lines.{code}.clause", terms.Clause, 40);
            say.Text($"lines.{code}.english", terms.English, MaxText);
            say.Text($"lines.{code}.chinese", terms.Chinese, MaxText);
            say.Code($"lines.{code}.taxCode", terms.TaxCode, 40);
            say.Rate($"lines.{code}.taxRate", terms.TaxRate, 1);
        }
        return say.All;
    }

    private static void Scope(TerminationPolicy policy, Findings say)
    {
        if (policy.Scope is not { } scope)
            return;
        say.If(scope.Jurisdictions.Count == 0, "scope.jurisdictions", "policy.missing", "At least one place, such as CN.", "至少填写一个法域，例如 CN。");
        for (var i = 0; i < scope.Jurisdictions.Count; i++)
            say.If(!Place().IsMatch(scope.Jurisdictions[i]), $"scope.jurisdictions[{i}]", "policy.code", "A place is a code such as CN, DE or US-CA.", "法域为代码，例如 CN、DE、US-CA。");
        say.Unique("scope.jurisdictions", scope.Jurisdictions);
        for (var i = 0; i < scope.Products?.Count; i++)
            say.Code($"scope.products[{i}]", scope.Products[i], 40);
        say.Unique("scope.products", scope.Products ?? []);
        if (scope.Sector is { } sector)
            say.Code("scope.sector", sector, 40);
    }

    private static void Form(TerminationPolicy policy, Findings say)
    {
        if (policy.Form is not { } form)
            return;
        say.Words("form.purpose", form.Purpose);
        say.Words("form.scope", form.Scope);
        say.Words("form.interpretingOffice", form.InterpretingOffice);
        Entries("form.responsibilities", form.Responsibilities);
        Entries("form.definitions", form.Definitions);
        for (var i = 0; i < form.Attachments.Count; i++)
            say.Words($"form.attachments[{i}]", form.Attachments[i]);

        void Entries(string path, IReadOnlyList<PolicyEntry> entries)
        {
            for (var i = 0; i < entries.Count; i++)
            {
                say.Words($"{path}[{i}].name", entries[i].Name);
                say.Words($"{path}[{i}].text", entries[i].Text);
            }
        }
    }

    private static void Ends(TerminationPolicy policy, Findings say)
    {
        say.Notice("notice", policy.Notice);
        say.Range("maxTermMonths", policy.MaxTermMonths, 1, 600);
        say.Range("minimumMonths", policy.MinimumMonths, 0, 600);
        say.If(policy.MinimumMonths > policy.MaxTermMonths, "minimumMonths", "policy.range", "Not longer than the longest term.", "不得超过最长合同期。");
        for (var i = 0; i < policy.Grounds.Count; i++)
        {
            say.Notice($"grounds[{i}].notice", policy.Grounds[i].Notice);
            say.Words($"grounds[{i}].proof", policy.Grounds[i].Proof);
        }
        say.Unique("grounds", [.. policy.Grounds.Select(g => g.Ground.ToString())], "ground");
        if (policy.Renewal is not { } renewal)
            return;
        say.If(renewal.Kind == RenewalKind.Fixed && renewal.Months is null, "renewal.months", "policy.missing", "For how many months is it renewed?", "请填写续期月数。");
        say.If(renewal.Kind != RenewalKind.Fixed && renewal.Months is not null, "renewal.months", "policy.range", "Only a fixed renewal has months.", "仅固定续期填写月数。");
        say.If(renewal.Kind == RenewalKind.None && renewal.ReminderDays is not null, "renewal.reminderDays", "policy.range", "Without a renewal there is no reminder.", "期满终止的合同没有续期提醒。");
        say.If(renewal.Kind != RenewalKind.Indefinite && renewal.Notice is not null, "renewal.notice", "policy.range", "Only after an indefinite renewal.", "仅转为不定期后适用。");
        say.Range("renewal.months", renewal.Months, 1, 600);
        say.Range("renewal.reminderDays", renewal.ReminderDays, 0, 365);
        say.Notice("renewal.notice", renewal.Notice);
    }

    private static void Fee(EtfRule rule, string path, Findings say)
    {
        switch (rule)
        {
            case FlatFee flat:
                say.Amount($"{path}.fee", flat.Fee);
                break;
            case RemainingShareFee share:
                say.Rate($"{path}.pct", share.Pct, 1);
                say.Amount($"{path}.monthlyFee", share.MonthlyFee);
                break;
            case DecliningFee declining:
                say.Amount($"{path}.initial", declining.Initial);
                say.Amount($"{path}.perMonth", declining.PerMonth);
                break;
            case ScheduledFee table:
                say.If(table.Fees.Count == 0, $"{path}.fees", "policy.missing", "At least one amount.", "至少填写一项金额。");
                for (var i = 0; i < table.Fees.Count; i++)
                    say.Amount($"{path}.fees[{i}]", table.Fees[i]);
                break;
            case LossFee loss:
                say.Range($"{path}.replacementMonths", loss.ReplacementMonths, 0, 600);
                say.Amount($"{path}.avoidableCost", loss.AvoidableCost);
                say.Rate($"{path}.avoidableShare", loss.AvoidableShare, 1);
                say.If(loss is { AvoidableCost: not null, AvoidableShare: not null }, $"{path}.avoidableShare", "policy.range", "Either the cost or its share.", "成本与比例只能填一项。");
                say.Amount($"{path}.mitigationCost", loss.MitigationCost);
                say.Amount($"{path}.monthlyFee", loss.MonthlyFee);
                break;
            case LeastFee least:
                say.If(least.Of.Count == 0, $"{path}.of", "policy.missing", "At least one rule.", "至少填写一项规则。");
                for (var i = 0; i < least.Of.Count; i++)
                    Fee(least.Of[i], $"{path}.of[{i}]", say);
                break;
        }
    }

    private static void Terms(TerminationPolicy policy, Findings say)
    {
        say.Rate("prepaid.operatorFaultRate", policy.Prepaid?.OperatorFaultRate, 1);
        say.Rate("prepaid.consumerReasonRate", policy.Prepaid?.ConsumerReasonRate, 1);
        Insurance(policy, say);
        say.Range("instalments.maxCount", policy.Instalments?.MaxCount, 2, 60);
        say.Range("instalments.firstDueDays", policy.Instalments?.FirstDueDays, 0, 365);
        if (policy.LateInterest is not { } late)
            return;
        say.If(late.AnnualRate is null && late.DailyRate is null, "lateInterest.annualRate", "policy.missing", "A rate a year or a rate a day.", "请填写年利率或日利率。");
        say.If(late.AnnualRate is not null && late.DailyRate is not null, "lateInterest.dailyRate", "policy.range", "Either a rate a year or a rate a day.", "年利率与日利率只能填一项。");
        say.If(late.Multiplier is not null && late.AnnualRate is null, "lateInterest.multiplier", "policy.range", "It multiplies the rate a year.", "倍数仅用于年利率。");
        say.Rate("lateInterest.annualRate", late.AnnualRate, 1);
        say.Rate("lateInterest.multiplier", late.Multiplier, 10);
        say.Rate("lateInterest.dailyRate", late.DailyRate, 1);
    }

    private static void Insurance(TerminationPolicy policy, Findings say)
    {
        if (policy.Insurance is not { } insurance)
            return;
        say.Range("insurance.coolingOffDays", insurance.CoolingOffDays, 0, 365);
        say.Amount("insurance.coolingOffFee", insurance.CoolingOffFee);
        say.If(insurance is { CoolingOffFee: not null, CoolingOffDays: null }, "insurance.coolingOffFee", "policy.range", "Only where there is a cooling-off period.", "仅设犹豫期时填写。");
        say.Rate("insurance.loanRate", insurance.LoanRate, 1);
        if (insurance.Surrender is not { } table)
            return;
        const string rows = "insurance.surrender.rows";
        var months = table.Basis == SurrenderBasis.PeriodPremium;
        say.If(table.Rows.Count == 0, rows, "policy.missing", "At least one row.", "至少填写一行。");
        for (var i = 0; i < table.Rows.Count; i++)
        {
            say.If(table.Rows[i].From != i, $"{rows}[{i}].from", "policy.table-gap", $"This row is for {i}: the table begins at 0 and goes on one by one, without gaps.", $"此行应为 {i}：表自 0 起逐一递增，不得缺行。");
            say.Rate($"{rows}[{i}].share", table.Rows[i].Share, months ? 1 : SurrenderTable.MaxShare);
        }
        say.If(months && table.Between != TableBetween.None, "insurance.surrender.between", "policy.range", "Only between policy years.", "仅适用于保单年度之间。");
        // The last row holds for all that comes after: it must not stand for years that nobody set.
        say.If(!months && table.Rows.Count > 0 && policy.MaxTermMonths is { } most && (table.Rows.Count - 1) * 12 < most, rows, "policy.table-short",
            $"The table ends after {table.Rows.Count - 1} years, before the longest term of {policy.MaxTermMonths} months.", $"表仅至满 {table.Rows.Count - 1} 年，短于最长合同期 {policy.MaxTermMonths} 个月。");
    }

    private static void HandOvers(TerminationPolicy policy, Findings say)
    {
        for (var i = 0; i < policy.HandOvers.Count; i++)
        {
            var (path, item) = ($"handOvers[{i}]", policy.HandOvers[i]);
            say.Code($"{path}.code", item.Code, 40);
            say.Words($"{path}.name", item.Name);
            say.Range($"{path}.days", item.Days, 0, 365);
            say.Amount($"{path}.price", item.Price);
            say.If(item is { Side: PolicySide.Company, Price: not null }, $"{path}.price", "policy.range", "Only what the customer hands in has a price.", "仅客户交还的物品有收费。");
        }
        say.Unique("handOvers", [.. policy.HandOvers.Select(h => h.Code)], "code");
        for (var i = 0; i < policy.DamagePrices.Count; i++)
        {
            var (path, item) = ($"damagePrices[{i}]", policy.DamagePrices[i]);
            say.Code($"{path}.code", item.Code, 40);
            say.Words($"{path}.name", item.Name);
            say.Amount($"{path}.price", item.Price);
        }
        say.Unique("damagePrices", [.. policy.DamagePrices.Select(d => d.Code)], "code");
    }

    private sealed class Findings
    {
        private readonly List<PolicyError> _all = [];
        private string? _currency;

        public IReadOnlyList<PolicyError> All => _all;

        public void If(bool wrong, string path, string code, string english, string chinese)
        {
            if (wrong)
                _all.Add(new(path, code, english, chinese));
        }

        public void Range(string path, int? value, int least, int most) =>
            If(value < least || value > most, path, "policy.range", $"From {least} to {most}.", $"须在 {least} 至 {most} 之间。");

        public void Notice(string path, NoticePeriod? notice) => Range($"{path}.count", notice?.Count, 0, notice?.Unit == NoticeUnit.Month ? 120 : 3650);

        public void Rate(string path, Rate? rate, int most) =>
            If(rate is { } r && r.Numerator > r.Denominator * most, path, "policy.range", $"At most {most}, which is {most * 100} percent.", $"最多为 {most}，即 {most * 100}%。");

        public void Amount(string path, Money? amount)
        {
            if (amount is not { } money)
                return;
            If(money.Minor < 0, path, "policy.negative", "An amount must not be negative.", "金额不得为负。");
            _currency ??= money.Currency;
            If(money.Currency != _currency, path, "policy.mixed-currency", $"{money.Currency} and {_currency} stand in one policy; it has one currency.", $"同一政策中不能混用 {money.Currency} 和 {_currency}。");
        }

        public void Code(string path, string code, int most) =>
            If(code.Length > most || !CodeForm().IsMatch(code), path, "policy.code", $"Letters, digits, points, dashes, at most {most}.", $"仅限字母、数字、点和连字符，最多 {most} 个字符。");

        public void Text(string path, string text, int most)
        {
            If(string.IsNullOrWhiteSpace(text), path, "policy.missing", "Please fill this in.", "请填写此项。");
            If(text.Length > most, path, "policy.too-long", $"At most {most} characters, please.", $"最多 {most} 个字符。");
        }

        public void Words(string path, Words? words)
        {
            if (words is null)
                return;
            Text($"{path}.english", words.English, MaxText);
            Text($"{path}.chinese", words.Chinese, MaxText);
        }

        public void Unique(string path, IReadOnlyList<string> codes, string? key = null)
        {
            for (var i = 0; i < codes.Count; i++)
                If(codes.Take(i).Contains(codes[i]), $"{path}[{i}]" + (key is null ? "" : "." + key), "policy.repeated", "This stands here twice.", "此项重复出现。");
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\z")]
    private static partial Regex CodeForm();

    [GeneratedRegex(@"^[A-Z]{2}(?:-[A-Z0-9]{1,3})?\z")]
    private static partial Regex Place();
}
