using System.Globalization;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Policies;
using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core.Procedures;
using Exeunt.Core.Policies;

namespace Exeunt.App.Features.Terms;

/// <summary>A column of a table on paper: its share of the width, and whether it holds amounts.</summary>
public sealed record PaperColumn(string Heading, double Share, bool Right = false);

public sealed record PaperTable(IReadOnlyList<PaperColumn> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);

/// <summary>A numbered section: sentences, then perhaps a table.</summary>
public sealed record PaperSection(string Heading, IReadOnlyList<string> Lines, PaperTable? Table = null);

/// <summary>A signature in the chain 编制→审核→复审→审批.</summary>
public sealed record PaperHand(string Step, string Name, DateOnly On);

/// <summary>A line of the revision history.</summary>
public sealed record PaperEdition(int Version, string State, DateOnly From, DateOnly? Until);

/// <summary>
/// A policy as the formal document (制度文件): head, numbered sections, tables, sign-off and revision history. The page and the PDF are
/// both made from this, so they say the same.
/// </summary>
/// <param name="Mark">"Draft", "superseded": what must stand on every page; null for a version in force.</param>
public sealed record PolicyPaper(
    string Language, string Title, string Number, int Version, string? Mark, IReadOnlyList<(string Label, string Value)> Head, IReadOnlyList<PaperSection> Sections)
{
    public string Reference => Texts.In(Language)["paper.reference", Number, Version];

    /// <param name="hands">The signatures; none leaves the block out.</param>
    public static PolicyPaper Of(TerminationPolicy policy, PolicyStanding standing, DateOnly? until, DateOnly? review, IReadOnlyList<PaperHand> hands, IReadOnlyList<PaperEdition> editions, Texts t, Procedure? procedure = null)
    {
        var form = policy.Form ?? new PolicyForm();
        var state = t.Of("policy.standing", standing);
        var head = new List<(string, string)>
        {
            (t["policy.number"], policy.Number), (t["policy.version"], policy.Version.ToString(CultureInfo.InvariantCulture)), (t["policy.status"], state), (t["policy.from"], t.Date(policy.EffectiveFrom)),
        };
        if (until is { } end)
            head.Add((t["paper.last-day"], t.Date(end.AddDays(-1))));
        if (review is { } on)
            head.Add((t["paper.review"], t.Date(on)));
        if (form.InterpretingOffice is { } office)
            head.Add((t["paper.office"], office.In(t.Language)));
        var sections = new List<PaperSection>();
        void Add(string key, IReadOnlyList<string> lines, PaperTable? table = null)
        {
            if (lines.Count > 0 || table is { Rows.Count: > 0 })
                sections.Add(new(string.Create(CultureInfo.InvariantCulture, $"{sections.Count + 1} {t[key]}"), lines, table));
        }
        Add("paper.purpose", form.Purpose is { } purpose ? [purpose.In(t.Language)] : []);
        var said = PolicyWords.Sentences(policy, t);
        Add("paper.scope", [.. form.Scope is { } scope ? [scope.In(t.Language)] : Array.Empty<string>(), .. said.Where(s => s.Topic == "scope").Select(s => s.Text)]);
        Add("paper.responsibilities", [], Entries(form.Responsibilities, t["paper.who"], t["paper.does"], t));
        Add("paper.definitions", [], Entries(form.Definitions, t["paper.term"], t["paper.means"], t));
        // What has a section or a table of its own below is not said twice.
        Add("paper.rules", [.. said.Where(s => s.Part is PolicyPart.Ending or PolicyPart.Money)
            .Select((s, i) => string.Create(CultureInfo.InvariantCulture, $"{sections.Count + 1}.{i + 1} {s.Text}"))]);
        Add("paper.lines", [], new(
            [new(t["paper.clause"], 9), new(t["paper.line"], 22), new(t["paper.wording"], 47), new(t["paper.tax"], 22)],
            [.. policy.Lines.OrderBy(l => l.Value.Clause, StringComparer.Ordinal).Select(l => (IReadOnlyList<string>)
                [l.Value.Clause, StatementLines.Label(t, l.Key), t.Pick(l.Value.English, l.Value.Chinese), Tax(l.Value, t)])]));
        var (contract, examples) = TermsText.ExamplesOf(policy);
        Add("paper.fees", examples.Count == 0 ? [] : [t["paper.fees.about", contract.TermMonths, Amounts.Text(contract.MonthlyFee)]], new(
            [new(t["paper.months"], 20, true), new(t["replay.last-day"], 30), new(t["paper.fee"], 25, true), new(t["paper.balance"], 25, true)],
            [.. examples.Select(e => (IReadOnlyList<string>)[e.Months.ToString(CultureInfo.InvariantCulture), t.Date(e.LastServiceDay), Amounts.Text(e.Fee), Amounts.Text(e.Total)])]));
        Add("paper.hand-overs", [], new(
            [new(t["paper.thing"], 34), new(t["paper.side"], 20), new(t["paper.days"], 22, true), new(t["paper.missing"], 24, true)],
            [.. policy.HandOvers.Select(h => (IReadOnlyList<string>)[h.Name.In(t.Language), t.Of("paper.side", h.Side), h.Days.ToString(CultureInfo.InvariantCulture), h.Price is { } p ? Amounts.Text(p) : "—"])]));
        Add("paper.prices", [], new(
            [new(t["paper.code"], 22), new(t["paper.damage"], 54), new(t["paper.price"], 24, true)],
            [.. policy.DamagePrices.Select(p => (IReadOnlyList<string>)[p.Code, p.Name.In(t.Language), Amounts.Text(p.Price)])]));
        Add("paper.consequences", TermsText.OfConsequences(policy, t).Parts[0].Lines);
        Add("paper.steps", [], new(
            [new(t["paper.step"], 10, true), new(t["paper.what"], 60), new(t["paper.by"], 30)],
            [.. (procedure ?? GeneralProcedures.Termination).Steps.Select((s, i) => (IReadOnlyList<string>)
                [(i + 1).ToString(CultureInfo.InvariantCulture), t.Of("terms.step", s.Kind), s.Roles.Count == 0 ? t["paper.by.system"] : string.Join(t.Pick(", ", "、"), s.Roles.Select(r => t.Of("role", r)))])]));
        Add("paper.attachments", [.. form.Attachments.Select((a, i) => string.Create(CultureInfo.InvariantCulture, $"{i + 1}. {a.In(t.Language)}"))]);
        Add("paper.sign-off", [], hands.Count == 0 ? null : new(
            [new(t["paper.sign"], 34), new(t["paper.name"], 36), new(t["paper.on"], 30)], [.. hands.Select(h => (IReadOnlyList<string>)[h.Step, h.Name, t.Date(h.On)])]));
        Add("paper.revisions", [], new(
            [new(t["policy.version"], 16, true), new(t["policy.status"], 28), new(t["policy.from"], 28), new(t["paper.last-day"], 28)],
            [.. editions.Select(e => (IReadOnlyList<string>)[e.Version.ToString(CultureInfo.InvariantCulture), e.State, t.Date(e.From), e.Until is { } u ? t.Date(u.AddDays(-1)) : "—"])]));
        return new(t.Language, t.Pick(policy.TitleEnglish, policy.TitleChinese), policy.Number, policy.Version, standing == PolicyStanding.InForce ? null : state, head, sections);
    }

    private static PaperTable Entries(IReadOnlyList<PolicyEntry> entries, string name, string text, Texts t) =>
        new([new(name, 30), new(text, 70)], [.. entries.Select(e => (IReadOnlyList<string>)[e.Name.In(t.Language), e.Text.In(t.Language)])]);

    private static string Tax(LineTerms terms, Texts t) =>
        terms.TaxRate is { } rate && !rate.Numerator.IsZero
            ? string.Create(CultureInfo.InvariantCulture, $"{terms.TaxCode} {(decimal)rate.Numerator * 100 / (decimal)rate.Denominator:0.####}%")
            : t["paper.no-tax"];

    /// <summary>The PDF, with the mark on top and at the foot of every page.</summary>
    internal byte[] ToPdf(Issuer issuer, PdfFonts fonts, DateTimeOffset at)
    {
        var words = CertificateWords.In(Language);
        using var pdf = new Pdf(fonts, new PdfAbout(Title, issuer.Name, Reference, Language, at));
        DocumentParts.Letterhead(pdf, issuer, words);
        pdf.Y += 20;
        if (Mark is not null)
        {
            var style = new PdfText(13, Bold: true, 0xB3382C);
            var width = pdf.Measure(Mark, style) + 24;
            pdf.Frame(Pdf.PageWidth - Pdf.Margin - width, pdf.Y, width, 26, 0xB3382C, 1.4, radius: 4);
            pdf.At(Pdf.PageWidth - Pdf.Margin - width + 12, pdf.Y + 3, width, Mark, style);
            pdf.Y += 34;
        }
        pdf.Centred(Title, new PdfText(17, Bold: true, Pdf.Accent), after: 4);
        pdf.Centred(Reference, Pdf.Small, after: 12);
        pdf.Facts(Head.Select(h => (h.Label, (string?)h.Value)));
        foreach (var section in Sections)
        {
            pdf.Y += 6;
            pdf.Heading(section.Heading);
            foreach (var line in section.Lines)
                pdf.Paragraph(line, Pdf.Body, after: 3);
            if (section.Table is { Rows.Count: > 0 } table)
                pdf.Table([.. table.Columns.Select(c => new PdfColumn(c.Heading, c.Share, c.Right))], table.Rows);
        }
        return pdf.ToBytes(Mark is null ? Reference : $"{Reference} · {Mark}");
    }
}
