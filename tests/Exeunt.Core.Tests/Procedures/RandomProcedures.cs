using Exeunt.Core.Calendar;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;

namespace Exeunt.Core.Tests.Procedures;

/// <summary>Readable procedures of every shape, sound or not; the same for the same seed.</summary>
public static class RandomProcedures
{
    public static IEnumerable<Procedure> Some(int count, int seed = 7)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
            yield return One(random, i + 1);
    }

    private static Procedure One(Random random, int number)
    {
        var steps = Enumerable.Range(0, random.Next(1, 20)).Select(i => Step(random, i)).ToList();
        var opens = new TimeOnly(random.Next(0, 12), random.Next(0, 60));
        return new($"p-{number}", random.Next(1, 9999), Any<CaseKind>(random), Words(random), new(Of(random, "CN", "DE", ""), opens, opens.AddHours(random.Next(1, 11))), steps)
        {
            Letters = [.. Enumerable.Range(0, random.Next(3)).Select(l => new ProcedureLetter($"l{l}", Words(random), [new("{case.number} of {customer.name}", "{case.number}：{last.day}"), Words(random)], random.Next(2) == 0 ? LetterTable.Settlement : null))],
        };
    }

    private static ProcedureStep Step(Random random, int i) =>
        new($"s{i}", Any<StepKind>(random), Words(random), [.. Enumerable.Range(0, i).Where(_ => random.Next(4) == 0).Select(b => $"s{b}")])
        {
            Roles = Roles(random),
            EscalateTo = Roles(random),
            Manual = random.Next(5) == 0,
            DueHours = random.Next(2) == 0 ? random.Next(1, 200) : null,
            TierHours = random.Next(4) == 0 ? new Dictionary<string, int> { ["Vip"] = random.Next(1, 50) } : null,
            Days = random.Next(3) == 0 ? random.Next(1, 400) : null,
            Of = random.Next(3) == 0 ? Any<ApprovalSubject>(random) : null,
            Letter = random.Next(4) == 0 ? Of(random, "ended", "l0") : null,
            From = random.Next(5) == 0 ? Any<PeriodFrom>(random) : null,
            AtOnce = random.Next(6) == 0,
            When = random.Next(3) == 0
                ? [new(CaseFact.Amount, Comparison.MoreThan, ["CNY 5000", "EUR 600.50"]), new(CaseFact.Tier, Comparison.IsNot, ["Vip"])]
                : [],
            Tasks = [.. Enumerable.Range(0, random.Next(3)).Select(t => new StepTask($"t{t}", Words(random), Any<Role>(random), random.Next(2) == 0 ? "billing" : null, random.Next(9), random.Next(2) == 0))],
            Items = [.. Enumerable.Range(0, random.Next(3)).Select(t => new StepItem($"i{t}", Words(random), Any<ItemSide>(random), random.Next(2) == 0))],
        };

    private static IReadOnlyList<Role> Roles(Random random) => [.. Enum.GetValues<Role>().Where(_ => random.Next(5) == 0)];

    private static Words Words(Random random) => new($"Step \"{random.Next(1000)}\" <b>", $"步骤“{random.Next(1000)}”\\");

    private static T Any<T>(Random random) where T : struct, Enum => Enum.GetValues<T>()[random.Next(Enum.GetValues<T>().Length)];

    private static string Of(Random random, params string[] values) => values[random.Next(values.Length)];
}
