using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Exeunt.Core.Work;

/// <summary>
/// Signatures of messages between systems by the Standard Webhooks specification: HMAC-SHA256 over "id.timestamp.body", in the header as
/// "v1," and Base64; the secret is "whsec_" and Base64 of 24 to 64 bytes. The header may hold several signatures, separated by spaces
/// (a secret that is being changed).
/// </summary>
/// <remarks>https://www.standardwebhooks.com; webhook-id, webhook-timestamp, webhook-signature.</remarks>
public static class WebhookSignature
{
    public const string Prefix = "whsec_";

    /// <summary>How far a message's time may be from ours, either way.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>The key of a secret; null when it is none.</summary>
    public static byte[]? KeyOf(string? secret)
    {
        if (secret?.StartsWith(Prefix, StringComparison.Ordinal) != true)
            return null;
        var text = secret[Prefix.Length..];
        var key = new byte[text.Length];
        return Convert.TryFromBase64String(text, key, out var length) && length is >= 24 and <= 64 ? key[..length] : null;
    }

    public static string Sign(byte[] key, string id, long timestamp, string body) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.{body}"))));

    /// <summary>Why a message is not believed; null when its signature is right and its time is near.</summary>
    /// <param name="now">Real time.</param>
    public static Refusal? Check(byte[] key, string? id, string? timestamp, string? signatures, string body, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(id) || id.Length > 100 || id.Contains('.', StringComparison.Ordinal) || string.IsNullOrEmpty(signatures)
            || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return Unsigned;
        var right = Encoding.ASCII.GetBytes(Sign(key, id, seconds, body));
        var found = false;
        foreach (var one in signatures.Split(' '))
            found |= CryptographicOperations.FixedTimeEquals(right, Encoding.UTF8.GetBytes(one));
        if (!found)
            return WrongSignature;
        return Math.Abs(now.ToUnixTimeSeconds() - seconds) > (long)Tolerance.TotalSeconds ? TooOld : null;
    }

    public static readonly Refusal Unsigned = new(RefusalKind.Invalid, "callback.unsigned",
        "The call-back needs the headers webhook-id, webhook-timestamp and webhook-signature.", "回调须带 webhook-id、webhook-timestamp 和 webhook-signature 请求头。");

    public static readonly Refusal WrongSignature = new(RefusalKind.Invalid, "callback.wrong-signature",
        "The signature of the call-back is not right.", "回调签名不正确。");

    public static readonly Refusal TooOld = new(RefusalKind.Invalid, "callback.too-old",
        "The call-back's time is more than five minutes from ours; send it again with the time of sending.", "回调时间与本机相差超过五分钟，请以当前时间重新发送。");
}
