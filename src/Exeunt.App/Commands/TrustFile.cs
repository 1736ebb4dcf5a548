using System.Security.Cryptography;
using Exeunt.Core.Proof;

namespace Exeunt.App.Commands;

/// <summary>The file behind <c>--trust</c>, the same for every command that verifies.</summary>
internal static class TrustFile
{
    /// <summary>The public key in it, read once as it may come through a pipe; says what is wrong and is null when there is none.</summary>
    public static async Task<ECDsa?> Read(string file, TextWriter error, CancellationToken ct)
    {
        try
        {
            return TrustedKey.Read(await File.ReadAllTextAsync(file, ct));
        }
        catch (ArgumentException e)
        {
            await error.WriteLineAsync($"{file}: not a public key. {e.Message} \"exeunt audit key\" prints the right one.");
            return null;
        }
    }
}
