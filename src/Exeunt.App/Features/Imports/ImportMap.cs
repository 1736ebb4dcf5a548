using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.Imports;

/// <summary>A column that a noun knows.</summary>
/// <param name="Name">Its name in templates and mappings.</param>
/// <param name="IsPersonal">Masked in previews.</param>
/// <param name="Max">Longest text that is taken: what is kept in clear is no longer than its column in the database.</param>
internal sealed record ImportColumn(string Name, bool IsRequired = false, bool IsPersonal = false, int Max = 200);

/// <summary>
/// How a file's columns become ours: MAP.json (docs/import.md). <see cref="Columns"/> maps our names to the header's;
/// <see cref="Defaults"/> are values for columns the file does not have.
/// </summary>
internal sealed record ImportMap
{
    public string Name { get; init; } = "own";
    public ImportNoun Noun { get; init; }

    /// <summary>Name of the system the numbers come from; part of every customer's identity here.</summary>
    public string Source { get; init; } = "own";
    public string? Currency { get; init; }

    /// <summary>"csv" or "whitespace"; a workbook is known by its content.</summary>
    public string Format { get; init; } = "csv";
    public string Separator { get; init; } = ",";
    public string Encoding { get; init; } = "utf-8";
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();
    public IReadOnlyDictionary<string, string> Defaults { get; init; } = new Dictionary<string, string>();

    /// <summary>Forms of dates, .NET custom formats; a time of day is read and left out.</summary>
    public IReadOnlyList<string> Dates { get; init; } = ["yyyy-MM-dd", "yyyy-MM-dd HH:mm:ss", "yyyy/M/d", "yyyyMMdd"];

    public bool IsWhitespace => Format == "whitespace";

    /// <summary>Whether it is a template's own: all columns of the file must be known to it.</summary>
    [JsonIgnore]
    public bool IsTemplate { get; private init; }

    /// <summary>How many columns of a file are named, and how much of a name is shown.</summary>
    private const int MaxShown = 50;

    /// <summary>The columns of each noun, in the template's order.</summary>
    public static readonly IReadOnlyDictionary<ImportNoun, ImportColumn[]> ColumnsOf = new Dictionary<ImportNoun, ImportColumn[]>
    {
        [ImportNoun.Customers] =
        [
            new("customer", true, true), new("name", false, true), new("kind"), new("contact_person", false, true), new("mail", false, true),
            new("phone", false, true), new("address", false, true), new("country"), new("industry", Max: 60), new("since"), new("language"),
            new("currency"), new("unit"), new("tier"), new("notes", false, true),
        ],
        [ImportNoun.Contacts] =
        [
            new("customer", true, true), new("contact_person", false, true), new("mail", false, true), new("phone", false, true), new("address", false, true),
        ],
        [ImportNoun.Contracts] =
        [
            new("customer", true, true), new("contract", true, true), new("product", true, Max: 40), new("product_zh", Max: 100), new("product_en", Max: 100), new("currency"),
            new("start_on", true), new("term_months", true), new("monthly_fee", true), new("prepaid"), new("deposit"), new("device_value"),
            new("unpaid"), new("policy", Max: 40), new("policy_version"), new("zone", Max: 40), new("jurisdiction", Max: 10),
            new("party"), new("billing_months"), new("billing_anchor"), new("monthly_discount"), new("notice_days"), new("auto_renew"), new("device_months"),
            new("unpaid_due_on"), new("prepaid_paid"), new("prepaid_gift"), new("prepaid_paid_on"), new("prepaid_from"), new("prepaid_until"), new("prepaid_consumed"),
            new("earnest"), new("earnest_price"), new("signed_on"), new("premiums_paid"), new("sum_insured"), new("policy_loan"), new("policy_loan_on"), new("rights"),
        ],
        [ImportNoun.Invoices] =
        [
            new("customer", true, true), new("document"), new("date", true), new("quantity"), new("unit_price"), new("amount"), new("currency"), new("country"), new("cost"), new("product_line", Max: 60),
        ],
        [ImportNoun.Orders] =
        [
            new("customer", true, true), new("order", true, true, Max: 60), new("ordered_on", true), new("currency"), new("product", true, Max: 60), new("product_zh"), new("product_en"), new("kind"), new("quantity", true),
            new("unit_price", true), new("tax_rate", Max: 12), new("tax_code", Max: 20), new("shipped_on"), new("delivered_on"), new("opened"), new("discount"), new("freight"), new("standard_freight"), new("means"), new("paid"),
            new("paid_on"), new("payment_reference", false, true), new("informed_on"), new("location", Max: 40), new("invoice", Max: 60), new("zone", Max: 40), new("jurisdiction", Max: 10),
            new("party"), new("distance"), new("free_returns"),
        ],
        [ImportNoun.Complaints] = [new("customer", true, true), new("document"), new("date", true), new("verdict")],
        [ImportNoun.Facts] =
        [
            new("customer", true, true), new("kind", true), new("date", true), new("number"), new("amount"), new("cost"), new("product_line", Max: 60), new("due_on"), new("verdict"), new("minutes"),
            new("hour_cost"), new("times"), new("kept"), new("score"), new("until"), new("correction"),
        ],
    };

    /// <summary>The mappings that ship with the product, and the templates' own.</summary>
    public static IReadOnlyList<ImportMap> Shipped { get; } = Load();

    /// <summary>The shipped mapping that fits a header: all columns it names are there.</summary>
    public static ImportMap? Fitting(ImportNoun noun, IReadOnlyList<string> header) =>
        Shipped.Where(m => m.Noun == noun && m.Columns.Values.All(v => header.Any(h => AreAlike(h, v))))
            .OrderByDescending(m => m.Columns.Count).FirstOrDefault()
        ?? Template(noun, header);

    /// <summary>A mapping from a person's file.</summary>
    /// <exception cref="ImportFileException">Not a mapping.</exception>
    public static ImportMap Parse(ImportNoun noun, string json)
    {
        try
        {
            if (JsonSerializer.Deserialize<ImportMap>(json, Json.Plain) is not { } map || map.LacksSomething)
                throw new ImportFileException(ImportRefusals.MapUnreadable);
            map = map with { Noun = noun };
            var known = ColumnsOf[noun].Select(c => c.Name).ToHashSet();
            if (map.Separator.Length != 1 || map.Columns.Keys.Concat(map.Defaults.Keys).Any(c => !known.Contains(c)) || map.Source.Length is 0 or > 40 || OneLine.IsBroken(map.Source)
                || map.Dates.Count == 0 || (map.Currency is not null && !Exeunt.Core.Currency.IsKnown(map.Currency)) || map.Format is not ("csv" or "whitespace"))
                throw new ImportFileException(ImportRefusals.MapUnreadable);
            EncodingOf(map.Encoding);
            return map;
        }
        catch (JsonException e)
        {
            throw new ImportFileException(ImportRefusals.MapUnreadable, (e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            // An encoding that nobody knows, or one that is not taken (UTF-7).
            throw new ImportFileException(ImportRefusals.MapUnreadable);
        }
    }

    /// <summary>Whether the JSON says null where there must be something.</summary>
    private bool LacksSomething =>
        Name is null || Source is null || Format is null || Separator is null || Encoding is null || Columns is null || Defaults is null || Dates is null
        || Columns.Values.Concat(Defaults.Values).Concat(Dates).Any(v => v is null);

    /// <summary>The encoding under a name; invalid bytes throw.</summary>
    public static Encoding EncodingOf(string name)
    {
        System.Text.Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        return System.Text.Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
    }

    /// <summary>The place of each of our columns in a header; −1 for those it has not.</summary>
    /// <exception cref="ImportFileException">A needed column is missing or stands twice, or a template does not know one.</exception>
    public int[] Places(IReadOnlyList<string> header)
    {
        var columns = ColumnsOf[Noun];
        var places = new int[columns.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            var wanted = Columns.GetValueOrDefault(columns[i].Name);
            places[i] = wanted is null ? -1 : PlaceOf(header, wanted);
            if (wanted is not null && places[i] < 0)
                throw new ImportFileException(ImportRefusals.Header(wanted), 1);
            if (columns[i].IsRequired && places[i] < 0 && !Defaults.ContainsKey(columns[i].Name))
                throw new ImportFileException(ImportRefusals.Header(columns[i].Name), 1);
        }
        if (Noun == ImportNoun.Invoices && !Columns.ContainsKey("amount") && !(Columns.ContainsKey("quantity") && Columns.ContainsKey("unit_price")))
            throw new ImportFileException(ImportRefusals.Header("amount"), 1);
        if (IsTemplate && LeftOut(header, places) is { Count: > 0 } unknown)
            throw new ImportFileException(ImportRefusals.UnknownColumns(unknown, Noun), 1);
        return places;
    }

    /// <summary>The columns of a header, as far as they have names, that are at none of the places: as they may be shown, at most fifty.</summary>
    public static List<string> LeftOut(IReadOnlyList<string> header, int[] places) =>
        [.. header.Where((h, i) => !places.Contains(i) && !string.IsNullOrWhiteSpace(h)).Take(MaxShown).Select(Shown)];

    /// <summary>Places of columns without a name that must be empty, since nobody said that they are left out.</summary>
    public int[] Nameless(IReadOnlyList<string> header) =>
        IsTemplate ? [.. Enumerable.Range(0, header.Count).Where(i => string.IsNullOrWhiteSpace(header[i]))] : [];

    /// <summary>Whether two names of columns are the same to a person: case, blanks and underscores aside.</summary>
    public static bool AreAlike(string one, string other) => Bare(one) is { Length: > 0 } bare && string.Equals(bare, Bare(other), StringComparison.OrdinalIgnoreCase);

    /// <summary>A civil date in one of the mapping's forms.</summary>
    public bool TryDate(ReadOnlySpan<char> text, out DateOnly date)
    {
        // Seven lines instead of the framework's general reader, for the two forms that large files have.
        if (text.Length >= 10 && text[4] == '-' && text[7] == '-' && Dates[0] == "yyyy-MM-dd" && text.Length == 10
            && int.TryParse(text[..4], NumberStyles.None, CultureInfo.InvariantCulture, out var y)
            && int.TryParse(text[5..7], NumberStyles.None, CultureInfo.InvariantCulture, out var m)
            && int.TryParse(text[8..], NumberStyles.None, CultureInfo.InvariantCulture, out var d))
        {
            var real = y >= 1 && m is >= 1 and <= 12 && d >= 1 && d <= DateTime.DaysInMonth(y, m);
            date = real ? new DateOnly(y, m, d) : default;
            return real;
        }
        foreach (var form in Dates)
            if (DateTime.TryParseExact(text, form, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out var at))
            {
                date = DateOnly.FromDateTime(at);
                return true;
            }
        date = default;
        return false;
    }

    /// <summary>The header of a noun's template.</summary>
    public static string TemplateHeader(ImportNoun noun) => string.Join(',', ColumnsOf[noun].Select(c => c.Name));

    private static ImportMap? Template(ImportNoun noun, IReadOnlyList<string> header)
    {
        var known = ColumnsOf[noun];
        return known.All(c => !c.IsRequired || header.Any(h => AreAlike(h, c.Name)))
            ? new ImportMap
            {
                Name = "template", Noun = noun, IsTemplate = true,
                Columns = known.Where(c => header.Any(h => AreAlike(h, c.Name))).ToDictionary(c => c.Name, c => c.Name),
            }
            : null;
    }

    /// <summary>The place of a column: the one with exactly this name, when a mapping says it; otherwise the only one with a name like it.</summary>
    private int PlaceOf(IReadOnlyList<string> header, string name)
    {
        var all = Enumerable.Range(0, header.Count);
        var places = IsTemplate ? [] : all.Where(i => header[i] == name).ToList();
        if (places.Count == 0)
            places = [.. all.Where(i => AreAlike(header[i], name))];
        return places.Count switch
        {
            0 => -1,
            1 => places[0],
            _ => throw new ImportFileException(ImportRefusals.HeaderTwice(name), 1),
        };
    }

    private static string Bare(string name) => string.Concat(name.Where(c => c != '_' && !char.IsWhiteSpace(c)));

    private static string Shown(string name) => string.Concat(name.Trim().Take(MaxShown).Select(c => char.IsControl(c) ? ' ' : c));

    private static ImportMap[] Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames().Where(n => n.StartsWith("maps.", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(name =>
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            return JsonSerializer.Deserialize<ImportMap>(stream, Json.Plain)!;
        })];
    }
}
