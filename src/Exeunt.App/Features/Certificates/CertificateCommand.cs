using Exeunt.App.Commands;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.Certificates;

/// <summary><c>exeunt certificate verify</c>: checks a signed PDF offline.</summary>
public static class CertificateCommand
{
    public const string Help = """
        exeunt certificate verify FILE.pdf --trust KEY.pem

        Checks the signature of a certificate or letter against a public key from elsewhere ("exeunt audit key"). Needs no
        database; whether it was revoked since, only the company's page can say. Exit: 0 genuine, 1 not.
        """;

    public static async Task<int> Run(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        var typed = Arguments.Parse(args, "--trust FILE");
        if (typed.Words is not ["verify", var file] || typed.All("--trust") is not [var trust])
        {
            await error.WriteLineAsync(Help);
            return 1;
        }
        if (!await Cli.AreThere(error, file, trust))
            return 1;
        PdfVerdict verdict;
        try
        {
            verdict = PdfSignature.Verify(await File.ReadAllBytesAsync(file, ct), await File.ReadAllTextAsync(trust, ct));
        }
        catch (Exception e) when (e is ArgumentException or System.Security.Cryptography.CryptographicException)
        {
            await error.WriteLineAsync($"{trust}: not a public key in PEM.");
            return 1;
        }
        await output.WriteLineAsync(verdict.IsValid ? "genuine, revocation not checked" : $"not genuine: {verdict.Message}");
        return verdict.IsValid ? 0 : 1;
    }
}
