using System.Text.Json.Serialization;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Company;

/// <summary>Who runs this installation: in whose name papers are issued.</summary>
/// <param name="Chinese">Short name for pages.</param>
/// <param name="FullChinese">The full legal name.</param>
/// <param name="Registration">统一社会信用代码 or another registration number; "" where there is none.</param>
/// <param name="Appeals">Where to appeal: a mail address, a postal address or the address of a page, as text.</param>
public sealed record CompanyIdentity(string Chinese, string English, string FullChinese, string FullEnglish, string Registration, string Appeals)
{
    public const int MaxName = 60;
    public const int MaxFullName = 160;
    public const int MaxRegistration = 40;
    public const int MaxAppeals = 300;

    /// <summary>The company of the demo, which does not exist.</summary>
    public static readonly CompanyIdentity Demo = new(
        "海港网络", "Harbour Networks", "海港网络有限公司（演示）", "Harbour Networks Ltd (demo)", "91310000EXEUNT0001", "appeals@exeunt.example");

    [JsonIgnore]
    internal Words Name => new(English, Chinese);

    [JsonIgnore]
    internal Words FullName => new(FullEnglish, FullChinese);

    /// <summary>As papers in a language name it.</summary>
    internal Issuer In(Texts t) => new(FullName.In(t.Language), Registration);
}

public static class CompanyRefusals
{
    /// <summary>As the note of an effect that waits for it.</summary>
    public const string MissingCode = "company-missing";

    public static readonly Refusal Missing = new(RefusalKind.Conflict, MissingCode,
        "Papers cannot be issued yet: nobody has filled in the company's name. An administrator does so under Administration, Company.",
        "暂时无法出具文件：公司名称尚未填写。请管理员在“管理”中的“公司信息”填写。");
}
