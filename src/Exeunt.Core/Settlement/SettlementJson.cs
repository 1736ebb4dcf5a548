using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Exeunt.Core.Calendar;

namespace Exeunt.Core.Settlement;

/// <summary>How the documents of a settlement are written: the same value gives the same bytes.</summary>
public static class SettlementJson
{
    // Readable Chinese; the documents are never pasted into HTML without encoding.
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>Policies and contracts: camelCase, unknown and repeated names refused.</summary>
    public static JsonSerializerOptions Document { get; } = Create();

    internal static string Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (
            var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Encoder, SkipValidation = false })
        )
            write(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            Encoder = Encoder,
            PropertyNameCaseInsensitive = false,
            NumberHandling = JsonNumberHandling.Strict,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            AllowDuplicateProperties = false,
            AllowOutOfOrderMetadataProperties = true,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            IgnoreReadOnlyProperties = true,
        };
        options.Converters.Add(new NamedEnum<DayCount>(DayCounts.Name, DayCounts.Parse));
        options.Converters.Add(new NamedEnum<RoundingMode>(Rounding.Name, Rounding.Parse));
        options.Converters.Add(new JsonStringEnumConverter(null, allowIntegerValues: false));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private sealed class NamedEnum<T>(Func<T, string> name, Func<string?, T> parse) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            try
            {
                return parse(reader.TokenType == JsonTokenType.String ? reader.GetString() : null);
            }
            catch (CalculationException refused)
            {
                throw new JsonException(refused.Message, refused);
            }
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(name(value));
    }
}
