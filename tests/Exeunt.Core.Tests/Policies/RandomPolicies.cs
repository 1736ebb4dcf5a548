using Exeunt.Core.Calendar;
using Exeunt.Core.Policies;
using Exeunt.Core.Settlement;

namespace Exeunt.Core.Tests.Policies;

/// <summary>Valid policies with any of their fields, the same for the same seed. Empty parts are left out, as documents write them.</summary>
public sealed class RandomPolicies(int seed)
{
#pragma warning disable CA5394 // Not a secret: a test's data, the same every time.
    private static readonly string[] Currencies = ["CNY", "EUR", "JPY", "KWD"];
    private readonly Random _random = new(seed);
    private string _currency = "CNY";

    public static IEnumerable<TerminationPolicy> Some(int count) => Enumerable.Range(0, count).Select(i => new RandomPolicies(i).Next());

    public TerminationPolicy Next()
    {
        _currency = Of(Currencies);
        var from = new DateOnly(2026, 1, 1).AddDays(_random.Next(2000));
        var renewal = Of(Enum.GetValues<RenewalKind>());
        return new TerminationPolicy
        {
            Number = $"JY-{_random.Next(100)}", Version = 1 + _random.Next(20), EffectiveFrom = from,
            EffectiveUntil = Maybe(() => (DateOnly?)from.AddDays(1 + _random.Next(1000))), ReviewOn = Maybe(() => (DateOnly?)from.AddDays(1 + _random.Next(1000))),
            TitleEnglish = Text(), TitleChinese = "政策 " + _random.Next(1000),
            Scope = Maybe(() => new PolicyScope(Several("CN", "DE", "FR", "EU", "GB", "US-CA", "US-NY"), Of(Enum.GetValues<Party>()), Maybe(() => Several("HOME-500", "CLOUD.STD", "X_1")), Maybe(() => Of("SAAS", "UTILITY")))),
            Form = Maybe(() => new PolicyForm
            {
                Purpose = Words(), Scope = Maybe(Words), InterpretingOffice = Maybe(Words), Responsibilities = Few(_ => new PolicyEntry(Words(), Words())),
                Definitions = Few(_ => new PolicyEntry(Words(), Words())), Attachments = Few(_ => Words()),
            }),
            Grounds = [.. Enum.GetValues<Ground>().Where(_ => _random.Next(4) == 0).Select(g => new GroundTerms(g, Of(Enum.GetValues<GroundFee>()), Maybe(() => (NoticePeriod?)Notice()), Maybe(Words)))],
            MaxTermMonths = Maybe(() => (int?)(24 + _random.Next(100))), MinimumMonths = _random.Next(24),
            Renewal = Maybe(() => new RenewalTerms(renewal, renewal == RenewalKind.Fixed ? 1 + _random.Next(24) : null, renewal == RenewalKind.Indefinite ? Maybe(() => (NoticePeriod?)Notice()) : null,
                renewal == RenewalKind.None ? null : Maybe(() => (int?)_random.Next(60)))),
            Notice = Notice(), EndsOn = Of(Enum.GetValues<EndsOn>()), EarlyExitAllowed = _random.Next(2) == 0, Etf = Maybe(() => Fee(1)), Device = Of(Enum.GetValues<DeviceRule>()),
            Clawback = Of(Enum.GetValues<ClawbackKind>()), RefundsUnusedPeriod = _random.Next(2) == 0, BillingEnds = Of(Enum.GetValues<BillingEnd>()),
            Prepaid = Maybe(() => new PrepaidTerms(Of(Enum.GetValues<PrepaidMethod>()), Maybe(Share), Maybe(Share))), EarnestElection = Of(Enum.GetValues<EarnestElection>()),
            Insurance = Maybe(() => new InsuranceTerms(20, Maybe(() => (Money?)Amount()), Maybe(Table), Maybe(Share))),
            Instalments = Maybe(() => new InstalmentTerms(2 + _random.Next(59), _random.Next(90))),
            LateInterest = Maybe(() => _random.Next(2) == 0 ? new LateInterestTerms(Share(), Maybe(() => (Rate?)Rate.Parse("1.5"))) : new LateInterestTerms(DailyRate: Rate.Parse("0.0005"))),
            HandOvers = Few(i => Of(Enum.GetValues<PolicySide>()) is var side && side == PolicySide.Customer
                ? new HandOver(side, $"thing-{i}", Words(), _random.Next(60), Maybe(() => (Money?)Amount())) : new HandOver(side, $"thing-{i}", Words(), _random.Next(60))),
            DamagePrices = Few(i => new DamagePrice($"part.{i}", Words(), Amount())),
            Consequences = new Consequences
            {
                ReportedToCreditBureau = _random.Next(2) == 0, Credit = Maybe(Words), Obligations = Maybe(Words), Points = Maybe(Words), Services = Maybe(Words),
                ResignAfterDays = _random.Next(3) * 30, Resign = Maybe(Words),
            },
            DayCount = Of(Enum.GetValues<DayCount>()), Rounding = Of(Enum.GetValues<RoundingMode>()),
            Lines = Several([.. LineCode.All, "damage.screen", "missing.router"]).ToDictionary(c => c, _ => new LineTerms($"{_random.Next(9)}.{_random.Next(9)}", Text(), "条款：" + _random.Next(), Of("NONE", "VAT13"), Maybe(Share))),
        };
    }

    /// <summary>Long enough for the longest term there is.</summary>
    private SurrenderTable Table()
    {
        var basis = Of(Enum.GetValues<SurrenderBasis>());
        return new(basis, [.. Enumerable.Range(0, 12).Select(i => new SurrenderRow(i, Share()!.Value))], basis == SurrenderBasis.PeriodPremium ? TableBetween.None : Of(Enum.GetValues<TableBetween>()));
    }

    private EtfRule Fee(int depth) =>
        _random.Next(depth < PolicyFields.MaxDepth ? 6 : 5) switch
        {
            0 => new FlatFee(Amount()),
            1 => new RemainingShareFee(Share()!.Value, Maybe(() => (Money?)Amount())),
            2 => new DecliningFee(Amount(), Amount()),
            3 => new ScheduledFee([.. Enumerable.Range(0, 1 + _random.Next(24)).Select(_ => Amount())]),
            4 => _random.Next(2) == 0 ? new LossFee(_random.Next(12), Maybe(() => (Money?)Amount()), null, Maybe(() => (Money?)Amount()), Maybe(() => (Money?)Amount())) : new LossFee(_random.Next(12), AvoidableShare: Share()),
            _ => new LeastFee([.. Enumerable.Range(0, 1 + _random.Next(3)).Select(_ => Fee(depth + 1))]),
        };

    private T Of<T>(params T[] values) => values[_random.Next(values.Length)];

    private T? Maybe<T>(Func<T?> value) => _random.Next(2) == 0 ? default : value();

    private string[] Several(params string[] values) => [.. values.Where((v, i) => i == 0 || _random.Next(3) == 0)];

    private T[] Few<T>(Func<int, T> value) => [.. Enumerable.Range(0, _random.Next(4)).Select(value)];

    private Money Amount() => new(_random.Next(1_000_000), _currency);

    private Rate? Share() => Rate.Parse($"0.{_random.Next(1000):000}");

    private NoticePeriod Notice() => new(_random.Next(100), Of(Enum.GetValues<NoticeUnit>()));

    private string Text() => Of("Plain words", "With \"quotes\" & <marks>", "Two\nlines", "a, b; c = 100%", "Ünïcödé") + " " + _random.Next(1000);

    private Words Words() => new(Text(), Of("中文文本", "“引号”与《书名》", "第一行\n第二行") + _random.Next(1000));
}
