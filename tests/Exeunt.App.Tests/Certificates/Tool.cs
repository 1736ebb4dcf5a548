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

    private static readonly Lazy<string> Folder = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("exeunt-pdf-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    });

    /// <summary>A temporary file with this content, there until the tests end.</summary>
    public static string File(byte[] content)
    {
        var path = Path.Combine(Folder.Value, $"{Guid.NewGuid():N}.pdf");
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }
}
