using System.Globalization;

namespace Exeunt.App.Ui;

/// <summary>Countries by ISO 3166 alpha-2 code, named in the language of the page.</summary>
public static class Countries
{
    /// <summary>"GB" → United Kingdom / 英国; a code that is none is shown as it is.</summary>
    public static string Name(string code)
    {
        try
        {
            return code.Length == 2 ? new RegionInfo(code).DisplayName : code;
        }
        catch (ArgumentException)
        {
            return code;
        }
    }
}
