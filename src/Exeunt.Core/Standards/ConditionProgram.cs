using Exeunt.Core.Activity;

namespace Exeunt.Core.Standards;

/// <summary>What a condition says about somebody; only <see cref="True"/> lists.</summary>
public enum Truth
{
    False,
    Unknown,
    True,
}

/// <summary>A comparison that decided, with the number it was decided by.</summary>
/// <param name="Is">The comparison that held; where a "not" stood before it, already turned into its opposite.</param>
/// <param name="Value">The indicator at that day, in its steps.</param>
/// <param name="Currency">Of the amount, where it is one.</param>
public sealed record Deciding(string Indicator, Operator Is, Threshold Threshold, long Value, string? Currency = null);

/// <summary>
/// A condition compiled once to a flat list of steps. Judging a customer walks the list without allocating; what cannot change the answer
/// any more is jumped over.
/// </summary>
public sealed class ConditionProgram
{
    private readonly Step[] _steps;
    private readonly Condition _condition;

    private ConditionProgram(Condition condition, Step[] steps) => (_condition, _steps) = (condition, steps);

    private enum Code : byte
    {
        Compare,
        Not,

        /// <summary>The two on top become one: the lesser (and) or the greater (or) of them.</summary>
        And,
        Or,
        JumpIfFalse,
        JumpIfTrue,
    }

    /// <param name="Target">Of a jump: the next step. Of a comparison of amounts: the currency (see <see cref="CurrencyOf"/>); else 0.</param>
    private readonly record struct Step(Code Code, Operator Is = default, Indicator Indicator = default, long Value = 0, int Target = 0);

    /// <summary>A currency as a number, so that comparing it costs nothing; never 0.</summary>
    public static int CurrencyOf(string currency) => currency.Length == 3 ? (currency[0] << 16) | (currency[1] << 8) | currency[2] : -1;

    /// <exception cref="ArgumentException">The condition was not checked: an unknown indicator, a threshold of another unit, too deep.</exception>
    public static ConditionProgram Compile(Condition condition)
    {
        if (condition.Depth > Condition.MaxDepth)
            throw new ArgumentException("The condition is too deep.", nameof(condition));
        var steps = new List<Step>();
        Emit(condition, steps);
        return new(condition, [.. steps]);
    }

    /// <summary>What the condition says about a customer.</summary>
    /// <param name="values">The indicators as of one day.</param>
    /// <param name="currency">The customer's currency (see <see cref="CurrencyOf"/>); amounts of another one are not known.</param>
    public Truth Of<T>(scoped ref T values, int currency)
        where T : IIndicatorValues, allows ref struct
    {
        // Two bits each, the top in the lowest; no condition is deeper than there is room for.
        ulong stack = 0;
        for (var i = 0; i < _steps.Length; i++)
        {
            ref readonly var step = ref _steps[i];
            switch (step.Code)
            {
                case Code.Compare:
                    stack = (stack << 2) | (uint)Judge(in step, ref values, currency);
                    break;
                case Code.Not:
                    stack = (stack & ~3UL) | (2 - (stack & 3));
                    break;
                case Code.And:
                    stack = (stack >> 4 << 2) | Math.Min(stack & 3, (stack >> 2) & 3);
                    break;
                case Code.Or:
                    stack = (stack >> 4 << 2) | Math.Max(stack & 3, (stack >> 2) & 3);
                    break;
                case Code.JumpIfFalse when (stack & 3) == (int)Truth.False:
                case Code.JumpIfTrue when (stack & 3) == (int)Truth.True:
                    i = step.Target - 1;
                    break;
            }
        }
        return (Truth)(stack & 3);
    }

    /// <summary>The comparisons that make the condition true of a customer, with their numbers; empty when it is not true.</summary>
    public IReadOnlyList<Deciding> Why<T>(scoped ref T values, string currency)
        where T : IIndicatorValues, allows ref struct
    {
        var found = new List<Deciding>();
        Decide(_condition.Plain(), ref values, currency, found);
        return found;
    }

    private static Truth Judge<T>(in Step step, scoped ref T values, int currency)
        where T : IIndicatorValues, allows ref struct
    {
        if (step.Target != 0 && step.Target != currency)
            return Truth.Unknown;
        var value = values[step.Indicator];
        return value == IIndicatorValues.Unknown ? Truth.Unknown : step.Is.Holds(value, step.Value) ? Truth.True : Truth.False;
    }

    private static void Emit(Condition condition, List<Step> steps)
    {
        switch (condition)
        {
            case Compare compare:
                var indicator = compare.Definition ?? throw new ArgumentException($"There is no indicator {compare.Indicator}.", nameof(condition));
                steps.Add(new(Code.Compare, compare.Is, indicator.Indicator, compare.Value.In(indicator), indicator.Unit == IndicatorUnit.Money ? CurrencyOf(compare.Value.Text) : 0));
                break;
            case NotOf not:
                Emit(not.Of, steps);
                steps.Add(new(Code.Not));
                break;
            case AllOf { Of: var of }:
                Emit(of, Code.And, Code.JumpIfFalse, steps);
                break;
            case AnyOf { Of: var of }:
                Emit(of, Code.Or, Code.JumpIfTrue, steps);
                break;
        }
    }

    private static void Emit(IReadOnlyList<Condition> of, Code join, Code jump, List<Step> steps)
    {
        var jumps = new List<int>();
        for (var i = 0; i < of.Count; i++)
        {
            Emit(of[i], steps);
            if (i > 0)
                steps.Add(new(join));
            if (i == of.Count - 1)
                continue;
            jumps.Add(steps.Count);
            steps.Add(new(jump));
        }
        foreach (var at in jumps)
            steps[at] = steps[at] with { Target = steps.Count };
    }

    /// <summary>Adds what makes a condition without "not" true; false when it is not true, and then nothing is added.</summary>
    private static bool Decide<T>(Condition condition, scoped ref T values, string currency, List<Deciding> found)
        where T : IIndicatorValues, allows ref struct
    {
        var before = found.Count;
        switch (condition)
        {
            case Compare compare:
                var indicator = compare.Definition!;
                var isMoney = indicator.Unit == IndicatorUnit.Money;
                if (isMoney && compare.Value.Text != currency)
                    return false;
                var value = values[indicator.Indicator];
                if (value == IIndicatorValues.Unknown || !compare.Is.Holds(value, compare.Value.In(indicator)))
                    return false;
                var deciding = new Deciding(compare.Indicator, compare.Is, compare.Value, value, isMoney ? currency : null);
                if (!found.Contains(deciding))
                    found.Add(deciding);
                return true;
            case AllOf all:
                foreach (var one in all.Of)
                {
                    if (Decide(one, ref values, currency, found))
                        continue;
                    found.RemoveRange(before, found.Count - before);
                    return false;
                }
                return true;
            case AnyOf any:
                var holds = false;
                foreach (var one in any.Of)
                    holds |= Decide(one, ref values, currency, found);
                return holds;
            default:
                return false;
        }
    }
}
