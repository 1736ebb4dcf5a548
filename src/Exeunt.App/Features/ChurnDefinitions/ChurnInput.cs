using System.Globalization;
using Exeunt.App.Features.Standards;
using Exeunt.Core;
using Exeunt.Core.Churn;
using Exeunt.Core.Documents;
using Exeunt.Core.Standards;

namespace Exeunt.App.Features.ChurnDefinitions;

/// <summary>
/// The editor's form: what was typed, and the definition it says. Fields are named by the paths of the document; ratios are typed as times
/// ("2.5"), drops as percent ("30").
/// </summary>
public sealed class ChurnInput
{
    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);

    public string this[string name]
    {
        get => _fields.GetValueOrDefault(name, "");
        private set => _fields[name] = value;
    }

    public int Version { get; private init; } = 1;

    /// <summary>How many segments there are.</summary>
    public int Segments { get; private set; }

    public bool Has(string name, string value) => this[name].Split(' ').Contains(value);

    public static string PathOf(int i) => string.Create(CultureInfo.InvariantCulture, $"segments[{i}]");

    public static ChurnInput Of(ChurnDefinition definition)
    {
        var input = new ChurnInput { Version = definition.Version, Segments = definition.Segments.Count };
        input.Put("everybody", definition.Everybody);
        for (var i = 0; i < definition.Segments.Count; i++)
        {
            var (segment, at) = (definition.Segments[i], PathOf(i));
            (input[at + ".code"], input[at + ".name.english"], input[at + ".name.chinese"]) = (segment.Code, segment.Name.English, segment.Name.Chinese);
            (input[at + ".scope.kinds"], input[at + ".scope.units"], input[at + ".scope.industries"]) =
                (string.Join(' ', segment.Scope.Kinds ?? []), ScopeText.OfCodes(segment.Scope.Units), ScopeText.OfIndustries(segment.Scope.Industries));
            input.Put(at + ".thresholds", segment.Thresholds);
        }
        return input;
    }

    private void Put(string at, ChurnThresholds by)
    {
        static string Text(decimal number) => number.ToString("0.####", CultureInfo.InvariantCulture);
        (this[at + ".silentMonths"], this[at + ".newMonths"]) = (Text(by.SilentMonths), Text(by.NewMonths));
        (this[at + ".intermittentRuns"], this[at + ".intermittentWindow"]) = (Text(by.IntermittentRuns), Text(by.IntermittentWindow));
        this[at + ".seasonalExcluded"] = by.SeasonalExcluded ? "yes" : "";
        (this[at + ".lateAt"], this[at + ".brokenAt"]) = (Text(by.LateAt / 10_000m), Text(by.BrokenAt / 10_000m));
        (this[at + ".watchDrop"], this[at + ".partialDrop"]) = (Text(by.WatchDrop / 100m), Text(by.PartialDrop / 100m));
    }

    /// <summary>What a form says, with what its button does to the rows: segment-add, segment-remove.1, segment-up.1.</summary>
    public static ChurnInput Of(IFormCollection form, int version)
    {
        var input = new ChurnInput { Version = version };
        foreach (var (name, values) in form)
            if (name.Length <= 80)
                input[name] = name.EndsWith(".kinds", StringComparison.Ordinal) ? string.Join(' ', values.OfType<string>()) : values.ToString().Trim();
        while (input.Segments < ChurnDocument.MaxSegments && form.ContainsKey($"{PathOf(input.Segments)}.row"))
            input.Segments++;
        input.Press(form["do"].ToString());
        return input;
    }

    private void Press(string button)
    {
        var parts = button.Split('.');
        var at = parts.Length > 1 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < Segments ? i : -1;
        switch (parts[0])
        {
            case "segment-add" when Segments < ChurnDocument.MaxSegments:
                Clear(PathOf(Segments));
                // A segment begins as everybody is judged: what is different is then changed.
                foreach (var (name, value) in Under("everybody"))
                    _fields[$"{PathOf(Segments)}.thresholds{name["everybody".Length..]}"] = value;
                Segments++;
                break;
            case "segment-remove" when at >= 0:
                for (var k = at; k + 1 < Segments; k++)
                    Swap(PathOf(k), PathOf(k + 1));
                Clear(PathOf(--Segments));
                break;
            case "segment-up" when at > 0:
                Swap(PathOf(at), PathOf(at - 1));
                break;
        }
    }

    private void Swap(string a, string b)
    {
        var (first, second) = (Under(a), Under(b));
        Clear(a);
        Clear(b);
        foreach (var (name, value) in first)
            _fields[b + name[a.Length..]] = value;
        foreach (var (name, value) in second)
            _fields[a + name[b.Length..]] = value;
    }

    private void Clear(string path)
    {
        foreach (var (name, _) in Under(path))
            _fields.Remove(name);
    }

    private List<KeyValuePair<string, string>> Under(string path) => [.. _fields.Where(f => f.Key.StartsWith(path + ".", StringComparison.Ordinal))];

    /// <summary>The definition, or what is wrong with the form; a path is the name of its field.</summary>
    /// <param name="early">Codes and names that are still missing are made up, so that what it means can be shown early.</param>
    public ChurnReading Read(bool early = false)
    {
        var problems = new List<DocumentProblem>();
        var definition = new ChurnDefinition(Version, Thresholds("everybody"), [.. Enumerable.Range(0, Segments).Select(Segment)]);
        problems.AddRange(ChurnDocument.Check(definition).Where(p => !problems.Any(q => q.Path == p.Path)));
        return problems.Count > 0 ? new(null, problems) : new(definition, []);

        ChurnSegment Segment(int i)
        {
            var at = PathOf(i);
            string Text(string name, string made) => early && this[at + name].Length == 0 ? made : this[at + name];
            var kinds = this[at + ".scope.kinds"].Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(v => Enum.TryParse<CustomerSort>(v, out var value) && Enum.IsDefined(value)).Select(Enum.Parse<CustomerSort>).Distinct().ToList();
            return new(
                Text(".code", $"segment-{i + 1}"), new(Text(".name.english", $"Segment {i + 1}"), Text(".name.chinese", $"分组 {i + 1}")),
                new(kinds.Count == 0 ? null : kinds, ScopeText.Codes(this[at + ".scope.units"]), ScopeText.Industries(this[at + ".scope.industries"])), Thresholds(at + ".thresholds"));
        }

        ChurnThresholds Thresholds(string at) => new(
            (int)Number(at + ".silentMonths", 1), (int)Number(at + ".newMonths", 1), (int)Number(at + ".intermittentWindow", 1), (int)Number(at + ".intermittentRuns", 1),
            this[at + ".seasonalExcluded"].Length > 0, Number(at + ".lateAt", 10_000), Number(at + ".brokenAt", 10_000), Number(at + ".watchDrop", 100), Number(at + ".partialDrop", 100));

        // In the document's steps.
        long Number(string name, int steps)
        {
            if (decimal.TryParse(this[name].TrimEnd('%', '％', ' '), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number <= 1_000 && number * steps is var all && all == decimal.Truncate(all))
                return (long)all;
            problems.Add(this[name].Length == 0 ? new("churn.missing", name, null, new("Please fill this in.", "请填写此项。"))
                : new("churn.wrong-type", name, null, steps == 1 ? new("A whole number is expected.", "应为整数。") : new("A number with a few decimals is expected, such as 2.5.", "应为数字，例如 2.5。")));
            return 0;
        }
    }
}
