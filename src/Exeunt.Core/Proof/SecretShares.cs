using System.Security.Cryptography;

namespace Exeunt.Core.Proof;

/// <summary>
/// A secret in shares of which some are enough, and fewer tell nothing (A. Shamir, "How to share a secret", 1979). Each byte is the value at zero of a
/// random polynomial over GF(2⁸) with the modulus of AES (FIPS 197, 4.2); a share is the polynomials' values at its own place.
/// </summary>
public static class SecretShares
{
    /// <summary>Shares there can be at most: a place is a byte, and zero is the secret's.</summary>
    public const int Most = 255;

    /// <param name="Place">1 to 255, another for each share of a secret.</param>
    /// <param name="Bytes">As many as the secret has.</param>
    public sealed record Share(byte Place, byte[] Bytes);

    /// <summary>Shares at the places 1, 2, …</summary>
    /// <param name="needed">How many give the secret back: 2 to <paramref name="shares"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two are needed, more are needed than made, or more than 255 are to be made.</exception>
    public static IReadOnlyList<Share> Split(ReadOnlySpan<byte> secret, int shares, int needed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(needed, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(needed, shares);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shares, Most);
        // By coefficient and byte; the lowest coefficient is the secret.
        var higher = RandomNumberGenerator.GetBytes((needed - 1) * secret.Length);
        var made = new Share[shares];
        for (var place = 1; place <= shares; place++)
        {
            var bytes = new byte[secret.Length];
            for (var i = 0; i < secret.Length; i++)
            {
                byte value = 0;
                for (var power = needed - 1; power > 0; power--)
                    value = Times((byte)(value ^ higher[((power - 1) * secret.Length) + i]), (byte)place);
                bytes[i] = (byte)(value ^ secret[i]);
            }
            made[place - 1] = new Share((byte)place, bytes);
        }
        CryptographicOperations.ZeroMemory(higher);
        return made;
    }

    /// <summary>
    /// The secret, from as many shares as are needed. From fewer, or from shares of different secrets, it gives other bytes: whoever needs to know seals
    /// something with the secret.
    /// </summary>
    /// <exception cref="ArgumentException">There is none, two have one place or a place is zero, or they differ in length.</exception>
    public static byte[] Combine(IReadOnlyList<Share> shares)
    {
        if (shares.Count == 0 || shares.Any(s => s.Place == 0 || s.Bytes.Length != shares[0].Bytes.Length) || shares.Select(s => s.Place).Distinct().Count() < shares.Count)
            throw new ArgumentException("Shares of one length at different places from 1 on are expected.", nameof(shares));
        var secret = new byte[shares[0].Bytes.Length];
        foreach (var share in shares)
        {
            // Lagrange's weight of this share at zero; in this field minus is plus.
            byte weight = 1;
            foreach (var other in shares.Where(o => o.Place != share.Place))
                weight = Times(weight, Times(other.Place, Inverse((byte)(share.Place ^ other.Place))));
            for (var i = 0; i < secret.Length; i++)
                secret[i] ^= Times(weight, share.Bytes[i]);
        }
        return secret;
    }

    /// <summary>The product in GF(2⁸) modulo x⁸+x⁴+x³+x+1, in the same steps whatever the factors are.</summary>
    internal static byte Times(byte a, byte b)
    {
        var (product, left) = (0, (int)a);
        for (var bit = 0; bit < 8; bit++)
        {
            product ^= -((b >> bit) & 1) & left;
            left = (left << 1) ^ (-(left >> 7) & 0x11b);
        }
        return (byte)product;
    }

    /// <summary>a²⁵⁴, which is 1/a for all but zero.</summary>
    private static byte Inverse(byte a)
    {
        byte power = 1;
        for (var i = 0; i < 254; i++)
            power = Times(power, a);
        return power;
    }
}
