using System.Globalization;
using System.Text;
using Exeunt.Bench;

// Runs the named benches (all that are not marked as long when none is named) and writes one table.
Bench[] benches =
[
    new("startup", "the server as a process: first start with the demo company, second start, memory", Startup.Run),
    new("import", "two million invoices and a hundred thousand customers, against .import and COPY", ImportBench.Run),
    new("settle", "a hundred thousand settlements, against the same sums written out by hand", SettleBench.Run),
    new("evaluate", "everybody's orders, spend, return rate, silent months and churn state, against one statement by hand: evaluate [--customers N,N]", EvaluateBench.Run),
    new("cases", "case commands of eight people over HTTP, against the same rows by EF alone", CasesBench.Run),
    new("process-map", "the process map of a hundred thousand cases, against one statement by hand", ProcessMapBench.Run),
    new("erasure", "ten thousand customers erased, and their words looked for everywhere", ErasureBench.Run),
    new("proof", "the offline verifier against changed bits and a million leaves; a signed certificate", ProofBench.Run),
    new("faults", "the server killed at every numbered point and at random, judged from outside: faults [--minutes N] [--only crash|points|kill|away] [--scenario NAME] [--on sqlite|postgresql]", FaultsBench.Run, IsLong: true),
    new("micro", "small things in memory, by BenchmarkDotNet", Micro.Run, IsLong: true),
];
if (args.Contains("--list"))
{
    foreach (var bench in benches)
        Console.WriteLine($"{bench.Name,-12} {bench.What}{(bench.IsLong ? " (only when named)" : "")}");
    return 0;
}
args = EvaluateBench.TakeOptions(FaultsBench.TakeOptions(args));
var unknown = args.Where(a => benches.All(b => b.Name != a)).ToList();
if (unknown.Count > 0)
{
    Console.Error.WriteLine($"There is no bench \"{string.Join("\", \"", unknown)}\"; ./bench --list names them.");
    return 1;
}
var rows = new List<Row>();
foreach (var bench in benches.Where(b => args.Length == 0 ? !b.IsLong : args.Contains(b.Name)))
{
    Console.Error.WriteLine($"{bench.Name}: {bench.What} …");
    rows.AddRange(await bench.Run());
}
var table = Table.Of(rows);
Directory.CreateDirectory(Path.Combine(Places.Root, "benchmarks", "results"));
await File.WriteAllTextAsync(Path.Combine(Places.Root, "benchmarks", "results", (args.Length == 0 ? "all" : string.Join('-', args)) + ".md"), table);
Console.Write(table);
return Environment.ExitCode;

namespace Exeunt.Bench
{
    /// <summary>Something measured: a name for the command line and what gives its rows.</summary>
    public sealed record Bench(string Name, string What, Func<Task<IReadOnlyList<Row>>> Run, bool IsLong = false);

    /// <summary>One line of the table. <paramref name="Against"/> is a measured rival or a stated target, or empty.</summary>
    public sealed record Row(string What, double Ours, string Unit, string Against = "", double? Theirs = null)
    {
        /// <summary>Ours ÷ theirs; read with the unit (for times less is better, for rates more).</summary>
        public double? Ratio => Theirs is { } t and not 0 ? Ours / t : null;
    }

    internal static class Table
    {
        public static string Of(IEnumerable<Row> rows)
        {
            var text = new StringBuilder()
                .Append(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GB, .NET {Environment.Version}\n\n")
                .Append("| what | ours | unit | compared with | theirs | ratio |\n|---|--:|---|---|--:|--:|\n");
            foreach (var row in rows)
                text.Append(CultureInfo.InvariantCulture, $"| {row.What} | {Number(row.Ours)} | {row.Unit} | {row.Against} | {Number(row.Theirs)} | {Number(row.Ratio)} |\n");
            return text.ToString();
        }

        private static string Number(double? value) =>
            value is not { } v ? "" : v.ToString(Math.Abs(v) >= 1000 ? "N0" : Math.Abs(v) >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
    }

    internal static class Places
    {
        public static string Root { get; } = Find();

        private static string Find()
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
                if (File.Exists(Path.Combine(folder.FullName, "Exeunt.slnx")))
                    return folder.FullName;
            throw new InvalidOperationException("Start it with ./bench in the project's folder.");
        }
    }
}
