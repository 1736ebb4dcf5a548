using System.Globalization;
using System.Text.Json;
using Exeunt.Core.Calendar;
using Exeunt.Core.Contracts;

namespace Exeunt.Core.Settlement;

/// <summary>
/// Every formula of a settlement alone: one JSON request, one JSON answer, the same bytes for the same request. The
/// command, the API and the page all answer through here, and the statement is built from the same functions.
/// </summary>
public static class FormulaWorkbench
{
    private static readonly Dictionary<string, Func<FormulaInputs, FormulaAnswer>> Formulas = new(
        StringComparer.Ordinal
    )
    {
        ["prorate"] = Prorate,
        ["periods"] = Periods,
        ["fullMonths"] = FullMonths,
        ["etf"] = Etf,
        ["device"] = Device,
        ["ldGuard"] = LdGuard,
        ["lossWorksheet"] = Loss,
        ["prepaidRefund"] = Prepaid,
        ["surrender"] = Surrender,
        ["coolingOff"] = CoolingOff,
        ["withdrawal"] = Withdraw,
        ["clawback"] = ClawBack,
        ["depositReturn"] = Deposit,
        ["earnestMoney"] = Earnest,
        ["instalments"] = Instalment,
        ["vatSplit"] = Vat,
        ["lateInterest"] = Interest,
        ["allocate"] = Allocate,
        ["statement"] = Sum,
        ["noticeEnd"] = Notice,
        ["deadline"] = DeadlineOf,
        ["rounding"] = Round,
        ["minorUnits"] = MinorUnits,
        ["exit"] = Exit,
    };

    private static readonly Lazy<HashSet<string>> KnownInputs = new(() =>
        [.. FormulaCatalogue.All.SelectMany(formula => formula.Inputs).Select(input => input.Name), "rounding"]
    );

    /// <summary>The names of all formulas, in the order of the documentation.</summary>
    public static IReadOnlyCollection<string> Names => Formulas.Keys;

    /// <summary>
    /// Answers <c>{"formula": name, "inputs": {…}}</c> with <c>{"lines": […], "total": …, "values": {…}}</c> or
    /// <c>{"error": CODE, "message": …}</c>. Never throws for a bad request.
    /// </summary>
    public static (string Json, bool IsError) Answer(string jsonLine) =>
        Guarded(() =>
        {
            using var document = Parse(jsonLine);
            var request = document.RootElement;
            if (request.ValueKind != JsonValueKind.Object)
                throw CalculationException.Input("request", "an object with formula and inputs");
            if (!request.TryGetProperty("formula", out var name) || name.ValueKind == JsonValueKind.Null)
                throw CalculationException.Missing("formula");
            if (name.ValueKind != JsonValueKind.String)
                throw CalculationException.Input("formula", "a string");
            var formula = Find(name.GetString()!);
            if (!request.TryGetProperty("inputs", out var inputs) || inputs.ValueKind == JsonValueKind.Null)
                throw CalculationException.Missing("inputs");
            return Compute(formula, inputs).ToJson();
        });

    /// <summary>Answers one formula; <paramref name="inputs"/> is the request's <c>inputs</c> object.</summary>
    public static (string Json, bool IsError) Answer(string name, JsonElement inputs) =>
        Guarded(() => Compute(Find(name), inputs).ToJson());

    /// <summary>Answers one formula for a page: the same JSON, and the refusal in both languages with the input it is about.</summary>
    public static (string Json, Refusal? Refusal) Show(string name, JsonElement inputs)
    {
        var (json, refused) = Tried(() => Compute(Find(name), inputs).ToJson());
        // A message about an input begins with its name.
        return (json, refused?.ToRefusal() is { } refusal ? refusal with { Field = refused.English.Split(' ', 2)[0].Split('.', '[')[0] } : null);
    }

    private static (string Json, bool IsError) Guarded(Func<string> answer)
    {
        var (json, refused) = Tried(answer);
        return (json, refused is not null);
    }

    private static (string Json, CalculationException? Refused) Tried(Func<string> answer)
    {
        try
        {
            return (answer(), null);
        }
        catch (CalculationException refused)
        {
            return (Error(refused), refused);
        }
        catch (OverflowException)
        {
            return (Error(CalculationException.Overflow()), CalculationException.Overflow());
        }
        // What is left to go wrong is a text of the request that is not Unicode (System.Text.Json reads texts late).
        catch (InvalidOperationException)
        {
            var refused = CalculationException.Input("request", "Unicode text");
            return (Error(refused), refused);
        }
    }

    private static string Error(CalculationException refused) =>
        SettlementJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("error", refused.Code);
            json.WriteString("message", refused.English);
            json.WriteEndObject();
        });

    private static JsonDocument Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        // ArgumentException: the text itself is not Unicode.
        catch (Exception unreadable) when (unreadable is JsonException or ArgumentException)
        {
            throw CalculationException.Input("request", "one well-formed JSON object without repeated names");
        }
    }

    private static Func<FormulaInputs, FormulaAnswer> Find(string name) =>
        Formulas.TryGetValue(name, out var formula)
            ? formula
            : throw new CalculationException(
                CalculationError.UnknownFormula,
                $"There is no formula named {name}.",
                $"没有名为 {name} 的公式。"
            );

    private static FormulaAnswer Compute(Func<FormulaInputs, FormulaAnswer> formula, JsonElement inputs)
    {
        FormulaInputs.RequireSound(inputs, KnownInputs.Value);
        var reader = new FormulaInputs(inputs);
        _ = reader.Rounding;
        return formula(reader);
    }

    private static FormulaAnswer Prorate(FormulaInputs i)
    {
        var amount = i.Amount("amount", i.Currency());
        var divided = Proration.Of(
            amount,
            new DateRange(i.Date("periodStart"), i.Date("periodEnd")),
            i.Date("effEnd"),
            i.DayCount(DayCount.ActAct),
            i.OptionalCount("periodMonths", 1),
            i.Rounding
        );
        return FormulaAnswer.Of(divided.Refund).Line("used", divided.Used).Line("refund", divided.Refund);
    }

    private static FormulaAnswer Periods(FormulaInputs i) =>
        FormulaAnswer
            .WithoutTotal()
            .Value(
                "starts",
                BillingPeriods.Starts(i.Date("anchor"), i.Count("count"), i.OptionalCount("stepMonths", 1) ?? 1)
            );

    private static FormulaAnswer FullMonths(FormulaInputs i) =>
        FormulaAnswer.WithoutTotal().Value("mFull", BillingPeriods.FullMonths(i.Date("start"), i.Date("effEnd")));

    private static FormulaAnswer Etf(FormulaInputs i)
    {
        var currency = i.Currency();
        var rule = Rule(i.Object("etf"), currency);
        var (full, rem) = Months(i, i.OptionalCount("termMonths", 1));
        var fee = rule.Due(new(currency, full, rem, null, i.Rounding));
        return FormulaAnswer.Of(fee).Line("etf", fee);
    }

    private static FormulaAnswer Device(FormulaInputs i)
    {
        var currency = i.Currency();
        var rule = i.OneOf("rule", "EECC", "PRO_RATA") == "EECC" ? DeviceRule.Eecc : DeviceRule.ProRata;
        var value = i.Amount("deviceValue", currency);
        var term = i.Count("termMonths", 1);
        var fee = rule == DeviceRule.Eecc ? i.Amount("monthlyFee", currency) : i.OptionalAmount("monthlyFee", currency);
        var rem = Months(i, term).Rem ?? throw CalculationException.Missing("mRem");
        var due = DeviceDue.Of(rule, value, term, rem, fee, i.Rounding);
        var answer = FormulaAnswer.Of(due.Due).Line("proRata", due.ProRata);
        return due.RemainingFees is { } fees ? answer.Line("remainingFees", fees) : answer;
    }

    private static FormulaAnswer LdGuard(FormulaInputs i)
    {
        var currency = i.Currency();
        var guard = DamagesGuard.Of(
            i.Amount("ld", currency),
            i.Amount("loss", currency),
            i.OptionalRate("factor"),
            i.OptionalFlag("badFaith"),
            i.Rounding
        );
        return FormulaAnswer
            .Of(guard.Recommended)
            .Line("ceiling", guard.Ceiling)
            .Line("cut", guard.Cut)
            .Line("recommended", guard.Recommended)
            .Value("excessive", guard.Excessive)
            .Value("decision", DamagesGuard.Name(guard.Decision));
    }

    private static FormulaAnswer Loss(FormulaInputs i)
    {
        var currency = i.Currency();
        var sheet = LossWorksheet.Of(
            i.Amount("monthlyFee", currency),
            i.Amount("avoidableCost", currency),
            i.Count("monthsLeft"),
            i.Count("replacementMonths"),
            i.Amount("mitigationCost", currency),
            i.Rounding
        );
        return FormulaAnswer
            .Of(sheet.Loss)
            .Line("lostProfit", sheet.LostProfit)
            .Line("mitigationCost", sheet.MitigationCost)
            .Line("loss", sheet.Loss)
            .Line("guidelineCeiling", sheet.GuidelineCeiling);
    }

    private static FormulaAnswer Prepaid(FormulaInputs i)
    {
        var currency = i.Currency();
        var method = i.OneOf("method", "OPERATOR_FAULT", "CONSUMER_REASON", "UNLIMITED_TIME");
        var paid = i.Amount("paid", currency);
        (Rate, int)? interest = i.Has("annualRate") || i.Has("days") ? (i.Rate("annualRate"), i.Count("days")) : null;
        var refund = method switch
        {
            "OPERATOR_FAULT" => PrepaidRefund.OperatorFault(
                paid,
                i.Amount("gift", currency),
                i.Amount("consumedList", currency),
                interest,
                i.Rounding
            ),
            "CONSUMER_REASON" => ConsumerReason(i, currency, paid, interest),
            _ => PrepaidRefund.UnlimitedTime(
                paid,
                new DateRange(i.Date("termStart"), i.Date("termEnd")),
                i.Date("effEnd"),
                interest,
                i.Rounding
            ),
        };
        var answer = FormulaAnswer.Of(refund.Total).Line("used", refund.Used).Line("refund", refund.Refund);
        return refund.Interest is { } line ? answer.Line("interest", line) : answer;
    }

    private static PrepaidRefund ConsumerReason(FormulaInputs i, string currency, Money paid, (Rate, int)? interest)
    {
        // At the list price the gift plays no part; it is read so that a wrong one is not passed over.
        i.OptionalAmount("gift", currency);
        return PrepaidRefund.ConsumerReason(paid, i.Amount("consumedList", currency), interest, i.Rounding);
    }

    private static FormulaAnswer Surrender(FormulaInputs i)
    {
        var currency = i.Currency();
        var basis = i.OneOf("basis", "PREMIUMS_PAID", "SUM_INSURED", "PERIOD_PREMIUM") switch
        {
            "PERIOD_PREMIUM" => SurrenderBasis.PeriodPremium,
            "SUM_INSURED" => SurrenderBasis.SumInsured,
            _ => SurrenderBasis.PremiumsPaid,
        };
        var between = i.Has("between") && i.OneOf("between", "NONE", "BY_DAYS") == "BY_DAYS" ? TableBetween.ByDays : TableBetween.None;
        var table = new SurrenderTable(basis, [.. i.Objects("rows").Select(row => new SurrenderRow(row.Count("from"), row.Rate("share")))], between);
        var value = SurrenderValue.Of(table, i.Amount("amount", currency), i.Date("start"), i.Date("effEnd"), i.Rounding);
        return FormulaAnswer.Of(value.Value).Line("value", value.Value).Value("reached", value.Reached);
    }

    private static FormulaAnswer CoolingOff(FormulaInputs i)
    {
        var currency = i.Currency();
        var refund = CoolingOffRefund.Of(i.Amount("paid", currency), i.OptionalAmount("fee", currency), i.Rounding);
        return FormulaAnswer.Of(refund.Refund).Line("fee", refund.Fee).Line("refund", refund.Refund);
    }

    private static FormulaAnswer Withdraw(FormulaInputs i)
    {
        var currency = i.Currency();
        var withdrawal = Withdrawal.Of(
            i.Amount("price", currency),
            new DateRange(i.Date("termStart"), i.Date("termEnd")),
            i.Date("effEnd"),
            i.Flag("expressRequest"),
            i.Flag("informed"),
            i.Rounding
        );
        return FormulaAnswer.Of(withdrawal.Refund).Line("pay", withdrawal.Pay).Line("refund", withdrawal.Refund);
    }

    private static FormulaAnswer ClawBack(FormulaInputs i)
    {
        var currency = i.Currency();
        var amount =
            i.OneOf("kind", "ENJOYED", "UNEARNED") == "UNEARNED"
                ? Clawback
                    .Unearned(
                        i.Amount("totalDiscount", currency),
                        i.Count("mRem"),
                        i.Count("termMonths", 1),
                        i.Rounding
                    )
                    .Amount
                : Enjoyed(i, currency);
        return FormulaAnswer.Of(amount).Line("clawback", amount);
    }

    private static Money Enjoyed(FormulaInputs i, string currency)
    {
        if (i.Has("discounts") && (i.Has("monthlyDiscount") || i.Has("monthsEnjoyed")))
            throw CalculationException.Input("discounts", "given without monthlyDiscount and monthsEnjoyed");
        if (i.Has("monthlyDiscount") || i.Has("monthsEnjoyed"))
            return Clawback.Enjoyed(i.Amount("monthlyDiscount", currency), i.Count("monthsEnjoyed"), i.Rounding).Amount;
        return Clawback.Enjoyed(currency, i.AmountList("discounts", currency));
    }

    private static FormulaAnswer Deposit(FormulaInputs i)
    {
        var currency = i.Currency();
        var back = DepositReturn.Of(i.Amount("deposit", currency), i.AmountList("deductions", currency));
        return FormulaAnswer
            .Of(back.Return)
            .Line("deductions", back.DeductionsSum)
            .Line("return", back.Return)
            .Line("stillOwed", back.StillOwed);
    }

    private static FormulaAnswer Earnest(FormulaInputs i)
    {
        var currency = i.Currency();
        var earnest = EarnestMoney.Of(
            i.Amount("earnest", currency),
            i.Amount("contractPrice", currency),
            i.OneOf("case", "PAYER_DEFAULT", "PAYEE_DEFAULT") == "PAYER_DEFAULT"
                ? EarnestCase.PayerDefault
                : EarnestCase.PayeeDefault,
            i.OptionalRate("performedShare"),
            i.Rounding
        );
        return FormulaAnswer
            .Of(earnest.Total)
            .Line("effective", earnest.Effective)
            .Line("forfeited", earnest.Forfeited)
            .Line("return", earnest.Return)
            .Line("penalty", earnest.Penalty);
    }

    private static FormulaAnswer Instalment(FormulaInputs i)
    {
        var total = i.Amount("total", i.Currency());
        var answer = FormulaAnswer.Of(total);
        var number = 0;
        foreach (var part in Instalments.Of(total, i.Count("count", 1)))
            answer.Line((++number).ToString(CultureInfo.InvariantCulture), part);
        return answer;
    }

    private static FormulaAnswer Vat(FormulaInputs i)
    {
        var split = VatSplit.Of(
            i.Amount("gross", i.Currency()),
            i.Rate("rate"),
            i.OptionalFlag("redLetter"),
            i.Rounding
        );
        return FormulaAnswer.Of(split.Gross).Line("net", split.Net).Line("vat", split.Vat);
    }

    private static FormulaAnswer Interest(FormulaInputs i)
    {
        var principal = i.Amount("principal", i.Currency());
        if (i.Has("annualRate") && i.Has("dailyRate"))
            throw CalculationException.Input("dailyRate", "given without annualRate");
        var daily = i.OptionalRate("dailyRate");
        var annual = daily is null ? i.Rate("annualRate") : Rate.Zero;
        var multiplier = i.OptionalRate("multiplier") ?? Rate.One;
        if (daily is not null && i.Has("multiplier"))
            throw CalculationException.Input("multiplier", "given with annualRate only");
        var dayCount = i.DayCount(DayCount.Act365F);
        var days = DaysLate(i, dayCount);
        var interest = daily is { } rate
            ? LateInterest.Daily(principal, rate, days, i.Rounding)
            : LateInterest.Annual(principal, annual, multiplier, days, dayCount, i.Rounding);
        return FormulaAnswer.Of(interest).Line("interest", interest);
    }

    private static int DaysLate(FormulaInputs i, DayCount dayCount)
    {
        if (!i.Has("dueDate") && !i.Has("paidDate"))
            return i.Count("days");
        var late = new DateRange(i.Date("dueDate"), i.Date("paidDate"));
        var days = dayCount.Days(late.From, late.Until);
        if (i.Has("days") && i.Count("days") != days)
            throw CalculationException.Input("days", $"the {days} days from dueDate to paidDate, or left out");
        return days;
    }

    private static FormulaAnswer Allocate(FormulaInputs i)
    {
        var currency = i.Currency();
        var done = PaymentAllocation.Of(
            i.Amount("payment", currency),
            i.Amount("cost", currency),
            i.Amount("interest", currency),
            i.Amount("principal", currency)
        );
        return FormulaAnswer
            .Of(done.Left)
            .Line("cost", done.Cost)
            .Line("interest", done.Interest)
            .Line("principal", done.Principal)
            .Line("unapplied", done.Unapplied)
            .Line("left", done.Left);
    }

    private static FormulaAnswer Sum(FormulaInputs i)
    {
        var lines = i.Objects("lines");
        if (lines.Count == 0)
            throw CalculationException.Input("lines", "a list of at least one line");
        var currency = lines[0].Currency();
        var signed = new List<(string Line, Money Amount)>(lines.Count);
        foreach (var line in lines)
        {
            var name = line.Text("line");
            var side = line.OneOf("side", "OWED", "CREDIT") == "CREDIT" ? StatementSide.Credit : StatementSide.Owed;
            var own = line.Currency();
            if (own != currency)
                throw CalculationException.Mixed(currency, own);
            signed.Add((name, StatementSum.Signed(line.Amount("amount", own), side)));
        }
        var answer = FormulaAnswer.Of(StatementSum.Of(currency, signed.Select(line => line.Amount)));
        foreach (var (line, amount) in signed)
            answer.Line(line, amount);
        return answer;
    }

    private static FormulaAnswer Notice(FormulaInputs i)
    {
        var fee = i.Amount("fee", i.Currency());
        if (i.Has("noticeDays") && i.Has("noticeMonths"))
            throw CalculationException.Input("noticeMonths", "given without noticeDays");
        NoticePeriod? notice =
            i.OptionalCount("noticeDays") is { } days ? NoticePeriod.OfDays(days)
            : i.OptionalCount("noticeMonths") is { } months ? NoticePeriod.OfMonths(months)
            : null;
        var end = NoticeEnd.Of(
            new(
                i.Date("termEnd"),
                i.Date("received"),
                i.OneOf("renewal", "NONE", "INDEFINITE", "FIXED") switch
                {
                    "INDEFINITE" => Renewal.Indefinite,
                    "FIXED" => Renewal.Fixed,
                    _ => Renewal.None,
                },
                i.Text("jurisdiction"),
                notice,
                i.Has("sector") ? i.Text("sector") : null,
                i.OptionalFlag("l215NoticeSent"),
                i.OptionalDate("wishedEnd")
            ),
            fee,
            i.Rounding
        );
        var answer = FormulaAnswer.Of(end.ExtraFee);
        foreach (var month in end.Months)
            answer.Line(FormulaAnswer.Iso(month.From), month.Fee);
        return answer.Value("noticeFrom", end.NoticeFrom).Value("noticeTo", end.NoticeTo).Value("end", end.End);
    }

    private static FormulaAnswer DeadlineOf(FormulaInputs i)
    {
        var deadline = Deadlines.Of(
            i.Date("start"),
            i.OneOf("unit", "DAY", "MONTH") == "MONTH" ? DeadlineUnit.Month : DeadlineUnit.Day,
            i.Count("count"),
            new BusinessDays(i.OptionalDateList("holidays"))
        );
        return FormulaAnswer.WithoutTotal().Value("unrolled", deadline.Unrolled).Value("lastDay", deadline.LastDay);
    }

    private static FormulaAnswer Round(FormulaInputs i)
    {
        var value =
            i.KindOf("value") == JsonValueKind.String ? i.Text("value")
            : i.Has("value") ? ""
            : throw CalculationException.Missing("value");
        if (!DecimalText.TryRead(value, out var read))
            throw new CalculationException(
                CalculationError.InvalidAmount,
                "value must be a decimal string such as \"2.345\".",
                "value 必须是形如 \"2.345\" 的十进制字符串。"
            );
        var mode = Rounding.Parse(i.OneOf("mode", "HALF_UP", "HALF_EVEN"));
        var digits =
            i.Has("currency") ? Currency.Require(i.Currency())
            : i.Has("digits") ? MaxDigits(i)
            : throw CalculationException.Missing("digits");
        if (i.Has("currency") && i.Has("digits") && i.Count("digits") != digits)
            throw CalculationException.Input("digits", "those of the currency, or left out");
        var scaled = read.Unscaled * System.Numerics.BigInteger.Pow(10, digits) * (read.Negative ? -1 : 1);
        var rounded = Rounding.ToMinor(scaled, System.Numerics.BigInteger.Pow(10, read.Scale), mode);
        return FormulaAnswer.WithoutTotal().Value("rounded", Money.Format(rounded, digits));
    }

    private static int MaxDigits(FormulaInputs i)
    {
        const int most = 18;
        var digits = i.Count("digits");
        return digits <= most ? digits : throw CalculationException.Count("digits", $"no more than {most}");
    }

    private static FormulaAnswer MinorUnits(FormulaInputs i) =>
        FormulaAnswer.WithoutTotal().Value("digits", Currency.Require(i.Currency()));

    private static FormulaAnswer Exit(FormulaInputs i)
    {
        var currency = i.Currency();
        var fee = new ContractTerms
        {
            Number = "",
            Currency = currency,
            Start = i.Date("start"),
            TermMonths = i.Count("termMonths", 1),
            MonthlyFee = i.Amount("monthlyFee", currency),
            CurrentPeriodPrepaid = i.Flag("currentMonthPrepaid"),
        };
        var exit = ExitStatement.Of(
            new(fee, i.Date("lastServiceDay"))
            {
                Etf = IsThere(i, "etf") ? Rule(i.Object("etf"), currency) : null,
                Device = IsThere(i, "device") ? DeviceOf(i, fee) : null,
                Deposit = IsThere(i, "deposit") ? i.Amount("deposit", currency) : null,
                Unpaid = i.OptionalAmount("unpaid", currency),
                ClawbackMonthly = i.OptionalAmount("clawbackMonthly", currency),
                Rounding = i.Rounding,
            }
        );
        var answer = FormulaAnswer.Of(exit.Total);
        foreach (var line in exit.Lines)
            answer.Line(line.Code, line.Amount);
        return answer.Value("mFull", exit.MFull).Value("mRem", exit.MRem);
    }

    // A contract without a fee, a device or a deposit says so with null; leaving the name out is an omission.
    private static bool IsThere(FormulaInputs i, string name) =>
        i.Has(name) || (i.IsNamed(name) ? false : throw CalculationException.Missing(name));

    private static DeviceTerms DeviceOf(FormulaInputs i, ContractTerms contract)
    {
        if (i.KindOf("device") == JsonValueKind.String)
            return new(
                DeviceRule.ProRata,
                i.Amount("device", contract.Currency),
                contract.TermMonths,
                contract.MonthlyFee
            );
        var device = i.Object("device");
        return new(
            device.Has("rule") && device.OneOf("rule", "EECC", "PRO_RATA") == "EECC"
                ? DeviceRule.Eecc
                : DeviceRule.ProRata,
            device.Amount("deviceValue", contract.Currency),
            device.OptionalCount("termMonths", 1) ?? contract.TermMonths,
            device.OptionalAmount("monthlyFee", contract.Currency) ?? contract.MonthlyFee
        );
    }

    private static EtfRule Rule(FormulaInputs etf, string currency) =>
        etf.OneOf("kind", "FLAT", "REMAIN_PCT", "DECLINING", "SCHEDULE", "LOSS", "MIN") switch
        {
            "FLAT" => new FlatFee(etf.Amount("fee", currency)),
            "REMAIN_PCT" => new RemainingShareFee(etf.Rate("pct"), etf.OptionalAmount("monthlyFee", currency)),
            "DECLINING" => new DecliningFee(etf.Amount("initial", currency), etf.Amount("perMonth", currency)),
            "SCHEDULE" => new ScheduledFee(etf.AmountList("fees", currency)),
            "LOSS" => new LossFee(
                etf.Count("replacementMonths"),
                etf.OptionalAmount("avoidableCost", currency),
                etf.OptionalRate("avoidableShare"),
                etf.OptionalAmount("mitigationCost", currency),
                etf.OptionalAmount("monthlyFee", currency)
            ),
            _ => new LeastFee([.. etf.Objects("of").Select(part => Rule(part, currency))]),
        };

    // Months are given, or follow from start, effective end and term; given twice, they have to agree.
    private static (int? Full, int? Rem) Months(FormulaInputs i, int? termMonths)
    {
        var (full, rem) = (i.OptionalCount("mFull"), i.OptionalCount("mRem"));
        if (!i.Has("start") && !i.Has("effEnd"))
            return (full, rem);
        var (start, effEnd) = (i.Date("start"), i.Date("effEnd"));
        var byDates = BillingPeriods.FullMonths(start, effEnd);
        int? left = termMonths is { } term ? BillingPeriods.MonthsRemaining(start, effEnd, term) : null;
        if (full is not null && full != byDates)
            throw CalculationException.Input("mFull", $"the {byDates} full months between the dates, or left out");
        if (rem is not null && left is not null && rem != left)
            throw CalculationException.Input("mRem", $"the {left} months left by the dates, or left out");
        return (byDates, rem ?? left);
    }
}

/// <summary>An answer of the workbench: lines, total and values in their order.</summary>
internal sealed class FormulaAnswer
{
    private readonly List<(string Line, Money Amount)> _lines = [];
    private readonly List<(string Name, object? Value)> _values = [];
    private readonly Money? _total;

    private FormulaAnswer(Money? total) => _total = total;

    internal static FormulaAnswer Of(Money total) => new(total);

    internal static FormulaAnswer WithoutTotal() => new(null);

    internal static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal FormulaAnswer Line(string line, Money amount)
    {
        _lines.Add((line, amount));
        return this;
    }

    internal FormulaAnswer Value(string name, object? value)
    {
        _values.Add((name, value));
        return this;
    }

    internal string ToJson() =>
        SettlementJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("lines");
            foreach (var (line, amount) in _lines)
            {
                json.WriteStartObject();
                json.WriteString("line", line);
                json.WriteString("amount", amount.ToString());
                json.WriteEndObject();
            }
            json.WriteEndArray();
            if (_total is { } total)
                json.WriteString("total", total.ToString());
            else
                json.WriteNull("total");
            json.WriteStartObject("values");
            foreach (var (name, value) in _values)
            {
                json.WritePropertyName(name);
                Write(json, value);
            }
            json.WriteEndObject();
            json.WriteEndObject();
        });

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case int count:
                json.WriteNumberValue(count);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case DateOnly day:
                json.WriteStringValue(Iso(day));
                break;
            case IReadOnlyList<DateOnly> days:
                json.WriteStartArray();
                foreach (var day in days)
                    json.WriteStringValue(Iso(day));
                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue((string)value);
                break;
        }
    }
}
