using System.Text.Json;
using System.Text.Json.Serialization;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;

namespace Exeunt.Core.Settlement;

/// <summary>One line of a statement.</summary>
/// <param name="Code">One of <see cref="LineCode"/>, or the code of a line added by people.</param>
/// <param name="Working">The formula, its inputs and the calculation in words.</param>
/// <param name="Amount">+ the customer owes, - the customer gets.</param>
/// <param name="Clause">Number of the policy's clause, "" when it has none.</param>
/// <param name="ApprovedBy">Reference of the approval of a line added by people, else null.</param>
public sealed record StatementLine(
    string Code,
    Working Working,
    Money Amount,
    string Clause,
    string TaxCode,
    Rate? TaxRate,
    string? ApprovedBy = null
)
{
    /// <summary>Which line of the workbench's answer the amount is, without its sign; "total" for its total.</summary>
    public string Answer { get; init; } = "total";

    /// <summary>What a line added by people is, in words.</summary>
    public Words? Label { get; init; }

    /// <summary>
    /// Net, tax and gross of a taxed line; of a credit all negative (red letter). Null when the line is not taxed; what was held as
    /// security was never taxed.
    /// </summary>
    public VatSplit? Tax =>
        Code is not (LineCode.Deposit or LineCode.Earnest) && TaxRate is { } rate && !rate.Numerator.IsZero
            ? VatSplit.Of(Amount.Minor < 0 ? -Amount : Amount, rate, Amount.Minor < 0, Working.Rounding)
            : null;
}

/// <summary>One instalment of a plan.</summary>
/// <param name="Number">1 and up.</param>
public readonly record struct PlannedInstalment(int Number, DateOnly DueOn, Money Amount);

/// <summary>A line that people add: a damage by the price list, something not handed back, a waiver, goodwill.</summary>
/// <param name="Code">Stable code; not one of <see cref="LineCode"/>.</param>
/// <param name="Amount">A magnitude; the side gives the sign.</param>
/// <param name="ApprovedBy">Reference of the approval: a credit needs one.</param>
/// <param name="Label">What it is, in words; null: the code's own words.</param>
/// <param name="Clause">Number of the clause or price list entry it rests on.</param>
public sealed record AddedLine(
    string Code,
    StatementSide Side,
    Money Amount,
    string? ApprovedBy = null,
    Words? Label = null,
    string? Clause = null
);

/// <summary>Whose fault the end is.</summary>
public enum Fault
{
    [JsonStringEnumMemberName("NONE")]
    None,

    /// <summary>The company's (经营者原因).</summary>
    [JsonStringEnumMemberName("COMPANY")]
    Company,

    /// <summary>The customer's own reason or breach (消费者自身原因).</summary>
    [JsonStringEnumMemberName("CUSTOMER")]
    Customer,
}

/// <summary>What the loss of an early end is computed from (合同编通则解释 60–63), or the loss itself.</summary>
/// <param name="Proven">The proven loss, instead of the worksheet.</param>
/// <param name="AvoidableCost">Cost a month that the end saves.</param>
/// <param name="ReplacementMonths">Months in which a replacement is reasonably found.</param>
/// <param name="MitigationCost">Cost of mitigating.</param>
/// <param name="BadFaith">Whether the breach was in bad faith (恶意违约).</param>
public sealed record LossFacts(
    Money? Proven = null,
    Money? AvoidableCost = null,
    int? ReplacementMonths = null,
    Money? MitigationCost = null,
    bool BadFaith = false
);

/// <summary>What is known of the end itself.</summary>
/// <param name="LastServiceDay">The last day in force (included).</param>
/// <param name="Unpaid">Open invoices, a magnitude.</param>
/// <param name="DeviceKept">Whether the customer keeps the device; a returned one costs nothing.</param>
/// <param name="Added">Lines that people add.</param>
public sealed record ExitFacts(
    DateOnly LastServiceDay,
    Money? Unpaid = null,
    bool DeviceKept = true,
    IReadOnlyList<AddedLine>? Added = null
)
{
    /// <summary>Why the contract ends.</summary>
    public Ground Ground { get; init; }

    /// <summary>Whose fault the end is.</summary>
    public Fault Fault { get; init; }

    /// <summary>The last day that is billed, when it is not what the policy says.</summary>
    public DateOnly? LastBilledDay { get; init; }

    /// <summary>The day on which <see cref="Unpaid"/> was due; interest runs from the day after it.</summary>
    public DateOnly? UnpaidDueOn { get; init; }

    /// <summary>Costs of demanding payment, a magnitude.</summary>
    public Money? Costs { get; init; }

    /// <summary>Agreed deductions from the deposit that are no lines of their own.</summary>
    public IReadOnlyList<Money>? DepositDeductions { get; init; }

    /// <summary>What a prepayment was used for, at list price.</summary>
    public Money? PrepaidConsumed { get; init; }

    /// <summary>Share of the contract performed and accepted, 0 to 1; for earnest money.</summary>
    public Rate? PerformedShare { get; init; }

    /// <summary>What the loss is computed from; without it no damages are compared.</summary>
    public LossFacts? Loss { get; init; }

    /// <summary>Whether the notice before a tacit renewal was sent in its window (Code de la consommation L215-1); null: not said.</summary>
    public bool? RenewalNoticeSent { get; init; }

    /// <summary>Withdrawal: whether the customer asked for the service to start within the withdrawal period.</summary>
    public bool ExpressRequest { get; init; }

    /// <summary>Withdrawal: whether the customer was informed of the right.</summary>
    public bool Informed { get; init; } = true;

    /// <summary>Number of instalments the customer chose; null: none.</summary>
    public int? Instalments { get; init; }

    /// <summary>The day on which a prepayment is paid back; interest on it runs from the day after the last day of service. Null: at once.</summary>
    public DateOnly? RefundOn { get; init; }

    /// <summary>The day on which the notice was received; needed to bill the months that a notice runs past the term.</summary>
    public DateOnly? NoticeReceivedOn { get; init; }
}

/// <summary>The settlement of one contract on one date: lines, one total in the contract's currency, balanced postings.</summary>
public sealed record Statement(
    string Contract,
    string Policy,
    int PolicyVersion,
    string Currency,
    DateOnly LastServiceDay,
    int MFull,
    int MRem,
    IReadOnlyList<StatementLine> Lines,
    Money Total
)
{
    /// <summary>All it was computed from: written with it, so that it can be computed again.</summary>
    public required SettlementDocument Inputs { get; init; }

    /// <summary>The last day that is billed (included).</summary>
    public required DateOnly LastBilledDay { get; init; }

    /// <summary>The fee beside the loss; null without a fee, or when the loss is not known.</summary>
    public DamagesShown? Damages { get; init; }

    /// <summary>What is owed, by instalments; null when it is paid at once.</summary>
    public IReadOnlyList<PlannedInstalment>? Plan { get; init; }

    /// <summary>Names of the rule packs that were applied ("DE 1"); null: no law was looked up.</summary>
    public IReadOnlyList<string>? RulePacks => Inputs.RulePacks?.Select(p => p.Name).ToList();

    /// <summary>What the law changed.</summary>
    public IReadOnlyList<AppliedLimit> Law { get; init; } = [];

    /// <summary>The sum of what the customer owes.</summary>
    public Money Owed => Side(+1);

    /// <summary>The sum of what the customer gets, negative.</summary>
    public Money Credits => Side(-1);

    /// <summary>The double entry of the lines.</summary>
    public IReadOnlyList<Posting> Postings => Ledger.Post(Lines);

    /// <summary>The statement as JSON: fixed order, no space, the same bytes for the same inputs.</summary>
    public string ToJson() =>
        SettlementJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("contract", Contract);
            json.WriteStartObject("policy");
            json.WriteString("number", Policy);
            json.WriteNumber("version", PolicyVersion);
            json.WriteEndObject();
            json.WriteString("currency", Currency);
            json.WriteString("lastServiceDay", Day(LastServiceDay));
            json.WriteString("lastBilledDay", Day(LastBilledDay));
            json.WriteNumber("mFull", MFull);
            json.WriteNumber("mRem", MRem);
            json.WriteStartArray("lines");
            foreach (var line in Lines)
                Write(json, line);
            json.WriteEndArray();
            json.WriteString("owed", Owed.ToString());
            json.WriteString("credits", Credits.ToString());
            json.WriteString("total", Total.ToString());
            if (Damages is { } damages)
            {
                json.WritePropertyName("damages");
                damages.Write(json);
            }
            if (Plan is { } plan)
                Write(json, plan);
            json.WriteStartArray("postings");
            foreach (var posting in Postings)
            {
                json.WriteStartObject();
                json.WriteString("line", posting.Line);
                json.WriteString("account", posting.Account);
                json.WriteNumber("minor", posting.Minor);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            WriteLaw(json);
            json.WritePropertyName("inputs");
            JsonSerializer.Serialize(json, Inputs, SettlementJson.Document);
            json.WriteEndObject();
        });

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private void WriteLaw(Utf8JsonWriter json)
    {
        if (RulePacks is not { } packs)
            return;
        json.WriteStartArray("rulePacks");
        foreach (var name in packs)
            json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteStartArray("law");
        foreach (var limit in Law)
        {
            json.WriteStartObject();
            json.WriteString("rule", limit.Rule);
            json.WriteString("pack", limit.Pack);
            json.WriteString("article", limit.Article);
            json.WriteString("en", limit.What.English);
            json.WriteString("zh", limit.What.Chinese);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, StatementLine line)
    {
        json.WriteStartObject();
        json.WriteString("line", line.Code);
        if (line.Label is { } label)
            Write(json, "label", label.English, label.Chinese);
        json.WriteString("amount", line.Amount.ToString());
        json.WriteString("formula", line.Working.Formula);
        json.WritePropertyName("inputs");
        line.Working.WriteInputsObject(json);
        json.WriteString("answer", line.Answer);
        json.WriteString("clause", line.Clause);
        json.WriteString("rounding", line.Working.Rounding.Name());
        json.WriteString("taxCode", line.TaxCode);
        if (line.TaxRate is { } rate)
            json.WriteString("taxRate", rate.ToString());
        if (line.Tax is { } tax)
        {
            json.WriteStartObject(line.Amount.Minor < 0 ? "redLetter" : "tax");
            json.WriteString("net", tax.Net.ToString());
            json.WriteString("vat", tax.Vat.ToString());
            json.WriteString("gross", tax.Gross.ToString());
            json.WriteEndObject();
        }
        if (line.ApprovedBy is { } approval)
            json.WriteString("approvedBy", approval);
        Write(json, "explanation", line.Working.English, line.Working.Chinese);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, string english, string chinese)
    {
        json.WriteStartObject(name);
        json.WriteString("en", english);
        json.WriteString("zh", chinese);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<PlannedInstalment> plan)
    {
        json.WriteStartArray("plan");
        foreach (var part in plan)
        {
            json.WriteStartObject();
            json.WriteNumber("number", part.Number);
            json.WriteString("dueOn", Day(part.DueOn));
            json.WriteString("amount", part.Amount.ToString());
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private Money Side(int sign)
    {
        var sum = Money.Zero(Currency);
        foreach (var line in Lines)
            if (Math.Sign(line.Amount.Minor) == sign)
                sum += line.Amount;
        return sum;
    }
}
