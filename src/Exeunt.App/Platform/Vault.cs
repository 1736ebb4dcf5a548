using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Exeunt.App.Platform;

/// <summary>
/// The only place that encrypts and decrypts personal data. A sealed value is one blob per row and class: AES-256-GCM under
/// the subject's key of that class, with place and row as associated data, so that a blob moved to another row does not open.
/// Who may look, and that the look is recorded, is decided where the blob is read: masked on pages (one entry per page), used by
/// an effect or an export (one entry each), revealed to a person (one entry per subject).
/// </summary>
public sealed class Vault(KeyStore keys)
{
    private const byte Format = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    /// <summary>Makes the keys a subject needs, before the first value is sealed.</summary>
    public Task Prepare(long subject, CancellationToken ct, params DataClass[] classes) => keys.Ensure([subject], classes, ct);

    /// <summary>Whether a class of a subject was erased: nothing more can be sealed for it.</summary>
    public Task<bool> IsErased(long subject, DataClass dataClass, CancellationToken ct) => keys.IsDead(subject, dataClass, ct);

    /// <summary>Seals a value for a row. The keys are made when there never were any; one that was destroyed stays so.</summary>
    /// <param name="subject">Whose data it is: a customer's number, or an intake's (negative) number.</param>
    /// <param name="place">Table and column, "customers.contact".</param>
    /// <param name="row">The row's id.</param>
    /// <exception cref="KeyDestroyedException">The subject's key of this class is destroyed.</exception>
    public async Task<byte[]> Seal<T>(long subject, DataClass dataClass, string place, string row, T value, CancellationToken ct)
    {
        var key = await keys.Find(subject, dataClass, ct);
        if (key is null)
        {
            await keys.Ensure([subject], [dataClass], ct);
            key = await keys.Find(subject, dataClass, ct) ?? throw new InvalidOperationException("The key could not be made.");
        }
        return Encrypt(key, Clear(value), About(subject, dataClass, place, row));
    }

    /// <summary>Opens a sealed value; the default (null) when there is none or its key is destroyed, which is what erased means.</summary>
    /// <exception cref="CryptographicException">The blob is damaged or belongs to another row.</exception>
    public async Task<T?> Open<T>(long subject, DataClass dataClass, string place, string row, byte[]? sealedValue, CancellationToken ct)
    {
        if (sealedValue is null || await keys.Find(subject, dataClass, ct) is not { } key)
            return default;
        byte[] clear;
        try
        {
            clear = Decrypt(key, sealedValue, About(subject, dataClass, place, row));
        }
        catch (CryptographicException)
        {
            // Sealed before an erasure, beside a key that was made after it: erased.
            if (await keys.IsDead(subject, dataClass, ct))
                return default;
            throw;
        }
        return Read<T>(clear);
    }

    /// <summary>Opens one value of each of many subjects with one look into the key store; erased ones are left out.</summary>
    public async Task<Dictionary<long, T>> OpenAll<T>(
        DataClass dataClass, string place, IReadOnlyCollection<(long Subject, string Row, byte[] Sealed)> values, CancellationToken ct)
    {
        var found = await keys.FindAll([.. values.Select(v => v.Subject).Distinct()], dataClass, ct);
        var opened = new Dictionary<long, T>(values.Count);
        foreach (var (subject, row, blob) in values)
            if (found.TryGetValue(subject, out var key))
                try
                {
                    opened[subject] = Read<T>(Decrypt(key, blob, About(subject, dataClass, place, row)))!;
                }
                catch (CryptographicException)
                {
                    if (!await keys.IsDead(subject, dataClass, ct))
                        throw;
                }
        return opened;
    }

    /// <summary>Seals with a key already at hand (bulk paths that fetched or made many keys at once).</summary>
    public static byte[] SealWith<T>(byte[] key, long subject, DataClass dataClass, string place, string row, T value) =>
        Encrypt(key, Clear(value), About(subject, dataClass, place, row));

    internal static byte[] Encrypt(byte[] key, ReadOnlySpan<byte> clear, string about)
    {
        // One instance per call: AesGcm is not safe to share between threads.
        using var sealer = new Sealer(key);
        return sealer.Encrypt(clear, about);
    }

    /// <summary>Encrypts many values under one key on one thread (bulk paths); never shared between threads.</summary>
    internal sealed class Sealer(byte[] key) : IDisposable
    {
        private readonly AesGcm _aes = new(key, TagSize);

        public byte[] Encrypt(ReadOnlySpan<byte> clear, string about)
        {
            var blob = new byte[1 + NonceSize + clear.Length + TagSize];
            blob[0] = Format;
            var nonce = blob.AsSpan(1, NonceSize);
            RandomNumberGenerator.Fill(nonce);
            _aes.Encrypt(nonce, clear, blob.AsSpan(1 + NonceSize, clear.Length), blob.AsSpan(1 + NonceSize + clear.Length), Encoding.UTF8.GetBytes(about));
            return blob;
        }

        public void Dispose() => _aes.Dispose();
    }

    internal static byte[] Decrypt(byte[] key, ReadOnlySpan<byte> blob, string about)
    {
        if (blob.Length < 1 + NonceSize + TagSize || blob[0] != Format)
            throw new CryptographicException("Not a sealed value.");
        var clear = new byte[blob.Length - 1 - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(blob.Slice(1, NonceSize), blob.Slice(1 + NonceSize, clear.Length), blob[^TagSize..], clear, Encoding.UTF8.GetBytes(about));
        return clear;
    }

    private static byte[] Clear<T>(T value) => value is byte[] bytes ? bytes : JsonSerializer.SerializeToUtf8Bytes(value, Json.Plain);

    private static T? Read<T>(byte[] clear) => typeof(T) == typeof(byte[]) ? (T)(object)clear : JsonSerializer.Deserialize<T>(clear, Json.Plain);

    private static string About(long subject, DataClass dataClass, string place, string row) => $"{subject}|{(int)dataClass}|{place}|{row}";
}

/// <summary>A class of a subject was erased: it gets no key again, and nothing more is kept of it.</summary>
public sealed class KeyDestroyedException(long subject, DataClass dataClass) : RefusedException(CommonRefusals.Erased, $"data.erased: {subject}, {dataClass}");

/// <summary>How personal data looks when the role or the case does not need it in clear.</summary>
public static class Mask
{
    /// <summary>张三 → 张*, "Anna Berg" → "A*** B***".</summary>
    public static string Name(string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
            return "—";
        // The first letter with its marks: a rare character is two chars.
        if (name[0] > 0x2E7F)
            return StringInfo.GetNextTextElement(name) + new string('*', Math.Clamp(new StringInfo(name).LengthInTextElements - 1, 1, 3));
        return string.Join(' ', name.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => StringInfo.GetNextTextElement(w) + "***"));
    }

    /// <summary>13812345678 → 138****5678.</summary>
    public static string Phone(string? phone) =>
        string.IsNullOrWhiteSpace(phone) ? "—" : phone.Length < 8 ? "****" : phone[..3] + "****" + phone[^4..];

    /// <summary>anna.berg@example.com → a***@example.com.</summary>
    public static string Mail(string? mail)
    {
        var at = mail?.IndexOf('@', StringComparison.Ordinal) ?? -1;
        return at < 1 ? "—" : mail![0] + "***" + mail[at..];
    }
}
