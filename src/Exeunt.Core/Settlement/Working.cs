using System.Text.Json;

namespace Exeunt.Core.Settlement;

/// <summary>
/// One formula carried out: what went in, what came out, and how in two languages. Its inputs are written exactly as the
/// formula workbench takes them, so that whoever doubts a line can have that line computed again alone.
/// </summary>
public abstract record Working
{
    /// <summary>The formula's name in the workbench.</summary>
    public abstract string Formula { get; }

    /// <summary>How a half was rounded.</summary>
    public RoundingMode Rounding { get; init; }

    /// <summary>What the workbench calls the total of this formula.</summary>
    public abstract Money Result { get; }

    /// <summary>The calculation in an English sentence with its figures.</summary>
    public abstract string English { get; }

    /// <summary>The calculation in a Chinese sentence with its figures.</summary>
    public abstract string Chinese { get; }

    /// <summary>The properties of the workbench's <c>inputs</c> object, without the rounding.</summary>
    internal abstract void WriteInputs(Utf8JsonWriter json);

    /// <summary>Writes the whole <c>inputs</c> object.</summary>
    internal void WriteInputsObject(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        WriteInputs(json);
        json.WriteString("rounding", Rounding.Name());
        json.WriteEndObject();
    }

    private protected static string Day(DateOnly day) =>
        day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
