using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Exeunt.Core.Proof;

namespace Exeunt.App.Platform;

/// <summary>That the master keys were given out in shares, at which epoch and when.</summary>
/// <param name="Shares">How many there are.</param>
/// <param name="Needed">How many give them back.</param>
public sealed record KeySharing(int Epoch, DateTimeOffset At, int Shares, int Needed);

/// <summary>
/// The file of the master keys in shares for several people: each is a file with the whole, sealed with a secret, and a share of that secret
/// (<see cref="SecretShares"/>). As many as are needed give the file back; fewer give nothing.
/// </summary>
public static class KeyShares
{
    private const string Heading = "exeunt-key-share 1";
    private const string About = "master-keys";

    /// <summary>Writes the shares, each readable by its owner only, under names that tell which they are, and reads as many as are needed back.</summary>
    /// <returns>The files. None is left when one cannot be written, or does not read back.</returns>
    /// <exception cref="IOException">One cannot be written, or they do not give the content back.</exception>
    public static IReadOnlyList<string> Write(string folder, string content, KeySharing sharing)
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        var blob = Vault.Encrypt(secret, Encoding.UTF8.GetBytes(content), About);
        var parts = SecretShares.Split(secret, sharing.Shares, sharing.Needed);
        CryptographicOperations.ZeroMemory(secret);
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var files = new List<string>();
        try
        {
            foreach (var part in parts)
            {
                var text = string.Create(CultureInfo.InvariantCulture, $"""
                    {Heading}
                    # Any {sharing.Needed} of {sharing.Shares} such files give back the master key: exeunt keys recover FILE FILE ...
                    # Destroy it when epoch {sharing.Epoch} has ended; new shares are made then.
                    epoch {sharing.Epoch}
                    set {SetOf(blob)}
                    needed {sharing.Needed}
                    share {part.Place}
                    part {Convert.ToHexStringLower(part.Bytes)}
                    sealed {Convert.ToBase64String(blob)}

                    """).ReplaceLineEndings("\n");
                var file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"exeunt-keys-epoch-{sharing.Epoch}-{SetOf(blob)}-share-{part.Place}-of-{sharing.Shares}.txt"));
                files.Add(file);
                using var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead });
                stream.Write(Encoding.UTF8.GetBytes($"{text}sum {Sum(text)}\n"));
                stream.Flush(flushToDisk: true);
            }
            return Combine([.. files.TakeLast(sharing.Needed)]) == content ? files : throw new IOException("The shares did not read back as they were written.");
        }
        catch
        {
            files.ForEach(File.Delete);
            throw;
        }
    }

    /// <summary>The content of the master keys' file, from as many shares as are needed.</summary>
    /// <exception cref="InvalidDataException">A file is no share or is damaged, they are not of one set, or they are too few; the message says which.</exception>
    public static string Combine(IReadOnlyList<string> files)
    {
        var read = files.Select(Read).ToList();
        foreach (var (file, share) in files.Zip(read).Skip(1))
            if (share.Set != read[0].Set)
                throw new InvalidDataException($"{files[0]} and {file} are of different sets ({read[0].Set}, epoch {read[0].Epoch}, and {share.Set}, epoch {share.Epoch}): take shares that were made together.");
        foreach (var same in files.Zip(read, (file, share) => (File: file, share.Part.Place)).GroupBy(s => s.Place).Where(g => g.Count() > 1))
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{string.Join(" and ", same.Select(s => s.File))} are both share {same.Key}: another one is needed."));
        if (read.Count < read[0].Needed)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{read[0].Needed} shares of set {read[0].Set} are needed; given: {read.Count}."));
        try
        {
            return Encoding.UTF8.GetString(Vault.Decrypt(SecretShares.Combine([.. read.Select(s => s.Part)]), read[0].Sealed, About));
        }
        catch (CryptographicException e)
        {
            throw new InvalidDataException("These shares do not fit together: one of them was changed.", e);
        }
    }

    private sealed record Share(int Epoch, string Set, int Needed, SecretShares.Share Part, byte[] Sealed);

    private static Share Read(string file)
    {
        // Printed and typed again it may have other line ends, and spaces around.
        var lines = File.ReadAllText(file).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines is not [Heading, .. var body, var sum])
            throw new InvalidDataException($"{file} is not a share of a master key.");
        if (sum != $"sum {Sum(string.Concat(lines.SkipLast(1).Select(l => l + "\n")))}")
            throw new InvalidDataException($"{file} is damaged: its sum does not fit. Take another share.");
        try
        {
            var values = body.Where(l => l[0] != '#').ToDictionary(l => l[..l.IndexOf(' ', StringComparison.Ordinal)], l => l[(l.IndexOf(' ', StringComparison.Ordinal) + 1)..], StringComparer.Ordinal);
            var blob = Convert.FromBase64String(values["sealed"]);
            var part = new SecretShares.Share(byte.Parse(values["share"], CultureInfo.InvariantCulture), Convert.FromHexString(values["part"]));
            return values["set"] == SetOf(blob) && part is { Place: > 0, Bytes.Length: 32 }
                ? new Share(int.Parse(values["epoch"], CultureInfo.InvariantCulture), values["set"], int.Parse(values["needed"], CultureInfo.InvariantCulture), part, blob)
                : throw new FormatException();
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException or KeyNotFoundException)
        {
            throw new InvalidDataException($"{file} is not a share of this version.", e);
        }
    }

    private static string SetOf(byte[] blob) => Convert.ToHexStringLower(SHA256.HashData(blob))[..8];

    private static string Sum(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
}
