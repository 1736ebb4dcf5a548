using Exeunt.Core.Calendar;
using Exeunt.Core.Contracts;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;

namespace Exeunt.Core.Tests.Rules;

/// <summary>A contract and a policy of a place, with everything ordinary; a test states what it is about.</summary>
internal static class Samples
{
    internal static TerminationPolicy Policy(string place, Party party = Party.Consumer) => new()
    {
        Number = "P", Version = 1, EffectiveFrom = new(2026, 1, 1), TitleEnglish = "Policy", TitleChinese = "政策", Scope = new([place], party),
        Notice = NoticePeriod.OfDays(30), Etf = new RemainingShareFee(Rate.Parse("0.20")),
    };

    internal static ContractTerms Contract(string place, Party party = Party.Consumer) => new()
    {
        Number = "C", Currency = place == "CN" ? "CNY" : "EUR", Start = new(2026, 1, 1), TermMonths = 24,
        MonthlyFee = Money.Parse("100.00", place == "CN" ? "CNY" : "EUR"), Jurisdiction = place, Party = party, AutoRenew = true,
    };
}
