using Exeunt.Core.Proof;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Proof;

/// <summary>A secret in shares: enough give it back, fewer tell nothing.</summary>
public sealed class SecretSharesTests
{
    [Fact]
    public void Any_shares_that_are_enough_give_the_secret_back() =>
        Prop.ForAll(
            (from needed in Gen.Choose(2, 9)
             from more in Gen.Choose(0, 6)
             from secret in Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf(32)
             from order in Gen.Shuffle(Enumerable.Range(0, needed + more).ToArray())
             select (needed, secret, order)).ToArbitrary(),
            c =>
            {
                var shares = SecretShares.Split(c.secret, c.order.Length, c.needed);
                shares.Select(s => (int)s.Place).ShouldBe(Enumerable.Range(1, c.order.Length));
                SecretShares.Combine([.. c.order.Take(c.needed).Select(i => shares[i])]).ShouldBe(c.secret);
                SecretShares.Combine([.. c.order.Select(i => shares[i])]).ShouldBe(c.secret, "more than enough do no harm");
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void Two_hundred_and_fifty_five_shares_of_which_all_are_needed()
    {
        var secret = Enumerable.Range(0, 32).Select(i => (byte)(i * 7)).ToArray();
        var shares = SecretShares.Split(secret, SecretShares.Most, SecretShares.Most);

        SecretShares.Combine(shares).ShouldBe(secret);
        SecretShares.Combine([.. shares.Skip(1)]).ShouldNotBe(secret);
    }

    [Fact]
    public void One_share_too_few_fits_every_secret()
    {
        // Of two shares that are needed one is known: each of the 256 values of the other gives another secret, so none is likelier.
        var shares = SecretShares.Split([0x2a], 3, 2);

        Enumerable.Range(0, 256).Select(other => SecretShares.Combine([shares[0], new SecretShares.Share(2, [(byte)other])])[0]).Distinct().Count().ShouldBe(256);
    }

    [Fact]
    public void A_share_of_one_secret_looks_like_any_other_byte()
    {
        var seen = new int[256];
        for (var i = 0; i < 25_600; i++)
            seen[SecretShares.Split([0x2a], 2, 2)[0].Bytes[0]]++;

        // Chi-squared with 255 degrees of freedom: above 400 once in ten million runs.
        seen.Sum(n => (n - 100d) * (n - 100d) / 100).ShouldBeInRange(130, 400);
    }

    [Theory]
    // FIPS 197, section 4.2 and 4.2.1.
    [InlineData(0x57, 0x83, 0xc1)]
    [InlineData(0x57, 0x13, 0xfe)]
    [InlineData(0x57, 0x02, 0xae)]
    [InlineData(0x57, 0x10, 0x07)]
    [InlineData(0x53, 0xca, 0x01)]
    public void Bytes_are_multiplied_as_in_AES(byte a, byte b, byte product)
    {
        SecretShares.Times(a, b).ShouldBe(product);
        SecretShares.Times(b, a).ShouldBe(product);
    }

    [Fact]
    public void Points_of_a_line_worked_out_by_hand_give_its_value_at_zero() =>
        // 0x2a + 0x57·x: at 1 it is 0x7d, at 2 0x84, at 0x10 0x2d.
        new[] { (1, 0x7d), (2, 0x84), (0x10, 0x2d) }.Select(p => new SecretShares.Share((byte)p.Item1, [(byte)p.Item2])).ToList()
            .ShouldSatisfyAllConditions(
                p => SecretShares.Combine([p[0], p[1]]).ShouldBe([0x2a]),
                p => SecretShares.Combine([p[2], p[0]]).ShouldBe([0x2a]),
                p => SecretShares.Combine([p[1], p[2]]).ShouldBe([0x2a]));

    [Fact]
    public void What_is_no_set_of_shares_is_refused()
    {
        var shares = SecretShares.Split([1, 2], 3, 2);

        Should.Throw<ArgumentException>(() => SecretShares.Combine([]));
        Should.Throw<ArgumentException>(() => SecretShares.Combine([shares[0], shares[0]]));
        Should.Throw<ArgumentException>(() => SecretShares.Combine([shares[0], new(2, [1])]));
        Should.Throw<ArgumentException>(() => SecretShares.Combine([shares[0], new(0, [1, 2])]));
        Should.Throw<ArgumentOutOfRangeException>(() => SecretShares.Split([1], 3, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => SecretShares.Split([1], 3, 4));
        Should.Throw<ArgumentOutOfRangeException>(() => SecretShares.Split([1], 256, 2));
    }
}
