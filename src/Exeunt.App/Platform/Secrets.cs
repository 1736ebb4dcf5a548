using System.Security.Cryptography;
using System.Text;

namespace Exeunt.App.Platform;

/// <summary>Random links and codes; only their hashes are stored.</summary>
public static class Secrets
{
    /// <summary>128 random bits for a link, as 26 characters of a–z and 2–7.</summary>
    public static string Token() => Base32(RandomNumberGenerator.GetBytes(16));

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Eight decimal digits.</summary>
    public static string Code() => RandomNumberGenerator.GetInt32(100_000_000).ToString("D8", System.Globalization.CultureInfo.InvariantCulture);

    public static string Base32(ReadOnlySpan<byte> bytes)
    {
        const string alphabet = "abcdefghijklmnopqrstuvwxyz234567";
        var text = new StringBuilder();
        var (bits, value) = (0, 0);
        foreach (var b in bytes)
        {
            value = ((value << 8) | b) & 0xFFFF;
            for (bits += 8; bits >= 5; bits -= 5)
                text.Append(alphabet[(value >> (bits - 5)) & 31]);
        }
        if (bits > 0)
            text.Append(alphabet[(value << (5 - bits)) & 31]);
        return text.ToString();
    }
}
