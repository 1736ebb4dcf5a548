using System.Diagnostics;
using Exeunt.App.Features.Policies;
using Exeunt.Core;
using Exeunt.Core.Contracts;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;

namespace Exeunt.Bench;

/// <summary>Statements of ten lines against the same arithmetic written out by hand, on one core, in one run.</summary>
internal static class SettleBench
{
    private const int Statements = 100_000;
    private const int Runs = 5;

    public static Task<IReadOnlyList<Row>> Run()
    {
        var contract = new ContractTerms
        {
            Number = "#1", Currency = "CNY", Start = new DateOnly(2024, 12, 15), TermMonths = 24, MonthlyFee = new Money(19900, "CNY"),
            Deposit = new Money(30000, "CNY"), DeviceValue = new Money(120000, "CNY"), MonthlyDiscount = new Money(1000, "CNY"), AutoRenew = true,
        };
        var policy = GeneralPolicy.Document with { Clawback = ClawbackKind.Enjoyed };
        AddedLine[] added = [.. Enumerable.Range(1, 4).Select(i => new AddedLine($"damage-{i}", StatementSide.Owed, new Money(100 * i, "CNY")))];
        var first = new DateOnly(2025, 1, 1);
        var (ours, byHand) = (double.MaxValue, double.MaxValue);
        long check = 0, hand = 0;
        var lines = 0;
        for (var run = 0; run < Runs; run++)
        {
            (check, hand) = (0, 0);
            var clock = Stopwatch.GetTimestamp();
            for (var i = 0; i < Statements; i++)
            {
                var built = StatementBuilder.Build(contract, policy, new ExitFacts(first.AddDays(i % 600), new Money(5000, "CNY"), Added: added)).Value;
                check += built.Total.Minor;
                lines = built.Lines.Count;
            }
            ours = Math.Min(ours, Stopwatch.GetElapsedTime(clock).TotalSeconds);
            clock = Stopwatch.GetTimestamp();
            for (var i = 0; i < Statements; i++)
                hand += ByHand(first.AddDays(i % 600));
            byHand = Math.Min(byHand, Stopwatch.GetElapsedTime(clock).TotalSeconds);
        }
        if (check != hand)
            throw new InvalidOperationException($"The two do not agree: {check} and {hand}.");
        IReadOnlyList<Row> rows = [new($"{Statements:N0} settlements of {lines} lines, one core, best of {Runs}", ours, "s", "the same sums by hand", byHand)];
        return Task.FromResult(rows);
    }

    /// <summary>The same contract's total in minor units, without lines, words or checks.</summary>
    private static long ByHand(DateOnly lastDay)
    {
        var (start, end) = (new DateOnly(2024, 12, 15), lastDay.AddDays(1));
        var full = (end.Year - start.Year) * 12 + end.Month - start.Month - (end.Day < 15 ? 1 : 0);
        var periodStart = start.AddMonths(full);
        if (periodStart == end)
            periodStart = start.AddMonths(full - 1);
        var n = periodStart.AddMonths(1).DayNumber - periodStart.DayNumber;
        var used = Half(19900L * (end.DayNumber - periodStart.DayNumber), n);
        var left = Math.Max(0, 24 - (periodStart == start.AddMonths(full) ? full + 1 : full));
        var etf = Half(19900L * left * 20, 100);
        var device = Half(120000L * left, 24);
        return -(19900 - used) + etf + device - 30000 + 1000L * full + 5000 + 1000;
    }

    private static long Half(long numerator, long denominator) => (2 * numerator + denominator) / (2 * denominator);
}
