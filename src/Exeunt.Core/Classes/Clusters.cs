namespace Exeunt.Core.Classes;

/// <summary>
/// Groups of customers who are alike in some measures, found by k-means and named by people. The same rows give the same groups: the
/// first centres are drawn by k-means++ from a stated seed, and equal distances go to the lower number.
/// </summary>
/// <param name="Means">Mean of each measure over the rows it was found on, after <see cref="Scale(long)"/>.</param>
/// <param name="Deviations">Standard deviation of each measure after scaling; 1 for one that does not vary.</param>
/// <param name="Centres">A centre for each group, in deviations from the mean, largest group first.</param>
/// <param name="Sizes">How many rows each group had.</param>
public sealed record Clusters(double[] Means, double[] Deviations, double[][] Centres, int[] Sizes)
{
    public const int MinGroups = 2;
    public const int MaxGroups = 8;
    private const int Rounds = 100;

    /// <summary>
    /// Finds the groups. Rows are measures in their whole-number steps; each is scaled by a signed logarithm, because spends are spread over
    /// magnitudes, and then to mean 0 and deviation 1.
    /// </summary>
    /// <exception cref="ArgumentException">Fewer different rows than groups, or rows of different lengths.</exception>
    public static Clusters Find(IReadOnlyList<long[]> rows, int groups, int seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, MinGroups);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(groups, MaxGroups);
        if (rows.Count < groups)
            throw new ArgumentException("Fewer rows than groups.", nameof(rows));
        var width = rows[0].Length;
        var (means, deviations) = (new double[width], new double[width]);
        var points = new double[rows.Count][];
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Length != width)
                throw new ArgumentException("Rows of different lengths.", nameof(rows));
            points[i] = Array.ConvertAll(rows[i], Scale);
            for (var j = 0; j < width; j++)
                means[j] += points[i][j] / rows.Count;
        }
        foreach (var point in points)
            for (var j = 0; j < width; j++)
                deviations[j] += (point[j] - means[j]) * (point[j] - means[j]) / rows.Count;
        for (var j = 0; j < width; j++)
            deviations[j] = deviations[j] > 1e-12 ? Math.Sqrt(deviations[j]) : 1;
        foreach (var point in points)
            for (var j = 0; j < width; j++)
                point[j] = (point[j] - means[j]) / deviations[j];
        var centres = First(points, groups, new Random(seed));
        var of = new int[points.Length];
        for (var round = 0; round < Rounds; round++)
        {
            var moved = round == 0;
            for (var i = 0; i < points.Length; i++)
            {
                var nearest = Nearest(centres, points[i]);
                moved |= nearest != of[i];
                of[i] = nearest;
            }
            if (!moved)
                break;
            centres = Middles(points, of, centres);
        }
        var sizes = new int[groups];
        foreach (var group in of)
            sizes[group]++;
        var order = Enumerable.Range(0, groups).OrderByDescending(g => sizes[g]).ThenBy(g => g).ToArray();
        return new Clusters(means, deviations, [.. order.Select(g => centres[g])], [.. order.Select(g => sizes[g])]);
    }

    /// <summary>The group whose centre is nearest, from 0.</summary>
    public int Of(ReadOnlySpan<long> row)
    {
        Span<double> point = stackalloc double[row.Length];
        for (var j = 0; j < row.Length; j++)
            point[j] = (Scale(row[j]) - Means[j]) / Deviations[j];
        return Nearest(Centres, point);
    }

    /// <summary>A signed logarithm: 0 stays 0, a thousand and minus a thousand are as far from it.</summary>
    public static double Scale(long value) => Math.CopySign(Math.Log(1 + Math.Abs((double)value)), value);

    private static double[][] First(double[][] points, int groups, Random random)
    {
        var centres = new List<double[]> { points[random.Next(points.Length)] };
        var distances = new double[points.Length];
        Array.Fill(distances, double.MaxValue);
        while (centres.Count < groups)
        {
            var sum = 0.0;
            for (var i = 0; i < points.Length; i++)
            {
                distances[i] = Math.Min(distances[i], Distance(points[i], centres[^1]));
                sum += distances[i];
            }
            if (sum <= 0)
                throw new ArgumentException("Fewer different rows than groups.");
            var drawn = random.NextDouble() * sum;
            var at = 0;
            for (; at < points.Length - 1 && (drawn -= distances[at]) >= 0; at++) { }
            // The end of the sum may fall on one that is a centre already.
            while (distances[at] <= 0)
                at = at == 0 ? points.Length - 1 : at - 1;
            centres.Add(points[at]);
        }
        return [.. centres.Select(c => c.ToArray())];
    }

    private static double[][] Middles(double[][] points, int[] of, double[][] before)
    {
        var sums = before.Select(c => new double[c.Length]).ToArray();
        var counts = new int[before.Length];
        for (var i = 0; i < points.Length; i++)
        {
            counts[of[i]]++;
            for (var j = 0; j < points[i].Length; j++)
                sums[of[i]][j] += points[i][j];
        }
        for (var g = 0; g < sums.Length; g++)
            for (var j = 0; j < sums[g].Length; j++)
                // A group that lost everybody keeps its centre.
                sums[g][j] = counts[g] == 0 ? before[g][j] : sums[g][j] / counts[g];
        return sums;
    }

    private static int Nearest(double[][] centres, ReadOnlySpan<double> point)
    {
        var (best, at) = (double.MaxValue, 0);
        for (var g = 0; g < centres.Length; g++)
            if (Distance(point, centres[g]) is var distance && distance < best)
                (best, at) = (distance, g);
        return at;
    }

    private static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var j = 0; j < a.Length; j++)
            sum += (a[j] - b[j]) * (a[j] - b[j]);
        return sum;
    }
}
