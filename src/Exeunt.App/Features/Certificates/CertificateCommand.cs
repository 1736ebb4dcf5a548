using System.Text.Json;
using Exeunt.App.Commands;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.Certificates;

/// <summary><c>exeunt certificate verify</c>: checks a signed PDF offline.</summary>
public static class CertificateCommand
{
    public const string Help = """
        exeunt certificate verify FILE.pdf --trust KEY.pem [--trust KEY.pem ...]

        Checks the signature of a certificate or letter against a public key from elsewhere ("exeunt audit key"), or against
        each of those an installation has had. Needs no
        database; whether it was revoked since, only the company's page can say. Exit: 0 genuine, 1 not.
        """;

    public static async Task<int> Run(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        var typed = Arguments.Parse(args, "--trust FILE");
        if (typed.Words is not ["verify", var file] || typed.All("--trust") is not { Count: > 0 } trusted)
        {
            await error.WriteLineAsync(Help);
            return 1;
        }
        if (!await Cli.AreThere(error, [file, .. trusted]))
            return 1;
        if (await TrustFile.Read(trusted, error, ct) is not { } keys)
            return 1;
        var verdict = await SmallFile.Read(file, PdfSignature.MaxSize, ct) is { } pdf ? PdfSignature.Verify(pdf, keys) : PdfSignature.TooLarge;
        await output.WriteLineAsync(options.Json ? JsonSerializer.Serialize(new { genuine = verdict.IsValid, revocation = "not-checked", message = verdict.Message }, Json.Plain)
            : verdict.IsValid ? "genuine, revocation not checked" : $"not genuine: {verdict.Message}");
        return verdict.IsValid ? 0 : 1;
    }
}
