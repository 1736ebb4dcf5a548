using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Exeunt.Core;
using Exeunt.Core.Policies;

namespace Exeunt.App.Features.Policies;

/// <summary>
/// The editor's form: every field of a policy's document as the text that stands in it, under its JSON path ("notice.count",
/// "handOvers[2].price", "lines[0].code"). It becomes the document again and is read by the same reader as any other, so that every
/// message falls beside its field and nothing typed is lost.
/// </summary>
public sealed class PolicyInput
{
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    /// <summary>Choices that are always made and alone do not make a part exist.</summary>
    private static readonly HashSet<Type> Quiet = [typeof(Party), typeof(Core.Calendar.NoticeUnit), typeof(GroundFee), typeof(PolicySide), typeof(bool), typeof(Core.Settlement.SurrenderBasis), typeof(Core.Settlement.TableBetween)];

    private static readonly PolicyField Etf = PolicyFields.At("etf")!;

    public string this[string path]
    {
        get => _texts.GetValueOrDefault(path, "");
        set => _texts[path] = value;
    }

    /// <summary>The form of a policy.</summary>
    public static PolicyInput Of(TerminationPolicy policy)
    {
        var input = new PolicyInput();
        input.Fill(PolicyFields.Top, "", JsonNode.Parse(policy.ToJson())!.AsObject());
        return input;
    }

    /// <summary>The form as it was posted; what is no field of a policy is left out.</summary>
    public static PolicyInput Of(IEnumerable<KeyValuePair<string, string>> posted)
    {
        var input = new PolicyInput();
        foreach (var (name, text) in posted)
            if (PolicyFields.At(name) is not null)
                input._texts[name] = text.ReplaceLineEndings("\n");
        return input;
    }

    /// <summary>How many entries a list has in the form.</summary>
    public int Count(string list)
    {
        var count = 0;
        foreach (var path in _texts.Keys)
            if (IndexIn(list, path) is { } index && index >= count)
                count = index + 1;
        return Math.Min(count, PolicyDocument.MaxEntries);
    }

    /// <summary>Adds an empty entry to a list.</summary>
    public void Add(string list)
    {
        if (PolicyFields.At(list) is { IsList: true } field && Count(list) is < PolicyDocument.MaxEntries and var count)
            _texts[$"{list}[{count}].{(field.IsRules ? "kind" : FirstValue(field.Parts).Pattern[(field.Pattern.Length + 3)..])}"] = "";
    }

    /// <summary>Takes an entry ("handOvers[2]") out of its list; those after it move up.</summary>
    public void Remove(string entry)
    {
        var bracket = entry.LastIndexOf('[');
        if (bracket < 0 || !entry.EndsWith(']') || !int.TryParse(entry.AsSpan(bracket + 1, entry.Length - bracket - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var gone))
            return;
        var list = entry[..bracket];
        var moved = _texts.Where(t => IndexIn(list, t.Key) >= gone).ToList();
        foreach (var (path, _) in moved)
            _texts.Remove(path);
        foreach (var (path, text) in moved)
            if (IndexIn(list, path) is { } index && index > gone)
                _texts[$"{list}[{index - 1}]{path[(path.IndexOf(']', list.Length) + 1)..]}"] = text;
    }

    /// <summary>The document that stands in the form.</summary>
    public string ToJson() => (Part(PolicyFields.Top, "", out _) ?? []).ToJsonString();

    /// <summary>The policy, or what is wrong, each message at the path of its field in the form.</summary>
    public PolicyReading Read()
    {
        if (TwiceInLines() is { } twice)
            return new(null, [twice]);
        var read = PolicyDocument.Read(ToJson());
        return read.IsValid ? read : new(null, [.. read.Errors.Select(e => e with { Path = InForm(e.Path), Line = 0, Column = 0 })]);
    }

    // --- from the document ----------------------------------------------------------------------------------------------

    private void Fill(IReadOnlyList<PolicyField> fields, string prefix, JsonObject node)
    {
        foreach (var field in fields)
            if (node[field.Key] is { } value)
                Fill(field, prefix + field.Key, value);
    }

    private void Fill(PolicyField field, string path, JsonNode value)
    {
        if (field.IsPlainList)
            _texts[path] = string.Join(field.Type == typeof(Money) ? "\n" : ", ", value.AsArray().Select(v => v!.ToString()));
        else if (value is JsonObject lines && field.IsList)
        {
            var i = 0;
            foreach (var (code, terms) in lines)
            {
                _texts[$"{path}[{i}].code"] = code;
                Fill(field.Parts, $"{path}[{i++}].", terms!.AsObject());
            }
        }
        else if (value is JsonArray entries)
            for (var i = 0; i < entries.Count; i++)
                Fill(field.IsRules ? Etf.Parts : field.Parts, $"{path}[{i}].", entries[i]!.AsObject());
        else if (value is JsonObject part)
            Fill(field.Parts, path + ".", part);
        else
            _texts[path] = value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
    }

    // --- to the document ------------------------------------------------------------------------------------------------

    /// <summary>The object at a path; null when nothing is typed in it.</summary>
    private JsonObject? Part(IReadOnlyList<PolicyField> fields, string prefix, out bool isTyped)
    {
        var part = new JsonObject();
        isTyped = false;
        IReadOnlyList<string>? ofKind = null;
        if (fields == Etf.Parts && this[prefix + "kind"] is { Length: > 0 } kind)
            ofKind = PolicyFields.FeeKinds.GetValueOrDefault(kind);
        foreach (var field in fields)
        {
            // Only the fields of the kind that was chosen; the others keep their texts in the form.
            if (ofKind is not null && field.Key != "kind" && !ofKind.Contains(field.Key))
                continue;
            if (Node(field, prefix + field.Key, out var typed) is not { } value)
                continue;
            part[field.Key] = value;
            isTyped |= typed;
        }
        if (fields == Etf.Parts && ofKind is null && this[prefix + "kind"].Length == 0)
            isTyped = false;
        return isTyped ? part : null;
    }

    private JsonNode? Node(PolicyField field, string path, out bool isTyped)
    {
        isTyped = true;
        if (field.IsPlainList)
            return Split(field, this[path]) is { Count: > 0 } values ? new JsonArray([.. values.Select(v => (JsonNode?)JsonValue.Create(v))]) : null;
        if (field.IsList)
            return Entries(field, path);
        if (field.Parts.Count > 0)
        {
            var part = Part(field.Parts, path + ".", out isTyped);
            // Without a count there is no notice to fall back to: the field is asked for.
            return part ?? (path == "notice" ? [] : null);
        }
        var text = this[path].Trim();
        if (text.Length == 0)
            return null;
        isTyped = !Quiet.Contains(field.Type) || text == "true";
        return Value(field.Type, text);
    }

    private JsonNode? Entries(PolicyField list, string path)
    {
        var count = Count(path);
        if (count == 0)
            return null;
        if (list.Pattern == "lines")
        {
            var lines = new JsonObject();
            for (var i = 0; i < count; i++)
            {
                var terms = Part([.. list.Parts.Where(p => p.Key != "code")], $"{path}[{i}].", out _) ?? [];
                lines[this[$"{path}[{i}].code"].Trim()] = terms;
            }
            return lines;
        }
        return new JsonArray([.. Enumerable.Range(0, count).Select(i => (JsonNode?)(Part(list.IsRules ? Etf.Parts : list.Parts, $"{path}[{i}].", out _) ?? Untyped(list, $"{path}[{i}].")))]);
    }

    /// <summary>An entry in which only choices are made that have a preset: they still say something.</summary>
    private JsonObject Untyped(PolicyField list, string prefix)
    {
        var entry = new JsonObject();
        foreach (var field in list.Parts.Where(p => p.Parts.Count == 0 && this[prefix + p.Key].Length > 0))
            entry[field.Key] = Value(field.Type, this[prefix + field.Key]);
        return entry;
    }

    private static JsonNode? Value(Type type, string text)
    {
        if (type == typeof(int) && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return JsonValue.Create(number);
        if (type == typeof(bool))
            return JsonValue.Create(text is "true" or "on");
        if (type == typeof(Money))
            return JsonValue.Create(Amount(text));
        if (type == typeof(Rate))
            return JsonValue.Create(Percent(text));
        return JsonValue.Create(text);
    }

    /// <summary>"1,200 cny" and "CNY 1200" are 1200 CNY; what is no amount stays as it was typed.</summary>
    private static string Amount(string text)
    {
        var parts = text.Replace(",", "", StringComparison.Ordinal).Replace("，", "", StringComparison.Ordinal).ToUpperInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            [var amount, { Length: 3 } currency] when !char.IsAsciiLetter(amount[0]) => $"{amount} {currency}",
            [{ Length: 3 } currency, var amount] => $"{amount} {currency}",
            _ => text,
        };
    }

    /// <summary>"20%" is 0.2; anything else stays as it was typed.</summary>
    private static string Percent(string text) =>
        text.EndsWith('%') && decimal.TryParse(text.AsSpan()[..^1].TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
            ? (percent / 100).ToString(CultureInfo.InvariantCulture)
            : text;

    private static List<string> Split(PolicyField field, string text) =>
        [
            .. text.Split(field.Type == typeof(Money) ? ["\n"] : [",", "，", "、", "\n", " "], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(v => field.Type == typeof(Money) ? Amount(v) : v),
        ];

    // --- messages -------------------------------------------------------------------------------------------------------

    private PolicyError? TwiceInLines()
    {
        var codes = Enumerable.Range(0, Count("lines")).Select(i => this[$"lines[{i}].code"].Trim()).ToList();
        var twice = codes.FindIndex(c => codes.IndexOf(c) < codes.LastIndexOf(c));
        return twice < 0 ? null : new($"lines[{codes.LastIndexOf(codes[twice])}].code", "policy.repeated", "This stands here twice.", "此项重复出现。");
    }

    /// <summary>The field beside which a message about a path of the document stands.</summary>
    private string InForm(string path)
    {
        if (path.StartsWith("lines.", StringComparison.Ordinal))
        {
            var (at, length) = (-1, -1);
            for (var i = 0; i < Count("lines"); i++)
            {
                var code = this[$"lines[{i}].code"].Trim();
                if (code.Length > length && (path == $"lines.{code}" || path.StartsWith($"lines.{code}.", StringComparison.Ordinal)))
                    (at, length) = (i, code.Length);
            }
            if (at >= 0)
                path = path.Length > "lines.".Length + length ? $"lines[{at}].{path[("lines.".Length + length + 1)..]}" : $"lines[{at}].code";
        }
        if (path.EndsWith(']') && PolicyFields.At(path[..path.LastIndexOf('[')]) is { IsPlainList: true })
            return path[..path.LastIndexOf('[')];
        // A part that is missing as a whole: its first field is where to begin.
        return PolicyFields.At(path) is { IsList: false, Parts.Count: > 0 } part ? $"{path}.{FirstValue(part.Parts).Pattern[(part.Pattern.Length + 1)..]}" : path;
    }

    private static PolicyField FirstValue(IReadOnlyList<PolicyField> parts) => parts[0].Parts.Count == 0 ? parts[0] : FirstValue(parts[0].Parts);

    /// <summary>The number of the entry of a list that a path stands in; null when it stands elsewhere.</summary>
    private static int? IndexIn(string list, string path)
    {
        if (!path.StartsWith(list, StringComparison.Ordinal) || path.Length <= list.Length || path[list.Length] != '[')
            return null;
        var end = path.IndexOf(']', list.Length);
        return end > 0 && int.TryParse(path.AsSpan(list.Length + 1, end - list.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
    }
}
