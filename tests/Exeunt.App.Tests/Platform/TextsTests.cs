using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Exeunt.App.Platform;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Platform;

/// <summary>Every word a page asks for is there, in both languages.</summary>
public sealed partial class TextsTests
{
    [Fact]
    public void Has_every_key_that_pages_and_code_ask_for()
    {
        var missing =
            from file in Sources()
            from Match use in Key().Matches(File.ReadAllText(file))
            let key = use.Groups[1].Value
            where !Texts.Everything.ContainsKey(key)
            select $"{Path.GetFileName(file)}: {key}";
        missing.ShouldBeEmpty();
    }

    /// <summary>T.Of("prefix", value) needs "prefix.Value" for every value: the enum is the one most of whose values have a text.</summary>
    [Fact]
    public void Has_every_value_of_the_enums_that_are_shown()
    {
        var enums = typeof(Texts).Assembly.GetTypes().Concat(typeof(Core.Refusal).Assembly.GetTypes()).Where(t => t.IsEnum).ToList();
        var missing =
            from prefix in Sources().SelectMany(f => Prefix().Matches(File.ReadAllText(f))).Select(m => m.Groups[1].Value).Distinct()
            let best = enums.OrderByDescending(e => (double)Enum.GetNames(e).Count(n => Texts.Everything.ContainsKey($"{prefix}.{n}")) / Enum.GetNames(e).Length).First()
            from name in Enum.GetNames(best)
            where !Texts.Everything.ContainsKey($"{prefix}.{name}")
            select $"{prefix}.{name}";
        missing.ShouldBeEmpty();
    }

    [Fact]
    public void Says_everything_in_both_languages_with_the_same_blanks()
    {
        foreach (var (key, both) in Texts.Everything)
        {
            both.ShouldAllBe(t => t.Trim().Length > 0, key);
            Blanks(both[0]).ShouldBe(Blanks(both[1]), key);
        }

        static string[] Blanks(string text) => [.. Blank().Matches(text).Select(m => m.Value).Distinct().Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Sources([CallerFilePath] string here = "")
    {
        var app = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../src/Exeunt.App"));
        return Directory.EnumerateFiles(app, "*.*", SearchOption.AllDirectories)
            .Where(f => f.EndsWith(".razor", StringComparison.Ordinal) || f.EndsWith(".cs", StringComparison.Ordinal));
    }

    [GeneratedRegex("""\bT\["([\w.-]+)"[,\]]""")]
    private static partial Regex Key();

    [GeneratedRegex("""\bT\.Of\("([\w.-]+)",""")]
    private static partial Regex Prefix();

    [GeneratedRegex(@"\{\d")]
    private static partial Regex Blank();
}
