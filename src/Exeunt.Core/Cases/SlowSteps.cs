namespace Exeunt.Core.Cases;

/// <summary>Why a step is called slow.</summary>
public enum SlowBecause
{
    /// <summary>More than one in five of its ends came after the due time.</summary>
    Late,

    /// <summary>A quarter or more of all the time that people and systems of the company took was taken here, and half of its runs took a day or longer.</summary>
    Heavy,
}

/// <summary>What is known of a step's runs that were done.</summary>
/// <param name="WithDue">How many of them had a due time.</param>
/// <param name="Late">How many of these ended after it.</param>
/// <param name="Ours">Milliseconds that were waited for staff or for systems, all runs together.</param>
/// <param name="Median">Milliseconds from start to end that half of the runs took at most.</param>
public sealed record StepLoad(string Step, int Done, int WithDue, int Late, long Ours, long Median);

/// <param name="Share">Of <see cref="SlowBecause.Late"/> the part of the ends that were late, of <see cref="SlowBecause.Heavy"/> the part of the company's time; 0 to 1.</param>
public sealed record SlowStep(string Step, SlowBecause Because, decimal Share);

/// <summary>Names the slow steps of a procedure, the worst first; each at most once, lateness before weight.</summary>
public static class SlowSteps
{
    /// <summary>Below this many ends with a due time nothing is said about lateness.</summary>
    public const int Least = 5;

    /// <summary>Above this part of late ends a step is slow; at or above this part of the company's time.</summary>
    public const decimal LateAbove = 0.20m, HeavyFrom = 0.25m;

    private const long Day = 24 * 3600 * 1000;

    public static IReadOnlyList<SlowStep> Of(IReadOnlyCollection<StepLoad> steps)
    {
        var ours = steps.Sum(s => s.Ours);
        return
        [
            .. steps.Select(s => s switch
            {
                _ when s.WithDue >= Least && s.Late > LateAbove * s.WithDue => new SlowStep(s.Step, SlowBecause.Late, (decimal)s.Late / s.WithDue),
                _ when ours > 0 && s.Done > 0 && s.Median >= Day && s.Ours >= HeavyFrom * ours => new SlowStep(s.Step, SlowBecause.Heavy, (decimal)s.Ours / ours),
                _ => null,
            }).OfType<SlowStep>().OrderBy(s => s.Because).ThenByDescending(s => s.Share).ThenBy(s => s.Step, StringComparer.Ordinal),
        ];
    }
}
