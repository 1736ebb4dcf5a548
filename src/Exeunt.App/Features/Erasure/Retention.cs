using Exeunt.App.Platform;
using Exeunt.Core.Cases;

namespace Exeunt.App.Features.Erasure;

/// <summary>What stays after an exit, and until when (the last day, inclusive).</summary>
public static class Retention
{
    public sealed record KeptClass(DataClass Class, DateOnly Until);

    /// <summary>
    /// Name, letters and certificate: five years from the end (three years' limitation and two). Vouchers: thirty years from the
    /// day after the financial year's end.
    /// </summary>
    /// <remarks>会计档案管理办法 (order 79); Civil Code Art. 188. Financial year = calendar year.</remarks>
    public static IReadOnlyList<KeptClass> Kept(ExitCase exit)
    {
        var end = exit.EffectiveOn!.Value;
        return [new(DataClass.Case, end.AddYears(5)), new(DataClass.Legal, new DateOnly(end.Year + 30, 12, 31))];
    }
}
