using System.Globalization;
using Exeunt.Core.Policies;

namespace Exeunt.Core.Rules;

/// <summary>Short hand in which the built-in packs are written.</summary>
internal static class RuleWriting
{
    internal static readonly DateOnly IssuedOn = new(2026, 11, 1);

    /// <summary>The day of the versions that came with the portal's legal pages.</summary>
    internal static readonly DateOnly PagesIssuedOn = new(2026, 11, 26);

    /// <summary>Consumers of every kind.</summary>
    internal static readonly IReadOnlyList<Party> Consumers = [Party.Consumer, Party.Telecom];

    internal static readonly IReadOnlyList<Party> TelecomOnly = [Party.Telecom];

    internal const RuleStatus V = RuleStatus.Verified;
    internal const RuleStatus S = RuleStatus.Secondary;
    internal const RuleStatus GK = RuleStatus.GeneralKnowledge;

    internal static LegalRule Rule(
        string id, RuleStatus status, string? from, RuleEffect effect, string article, string source, Words title, Words text) =>
        new()
        {
            Id = id, Status = status, Effect = effect, Article = article, Source = source, Title = title, Text = text,
            ValidFrom = from is null ? null : Day(from),
        };

    internal static Words W(string english, string chinese) => new(english, chinese);

    internal static Limit AtMost(string measure, string value) => new(measure, LimitOperator.AtMost, value);

    internal static Limit AtLeast(string measure, string value) => new(measure, LimitOperator.AtLeast, value);

    internal static Limit Is(string measure, string value) => new(measure, LimitOperator.Is, value);

    internal static Limit IsNot(string measure, string value) => new(measure, LimitOperator.IsNot, value);

    internal static Dictionary<string, string> Figures(params (string Name, string Value)[] figures) =>
        figures.ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal);

    internal static DateOnly Day(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
