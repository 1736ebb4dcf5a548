using System.Diagnostics.CodeAnalysis;

namespace Exeunt.Core;

/// <summary>An ISO 4217 currency: its three-letter code and its minor unit (number of decimals).</summary>
/// <remarks>Minor units: ISO 4217 list one; 2 unless named here.</remarks>
public static class Currency
{
    private static readonly Dictionary<string, int> Digits = Build();

    /// <summary>All codes known here.</summary>
    public static IReadOnlyCollection<string> Codes => Digits.Keys;

    /// <summary>Whether the code is a currency.</summary>
    public static bool IsKnown([NotNullWhen(true)] string? code) => code is not null && Digits.ContainsKey(code);

    /// <summary>Decimals of the minor unit: 2 for CNY, 0 for JPY, 3 for KWD.</summary>
    /// <exception cref="ArgumentException">The code is not an ISO 4217 currency.</exception>
    public static int MinorDigits(string code) =>
        Digits.TryGetValue(code, out var digits)
            ? digits
            : throw new ArgumentException($"Unknown currency '{code}'", nameof(code));

    /// <summary>Decimals of the minor unit, refusing an unknown code by name.</summary>
    /// <exception cref="CalculationException">UNKNOWN_CURRENCY.</exception>
    public static int Require(string? code) =>
        code is not null && Digits.TryGetValue(code, out var digits)
            ? digits
            : throw new CalculationException(
                CalculationError.UnknownCurrency,
                "currency must be an ISO 4217 code in capitals.",
                "currency 必须是大写的 ISO 4217 货币代码。"
            );

    private static Dictionary<string, int> Build()
    {
        const string two =
            "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW "
            + "CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR "
            + "ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MOP MRU MUR MVR MWK MXN MXV MYR MZN "
            + "NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC "
            + "SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG";
        const string zero = "JPY KRW VND CLP ISK XAF XOF XPF PYG UGX RWF GNF KMF DJF BIF VUV UYI";
        const string three = "BHD IQD JOD KWD LYD OMR TND";
        const string four = "CLF UYW";
        var digits = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (codes, n) in new[] { (two, 2), (zero, 0), (three, 3), (four, 4) })
        foreach (var code in codes.Split(' '))
            digits[code] = n;
        return digits;
    }
}
