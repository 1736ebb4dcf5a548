using System.Security.Cryptography;
using Exeunt.App.Platform;
using Exeunt.Core.Proof;

namespace Exeunt.App.Commands;

/// <summary>The files behind <c>--trust</c>, the same for every command that verifies.</summary>
internal static class TrustFile
{
    /// <summary>Bytes of the largest file that may be a key, with whatever is noted around it.</summary>
    private const int MaxSize = 1 << 20;

    /// <summary>
    /// The public keys in them, one each, read once as they may come through a pipe; says what is wrong and is null when one has none. Several are
    /// those of an installation whose key was changed.
    /// </summary>
    public static async Task<ECDsa[]?> Read(IReadOnlyList<string> files, TextWriter error, CancellationToken ct)
    {
        var keys = new List<ECDsa>();
        foreach (var file in files)
            try
            {
                if (await SmallFile.ReadText(file, MaxSize, ct) is not { } pem)
                {
                    await error.WriteLineAsync($"{file}: {SmallFile.TooLarge(MaxSize)}.");
                    return null;
                }
                keys.Add(TrustedKey.Read(pem));
                if (keys.Take(keys.Count - 1).Any(k => k.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(keys[^1].ExportSubjectPublicKeyInfo())))
                {
                    await error.WriteLineAsync($"{file}: this key was named already. Name each key once.");
                    return null;
                }
            }
            catch (ArgumentException e)
            {
                await error.WriteLineAsync($"{file}: not a public key. {e.Message} \"exeunt audit key\" prints the right one.");
                return null;
            }
        return [.. keys];
    }
}
