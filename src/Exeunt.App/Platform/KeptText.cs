using System.Text.Json;
using System.Text.Json.Serialization;

namespace Exeunt.App.Platform;

/// <summary>
/// Texts in the JSON that programs send: none of ours holds U+0000 or half of a character, and PostgreSQL could not keep them. How long a text may be,
/// and whether of one line, the use cases say.
/// </summary>
internal sealed class KeptText : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? Of(ref reader) : throw new JsonException();

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Of(ref reader);

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);

    /// <summary>The field of a body that could not be read because of such a text; null when it was for another reason.</summary>
    public static string? FieldOf(BadHttpRequestException e) =>
        e.InnerException is UnkeptTextException { Path: var path } ? path is { Length: > 2 } ? path[2..] : "body" : null;

    /// <summary>The field of a form that holds U+0000; null when none does. A form has no halves of characters: they do not come through its reading.</summary>
    public static string? FieldOf(IFormCollection form)
    {
        foreach (var (name, values) in form)
            if (IsUnkept(name) || values.Any(IsUnkept))
                return name.Replace("\0", "", StringComparison.Ordinal);
        return form.Files.FirstOrDefault(f => IsUnkept(f.FileName))?.Name;
    }

    private static bool IsUnkept(string? text) => text?.Contains('\0', StringComparison.Ordinal) == true;

    private static string Of(ref Utf8JsonReader reader)
    {
        try
        {
            var text = reader.GetString()!;
            return IsUnkept(text) ? throw new UnkeptTextException() : text;
        }
        catch (InvalidOperationException)
        {
            // Half of a character.
            throw new UnkeptTextException();
        }
    }

    /// <summary>The reader of the document adds the path.</summary>
    private sealed class UnkeptTextException : JsonException;
}
