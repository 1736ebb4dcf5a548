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
        var first = new DateOnly(2025, 1, 1);
        var plain = new ContractTerms
        {
            Number = "#1", Currency = "CNY", Start = new DateOnly(2024, 12, 15), TermMonths = 24, MonthlyFee = Yuan(199_00),
            Deposit = Yuan(300_00), DeviceValue = Yuan(1200_00), MonthlyDiscount = Yuan(10_00), AutoRenew = true,
        };
        var policy = GeneralPolicy.Document with { Clawback = ClawbackKind.Enjoyed };
        AddedLine[] added = [.. Enumerable.Range(1, 4).Select(i => new AddedLine($"damage-{i}", StatementSide.Owed, Yuan(100 * i)))];
        ExitFacts Plain(int i) => new(first.AddDays(i % 600), Yuan(50_00), Added: added);

        // Ten lines of the other kinds: a card, an earnest, a fee by loss, deductions, interest, costs.
        var rich = plain with { PrepaidCard = new(Yuan(1000_00), Yuan(200_00)), Earnest = new(Yuan(2500_00), Yuan(10000_00)), MonthlyDiscount = null, DeviceValue = null };
        var richPolicy = GeneralPolicy.Document with
        {
            Etf = new LossFee(4, AvoidableShare: Rate.Parse("0.40"), MitigationCost: Yuan(500_00)), Prepaid = new(ConsumerReasonRate: Rate.Parse("0.015")),
            LateInterest = new(Rate.Parse("0.03"), Rate.Parse("1.5")), Instalments = new(6),
        };
        ExitFacts Rich(int i) => new(first.AddDays(i % 600), Yuan(2700_00))
        {
            UnpaidDueOn = new DateOnly(2024, 12, 20), Costs = Yuan(80_00), DepositDeductions = [Yuan(350_00)], PrepaidConsumed = Yuan(600_00),
            RefundOn = first.AddDays((i % 600) + 90), Loss = new(Yuan(2000_00)), Instalments = 3,
        };

        var (ours, check, lines) = Best(i => StatementBuilder.Build(plain, policy, Plain(i)).Value);
        var (byHand, hand) = BestByHand(first);
        if (check != hand)
            throw new InvalidOperationException($"The two do not agree: {check} and {hand}.");
        var (others, _, otherLines) = Best(i => StatementBuilder.Build(rich, richPolicy, Rich(i)).Value);
        var statement = StatementBuilder.Build(plain, policy, Plain(0)).Value;
        var written = BestOf(() =>
        {
            long length = 0;
            for (var i = 0; i < Statements; i++)
                length += statement.ToJson().Length;
            return length;
        }).Seconds;
        IReadOnlyList<Row> rows =
        [
            new($"{Statements:N0} settlements of {lines} lines, one core, best of {Runs}", ours, "s", "the same sums by hand", byHand),
            new($"{Statements:N0} settlements of {otherLines} lines of the other kinds, with plan and damages", others, "s"),
            new($"{Statements:N0} statements of {lines} lines written as JSON, with their inputs", written, "s"),
        ];
        return Task.FromResult(rows);
    }

    private static Money Yuan(long minor) => new(minor, "CNY");

    private static (double Seconds, long Check, int Lines) Best(Func<int, Statement> settle)
    {
        var lines = 0;
        var (seconds, check) = BestOf(() =>
        {
            long sum = 0;
            for (var i = 0; i < Statements; i++)
            {
                var built = settle(i);
                sum += built.Total.Minor;
                lines = built.Lines.Count;
            }
            return sum;
        });
        return (seconds, check, lines);
    }

    private static (double Seconds, long Check) BestByHand(DateOnly first) =>
        BestOf(() =>
        {
            long sum = 0;
            for (var i = 0; i < Statements; i++)
                sum += ByHand(first.AddDays(i % 600));
            return sum;
        });

    private static (double Seconds, long Check) BestOf(Func<long> work)
    {
        var (best, check) = (double.MaxValue, 0L);
        for (var run = 0; run < Runs; run++)
        {
            var clock = Stopwatch.GetTimestamp();
            check = work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(clock).TotalSeconds);
        }
        return (best, check);
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
