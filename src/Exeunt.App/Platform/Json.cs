using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Exeunt.App.Platform;

/// <summary>The two ways we write JSON: plain (stored, sent) and the same with indents for people.</summary>
public static class Json
{
    public static readonly JsonSerializerOptions Plain = Make(indented: false);
    public static readonly JsonSerializerOptions Indented = Make(indented: true);

    private static JsonSerializerOptions Make(bool indented)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            WriteIndented = indented,
            Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        };
        options.Converters.Add(new JsonStringEnumConverter());
        return options;
    }
}
