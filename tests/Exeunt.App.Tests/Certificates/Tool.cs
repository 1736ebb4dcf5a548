using System.ComponentModel;
using System.Diagnostics;
using Xunit.Abstractions;

namespace Exeunt.App.Tests.Certificates;

/// <summary>Runs a tool that may be absent: poppler-utils, qpdf.</summary>
internal static class Tool
{
    /// <summary>What the tool printed (output and messages); null, with a line in the test's output, when it is not installed.</summary>
    public static string? Run(ITestOutputHelper output, string name, params string[] arguments)
    {
        var start = new ProcessStartInfo(name, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var messages = process.StandardError.ReadToEndAsync();
            var text = process.StandardOutput.ReadToEnd() + messages.Result;
            process.WaitForExit();
            output.WriteLine(text);
            return text;
        }
        catch (Win32Exception)
        {
            output.WriteLine($"SKIPPED: {name} is not installed");
            return null;
        }
    }

    /// <summary>A temporary file with this content; tests leave a few hundred kilobytes in the temporary folder.</summary>
    public static string File(byte[] content)
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("exeunt-pdf-").FullName, "file.pdf");
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }
}
