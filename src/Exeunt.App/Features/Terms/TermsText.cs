using System.Security.Cryptography;
using System.Text;
using Exeunt.App.Features.Policies;
using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core;
using Exeunt.Core.Calendar;
using Exeunt.Core.Procedures;
using Exeunt.Core.Contracts;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;

namespace Exeunt.App.Features.Terms;

/// <summary>A part of a text: a heading and its sentences.</summary>
public sealed record TermsPart(string Heading, IReadOnlyList<string> Lines);

/// <summary>
/// A text for a customer, from the data that computes the money. A page shows exactly these parts, and the hash is of exactly these
/// words: what was shown is what is kept.
/// </summary>
public sealed record TermsText(TermsKind Kind, string PolicyNumber, int PolicyVersion, string Language, string Title, IReadOnlyList<TermsPart> Parts)
{
    /// <summary>Months of service after which the examples end.</summary>
    public static IReadOnlyList<int> ExampleMonths { get; } = [3, 6, 12, 18, 24];

    /// <summary>The words as one text: the title, then each part with its sentences, one a line.</summary>
    public string Text { get; } = Write(Title, Parts);

    /// <summary>SHA-256 of <see cref="Text"/> in UTF-8, hex.</summary>
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    /// <summary>The whole policy, as it is read before signing.</summary>
    /// <param name="procedure">The procedure on which its contracts are ended; null: the general one.</param>
    public static TermsText OfPolicy(TerminationPolicy policy, Texts t, Procedure? procedure = null) =>
        new(TermsKind.Policy, policy.Number, policy.Version, t.Language, t["terms.of", t.Pick(policy.TitleEnglish, policy.TitleChinese), policy.Number, policy.Version],
        [
            .. Said(policy, PolicyPart.Ending, t),
            .. Said(policy, PolicyPart.Money, t),
            .. Examples(policy, t),
            .. Said(policy, PolicyPart.HandOver, t),
            .. ConsequencesOf(policy, t),
            new(t["terms.part.end"], [t["terms.end.1"], t["terms.end.2"], t["terms.end.3"]]),
            new(t["terms.part.steps"], [.. (procedure ?? GeneralProcedures.Termination).Steps.Select(s => t.Of("terms.step", s.Kind)).Distinct()]),
            .. Said(policy, PolicyPart.Clauses, t),
            .. Said(policy, PolicyPart.Document, t),
            new(t["terms.part.about"], [t["terms.about.bound"]]),
        ]);

    /// <summary>What ending does beside the money, as it is read before it binds.</summary>
    public static TermsText OfConsequences(TerminationPolicy policy, Texts t) =>
        new(TermsKind.Consequences, policy.Number, policy.Version, t.Language, t["terms.consequences.of", policy.Number, policy.Version], ConsequencesOf(policy, t));

    /// <summary>The fee and the balance for one contract, left after whole months of service.</summary>
    public sealed record Example(int Months, DateOnly LastServiceDay, Money Fee, Money Total);

    /// <summary>The examples: those within the term of the policy's example contract that it lets end. Computed, not written.</summary>
    public static (ContractTerms Contract, IReadOnlyList<Example> Examples) ExamplesOf(TerminationPolicy policy)
    {
        var (contract, facts) = PolicyWords.Example(policy);
        var examples = new List<Example>();
        foreach (var months in ExampleMonths.Where(m => m <= contract.TermMonths && m >= policy.MinimumMonths && (policy.EarlyExitAllowed || m == contract.TermMonths)))
        {
            var last = contract.Start.PlusMonths(months).PlusDays(-1);
            if (StatementBuilder.Build(contract, policy, facts with { LastServiceDay = last }) is { Succeeded: true, Value: var statement })
                examples.Add(new(months, last, statement.Lines.FirstOrDefault(l => l.Code == LineCode.Etf)?.Amount ?? Money.Zero(contract.Currency), statement.Total));
        }
        return (contract, examples);
    }

    /// <summary>What the policy's own words say of a part; none when it has nothing to say.</summary>
    private static IEnumerable<TermsPart> Said(TerminationPolicy policy, PolicyPart part, Texts t)
    {
        var sentences = PolicyWords.Sentences(policy, t).Where(s => s.Part == part).Select(s => s.Text).ToList();
        if (sentences.Count > 0)
            yield return new(t.Of("policy.part", part), sentences);
    }

    private static IEnumerable<TermsPart> Examples(TerminationPolicy policy, Texts t)
    {
        var (contract, examples) = ExamplesOf(policy);
        if (examples.Count == 0)
            yield break;
        var about = t["terms.example.about", contract.TermMonths, Amounts.Text(contract.MonthlyFee),
            string.Concat(
                contract.Deposit is { } deposit ? t["terms.example.deposit", Amounts.Text(deposit)] : "",
                contract.DeviceValue is { } device ? t["terms.example.device", Amounts.Text(device)] : "")];
        yield return new(t["terms.part.examples"],
        [
            about,
            .. examples.Select(e => t["terms.example.after", e.Months, Amounts.Text(e.Fee), Balance(e.Total, t)]),
            t["terms.example.differs"],
        ]);
    }

    /// <summary>"you pay ¥20.00 in all", "you get ¥300.00 back in all".</summary>
    private static string Balance(Money total, Texts t) =>
        total.Minor switch
        {
            > 0 => t["terms.balance.pay", Amounts.Text(total)],
            < 0 => t["terms.balance.get", Amounts.Text(-total)],
            _ => t["terms.balance.even"],
        };

    /// <summary>
    /// The four things that must be told (credit record, obligations, points, services) and signing again. Where a policy is silent
    /// the text says that it is, instead of promising something.
    /// </summary>
    private static IReadOnlyList<TermsPart> ConsequencesOf(TerminationPolicy policy, Texts t)
    {
        var told = policy.Consequences;
        return
        [
            new(t["terms.part.consequences"],
            [
                t[told.ReportedToCreditBureau ? "terms.credit.reported" : "terms.credit.not"] + Also(told.Credit, t),
                told.Obligations is { } obligations ? t["terms.obligations", obligations.In(t.Language)] : t["terms.obligations.default"],
                told.Points is { } points ? t["terms.points", points.In(t.Language)] : t["terms.points.default"],
                told.Services is { } services ? t["terms.services", services.In(t.Language)] : t["terms.services.default"],
                (told.ResignAfterDays == 0 ? t["terms.resign.at-once"] : t["terms.resign.after", told.ResignAfterDays]) + Also(told.Resign, t),
            ]),
        ];
    }

    private static string Also(Words? more, Texts t) => more is null ? "" : t.Pick(" ", "") + more.In(t.Language);

    private static string Write(string title, IReadOnlyList<TermsPart> parts)
    {
        var text = new StringBuilder(title).Append('\n');
        foreach (var part in parts)
        {
            text.Append('\n').Append(part.Heading).Append('\n');
            foreach (var line in part.Lines)
                text.Append("- ").Append(line).Append('\n');
        }
        return text.ToString();
    }
}
