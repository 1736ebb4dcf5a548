using System.Globalization;
using Exeunt.Core;

namespace Exeunt.App.Ui;

/// <summary>How amounts are written: "¥1,234.50", "−£3.00", "1,200 JPY".</summary>
public static class Amounts
{
    private const char Minus = '\u2212';
    private const char Space = '\u00A0';

    private static readonly Dictionary<string, string> Symbols = new(StringComparer.Ordinal)
    {
        ["CNY"] = "¥", ["GBP"] = "£", ["EUR"] = "€", ["USD"] = "$", ["HKD"] = "HK$", ["KRW"] = "₩", ["INR"] = "₹",
    };

    /// <summary>The amount with symbol (or code), thousands in groups and a true minus sign.</summary>
    public static string Text(Money money)
    {
        var sign = money.Minor < 0 ? Minus.ToString() : "";
        var digits = Number(new Money(money.Minor, money.Currency)).TrimStart(Minus);
        return Symbols.TryGetValue(money.Currency, out var symbol) ? sign + symbol + digits : sign + digits + Space + money.Currency;
    }

    /// <summary>The amount without its currency, for columns that name it in their head.</summary>
    public static string Number(Money money)
    {
        var decimals = Currency.MinorDigits(money.Currency);
        var text = Math.Abs(Major(money)).ToString("N" + decimals, CultureInfo.InvariantCulture);
        return money.Minor < 0 ? Minus + text : text;
    }

    /// <summary>In whole currency units, without grouping: for charts and totals that need no minor unit.</summary>
    public static decimal Major(Money money)
    {
        decimal value = money.Minor;
        for (var i = Currency.MinorDigits(money.Currency); i > 0; i--)
            value /= 10;
        return value;
    }

    /// <summary>The sign of a currency for an axis: "£", or its code.</summary>
    public static string Sign(string currency) => Symbols.GetValueOrDefault(currency, currency);
}
