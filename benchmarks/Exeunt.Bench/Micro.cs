using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Exeunt.App.Platform;
using Exeunt.Core.Activity;
using Exeunt.Core.Churn;

namespace Exeunt.Bench;

/// <summary>Small things in memory, each a method below.</summary>
internal static class Micro
{
    public static Task<IReadOnlyList<Row>> Run()
    {
        // In this process: the generated project of another would not know this one's central package versions.
        var config = ManualConfig.CreateEmpty().AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddLogger(NullLogger.Instance)
            .WithArtifactsPath(Path.Combine(Places.Root, "artifacts", "benchmarks"));
        var summary = BenchmarkRunner.Run<SmallThings>(config);
        IReadOnlyList<Row> rows =
        [
            .. summary.Reports.Where(r => r.ResultStatistics is not null).Select(r =>
                new Row(r.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\''), r.ResultStatistics!.Mean, "ns")),
        ];
        return Task.FromResult(rows);
    }
}

public class SmallThings
{
    private static readonly DateOnly AsOf = new(2026, 3, 1);
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly byte[] _contact = "{\"name\":\"王小明\",\"phone\":\"13800138000\",\"mail\":\"wang@example.com\"}"u8.ToArray();
    private Fact[] _facts = [];
    private byte[] _packed = [];
    private byte[] _sealed = [];

    [GlobalSetup]
    public void Prepare()
    {
        // Two years of a customer who buys twice in most months.
        _facts =
        [
            .. Enumerable.Range(0, 24).Where(m => m % 5 != 0).SelectMany(m => (Fact[])
            [
                new Fact(FactKind.Order, AsOf.AddMonths(m - 24).AddDays(2), 12_345 + m, $"A{m}"),
                new Fact(FactKind.Order, AsOf.AddMonths(m - 24).AddDays(19), 6_789 + m, $"B{m}"),
            ]),
        ];
        _packed = ActivityMonths.Build(_facts);
        _sealed = Vault.Encrypt(_key, _contact, "bench");
    }

    [Benchmark(Description = "pack 24 months from 38 facts")]
    public byte[] Pack() => ActivityMonths.Build(_facts);

    [Benchmark(Description = "indicators of a packed row")]
    public Indicators? IndicatorsOfARow() => Indicators.Of(_packed, AsOf);

    [Benchmark(Description = "churn state of a packed row")]
    public ChurnStatus StateOfARow() => ChurnStatus.Of(_packed, AsOf);

    [Benchmark(Description = "seal a contact (AES-256-GCM)")]
    public byte[] Seal() => Vault.Encrypt(_key, _contact, "bench");

    [Benchmark(Description = "open a contact (AES-256-GCM)")]
    public byte[] Open() => Vault.Decrypt(_key, _sealed, "bench");
}
