namespace Exeunt.Core.Offboarding;

/// <summary>What an improvement agreement can measure.</summary>
public enum CureMeasure
{
    /// <summary>Unpaid invoices at most, minor units.</summary>
    ArrearsAtMost,

    /// <summary>Complaints since the agreement at most.</summary>
    ComplaintsAtMost,

    /// <summary>Value returned since the agreement at most, minor units.</summary>
    ReturnsAtMost,

    /// <summary>Net spend since the agreement at least, minor units.</summary>
    SpendAtLeast,
}

/// <summary>One measured target; whether it is met is a figure, whether the agreement is kept a person says.</summary>
/// <param name="Value">0 or more.</param>
public sealed record CureTarget(CureMeasure Measure, long Value)
{
    public const int MaxTargets = 8;

    public bool IsMet(CureFigures actual) =>
        Measure switch
        {
            CureMeasure.ArrearsAtMost => actual.Arrears <= Value,
            CureMeasure.ComplaintsAtMost => actual.Complaints <= Value,
            CureMeasure.ReturnsAtMost => actual.Returns <= Value,
            _ => actual.Spend >= Value,
        };

    /// <summary>The figure it is about.</summary>
    public long Actual(CureFigures actual) =>
        Measure switch
        {
            CureMeasure.ArrearsAtMost => actual.Arrears,
            CureMeasure.ComplaintsAtMost => actual.Complaints,
            CureMeasure.ReturnsAtMost => actual.Returns,
            _ => actual.Spend,
        };
}

/// <summary>What the records say since an agreement was made.</summary>
/// <param name="Arrears">Unpaid invoices now, minor units.</param>
/// <param name="Returns">Value returned, a magnitude in minor units.</param>
/// <param name="Spend">Net spend, minor units.</param>
public sealed record CureFigures(long Arrears, int Complaints, long Returns, long Spend);
