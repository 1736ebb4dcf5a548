using Exeunt.Core.Calendar;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;

namespace Exeunt.Core.Returns;

/// <summary>What a return rests on.</summary>
public enum ReturnBasis
{
    /// <summary>Nothing was sent yet.</summary>
    BeforeShipping,

    /// <summary>The law lets a consumer return without reason.</summary>
    Withdrawal,

    /// <summary>Defective, damaged, wrong, or not as described.</summary>
    Fault,

    /// <summary>The company's own promise beyond the law.</summary>
    OwnPolicy,

    /// <summary>Nothing: the company may agree all the same.</summary>
    Goodwill,
}

/// <summary>What a customer may do with a line, and what follows from it.</summary>
/// <param name="Rule">The rule of law it rests on; null: none.</param>
/// <param name="LastDay">Last day on which it may be declared, included; null: no end yet, or none.</param>
/// <param name="RefundDays">Days in which the money goes back, counted from <see cref="ReturnRights.RefundBy"/>'s day.</param>
/// <param name="Statutory">Law, not kindness: nobody is asked, nothing is scored.</param>
/// <param name="ReturnFreight">Who pays for sending it back.</param>
/// <param name="OutwardFreight">Whether the outward freight comes back too.</param>
public sealed record ReturnRight(ReturnBasis Basis, string? Rule, DateOnly? LastDay, int RefundDays, bool Statutory, FreightPayer ReturnFreight, bool OutwardFreight);

/// <summary>
/// The rights to cancel, return and be refunded, from the rule packs in force and the company's own policy. Nothing here knows a tier, a
/// score, a list or an approval: a right of law depends on the sale and the date alone.
/// </summary>
public static class ReturnRights
{
    /// <summary>Goods and refunds at a distance in China, in the EU; faults in both.</summary>
    public const string China = "CN-CP25";
    public const string ChinaFault = "CN-CP24";
    public const string ChinaStalling = "CN-CP25b";
    public const string Europe = "EU-CRD";
    public const string EuropeFault = "EU-SGD";

    /// <summary>The best right that holds for a line on a day; never null, since the company may always agree.</summary>
    /// <param name="packs">Those in force for the sale's place.</param>
    /// <param name="today">The day on which the customer declares it, in the order's zone.</param>
    public static ReturnRight Of(Sale sale, SoldLine line, ReturnReason reason, ReturnPolicy policy, IReadOnlyList<RulePack> packs, DateOnly today, BusinessDays? calendar = null)
    {
        var refundDays = RefundDays(sale, packs, policy);
        var consumer = sale.Party is Party.Consumer or Party.Telecom;
        if (line.ShippedOn is null && line.DeliveredOn is null && line.Kind is not GoodsKind.Service)
            // What is made for one customer is theirs from the order on, so the company is asked.
            return line.Kind == GoodsKind.CustomMade
                ? new(ReturnBasis.Goodwill, null, null, refundDays, false, FreightPayer.Customer, true)
                : new(ReturnBasis.BeforeShipping, null, null, refundDays, consumer && sale.Distance, FreightPayer.Company, true);
        var withdrawal = consumer && sale.Distance ? Withdrawal(sale, line, packs, calendar) : null;
        if (reason != ReturnReason.NoReason && Fault(sale, line, policy, packs, today, consumer, calendar) is var (faultRule, faultLast) && today <= faultLast)
            return new(ReturnBasis.Fault, faultRule, faultLast, refundDays, faultRule is not null, FreightPayer.Company, true);
        if (withdrawal is var (rule, last) && !(today > last))
        {
            var european = rule.Id == Europe;
            // Who was not told of the costs of sending back does not bear them.
            var company = sale.FreeReturns || (european && sale.InformedOn is null) || rule.Figures.GetValueOrDefault("returnFreight") == "COMPANY";
            return new(ReturnBasis.Withdrawal, rule.Id, last, refundDays, true, company ? FreightPayer.Company : FreightPayer.Customer, european);
        }
        if (line.DeliveredOn is { } received && !Excepted(line, null) && today <= received.PlusDays(policy.OwnDays))
            return new(ReturnBasis.OwnPolicy, null, received.PlusDays(policy.OwnDays), refundDays, false, sale.FreeReturns ? FreightPayer.Company : FreightPayer.Customer, false);
        return new(ReturnBasis.Goodwill, null, null, refundDays, false, FreightPayer.Customer, false);
    }

    /// <summary>
    /// Last day for the refund: so many days after the goods are back, and never before so many days after the declaration where the law
    /// counts from there (EU); of what need not come back, after the declaration.
    /// </summary>
    /// <param name="backOn">When the goods were back, or in the EU proof of their sending came, whichever was first; null: nothing comes back.</param>
    public static DateOnly RefundBy(Sale sale, DateOnly declaredOn, DateOnly? backOn, ReturnPolicy policy, IReadOnlyList<RulePack> packs, BusinessDays? calendar = null)
    {
        var days = RefundDays(sale, packs, policy);
        if (backOn is not { } back)
            return Deadlines.Of(declaredOn, DeadlineUnit.Day, days, calendar).LastDay;
        if (Rule(sale, packs, Europe) is null || Rule(sale, packs, China) is not null)
            return Deadlines.Of(back, DeadlineUnit.Day, days, calendar).LastDay;
        var fromDeclaration = Deadlines.Of(declaredOn, DeadlineUnit.Day, days, calendar).LastDay;
        return fromDeclaration > back ? fromDeclaration : back;
    }

    /// <summary>Days after which a refund that is not made is close to stalling, and stalling (CN-CP25b); null where no such rule holds.</summary>
    public static (DateOnly RedOn, DateOnly LastDay)? Stalling(Sale sale, DateOnly from, IReadOnlyList<RulePack> packs) =>
        Rule(sale, packs, ChinaStalling) is { } rule ? (from.PlusDays(rule.Count("warnDays")), from.PlusDays(rule.Count("days"))) : null;

    private static int RefundDays(Sale sale, IReadOnlyList<RulePack> packs, ReturnPolicy policy) =>
        (Rule(sale, packs, China) ?? Rule(sale, packs, Europe)) is { } rule ? rule.Count("refundDays") : policy.RefundDays;

    /// <summary>The right to return without reason, and its last day (null: it has not begun to run).</summary>
    private static (LegalRule Rule, DateOnly? LastDay)? Withdrawal(Sale sale, SoldLine line, IReadOnlyList<RulePack> packs, BusinessDays? calendar)
    {
        if (Rule(sale, packs, China) is { } china && line.Kind is not GoodsKind.Service && !Excepted(line, china) && !line.ConfirmedUnsuitable)
            return (china, line.DeliveredOn is { } received ? Deadlines.Of(received, DeadlineUnit.Day, china.Count("days"), calendar).LastDay : null);
        if (Rule(sale, packs, Europe) is { } eu && !Excepted(line, eu))
        {
            var goods = sale.Lines.Where(l => l.Kind is not (GoodsKind.Service or GoodsKind.Digital)).ToList();
            // What was sent in exchange has a time of its own.
            if (!sale.Lines.Any(l => l.Number == line.Number))
                goods = [line];
            // Goods of one order that come in parts: from the last of them.
            DateOnly? from = line.Kind is GoodsKind.Service or GoodsKind.Digital ? sale.ConcludedOn : goods.Any(g => g.DeliveredOn is null) ? null : goods.Max(g => g.DeliveredOn);
            if (from is not { } start)
                return (eu, null);
            var end = Deadlines.Of(start, DeadlineUnit.Day, eu.Count("days"), calendar);
            if (sale.InformedOn is { } told && told <= start)
                return (eu, end.LastDay);
            var latest = Deadlines.Of(end.Unrolled, DeadlineUnit.Month, eu.Count("uninformedMonths"), calendar).LastDay;
            if (sale.InformedOn is not { } late || late > latest)
                return (eu, latest);
            return (eu, Deadlines.Of(late, DeadlineUnit.Day, eu.Count("days"), calendar).LastDay);
        }
        return null;
    }

    /// <summary>Until when a fault may be claimed: by law where a consumer has it, else by the company's policy.</summary>
    private static (string? Rule, DateOnly LastDay)? Fault(Sale sale, SoldLine line, ReturnPolicy policy, IReadOnlyList<RulePack> packs, DateOnly today, bool consumer, BusinessDays? calendar)
    {
        if ((line.DeliveredOn ?? (line.Kind == GoodsKind.Service ? sale.ConcludedOn : null)) is not { } received)
            return null;
        var own = received.PlusDays(policy.FaultDays);
        if (consumer && Rule(sale, packs, EuropeFault) is { } eu)
            return (eu.Id, Deadlines.Of(received, DeadlineUnit.Month, eu.Count("months"), calendar).LastDay);
        if (!consumer || Rule(sale, packs, ChinaFault) is not { } china)
            return (null, own);
        var last = Deadlines.Of(received, DeadlineUnit.Day, china.Count("days"), calendar).LastDay;
        // Within the days of the law it is law; after them the company's promise.
        return today <= last || last >= own ? (china.Id, last) : (null, own);
    }

    /// <summary>Whether a kind is excepted from returning without reason; without a rule: by the company's own policy, which excepts the same.</summary>
    private static bool Excepted(SoldLine line, LegalRule? rule)
    {
        var code = line.Kind switch
        {
            GoodsKind.CustomMade => "CUSTOM_MADE",
            GoodsKind.Perishable => "PERISHABLE",
            GoodsKind.Newspaper => "NEWSPAPER",
            GoodsKind.Digital when line.Opened => "OPENED_DIGITAL",
            _ => null,
        };
        // A pack stored before the exceptions were figures of it excepts what the act does.
        return code is not null && (rule?.Figures.GetValueOrDefault("except") ?? "CUSTOM_MADE PERISHABLE NEWSPAPER OPENED_DIGITAL").Split(' ').Contains(code);
    }

    /// <summary>The rule, where it was in force for the sale.</summary>
    private static LegalRule? Rule(Sale sale, IReadOnlyList<RulePack> packs, string id) =>
        packs.SelectMany(p => p.Rules).FirstOrDefault(r => r.Id == id && r.IsInForce(sale.ConcludedOn) && r.IsFor(sale.Party, null));
}
