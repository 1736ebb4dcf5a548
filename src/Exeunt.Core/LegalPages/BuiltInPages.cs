using Exeunt.Core.Rules;

namespace Exeunt.Core.LegalPages;

/// <summary>The legal pages that the product comes with.</summary>
public static class BuiltInPages
{
    /// <summary>China: step by step; what ending does is told before it binds, the reason may stay empty.</summary>
    public static readonly LegalPage China = new()
    {
        Id = "china", Version = 1, Name = new("China: ending a contract", "中国：解除合同"), Jurisdiction = "CN", Function = PageFunction.Ending, Language = "zh", Zone = "Asia/Shanghai",
        Entry = new("申请解约", "End a contract", "申请解约"), Confirm = new("提交解约申请", "End my contract", "提交解约申请"),
        StepByStep = true, Survey = true, Consequences = true,
    };

    /// <summary>Germany: button, page with five things, button (BGB § 312k).</summary>
    public static readonly LegalPage Germany = new()
    {
        Id = "germany", Version = 1, Name = new("Germany: cancellation button", "德国：解约按钮"), Jurisdiction = "DE", Function = PageFunction.Ending, Language = "de", Zone = "Europe/Berlin",
        Entry = new("Verträge hier kündigen", "Cancel contracts here", "在此解约"), Confirm = new("jetzt kündigen", "cancel now", "立即解约"),
        Fields = [new("kind"), new("reason", Optional: true), new("identity"), new("contract"), new("endsOn", Optional: true), new("contact")],
    };

    /// <summary>Germany: withdrawal button (BGB § 356a).</summary>
    public static readonly LegalPage GermanyWithdrawal = new()
    {
        Id = "germany-withdrawal", Version = 1, Name = new("Germany: withdrawal button", "德国：撤回按钮"), Jurisdiction = "DE", Function = PageFunction.Withdrawal, Language = "de", Zone = "Europe/Berlin",
        Entry = new("Vertrag widerrufen", "Withdraw from contract", "撤回合同"), Confirm = new("Widerruf bestätigen", "Confirm withdrawal", "确认撤回"),
        Fields = [new("identity"), new("contract"), new("contact")],
    };

    /// <summary>European Union: withdrawal function (Directive 2011/83/EU Art. 11a).</summary>
    public static readonly LegalPage EuropeWithdrawal = new()
    {
        Id = "europe-withdrawal", Version = 1, Name = new("European Union: withdrawal function", "欧盟：在线撤回"), Jurisdiction = "EU", Function = PageFunction.Withdrawal, Language = "en", Zone = "Europe/Brussels",
        Entry = new("Withdraw from contract here", "Withdraw from contract here", "在此撤回合同"), Confirm = new("Confirm withdrawal", "Confirm withdrawal", "确认撤回"),
        Fields = [new("identity"), new("contract"), new("contact")],
    };

    /// <summary>France: three clicks with a summary before the last (Code de la consommation L215-1-1, D215-1 to D215-3).</summary>
    public static readonly LegalPage France = new()
    {
        Id = "france", Version = 1, Name = new("France: ending in three clicks", "法国：三步解约"), Jurisdiction = "FR", Function = PageFunction.Ending, Language = "fr", Zone = "Europe/Paris",
        Entry = new("résilier votre contrat", "end your contract", "解除您的合同"), Confirm = new("notification de la résiliation", "notify the ending", "提交解约通知"),
        Fields = [new("identity"), new("contract"), new("contact"), new("endsOn", Optional: true), new("reason", Optional: true)], Recap = true,
    };

    /// <summary>California: ending online at any time, beside whatever is offered (Bus. &amp; Prof. Code § 17602).</summary>
    public static readonly LegalPage California = new()
    {
        Id = "california", Version = 1, Name = new("California: click to cancel", "加利福尼亚州：在线取消"), Jurisdiction = "US-CA", Function = PageFunction.Ending, Language = "en", Zone = "America/Los_Angeles",
        Entry = new("Cancel my subscription", "Cancel my subscription", "取消订阅"), Confirm = new("Click to cancel", "Click to cancel", "点击取消"),
        Fields = [new("identity"), new("contract"), new("contact"), new("endsOn", Optional: true)],
    };

    public static IReadOnlyList<LegalPage> All { get; } = [China, Germany, GermanyWithdrawal, EuropeWithdrawal, France, California];

    /// <summary>The page for contracts of a place: its own, else that of what it belongs to; null where the law asks for none.</summary>
    public static LegalPage? For(IEnumerable<LegalPage> pages, string jurisdiction, PageFunction function) =>
        Places.Of(jurisdiction).Reverse().Select(place => pages.FirstOrDefault(p => p.Jurisdiction == place && p.Function == function)).FirstOrDefault(p => p is not null);
}
