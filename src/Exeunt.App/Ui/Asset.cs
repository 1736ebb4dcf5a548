using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Components;

namespace Exeunt.App.Ui;

/// <summary>Files of wwwroot as pages refer to them.</summary>
public static class Asset
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "wwwroot");
    private static readonly ConcurrentDictionary<string, string> Addresses = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, MarkupString> Icons = new(StringComparer.Ordinal);

    /// <summary>"/ui/console.css" with a mark of its content, so that a browser never mixes two versions of the product.</summary>
    public static string Url(string path) =>
        Addresses.GetOrAdd(path, static p =>
        {
            var file = Path.Combine(Root, p.TrimStart('/'));
            return File.Exists(file) ? $"{p}?v={Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))[..8]}" : p;
        });

    /// <summary>The drawing inside a Tabler icon (BrowserAssets.targets names them), in line so that it takes the text's colour.</summary>
    /// <exception cref="FileNotFoundException">The icon is not in the list of BrowserAssets.targets.</exception>
    public static MarkupString Icon(string name) =>
        Icons.GetOrAdd(name, static n =>
        {
            var svg = File.ReadAllText(Path.Combine(Root, "lib", "icons", n + ".svg"));
            var start = svg.IndexOf('>', StringComparison.Ordinal) + 1;
            return new MarkupString(svg[start..svg.LastIndexOf("</svg>", StringComparison.Ordinal)].ReplaceLineEndings("").Trim());
        });
}
