using Exeunt.App.Features.Policies;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Exeunt.Core.Tests.Policies;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Policies;

/// <summary>The editor's form and the document are the same thing.</summary>
public sealed class PolicyInputTests
{
    [Fact]
    public void Becomes_the_same_document_again()
    {
        foreach (var policy in RandomPolicies.Some(2000))
        {
            var input = PolicyInput.Of(policy);
            // As a browser sends it: every text of the form, in any order.
            var posted = PolicyInput.Of(Posted(input).Reverse());

            var read = posted.Read();

            read.Errors.ShouldBeEmpty(policy.ToJson());
            read.Policy!.ToJson().ShouldBe(policy.ToJson());
        }
    }

    /// <summary>Whatever changes in a document changes its words; titles and codes stand elsewhere.</summary>
    [Fact]
    public void Says_every_field_of_every_policy_in_words()
    {
        var (said, unsaid) = (new HashSet<string>(), new HashSet<string>());
        foreach (var policy in RandomPolicies.Some(60))
        {
            var before = Words(policy);
            foreach (var (path, text) in Posted(PolicyInput.Of(policy)).ToList())
            {
                var input = PolicyInput.Of(policy);
                input[path] = Another(PolicyFields.At(path)!, text);
                if (input.Read() is not { IsValid: true, Policy: var changed } || changed.ToJson() == policy.ToJson() || PolicyFields.PatternOf(path) is "number" or "version" or "titleEnglish" or "titleChinese" or "lines[].code" or "handOvers[].code" or "damagePrices[].code")
                    continue;
                // No notice is no notice, in days and in months.
                if (path.EndsWith(".unit", StringComparison.Ordinal) && input[path[..^4] + "count"] == "0")
                    continue;
                (Words(changed) == before ? unsaid : said).Add(PolicyFields.PatternOf(path));
            }
        }
        unsaid.ShouldBeEmpty();
        said.Count.ShouldBeGreaterThan(80);

        static string Words(TerminationPolicy policy) => string.Join('|', PolicyWords.Of(policy, Texts.English).Concat(PolicyWords.Of(policy, Texts.Chinese)));

        static string Another(PolicyField field, string text) =>
            field.Type == typeof(int) ? text == "3" ? "4" : "3"
            : field.Type == typeof(bool) ? text == "true" ? "false" : "true"
            : field.Type.IsEnum ? PolicyDocument.NamesOf(field.Type).First(n => n != text)
            : field.Type == typeof(Money) ? text.Length > 3 ? $"7777 {text[^3..]}" : ""
            : field.Type == typeof(Rate) ? "0.777"
            : field.Type == typeof(DateOnly) ? text.Length > 0 ? DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture).AddDays(1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) : ""
            : field.Key == "jurisdictions" ? "IT" : text + "9";
    }

    [Fact]
    public void Knows_each_sentence_by_its_topic()
    {
        foreach (var policy in RandomPolicies.Some(300))
        {
            var sentences = PolicyWords.Sentences(policy, Texts.Chinese);
            sentences.ShouldAllBe(s => s.Text.Length > 2 && !s.Text.Contains("{0", StringComparison.Ordinal));
            sentences.Select(s => s.Topic).ShouldBeUnique();
        }
    }

    [Fact]
    public void Has_every_field_in_exactly_one_section()
    {
        var all = EditorView.Sections.SelectMany(s => s.Fields).ToList();

        all.ShouldBeUnique();
        all.Order(StringComparer.Ordinal).ShouldBe(PolicyFields.Top.Select(f => f.Key).Where(k => k != "version").Order(StringComparer.Ordinal));
        EditorView.Sections.ShouldAllBe(s => Texts.Everything.ContainsKey($"policy.section.{s.Key}"));
    }

    [Fact]
    public void Names_every_choice_in_both_languages()
    {
        var missing =
            from field in PolicyFields.All
            from value in field.Type.IsEnum ? PolicyDocument.NamesOf(field.Type) : field.Pattern == "etf.kind" ? PolicyFields.FeeKinds.Keys : []
            where !Texts.Everything.ContainsKey(PolicyWords.OptionKey(field, value))
            select $"{field.Pattern} {value}";
        missing.ShouldBeEmpty();
    }

    [Fact]
    public void Puts_every_message_beside_its_field()
    {
        var input = PolicyInput.Of(GeneralPolicy.Document);
        input["notice.count"] = "soon";
        input["etf.pct"] = "minus";
        input["handOvers[1].price"] = "3.00 EUR";
        input["lines[2].clause"] = "";
        input["scope.jurisdictions"] = "CN, China";
        input["form.purpose.chinese"] = "";
        input["instalments.maxCount"] = "1";

        var paths = input.Read().Errors.Select(e => e.Path).ToList();
        paths.ShouldBe(["form.purpose.chinese", "notice.count", "etf.pct", "lines[2].clause"], ignoreOrder: true);

        (input["notice.count"], input["etf.pct"], input["form.purpose.chinese"], input["lines[2].clause"]) = ("30", "20%", "目的", new string('4', 41));
        input.Read().Errors.Select(e => e.Path).ShouldBe(["scope.jurisdictions", "handOvers[1].price", "lines[2].clause", "instalments.maxCount"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("etf.pct", "20%", "etf.pct", "0.2")]
    [InlineData("handOvers[0].price", "1,200 cny", "handOvers[0].price", "1200.00 CNY")]
    [InlineData("handOvers[0].price", "CNY 90", "handOvers[0].price", "90.00 CNY")]
    [InlineData("scope.jurisdictions", "CN、DE US-CA", "scope.jurisdictions", "CN, DE, US-CA")]
    public void Understands_how_people_write(string path, string typed, string shown, string text)
    {
        var input = PolicyInput.Of(GeneralPolicy.Document);
        input[path] = typed;

        PolicyInput.Of(input.Read().Policy!)[shown].ShouldBe(text);
    }

    [Fact]
    public void Leaves_out_a_part_in_which_nothing_is_typed()
    {
        var input = PolicyInput.Of(GeneralPolicy.Document);
        (input["instalments.maxCount"], input["instalments.firstDueDays"], input["renewal.kind"], input["renewal.notice.count"], input["renewal.reminderDays"], input["etf.kind"]) = ("", "", "", "", "", "");

        var policy = input.Read().Policy!;

        policy.Instalments.ShouldBeNull();
        policy.Renewal.ShouldBeNull();
        policy.Etf.ShouldBeNull();
    }

    [Fact]
    public void Adds_and_removes_entries_and_keeps_the_others()
    {
        var input = PolicyInput.Of(GeneralPolicy.Document);
        input.Remove("handOvers[0]");
        input.Count("handOvers").ShouldBe(2);
        input["handOvers[0].code"].ShouldBe("set-top-box");
        input.Add("handOvers");
        input.Count("handOvers").ShouldBe(3);
        input.Read().Errors.ShouldAllBe(e => e.Path.StartsWith("handOvers[2].", StringComparison.Ordinal));

        input["etf.kind"] = "MIN";
        input.Add("etf.of");
        (input["etf.of[0].kind"], input["etf.of[0].fee"]) = ("FLAT", "300 CNY");
        input.Remove("handOvers[2]");
        input.Read().Policy!.Etf.ShouldBe(new Core.Settlement.LeastFee([new Core.Settlement.FlatFee(new Money(30000, "CNY"))]));
        input.Remove("handOvers[99]");
        input.Remove("nonsense");
        input.Add("nonsense");
    }

    /// <summary>Every text of a form, as its fields send them.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Posted(PolicyInput input)
    {
        return PolicyFields.Top.SelectMany(f => Of(f, f.Key));

        IEnumerable<KeyValuePair<string, string>> Of(PolicyField field, string path)
        {
            if (field.IsList && !field.IsPlainList)
                return Enumerable.Range(0, input.Count(path)).SelectMany(i => (field.IsRules ? PolicyFields.At("etf")!.Parts : field.Parts).SelectMany(p => Of(p, $"{path}[{i}].{p.Key}")));
            return field.Parts.Count > 0 ? field.Parts.SelectMany(p => Of(p, $"{path}.{p.Key}")) : [KeyValuePair.Create(path, Sent(field, path))];
        }

        // A choice that is not made yet stands on its first value in a browser.
        string Sent(PolicyField field, string path) =>
            input[path].Length > 0 || field.Key is "kind" or "method" or "ground" ? input[path].ReplaceLineEndings("\r\n") : field.Type == typeof(bool) ? "false" : field.Type.IsEnum ? PolicyDocument.NamesOf(field.Type)[0] : "";
    }
}
