using Amazon.S3;
using Exeunt.App.Data;
using Exeunt.App.Features.AuditLog;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Faults;
using Exeunt.App.Tests.Harness;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.AuditLog;

/// <summary>The exported log's second copy in a bucket.</summary>
public abstract class BucketExportTests(Database on)
{
    [Fact]
    public async Task Holds_the_same_files_as_the_folder_and_each_is_written_once()
    {
        await using var bucket = await FakeBucket.Start();
        bucket.PageSize = 2;
        await using var app = await ExeuntApp.Start(on);
        using var export = await Export(app, bucket);
        for (var i = 0; i < 3; i++)
        {
            await app.AContractInForce();
            await Sequence(app);
            (await export.Advance(default)).ShouldBeGreaterThan(0);
        }
        (await export.Advance(default)).ShouldBe(0);
        Same(app, bucket);

        // Another node, or the next start, finds what is there by its name and writes nothing again.
        lock (bucket.Requests)
            bucket.Requests.Clear();
        using var next = await Export(app, bucket);
        (await next.Advance(default)).ShouldBe(0);
        bucket.Requests.ShouldAllBe(r => r.StartsWith("GET "));
        bucket.Requests.Count.ShouldBeGreaterThan(1, "the listing has pages");
    }

    [Fact]
    public async Task Stops_nothing_when_the_bucket_is_away_and_catches_up_after()
    {
        await using var bucket = await FakeBucket.Start();
        await using var app = await ExeuntApp.Start(on);
        using var export = await Export(app, bucket);
        bucket.IsAway = true;
        await app.AContractInForce();
        await Sequence(app);
        await Should.ThrowAsync<AmazonS3Exception>(() => export.Advance(default));
        await app.AContractInForce();
        await Sequence(app);
        bucket.IsAway = false;
        await export.Advance(default);
        Same(app, bucket);
    }

    [Fact]
    public async Task Writes_over_nothing_that_is_there_already()
    {
        await using var bucket = await FakeBucket.Start();
        await using var app = await ExeuntApp.Start(on);
        using var one = await Export(app, bucket);
        using var two = await Export(app, bucket);
        await one.Advance(default);
        await two.Advance(default);
        await app.AContractInForce();
        await Sequence(app);
        await one.Advance(default);
        var before = bucket.Objects.ToDictionary(o => o.Key, o => o.Value);
        (await two.Advance(default)).ShouldBeGreaterThan(0, "it did not know");
        bucket.Objects.ShouldAllBe(o => ReferenceEquals(o.Value, before[o.Key]));
        Same(app, bucket);
    }

    [Fact]
    public async Task Goes_on_beside_what_tells_of_a_history_that_a_restore_took_back()
    {
        await using var bucket = await FakeBucket.Start();
        await using var app = await ExeuntApp.Start(on);
        using (var before = await Export(app, bucket))
        {
            await app.AContractInForce();
            await Sequence(app);
            await before.Advance(default);
        }
        var shared = bucket.Objects.Keys.Max(StringComparer.Ordinal)!;
        var size = long.Parse(shared["log/".Length..^".log".Length], System.Globalization.CultureInfo.InvariantCulture);
        var lost = "later"u8.ToArray();
        // One of a size that we never signed, and one of a size that we signed and did not copy yet.
        await app.AContractInForce();
        await Sequence(app);
        var soon = await app.With<AppDb, long>(db => db.TreeHeads.AsNoTracking().Where(h => h.Size > size).MinAsync(h => h.Size));
        bucket.Objects["log/000000999999.log"] = lost;
        bucket.Objects[$"log/{TreeHeads.NameOf(soon)}"] = lost;
        bucket.Objects["log/notes.txt"] = lost;
        for (var start = 0; start < 2; start++)
        {
            using var export = await Export(app, bucket);
            await app.AContractInForce();
            await Sequence(app);
            await export.Advance(default);
            await Sequence(app);
            await export.Advance(default);
        }
        bucket.Objects["log/000000999999.log"].ShouldBe(lost, "nothing is removed or written over");
        bucket.Objects[$"log/{TreeHeads.NameOf(soon)}"].ShouldBe(lost);
        var apart = $"log/from-{size:D12}/";
        var files = Directory.EnumerateFiles(Path.Combine(app.Options.World, "audit"), "*.log").Where(f => string.CompareOrdinal(Path.GetFileName(f), TreeHeads.NameOf(size)) > 0).ToDictionary(f => apart + Path.GetFileName(f), File.ReadAllBytes);
        bucket.Objects.Keys.Where(k => k.StartsWith(apart, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ShouldBe(files.Keys.Order(StringComparer.Ordinal));
        files.ShouldAllBe(f => bucket.Objects[f.Key].SequenceEqual(f.Value));
        await app.With<AppDb>(async db => (await db.AuditLog.AsNoTracking().CountAsync(r => r.Verb == "audit-log.put-back" && r.Target.StartsWith("audit-bucket"))).ShouldBe(1, "once, however often it starts"));
    }

    [Theory]
    [InlineData("s3://heads", "heads", "")]
    [InlineData("s3://heads/", "heads", "")]
    [InlineData("s3://heads/log/2026/", "heads", "log/2026/")]
    [InlineData("https://heads/log", null, null)]
    [InlineData("heads", null, null)]
    [InlineData("s3://", null, null)]
    [InlineData("s3://id:secret@heads", null, null)]
    public void A_place_is_a_bucket_and_a_prefix(string text, string? bucket, string? prefix)
    {
        var place = AuditBucket.Parse(text, null);
        (place?.Bucket, place?.Prefix).ShouldBe((bucket, prefix));
    }

    private static void Same(ExeuntApp app, FakeBucket bucket)
    {
        var files = Directory.EnumerateFiles(Path.Combine(app.Options.World, "audit"), "*.log").ToDictionary(f => "log/" + Path.GetFileName(f), File.ReadAllBytes);
        bucket.Objects.Keys.Order(StringComparer.Ordinal).ShouldBe(files.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, content) in files)
            bucket.Objects[name].ShouldBe(content, name);
    }

    private static Task Sequence(ExeuntApp app) => app.With<TreeHeads>(async heads =>
    {
        while (await heads.Advance(default) > 0)
        {
        }
    });

    private static async Task<BucketExport> Export(ExeuntApp app, FakeBucket bucket)
    {
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", FakeBucket.KeyId);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", FakeBucket.Secret);
        return new BucketExport(await app.With<IServiceScopeFactory, IServiceScopeFactory>(Task.FromResult), AuditBucket.Parse("s3://heads/log", bucket.Url)!, await app.With<Clocks, Clocks>(Task.FromResult), NullLogger<BucketExport>.Instance);
    }

    public sealed class OnSqlite() : BucketExportTests(Database.Sqlite);

    public sealed class OnPostgres(PostgresServer server) : BucketExportTests(Database.Postgres), IClassFixture<PostgresServer>
    {
        public string? Server => server.Connection;
    }
}
