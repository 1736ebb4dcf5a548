using Exeunt.Core.Activity;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Activity;

public sealed class DistributionTests
{
    [Fact]
    public void States_have_a_bucket_each_also_when_nearly_everybody_is_in_one()
    {
        var spread = Distribution.OfEach([.. Enumerable.Repeat(3L, 999), 0]);

        spread.Buckets.ShouldBe([new Distribution.Bucket(0, 1, 1), new Distribution.Bucket(3, 4, 999)]);
        spread.Known.ShouldBe(1_000);
        Distribution.OfEach([]).Buckets.ShouldBeEmpty();
    }

    [Fact]
    public void Few_whole_values_get_a_bucket_each()
    {
        var found = Distribution.Of([0, 3, 3, 1, 0, 0]);

        found.Buckets.ShouldBe([new(0, 1, 3), new(1, 2, 1), new(2, 3, 0), new(3, 4, 2)]);
        (found.Known, found.Median, found.Low, found.High).ShouldBe((6, 0, 0, 3));
    }

    [Fact]
    public void What_lies_far_out_goes_into_buckets_without_an_end()
    {
        var found = Distribution.Of([.. Enumerable.Range(0, 1000).Select(i => (long)i), long.MaxValue, long.MinValue + 1]);

        found.Buckets[0].From.ShouldBeNull();
        found.Buckets[^1].Until.ShouldBeNull();
        found.Buckets.Count.ShouldBeLessThanOrEqualTo(Distribution.MaxBuckets);
        found.Buckets.Skip(1).Take(8).ShouldAllBe(b => b.Until - b.From == 100 && b.Count == 100);
    }

    [Fact]
    public void Of_nothing_there_is_nothing() => Distribution.Of([]).Buckets.ShouldBeEmpty();

    [Fact]
    public void Every_value_is_in_the_bucket_that_holds_it_and_in_no_other() =>
        Check.QuickThrowOnFailure(
            Prop.ForAll(
                Gen.OneOf(Gen.Choose(-50, 50).Select(n => (long)n), Gen.Choose(int.MinValue, int.MaxValue).Select(n => n * 4_000_000_000L)).ListOf().ToArbitrary(),
                values =>
                {
                    var found = Distribution.Of(values.ToArray());
                    found.Buckets.Sum(b => b.Count).ShouldBe(values.Count);
                    found.Buckets.Count.ShouldBeLessThanOrEqualTo(Distribution.MaxBuckets);
                    foreach (var bucket in found.Buckets)
                        values.Count(v => (bucket.From is not { } from || v >= from) && (bucket.Until is not { } until || v < until)).ShouldBe(bucket.Count);
                    return true;
                }
            )
        );
}
