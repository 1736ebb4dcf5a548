using System.Text;
using System.Text.Json;

namespace Exeunt.Core.Documents;

/// <summary>A value of the text with the place where it begins.</summary>
internal sealed class JsonSpot
{
    public JsonTokenType Type { get; private init; }
    public long At { get; private init; }

    /// <summary>The value as written, for plain values.</summary>
    public string Raw { get; private init; } = "";
    public List<(string Name, long At, JsonSpot Value)> Members { get; } = [];
    public List<JsonSpot> Items { get; } = [];

    /// <summary>The text of a string; null for any other value.</summary>
    public string? Text { get; private init; }

    /// <exception cref="JsonException">It is not JSON, or a string holds half of a surrogate pair; with line and position.</exception>
    public static JsonSpot Parse(byte[] bytes)
    {
        var reader = new Utf8JsonReader(bytes);
        reader.Read();
        var root = Value(ref reader, bytes);
        if (reader.Read())
            throw new JsonException();
        return root;
    }

    private static JsonSpot Value(ref Utf8JsonReader reader, byte[] bytes)
    {
        var at = reader.TokenStartIndex;
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            var spot = new JsonSpot { Type = JsonTokenType.StartObject, At = at };
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                var (name, nameAt) = (TextOf(ref reader, bytes), reader.TokenStartIndex);
                reader.Read();
                spot.Members.Add((name, nameAt, Value(ref reader, bytes)));
            }
            return spot;
        }
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            var spot = new JsonSpot { Type = JsonTokenType.StartArray, At = at };
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                spot.Items.Add(Value(ref reader, bytes));
            return spot;
        }
        return new JsonSpot
        {
            Type = reader.TokenType, At = at, Raw = Encoding.UTF8.GetString(bytes, (int)at, (int)(reader.BytesConsumed - at)),
            Text = reader.TokenType == JsonTokenType.String ? TextOf(ref reader, bytes) : null,
        };
    }

    private static string TextOf(ref Utf8JsonReader reader, byte[] bytes)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            var before = bytes.AsSpan(0, (int)reader.TokenStartIndex);
            throw new JsonException(e.Message, null, before.Count((byte)'\n'), before.Length - 1 - before.LastIndexOf((byte)'\n'), e);
        }
    }
}
