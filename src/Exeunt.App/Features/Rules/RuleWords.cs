using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core.Rules;

namespace Exeunt.App.Features.Rules;

/// <summary>Rules in the words of a page.</summary>
public static class RuleWords
{
    /// <summary>"Germany", "California"; a place without a name is its code.</summary>
    public static string Place(Texts t, string code) =>
        BuiltInPacks.All.FirstOrDefault(p => p.Jurisdiction == code) is { } pack ? pack.Title.In(t.Language) : Countries.Name(t, code);

    public static ChipKind Kind(RuleStatus status) =>
        status switch { RuleStatus.Verified => ChipKind.Ok, RuleStatus.Secondary => ChipKind.Info, _ => ChipKind.Warn };

    /// <summary>"Notice, in months: at most 1".</summary>
    public static string Of(Limit limit, Texts t) =>
        t["rules.limit", Measures.Find(limit.Measure)?.Title.In(t.Language) ?? limit.Measure, t[$"rules.op.{limit.Operator}", Value(limit.Value, t)]];

    private static string Value(string value, Texts t) =>
        value switch { "true" => t["rules.yes"], "false" => t["rules.no"], _ when Texts.Everything.ContainsKey("rules.code." + value) => t["rules.code." + value], _ => value };

    /// <summary>An anchor made of a rule's id.</summary>
    public static string Anchor(string id) => string.Concat(id.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));
}
