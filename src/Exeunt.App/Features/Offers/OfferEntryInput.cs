using System.Globalization;
using Exeunt.Core;
using Exeunt.Core.Offers;

namespace Exeunt.App.Features.Offers;

/// <summary>An entry as its form has it: every field a text, so that what is wrong stays as it was typed.</summary>
public sealed class OfferEntryInput
{
    private readonly Dictionary<string, string> _fields;

    private OfferEntryInput(Dictionary<string, string> fields, bool isNew) => (_fields, IsNew) = (fields, isNew);

    public bool IsNew { get; }

    public string this[string field] => _fields.GetValueOrDefault(field, "");

    /// <summary>The version that was looked at.</summary>
    public int Seen => int.TryParse(this["seen"], NumberStyles.None, CultureInfo.InvariantCulture, out var seen) ? seen : -1;

    public static OfferEntryInput New() =>
        Of(new OfferEntry { Code = "", Version = 0, Kind = OfferKind.Discount, Name = new("", ""), Customer = new("", ""), Cost = OfferCostFormula.ShareOfFee }, isNew: true);

    public static OfferEntryInput Of(IFormCollection typed, string? code)
    {
        var fields = typed.Where(f => !f.Key.StartsWith('_')).ToDictionary(f => f.Key, f => string.Join(',', f.Value.OfType<string>()));
        if (code is not null)
            fields["code"] = code;
        return new(fields, code is null);
    }

    public static OfferEntryInput Of(OfferEntry e, bool isNew = false)
    {
        static string N(int? n) => n?.ToString(CultureInfo.InvariantCulture) ?? "";
        static string D(DateOnly? d) => d?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
        static string M(IReadOnlyList<Money> amounts) => string.Join(", ", amounts.Select(a => $"{a} {a.Currency}"));
        static string B(bool b) => b ? "true" : "";
        var asked = e.Conditions;
        return new(new()
        {
            ["seen"] = N(e.Version), ["code"] = e.Code, ["kind"] = e.Kind.ToString(), ["nameEn"] = e.Name.English, ["nameZh"] = e.Name.Chinese, ["customerEn"] = e.Customer.English,
            ["customerZh"] = e.Customer.Chinese, ["percentLeast"] = N(e.Percent?.Least), ["percentMost"] = N(e.Percent?.Most), ["monthsLeast"] = N(e.Months?.Least), ["monthsMost"] = N(e.Months?.Most),
            ["maxAmount"] = M(e.MaxAmount), ["asksFee"] = B(e.AsksFee), ["cost"] = e.Cost.ToString(), ["fixedCost"] = M(e.FixedCost), ["horizonMonths"] = N(e.HorizonMonths), ["annualPercent"] = N(e.AnnualPercent), ["marginPercent"] = N(e.MarginPercent),
            ["stayPercent"] = N(e.StayPercent), ["marginFloorPercent"] = N(e.MarginFloorPercent), ["approvalAbove"] = M(e.ApprovalAbove), ["branchHeadAbove"] = M(e.BranchHeadAbove), ["takenBack"] = B(e.TakenBack),
            ["answerDays"] = N(e.AnswerDays), ["validFrom"] = D(e.ValidFrom), ["validUntil"] = D(e.ValidUntil), ["active"] = B(e.Active),
            ["tiers"] = string.Join(", ", asked.Tiers), ["minTenureMonths"] = N(asked.MinTenureMonths), ["minFee"] = M(asked.MinFee), ["minSpend"] = M(asked.MinSpend), ["noArrears"] = B(asked.NoArrears),
            ["onlyArrears"] = B(asked.OnlyArrears), ["reasons"] = string.Join(", ", asked.Reasons), ["sectors"] = string.Join(", ", asked.Sectors), ["coolDownDays"] = N(asked.CoolDownDays),
            ["afterNoDays"] = N(asked.AfterNoDays), ["notAfterAbuse"] = B(asked.NotAfterAbuse),
            ["tasks"] = string.Join('\n', e.Tasks.Select(t => $"{t.Code} | {t.What.English} | {t.What.Chinese} | {t.Role} | {t.Days}")),
        }, isNew);
    }

    /// <summary>The entry; the first field that cannot be read is refused.</summary>
    public Outcome<OfferEntry> Read()
    {
        Refusal? no = null;
        int? Whole(string field)
        {
            if (this[field].Length == 0)
                return null;
            if (int.TryParse(this[field], NumberStyles.None, CultureInfo.InvariantCulture, out var n))
                return n;
            no ??= OfferEntryRefusals.Number(field);
            return null;
        }
        int Must(string field)
        {
            if (Whole(field) is { } n)
                return n;
            no ??= CommonRequired(field);
            return 0;
        }
        OfferRange? Range(string field)
        {
            var (least, most) = (Whole(field + "Least"), Whole(field + "Most"));
            if (least is null != most is null)
                no ??= OfferEntryRefusals.Number(field);
            return least is { } l && most is { } m ? new(l, m) : null;
        }
        IReadOnlyList<Money> Amounts(string field)
        {
            var amounts = new List<Money>();
            foreach (var part in this[field].Split([',', ';', '\n', '，', '；'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                try
                {
                    var words = part.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                    amounts.Add(Money.Parse(words[0], words.ElementAtOrDefault(1) ?? "", field));
                }
                catch (CalculationException)
                {
                    no ??= OfferEntryRefusals.Amounts with { Field = field };
                }
            return amounts;
        }
        DateOnly? Day(string field)
        {
            if (this[field].Length == 0)
                return null;
            if (DateOnly.TryParseExact(this[field], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                return day;
            no ??= new Refusal(RefusalKind.Invalid, "offer-entry.date", "A date, please.", "请填写日期。", Field: field);
            return null;
        }
        string[] List(string field) => this[field].Split([',', '\n', '，', '、'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        T Choice<T>(string field) where T : struct, Enum
        {
            if (Enum.TryParse<T>(this[field], out var one) && Enum.IsDefined(one))
                return one;
            no ??= CommonRequired(field);
            return default;
        }
        bool Ticked(string field) => this[field] == "true";

        var entry = new OfferEntry
        {
            Code = this["code"].Trim().ToUpperInvariant(), Version = 0, Kind = Choice<OfferKind>("kind"), Name = new(this["nameEn"].Trim(), this["nameZh"].Trim()),
            Customer = new(this["customerEn"].Trim(), this["customerZh"].Trim()), Percent = Range("percent"), Months = Range("months"), MaxAmount = Amounts("maxAmount"), AsksFee = Ticked("asksFee"),
            Cost = Choice<OfferCostFormula>("cost"), FixedCost = Amounts("fixedCost"), AnnualPercent = Whole("annualPercent") ?? 0, HorizonMonths = Must("horizonMonths"), MarginPercent = Must("marginPercent"), StayPercent = Must("stayPercent"),
            MarginFloorPercent = Must("marginFloorPercent"), ApprovalAbove = Amounts("approvalAbove"), BranchHeadAbove = Amounts("branchHeadAbove"), TakenBack = Ticked("takenBack"), AnswerDays = Must("answerDays"),
            ValidFrom = Day("validFrom"), ValidUntil = Day("validUntil"), Active = Ticked("active"), Tasks = Tasks(ref no),
            Conditions = new OfferConditions
            {
                Tiers = List("tiers"), MinTenureMonths = Whole("minTenureMonths"), MinFee = Amounts("minFee"), MinSpend = Amounts("minSpend"), NoArrears = Ticked("noArrears"), OnlyArrears = Ticked("onlyArrears"),
                Reasons = List("reasons"), Sectors = List("sectors"), CoolDownDays = Must("coolDownDays"), AfterNoDays = Must("afterNoDays"), NotAfterAbuse = Ticked("notAfterAbuse"),
            },
        };
        return no is null ? entry : no;
    }

    private List<OfferTask> Tasks(ref Refusal? no)
    {
        var tasks = new List<OfferTask>();
        foreach (var line in this["tasks"].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = line.Split('|', StringSplitOptions.TrimEntries);
            if (parts.Length == 5 && parts[0].Length is > 0 and <= 40 && Enum.TryParse<Role>(parts[3], out var role) && Enum.IsDefined(role) && int.TryParse(parts[4], NumberStyles.None, CultureInfo.InvariantCulture, out var days))
                tasks.Add(new(parts[0], new(parts[1], parts[2]), role, days));
            else
                no ??= OfferEntryRefusals.Tasks;
        }
        return tasks;
    }

    private static Refusal CommonRequired(string field) => Platform.CommonRefusals.Required(field);
}
