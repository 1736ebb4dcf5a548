using Exeunt.Core.Cases;

namespace Exeunt.Core.Offboarding;

/// <summary>What a decision came to, some time after it: computed from the records, never said by those who decided.</summary>
/// <param name="Days">30, 90 or 180 days after the case was closed.</param>
/// <param name="StillThere">The customer has a contract in force.</param>
/// <param name="SpendBefore">Net spend of as many days before the case was closed, minor units.</param>
/// <param name="SpendAfter">Net spend of those days, minor units.</param>
/// <param name="Complaints">Complaints in those days.</param>
/// <param name="Disputed">A dispute was opened.</param>
/// <param name="CameBack">A contract was concluded after the end.</param>
public sealed record DecisionEffect(int Days, CaseOutcome Outcome, bool StillThere, long SpendBefore, long SpendAfter, int Complaints, bool Disputed, bool CameBack)
{
    public static readonly int[] After = [30, 90, 180];

    /// <summary>
    /// Whether it came as intended: a customer kept is still there; one who left is gone without a dispute. Null for outcomes that intend
    /// nothing (joined, lapsed).
    /// </summary>
    public bool? AsIntended =>
        Outcome switch
        {
            CaseOutcome.Saved or CaseOutcome.Withdrawn or CaseOutcome.Refused => StillThere,
            CaseOutcome.Executed => !Disputed && Complaints == 0,
            _ => null,
        };
}
