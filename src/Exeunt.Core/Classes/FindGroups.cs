namespace Exeunt.Core.Classes;

/// <summary>Finds the groups of a scheme by clusters among customers of whom every indicator is known.</summary>
public static class FindGroups
{
    /// <summary>Customers that groups are found on at most: more do not move the centres, but take time. All of them are then counted.</summary>
    public const int MaxSample = 20_000;

    /// <summary>Of the first centres.</summary>
    public const int Seed = 1;

    /// <summary>What a group is called until somebody names it.</summary>
    public static Words NameOf(int group) => new($"Group {group + 1}", $"第 {group + 1} 组");

    /// <summary>The scheme with groups and a class for each; null: there are fewer different customers than groups.</summary>
    /// <param name="rows">The indicators of each customer, in a fixed order of the customers.</param>
    public static Scheme? In(Scheme scheme, IReadOnlyList<long[]> rows, DateOnly on)
    {
        var settings = scheme.Clusters!;
        // Evenly over all, so that the same customers always give the same sample.
        var sample = rows.Count <= MaxSample ? rows : [.. Enumerable.Range(0, MaxSample).Select(i => rows[(int)((long)i * rows.Count / MaxSample)])];
        Clusters clusters;
        try
        {
            clusters = Clusters.Find(sample, settings.Groups, Seed);
        }
        catch (ArgumentException)
        {
            return null;
        }
        static double Short(double value) => Math.Round(value, 6);
        // What is stored decides: the rounded numbers, so that a document says exactly what it does. A deviation stays above 0.
        clusters = new(Array.ConvertAll(clusters.Means, Short), Array.ConvertAll(clusters.Deviations, d => Math.Max(Short(d), 1e-6)), Array.ConvertAll(clusters.Centres, c => Array.ConvertAll(c, Short)), clusters.Sizes);
        var width = settings.Indicators.Count;
        var members = clusters.Centres.Select(_ => new List<int>()).ToArray();
        for (var i = 0; i < rows.Count; i++)
            members[clusters.Of(rows[i])].Add(i);
        var groups = clusters.Centres.Select((centre, g) => new FoundGroup(members[g].Count, centre, [.. Enumerable.Range(0, width).Select(j => Median([.. members[g].Select(i => rows[i][j])]))])).ToList();
        return scheme with
        {
            Clusters = settings with { Found = new(on, rows.Count, sample.Count, Seed, clusters.Means, clusters.Deviations, groups) },
            // Names and plans that people gave belonged to other groups.
            Classes = [.. groups.Select((_, g) => new SchemeClass($"g{g + 1}", NameOf(g)))],
        };
    }

    private static long Median(long[] values)
    {
        Array.Sort(values);
        return values.Length == 0 ? 0 : values[(values.Length - 1) / 2];
    }
}
