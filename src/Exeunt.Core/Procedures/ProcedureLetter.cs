using System.Text.RegularExpressions;

namespace Exeunt.Core.Procedures;

/// <summary>A table in a letter, after its paragraphs.</summary>
public enum LetterTable
{
    /// <summary>The settlement's lines with their sum.</summary>
    Settlement,
}

/// <summary>A letter of a procedure: signed off and versioned with it. A notice names it by its code.</summary>
/// <param name="Code">Kebab-case, unique in the procedure, none of the letters that every procedure has.</param>
/// <param name="Subject">The letter's title and the mail's subject.</param>
/// <param name="Paragraphs">In order; with fields in braces, "{last.day}" (<see cref="LetterField.All"/>).</param>
public sealed record ProcedureLetter(string Code, Words Subject, IReadOnlyList<Words> Paragraphs, LetterTable? Table = null)
{
    /// <summary>Subject and paragraphs in both languages.</summary>
    public IEnumerable<string> Texts => Paragraphs.Prepend(Subject).SelectMany(w => new[] { w.English, w.Chinese });

    /// <summary>The fields it uses, known or not.</summary>
    public IReadOnlyList<string> Fields => [.. Texts.SelectMany(LetterField.In).Distinct()];
}

/// <summary>When a field of a letter is known.</summary>
public enum LetterFieldKnown
{
    Always,

    /// <summary>Once the last service day is set: after identity, of an offboarding after its notice.</summary>
    LastDay,

    /// <summary>Once the settlement is computed.</summary>
    Settlement,

    /// <summary>Where a period follows.</summary>
    Period,
}

/// <summary>Something a letter can name.</summary>
/// <param name="Example">What a preview shows.</param>
public sealed partial record LetterField(string Code, Words Name, LetterFieldKnown Known, Words Example)
{
    /// <summary>The fields there are; the list is published, and letters with others are unsound.</summary>
    public static IReadOnlyList<LetterField> All { get; } =
    [
        new("case.number", new("Number of the case", "案件编号"), LetterFieldKnown.Always, new("T-2026-000123", "T-2026-000123")),
        new("customer.name", new("Name of the customer", "客户名称"), LetterFieldKnown.Always, new("Anna Berg", "王芳")),
        new("contract.number", new("Number of the contract", "合同编号"), LetterFieldKnown.Always, new("EX-2025-0042", "HT-2024-1187")),
        new("product", new("Product", "产品"), LetterFieldKnown.Always, new("Cloud desktop", "云桌面")),
        new("received.on", new("Day on which the application arrived", "申请日期"), LetterFieldKnown.Always, new("2 March 2026", "2026年3月2日")),
        new("today", new("Day of the letter", "函件日期"), LetterFieldKnown.Always, new("2 March 2026", "2026年3月2日")),
        new("unpaid", new("Unpaid invoices of the contract", "合同未付金额"), LetterFieldKnown.Always, new("100.00 CNY", "100.00 CNY")),
        new("unpaid.due", new("Day on which they were due", "未付款到期日"), LetterFieldKnown.Always, new("2 March 2026", "2026年3月2日")),
        new("last.day", new("Last day of service", "最后服务日"), LetterFieldKnown.LastDay, new("31 March 2026", "2026年3月31日")),
        new("amount", new("Sum of the settlement, without its sign", "结算金额（不含正负号）"), LetterFieldKnown.Settlement, new("82.15 CNY", "82.15 CNY")),
        new("balance", new("Who pays what, as a sentence", "收付说明"), LetterFieldKnown.Settlement, new("We pay you the balance.", "差额由我们支付给您。")),
        new("period.end", new("Last day of the period that follows", "后续期限的最后一日"), LetterFieldKnown.Period, new("1 April 2026", "2026年4月1日")),
    ];

    public static LetterField? Find(string code) => All.FirstOrDefault(f => f.Code == code);

    /// <summary>The codes in braces in a text; a brace without its other half gives "".</summary>
    public static IEnumerable<string> In(string text)
    {
        foreach (Match match in Braces().Matches(text))
            yield return match.Groups[1].Value;
        if (Braces().Replace(text, "").AsSpan().ContainsAny('{', '}'))
            yield return "";
    }

    /// <summary>The text with its fields filled in.</summary>
    /// <exception cref="KeyNotFoundException">A field has no value.</exception>
    public static string Fill(string text, IReadOnlyDictionary<string, string> values) => Braces().Replace(text, m => values[m.Groups[1].Value]);

    [GeneratedRegex(@"\{([^{}]*)\}")]
    private static partial Regex Braces();
}
