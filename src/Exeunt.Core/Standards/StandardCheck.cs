using Exeunt.Core.Activity;
using Exeunt.Core.Documents;
using Exeunt.Core.Offboarding;

namespace Exeunt.Core.Standards;

/// <summary>
/// Whether a standard may be published: nobody is listed for complaints that were justified or for using a statutory right, no score is
/// made of too little, a person decides about what can harm, and purpose, action and scope fit together. What must not decide at all
/// (<see cref="ProtectedAttributes"/>) cannot even be written.
/// </summary>
public static class StandardCheck
{
    /// <summary>Orders below which a return rate says nothing.</summary>
    public const int LeastOrders = 5;

    /// <summary>Largest share of justified complaints beside which complaints may count against somebody, in ten-thousandths.</summary>
    public const int MostJustified = 5_000;

    /// <summary>Who may decide about a listing that can harm: people with authority who do not own the standard.</summary>
    public static IReadOnlyList<Role> Reviewers { get; } = [Role.Supervisor, Role.BranchHead, Role.Legal];

    /// <summary>Who may decide about an offboarding.</summary>
    public static IReadOnlyList<Role> OffboardingReviewers { get; } = [Role.BranchHead, Role.Legal];

    /// <summary>Everything that stands against publishing. The standard was read without a problem.</summary>
    /// <param name="unitExists">Whether there is a unit of a code.</param>
    public static IReadOnlyList<DocumentProblem> Of(Standard standard, Func<string, bool>? unitExists = null)
    {
        var found = new List<DocumentProblem>();
        Purpose(standard, found);
        Person(standard, found);
        Scope(standard, unitExists, found);
        var paths = standard.When.Comparisons().Select(c => c.Path).ToList();
        var next = 0;
        Walk(standard.When.Plain(), [], (compare, beside) => Comparison(standard, compare, beside, paths[next++], found));
        return found;
    }

    private static void Purpose(Standard standard, List<DocumentProblem> found)
    {
        if (standard.Action == StandardAction.OpenOffboarding != (standard.Purpose == StandardPurpose.Offboarding))
            found.Add(new("standard.action-purpose", "action", null, new("An offboarding assessment, and nothing else, leads to an offboarding.", "清退评估标准须产生清退评估，其他标准不得产生。"),
                new("Make purpose and action fit.", "请使用途与动作一致。")));
        if (standard.Action == StandardAction.OpenOffboarding && OffboardingGround.Find(standard.Ground) is not { Immediate: false })
            found.Add(new("standard.ground", "ground", null, new("An offboarding needs a ground that does not end at once.", "清退须有事由，且不得为立即终止的事由。"),
                new($"One of {string.Join(", ", Grounds)}.", $"可用：{string.Join("、", Grounds)}。")));
        if (standard.Action != StandardAction.OpenOffboarding && standard.Ground is not null)
            found.Add(new("standard.ground-unused", "ground", null, new("Only an offboarding has a ground.", "仅清退评估有事由。"), new("Take it away.", "请删除。")));
        if (standard.Purpose == StandardPurpose.Tier != standard.Tier is not null || (standard.Purpose == StandardPurpose.Tier && standard.Action != StandardAction.Review))
            found.Add(new("standard.tier", "tier", null, new("A standard for a tier names the tier and leads to a review; no other names one.", "分级标准须写明分级并产生复核；其他标准不写分级。"),
                new("Name the tier and choose Review, or take it away.", "请写明分级并选择复核，或删除分级。")));
    }

    private static IEnumerable<string> Grounds => OffboardingGround.All.Where(g => !g.Immediate).Select(g => g.Code);

    private static void Person(Standard standard, List<DocumentProblem> found)
    {
        if (!standard.IsAdverse)
            return;
        var may = standard.Action == StandardAction.OpenOffboarding ? OffboardingReviewers : Reviewers;
        if (standard.Reviewer is null)
            found.Add(new("standard.no-person", "reviewer", null, new("This can be to a customer's disadvantage: a person must decide about each listing (PIPL Art. 24, GDPR Art. 22).", "此标准可能对客户不利，每次列入均须由人决定（个人信息保护法第 24 条、GDPR 第 22 条）。"),
                new($"Name a reviewer: {string.Join(", ", may)}.", $"请写明决定人：{Procedures.ProcedureWords.Of(may).Chinese}。")));
        else if (!may.Contains(standard.Reviewer.Value))
            found.Add(new("standard.person-role", "reviewer", null, new($"The role {standard.Reviewer} has no authority to decide about this.", $"{Procedures.ProcedureWords.Of(standard.Reviewer.Value).Chinese}无权决定此事。"),
                new($"Name one of {string.Join(", ", may)}.", $"可用：{Procedures.ProcedureWords.Of(may).Chinese}。")));
    }

    private static void Scope(Standard standard, Func<string, bool>? unitExists, List<DocumentProblem> found)
    {
        var scope = standard.Scope;
        var units = scope?.Units ?? [];
        for (var i = 0; i < units.Count; i++)
            if (unitExists?.Invoke(units[i]) == false)
                found.Add(new("standard.unknown-unit", $"scope.units[{i}]", null, new($"There is no unit with the code “{units[i]}”.", $"没有代码为“{units[i]}”的机构。"), new("Use a code from the list of units.", "请使用机构列表中的代码。")));
        var amounts = standard.When.Comparisons().Where(c => c.Compare.Definition?.Unit == IndicatorUnit.Money).ToList();
        if (scope?.Currencies is not { Count: > 0 } currencies)
        {
            // An amount that always holds picks out those who pay in its currency.
            if (standard.IsAdverse && scope?.Kinds is not [CustomerSort.Organisation] && amounts.FirstOrDefault(a => !CanFail(a.Compare)) is { Compare: not null } empty)
                found.Add(new("standard.proxy-currency", empty.Path, null, new("This amount always holds: the comparison only tells the currency, and so where people come from.", "该金额条件恒成立，实际仅按币种筛选，即反映来源地。"),
                    new("Compare with an amount that can fail, or limit the standard to organisations.", "请改用可能不成立的金额，或仅适用于企业。")));
            return;
        }
        foreach (var (path, compare) in amounts.Where(a => !currencies.Contains(a.Compare.Value.Text)))
            found.Add(new("standard.currency-scope", $"{path}.value", null, new($"{compare.Value.Text} is outside the scope; this can never hold.", $"{compare.Value.Text} 不在适用币种内，条件永不成立。"),
                new("Use a currency of the scope, or widen it.", "请使用范围内的币种，或扩大范围。")));
        if (standard.IsAdverse && !amounts.Any(a => CanFail(a.Compare)) && scope.Kinds is not [CustomerSort.Organisation])
            found.Add(new("standard.proxy-currency", "scope.currencies", null, new("Without an amount in the condition, the currency only tells where people come from.", "条件中没有金额时，币种仅反映来源地。"),
                new("Take the currencies away, compare an amount, or limit the standard to organisations.", "请删除币种、加入金额条件，或仅适用于企业。")));
    }

    /// <summary>Visits every comparison in order with the conditions that must hold beside it.</summary>
    private static void Walk(Condition condition, IReadOnlyList<Condition> beside, Action<Compare, IReadOnlyList<Condition>> visit)
    {
        switch (condition)
        {
            case Compare compare:
                visit(compare, beside);
                break;
            case AllOf { Of: var of }:
                for (var i = 0; i < of.Count; i++)
                    Walk(of[i], [.. beside, .. of.Where((_, j) => j != i)], visit);
                break;
            case AnyOf any:
                foreach (var one in any.Of)
                    Walk(one, beside, visit);
                break;
        }
    }

    /// <summary>Whether a condition can only hold when a comparison of this kind does.</summary>
    private static bool Implies(Condition condition, Func<Compare, bool> guard) => condition switch
    {
        Compare compare => guard(compare),
        AllOf all => all.Of.Any(c => Implies(c, guard)),
        AnyOf any => any.Of.All(c => Implies(c, guard)),
        _ => false,
    };

    private static void Comparison(Standard standard, Compare compare, IReadOnlyList<Condition> beside, string path, List<DocumentProblem> found)
    {
        if (!ListsTheMany(compare))
            return;
        bool Beside(Func<Compare, bool> guard) => beside.Any(c => Implies(c, guard));
        switch (compare.Definition!.Indicator)
        {
            case Indicator.ValidComplaints12m or Indicator.ValidComplaintRate12m when standard.IsAdverse:
                found.Add(new("standard.justified-complaints", path, null, new("This lists people because their complaints were justified. Justified complaints protect.", "此条件因投诉属实而列入客户。属实的投诉应受保护。"),
                    new("Take it away, or turn it round (valid_complaint_rate_12m < 20%).", "请删除，或反过来写（valid_complaint_rate_12m < 20%）。")));
                break;
            case Indicator.Complaints12m when standard.IsAdverse && !Beside(FewJustified):
                found.Add(new("standard.complaints-unguarded", path, null, new("This counts complaints that were justified against people.", "此条件将属实的投诉计为不利。"),
                    new("Add beside it: and valid_complaint_rate_12m < 20%.", "请并列加上：and valid_complaint_rate_12m < 20%。")));
                break;
            case Indicator.ReturnRate12m:
                if (!Beside(EnoughOrders))
                    found.Add(new("standard.return-few-orders", path, null, new($"A return rate of fewer than {LeastOrders} orders says nothing.", $"不足 {LeastOrders} 单的退货率不具意义。"),
                        new($"Add beside it: and orders_12m >= {LeastOrders}.", $"请并列加上：and orders_12m >= {LeastOrders}。")));
                if (standard.IsAdverse && !Beside(AnotherGround))
                    found.Add(new("standard.return-alone", path, null, new("Returning goods is a statutory right (seven days without reason, withdrawal) and cannot count against people alone.", "退货（七日无理由、撤回）是法定权利，不得仅据此作出不利决定。"),
                        new("Join it by “and” with another ground, such as broken_promises_12m >= 2.", "请用 and 并列其他依据，例如 broken_promises_12m >= 2。")));
                break;
        }
    }

    /// <summary>Whether more of it lists rather than less.</summary>
    private static bool ListsTheMany(Compare compare) =>
        compare.Is is Operator.More or Operator.AtLeast or Operator.NotEqual || (compare.Is == Operator.Equal && compare.Value.In(compare.Definition!) > 0);

    private static bool FewJustified(Compare compare)
    {
        var limit = compare.Definition!.Indicator switch { Indicator.ValidComplaints12m => 0L, Indicator.ValidComplaintRate12m => MostJustified, _ => -1 };
        var value = limit < 0 ? 0 : compare.Value.In(compare.Definition);
        return limit >= 0 && compare.Is switch { Operator.Less => value <= limit + (limit == 0 ? 1 : 0), Operator.AtMost or Operator.Equal => value <= limit, _ => false };
    }

    private static bool EnoughOrders(Compare compare) =>
        compare.Definition!.Indicator == Indicator.Orders12m && compare.Value.In(compare.Definition) is var value
            && compare.Is switch { Operator.AtLeast or Operator.Equal => value >= LeastOrders, Operator.More => value >= LeastOrders - 1, _ => false };

    /// <summary>Whether a comparison is a reason of its own against somebody: an adverse measure, compared so that it can fail.</summary>
    private static bool AnotherGround(Compare compare) =>
        compare.Definition!.Indicator switch
        {
            Indicator.MonthsSilent or Indicator.DaysSinceOrder or Indicator.GapRatio or Indicator.LinesLost or Indicator.DaysOverdue or Indicator.OverdueAmount
                or Indicator.BrokenPromises12m or Indicator.CostToServe12m or Indicator.DaysSinceUsage => compare.Is switch
                {
                    Operator.AtLeast or Operator.Equal => compare.Value.In(compare.Definition) > 0,
                    Operator.More => compare.Value.In(compare.Definition) >= 0,
                    _ => false,
                },
            Indicator.Spend12m or Indicator.Spend3m or Indicator.Margin12m or Indicator.UsualShare or Indicator.Attitude or Indicator.Usage12m or Indicator.Contacts12m =>
                compare.Is is Operator.Less or Operator.AtMost,
            _ => false,
        };

    /// <summary>Whether an amount is compared so that it tells more than in which currency somebody pays.</summary>
    private static bool CanFail(Compare compare) =>
        compare.Is is Operator.Less or Operator.AtMost or Operator.Equal || (compare.Is is Operator.AtLeast or Operator.More && compare.Value.In(compare.Definition!) > 0);
}
