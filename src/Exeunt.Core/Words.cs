namespace Exeunt.Core;

/// <summary>The same words in the product's two languages; neither is empty where it is required.</summary>
public sealed record Words(string English, string Chinese)
{
    /// <summary>The words in one of the two languages ("zh…" is Chinese, anything else English).</summary>
    public string In(string language) =>
        language.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Chinese : English;
}
