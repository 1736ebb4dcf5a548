using Exeunt.App.Features.Certificates;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Proof;

namespace Exeunt.App.Tests.Certificates;

/// <summary>Certificates with everything on them, and the fonts and key to make them.</summary>
internal static class Sample
{
    public static readonly TimeZoneInfo Shanghai = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
    public static readonly DateTimeOffset Now = new(2026, 7, 1, 2, 30, 15, TimeSpan.Zero);

    /// <summary>EXEUNT_FONTS, or where the build puts the fonts.</summary>
    public static readonly PdfFonts Fonts = PdfFonts.From(
        Environment.GetEnvironmentVariable("EXEUNT_FONTS")
            ?? Path.Combine(Root(), "src", "Exeunt.App", "wwwroot", "lib", "fonts")
    );

    public static readonly InstallationKey Key = InstallationKey.Create("上海善别信息技术有限公司", Now);

    public static CertificateContent Certificate(string language, CertificateKind kind = CertificateKind.Termination)
    {
        var zh = language == "zh";
        return new()
        {
            Kind = kind,
            Language = language,
            Serial = CertificateSerial.Of([.. Enumerable.Range(0, 16).Select(i => (byte)(i * 15 + 3))]),
            Issuer = zh
                ? new("上海善别信息技术有限公司", "91310115MA1H7XYZ3K")
                : new("Shanbie Information Technology Ltd.", "91310115MA1H7XYZ3K"),
            CustomerName = zh ? "王*明" : "Mr W. Wang",
            ContractNumber = "HT-2023-004217",
            Product = zh ? "企业专线接入服务（100 Mbit/s）" : "Leased line access, 100 Mbit/s",
            StartedOn = new(2023, 4, 1),
            Ground = new("C-02", "Ordinary termination by the customer", "客户提出的正常解约"),
            NoticeReceivedAt = new(2026, 5, 28, 6, 12, 0, TimeSpan.Zero),
            EffectiveAt = new(2026, 6, 30, 16, 0, 0, TimeSpan.Zero),
            Zone = Shanghai,
            Settlement = zh
                ?
                [
                    new("预付月费退还", "6 个月预付费中未使用的 3 个月", new(3_600_00, "CNY")),
                    new("设备押金退还", "光猫及路由器完好归还", new(500_00, "CNY")),
                    new("提前终止费", "合同第 8.2 条：剩余 9 个月月费的 10%", new(-1_080_00, "CNY")),
                ]
                :
                [
                    new("Prepaid fee returned", "3 unused months of 6 paid in advance", new(3_600_00, "CNY")),
                    new("Deposit returned", "Modem and router given back undamaged", new(500_00, "CNY")),
                    new("Early termination fee", "Clause 8.2: 10% of 9 remaining months", new(-1_080_00, "CNY")),
                ],
            Net = new Money(3_020_00, "CNY"),
            IsSettled = true,
            PaidOn = new(2026, 6, 30),
            Invoices = ["FP 24312000000081234567", "HZ 24312000000000012345"],
            PropertyReturned = zh ? ["光猫 1 台", "路由器 1 台"] : ["1 modem", "1 router"],
            SurvivingClauses = zh
                ? ["第 11 条 保密义务（终止后 3 年）", "第 14 条 争议解决"]
                : ["Clause 11, confidentiality (3 years)", "Clause 14, settlement of disputes"],
            Data = zh
                ?
                [
                    new("沟通记录与偏好", DataOutcome.Deleted),
                    new("联系方式", DataOutcome.Kept, new(2026, 9, 30), "满意度调查与申诉期"),
                    new("会计凭证与发票", DataOutcome.Locked, new(2056, 12, 31), "《会计档案管理办法》第十四条"),
                ]
                :
                [
                    new("Talks and preferences", DataOutcome.Deleted),
                    new("Contact details", DataOutcome.Kept, new(2026, 9, 30), "Survey and appeal period"),
                    new(
                        "Vouchers and invoices",
                        DataOutcome.Locked,
                        new(2056, 12, 31),
                        "Accounting Archives Measures, art. 14"
                    ),
                ],
            BackupsUnreadableOn = new(2026, 7, 15),
            AppealContact = zh
                ? "客户申诉专员，电话 400-800-1234，电子邮件 appeal@shanbie.example。自收到本证明之日起 60 日内可提出异议。"
                : "Appeals officer, telephone +86 400 800 1234, appeal@shanbie.example, within 60 days of receipt.",
            IssuedAt = Now,
            VerifyUrl = "https://exit.shanbie.example/verify/03142536475869708192A3B4C5D6E7F8",
            TreeHead = SignedTreeHead.Sign(
                new TreeHead(48_213, new string('a', 60) + "07b2", Now.ToUnixTimeMilliseconds()),
                Key.Ecdsa()
            ),
        };
    }

    public static LetterContent Letter(string language) =>
        language == "zh"
            ? new(
                "zh",
                new("上海善别信息技术有限公司", "91310115MA1H7XYZ3K"),
                ["王*明 先生", "上海市浦东新区张江路 1 号"],
                "AJ-2026-00127",
                "费用结算单",
                [
                    "尊敬的客户：感谢您一直以来的信任。根据您于 2026年5月28日提出的解约申请，我们依照合同及相关规定完成了费用结算，每一项的计算方法列明如下。",
                    "退款将在 5 个工作日内原路退回；如对任何一项有异议，请在 15 日内联系我们。",
                ],
                Certificate("zh").Settlement,
                new Money(3_020_00, "CNY"),
                ["此致"],
                Now,
                Shanghai
            )
            : new(
                "en",
                new("Shanbie Information Technology Ltd.", "91310115MA1H7XYZ3K"),
                ["Mr W. Wang", "1 Zhangjiang Road, Pudong, Shanghai"],
                "AJ-2026-00127",
                "Settlement statement",
                [
                    "Dear Mr Wang, thank you for your trust. Following your termination of 28 May 2026 we settled the contract as below; how each amount was computed stands beside it.",
                    "The refund goes back the way you paid within 5 working days. If you disagree with any line, please tell us within 15 days.",
                ],
                Certificate("en").Settlement,
                new Money(3_020_00, "CNY"),
                ["Yours faithfully"],
                Now,
                Shanghai
            );

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Exeunt.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("No repository root above");
        return folder;
    }
}
