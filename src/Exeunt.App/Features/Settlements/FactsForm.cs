using System.Globalization;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;

namespace Exeunt.App.Features.Settlements;

/// <summary>
/// The facts of the end as people type them: amounts as "12.50" (or "12.50 CNY") in the contract's currency, dates as "2026-03-01", empty for
/// what is not known.
/// </summary>
public sealed record FactsForm
{
    public string? Ground { get; init; }
    public string? Fault { get; init; }
    public bool DeviceKept { get; init; }
    public string? Unpaid { get; init; }
    public string? UnpaidDueOn { get; init; }
    public string? LastBilledDay { get; init; }
    public string? Costs { get; init; }

    /// <summary>Amounts, one a line.</summary>
    public string? DepositDeductions { get; init; }
    public string? PrepaidConsumed { get; init; }

    /// <summary>Percent of the contract performed and accepted, 0 to 100.</summary>
    public string? PerformedPercent { get; init; }
    public string? LossProven { get; init; }
    public string? LossAvoidableCost { get; init; }
    public string? LossReplacementMonths { get; init; }
    public string? LossMitigationCost { get; init; }
    public bool BadFaith { get; init; }

    /// <summary>"yes", "no", or empty.</summary>
    public string? RenewalNoticeSent { get; init; }
    public bool ExpressRequest { get; init; }
    public bool Informed { get; init; }
    public string? Instalments { get; init; }

    /// <summary>The facts, or the field that cannot be read and why.</summary>
    public Outcome<ExitFacts> Read(string currency, DateOnly lastServiceDay, InstalmentTerms? plan)
    {
        var reader = new Reader(currency);
        var loss = new LossFacts(
            reader.Amount("lossProven", LossProven), reader.Amount("lossAvoidableCost", LossAvoidableCost), reader.Count("lossReplacementMonths", LossReplacementMonths, 0, 1200),
            reader.Amount("lossMitigationCost", LossMitigationCost), BadFaith);
        var facts = new ExitFacts(lastServiceDay, reader.Amount("unpaid", Unpaid), DeviceKept)
        {
            Ground = reader.Choice<Ground>("ground", Ground),
            Fault = reader.Choice<Fault>("fault", Fault),
            UnpaidDueOn = reader.Day("unpaidDueOn", UnpaidDueOn),
            LastBilledDay = reader.Day("lastBilledDay", LastBilledDay),
            Costs = reader.Amount("costs", Costs),
            DepositDeductions = reader.Amounts("depositDeductions", DepositDeductions),
            PrepaidConsumed = reader.Amount("prepaidConsumed", PrepaidConsumed),
            PerformedShare = reader.Percent("performedPercent", PerformedPercent),
            Loss = loss == new LossFacts() ? null : loss,
            RenewalNoticeSent = RenewalNoticeSent switch { "yes" => true, "no" => false, _ => null },
            ExpressRequest = ExpressRequest,
            Informed = Informed,
            Instalments = reader.Count("instalments", Instalments, 2, plan?.MaxCount ?? 0),
        };
        if (reader.Refusal is null && facts.Instalments is not null && plan is null)
            return PlanRefusals.NotAllowed with { Field = "instalments" };
        return reader.Refusal is { } no ? no : facts;
    }

    /// <summary>What is known, as it is shown in the form.</summary>
    public static FactsForm Of(ExitFacts facts) =>
        new()
        {
            Ground = $"{facts.Ground}", Fault = $"{facts.Fault}", DeviceKept = facts.DeviceKept, Unpaid = $"{facts.Unpaid}", UnpaidDueOn = Day(facts.UnpaidDueOn),
            LastBilledDay = Day(facts.LastBilledDay), Costs = $"{facts.Costs}", DepositDeductions = string.Join('\n', facts.DepositDeductions ?? []),
            PrepaidConsumed = $"{facts.PrepaidConsumed}", PerformedPercent = facts.PerformedShare is { } share ? Percent(share) : "",
            LossProven = $"{facts.Loss?.Proven}", LossAvoidableCost = $"{facts.Loss?.AvoidableCost}", LossReplacementMonths = $"{facts.Loss?.ReplacementMonths}",
            LossMitigationCost = $"{facts.Loss?.MitigationCost}", BadFaith = facts.Loss?.BadFaith == true,
            RenewalNoticeSent = facts.RenewalNoticeSent switch { true => "yes", false => "no", _ => "" },
            ExpressRequest = facts.ExpressRequest, Informed = facts.Informed, Instalments = $"{facts.Instalments}",
        };

    private static string Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    private static string Percent(Rate share) =>
        (decimal.Parse(share.ToString(), CultureInfo.InvariantCulture) * 100m).ToString("0.############", CultureInfo.InvariantCulture);

    /// <summary>Reads one field after the other and keeps the first that is wrong.</summary>
    private sealed class Reader(string currency)
    {
        public Refusal? Refusal { get; private set; }

        public Money? Amount(string field, string? text) => string.IsNullOrWhiteSpace(text) ? null : Try<Money?>(field, () => TypedAmount.Read(text, currency, field));

        public IReadOnlyList<Money>? Amounts(string field, string? text)
        {
            var parts = (text ?? "").Split(['\n', '\r', ';', '；'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return parts.Length == 0 ? null : Try<IReadOnlyList<Money>?>(field, () => [.. parts.Select(p => TypedAmount.Read(p, currency, field))]);
        }

        public Rate? Percent(string field, string? text)
        {
            if (string.IsNullOrWhiteSpace(text))
                return null;
            if (decimal.TryParse(text.Trim().TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent <= 100)
                return Try<Rate?>(field, () => Rate.Parse((percent / 100m).ToString("0.############", CultureInfo.InvariantCulture), field));
            Wrong(field, "a percentage from 0 to 100", "0 至 100 的百分比");
            return null;
        }

        public int? Count(string field, string? text, int least, int most)
        {
            if (string.IsNullOrWhiteSpace(text))
                return null;
            if (int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= least && (count <= most || most == 0))
                return count;
            Wrong(field, $"a whole number from {least} to {most}", $"{least} 至 {most} 的整数");
            return null;
        }

        public DateOnly? Day(string field, string? text)
        {
            if (string.IsNullOrWhiteSpace(text))
                return null;
            if (DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                return day;
            Wrong(field, "a date such as 2026-03-01", "形如 2026-03-01 的日期");
            return null;
        }

        public T Choice<T>(string field, string? text) where T : struct, Enum
        {
            if (string.IsNullOrWhiteSpace(text))
                return default;
            if (Enum.TryParse<T>(text, out var value) && Enum.IsDefined(value))
                return value;
            Wrong(field, $"one of {string.Join(", ", Enum.GetNames<T>())}", $"{string.Join("、", Enum.GetNames<T>())} 之一");
            return default;
        }

        private T? Try<T>(string field, Func<T> read)
        {
            try
            {
                return read();
            }
            catch (CalculationException e)
            {
                Refusal ??= e.Beside(field);
                return default;
            }
        }

        private void Wrong(string field, string english, string chinese) =>
            Refusal ??= new Refusal(RefusalKind.Invalid, "facts.unreadable", $"This must be {english}.", $"应为{chinese}。", Field: field);
    }
}

/// <summary>An amount as people type it: in the contract's currency, which may stand behind it.</summary>
public static class TypedAmount
{
    /// <exception cref="CalculationException">Any of the codes of an amount; MIXED_CURRENCY when another currency stands behind it.</exception>
    public static Money Read(string? text, string currency, string name)
    {
        var parts = (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 2)
        {
            // Reads in the currency it names, then refuses the mixture by name.
            var named = Money.Parse(parts[0].Replace(",", "", StringComparison.Ordinal), parts[1], name);
            return named.Currency == currency ? named : Money.Zero(currency) + named;
        }
        return Money.Parse(parts.Length == 1 ? parts[0].Replace(",", "", StringComparison.Ordinal) : text, currency, name);
    }
}
