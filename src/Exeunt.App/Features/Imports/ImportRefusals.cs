using Exeunt.Core;

namespace Exeunt.App.Features.Imports;

/// <summary>Why a file cannot be read, or a row not be taken. The sentence says what was expected, never what stood there.</summary>
public static class ImportRefusals
{
    // Of a file: nothing goes in.
    public static readonly Refusal Missing = File("import.no-such-file", "There is no such file, or it may not be read.", "文件不存在或无法读取。");
    public static readonly Refusal Empty = File("import.empty", "Expected a header line; the file is empty.", "文件为空：首行应为表头。");
    public static readonly Refusal NoRows = File("import.no-rows", "Expected rows after the header; there are none.", "表头之后没有数据行。");
    public static readonly Refusal BinaryText = File("import.nul", "Expected text; this is a NUL character. Is it a CSV file?", "应为文本，但出现了 NUL 字符。这是 CSV 文件吗？");
    public static readonly Refusal Encoding = File("import.encoding", "Expected UTF-8. Save the file as \"CSV UTF-8\", or name its encoding in the mapping.", "应为 UTF-8 编码。请另存为“CSV UTF-8”，或在映射文件中注明编码。");
    public static readonly Refusal Quote = File("import.quote", "Expected a closing quote followed by a separator or the end of the line; a quote inside a quoted field is written twice.", "引号未正确闭合：引号后应为分隔符或行尾；字段内的引号须写两次。");
    public static readonly Refusal LineTooLong = File("import.line-too-long", $"Expected a line of at most {CsvRows.MaxLine} characters.", $"每行最多 {CsvRows.MaxLine} 个字符。");
    public static readonly Refusal NotAWorkbook = File("import.not-a-workbook", "Expected an Excel workbook (.xlsx); this is none, or it is damaged or protected by a password.", "应为 Excel 工作簿（.xlsx）；此文件不是、已损坏或有密码保护。");
    public static readonly Refusal TooLarge = File("import.too-large", "Expected a workbook that unpacks to at most 512 MB with at most 1,048,576 rows. Save it as CSV.", "工作簿解压后不得超过 512 MB、1,048,576 行。请另存为 CSV。");
    public static readonly Refusal MapUnreadable = File("import.map", "Expected a mapping as docs/import.md describes it.", "映射文件应符合 docs/import.md 的说明。");
    public static readonly Refusal AmountsTooLarge = File("import.amounts-too-large", "The amounts of one customer add up to more than can be true.", "某客户的金额合计过大，无法采用。");
    public static readonly Refusal UnknownUnit = File("import.unit", "Expected the code of a unit that you may import into.", "应为您有权导入的单位代码。");
    public static readonly Refusal Forgotten = File("import.forgotten", "Nobody started this import within a week, and the file was deleted. Upload it again.", "一周内未开始导入，文件已删除。请重新上传。");
    public static readonly Refusal NotADraft = new(RefusalKind.Conflict, "import.started", "This import was started already.", "该导入已经开始。");

    // Of a row: the rest goes in.
    public static readonly Refusal FieldCount = Row("import.fields", "Expected as many fields as the header has.", "字段数应与表头一致。");
    public static readonly Refusal Required = Row("import.required", "Expected a value.", "此项不能为空。");
    public static readonly Refusal ControlCharacter = Row("import.control-character", "Expected one line of text without control characters.", "应为单行文本，不含控制字符。");
    public static readonly Refusal TooLong = Row("import.too-long", "Expected at most 200 characters.", "最多 200 个字符。");
    public static readonly Refusal Number = Row("import.number", "Expected a number in digits, with a point before decimals and no grouping.", "应为数字，小数点用“.”，不用千位分隔符。");
    public static readonly Refusal Whole = Row("import.whole-number", "Expected a whole number within its range.", "应为允许范围内的整数。");
    public static readonly Refusal Date = Row("import.date", "Expected a date that exists, in the mapping's form (yyyy-MM-dd).", "应为真实存在的日期，格式见映射（yyyy-MM-dd）。");
    public static readonly Refusal Anchor = Row("import.billing-anchor", "Expected a day on or before the start of the contract.", "应不晚于合同起始日。");
    public static readonly Refusal CardTerm = Row("import.card-term", "Expected a first day (prepaid_from) and a later day after the last (prepaid_until), or neither.", "不限次卡须同时填写首日（prepaid_from）和届满次日（prepaid_until），且后者较晚；否则两项都不填。");
    public static readonly Refusal Currency = Row("import.currency", "Expected an ISO 4217 code in capitals, such as CNY.", "应为大写的 ISO 4217 货币代码，如 CNY。");
    public static readonly Refusal OtherCurrency = Row("import.other-currency", "Expected the customer's currency: one customer has one.", "应与该客户已有货币一致。");
    public static readonly Refusal TierOfKnown = Row("import.tier-of-known",
        "A file does not move a customer that is there already to another tier. Leave the cell empty or as it is, and move the customer on the page of its tier: with grounds, and down only by a second person.",
        "已有客户的等级不能通过导入调整。请将此项留空或保持原值，并在该客户的等级页面调整：须写明理由，下调须由第二人决定。");

    public static readonly Refusal Word = Row("import.word", "Expected one of the words that docs/import.md lists for this column.", "应为 docs/import.md 中该列所列的取值之一。");
    public static readonly Refusal Mail = Row("import.mail", "Expected a mail address.", "应为邮箱地址。");
    public static readonly Refusal Phone = Row("import.phone", "Expected a phone number of 5 to 20 digits.", "应为 5 至 20 位的电话号码。");
    public static readonly Refusal NoSuchCustomer = Row("import.no-such-customer", "Expected a customer imported before, from the same source.", "应为此前从同一来源导入的客户。");
    public static readonly Refusal Twice = Row("import.twice", "Expected each number once in a file.", "同一编号在一个文件中只能出现一次。");
    public static readonly Refusal Suppressed = Row("import.suppressed",
        "This customer's data was erased; the number is not taken again. When the customer signs again, somebody who handles cases lifts that: Back again? (/re-entry).",
        "该客户的数据已被删除，其编号不再接收。客户重新签约时，请由处理案件的人员在“重新签约核查”（/re-entry）解除限制。");

    public static readonly Refusal RowUnit = Row("import.unit-of-row", "Expected the code of a unit that you may import into.", "应为您有权导入的单位代码。");
    public static readonly Refusal Ending = Row("import.contract-ending", "This contract is ending or has ended; an import does not change it.", "该合同正在终止或已终止，导入不会更改。");
    public static readonly Refusal Policy = Row("import.policy", "Expected a published version of a policy; without a version, a policy in force when the contract begins.", "应为已发布的政策版本；未填版本时，该政策须在合同开始日有效。");
    public static readonly Refusal OtherCustomer = Row("import.contract-of-another", "This contract number belongs to another customer.", "该合同编号属于另一客户。");
    public static readonly Refusal ChangedMeanwhile = Row("import.changed-meanwhile", "This was changed again and again while the file went in. Send the row again.", "导入期间此项多次被更改，请重新发送该行。");
    public static readonly Refusal WholeOrder = Row("import.whole-order",
        "An order goes in whole or not at all: another of its rows was refused, or of a row beside it nobody can tell to which order it belongs. Mend that row, and send all rows of this order again.",
        "订单只能整单导入：该订单的另一行被拒收，或相邻的一行无法判断属于哪个订单。请改正该行后，重新发送此订单的所有行。");

    // Of what a row says: the rest of it goes in.
    public static readonly Refusal Corrected = Row("import.corrected",
        "The customer had this corrected, and the file has the old value: what is right stays, the rest of the row is in. Have it corrected in the system that the file comes from.",
        "该内容已应客户请求更正，文件中仍为旧内容：保留更正后的内容，该行其余内容已导入。请在来源系统中更正。");
    public static readonly Refusal OnlyStored = Row("import.only-stored",
        "The customer asked that their data is only stored: what the row says otherwise is not taken. Send it again when the restriction has ended.",
        "应客户请求，其数据仅作存储：该行中的不同内容未导入。限制解除后可重新导入。");

    /// <summary>A text is longer than what is kept of this column.</summary>
    public static Refusal LongerThan(int max) => Row("import.too-long", $"Expected at most {max} characters.", $"最多 {max} 个字符。");

    /// <summary>The work broke off again and again, by a fault of ours or of the database.</summary>
    /// <param name="fault">Its type: never its words, which may quote the file.</param>
    public static Refusal BrokeOff(string fault) =>
        File("import.broke-off",
            $"This import broke off several times by an unexpected fault ({fault}) and is not tried again; the uploaded file was deleted. What went in stays in. Send the file again, and tell your administrator this name if it happens once more.",
            $"该导入多次因意外故障（{fault}）中断，不再重试，上传的文件已删除。已导入的内容保留。请重新发送文件；如再次发生，请将此名称告知管理员。");

    /// <summary>The header lacks a column that this noun needs.</summary>
    public static Refusal Header(string column) =>
        File("import.header", $"Expected a column \"{column}\" in the header (see --template), or a mapping that names it.", $"表头中应有“{column}”列（见 --template），或提供映射文件。") with { Field = column };

    /// <summary>A column stands twice in the header.</summary>
    public static Refusal HeaderTwice(string column) =>
        File("import.header-twice", "Expected each column once in the header.", "表头中每列只能出现一次。") with { Field = column };

    /// <summary>The header has columns that the template does not: nothing of a file is left out unless a mapping says so.</summary>
    public static Refusal UnknownColumns(IReadOnlyList<string> columns, ImportNoun noun)
    {
        var known = ImportMap.ColumnsOf[noun].Select(c => c.Name).ToList();
        return File("import.unknown-columns",
            $"These columns are not known: {string.Join(", ", columns.Select(c => $"\"{c}\""))}. Known are: {string.Join(", ", known)}. Rename them, take them out, or send a mapping, which leaves out what it does not name.",
            $"无法识别以下列：{string.Concat(columns.Select(c => $"“{c}”"))}。可用的列：{string.Join("、", known)}。请改名或删除，或提供映射文件（未列出的列将不导入）。");
    }

    private static Refusal File(string code, string english, string chinese) => new(RefusalKind.Invalid, code, english, chinese, Field: "file");

    private static Refusal Row(string code, string english, string chinese) => new(RefusalKind.Invalid, code, english, chinese);
}

/// <summary>A file that cannot be read on: why and where. Line and column count from 1; 0 where there is none.</summary>
public sealed class ImportFileException(Refusal refusal, long line = 0, int column = 0) : Exception(refusal.Code)
{
    public Refusal Refusal { get; } = refusal;
    public long Line { get; } = line;
    public int Column { get; } = column;
}
