using Exeunt.Core.Cases;
using Exeunt.Core.Offboarding;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Offboarding;

public sealed class CureTargetTests
{
    private static readonly CureFigures Figures = new(100, 2, 300, 4000);

    [Theory]
    [InlineData(CureMeasure.ArrearsAtMost, 100, true)]
    [InlineData(CureMeasure.ArrearsAtMost, 99, false)]
    [InlineData(CureMeasure.ComplaintsAtMost, 2, true)]
    [InlineData(CureMeasure.ComplaintsAtMost, 1, false)]
    [InlineData(CureMeasure.ReturnsAtMost, 300, true)]
    [InlineData(CureMeasure.ReturnsAtMost, 299, false)]
    [InlineData(CureMeasure.SpendAtLeast, 4000, true)]
    [InlineData(CureMeasure.SpendAtLeast, 4001, false)]
    public void Is_met_with_its_value_included(CureMeasure measure, long value, bool met) => new CureTarget(measure, value).IsMet(Figures).ShouldBe(met);

    [Theory]
    [InlineData(CaseOutcome.Saved, true, 0, false, true)]
    [InlineData(CaseOutcome.Saved, false, 0, false, false)]
    [InlineData(CaseOutcome.Executed, false, 0, false, true)]
    [InlineData(CaseOutcome.Executed, false, 0, true, false)]
    [InlineData(CaseOutcome.Executed, false, 1, false, false)]
    [InlineData(CaseOutcome.Joined, true, 0, false, null)]
    public void Tells_whether_a_decision_came_as_intended(CaseOutcome outcome, bool there, int complaints, bool disputed, bool? intended) =>
        new DecisionEffect(30, outcome, there, 0, 0, complaints, disputed, false).AsIntended.ShouldBe(intended);
}
