using Exeunt.Core.Cases;

namespace Exeunt.Core.Tests.Cases;

/// <summary>
/// The states a case may go from one to the other, written from the product's description of them and not from the engine: received,
/// identity pending, open, scheduled, executing, winding up, closed; beside them held. A hold is lifted into wherever the steps are
/// by then. Winding up can be left only by closing or holding; closed by nothing.
/// </summary>
internal static class LegalTransitions
{
    private static readonly Dictionary<CaseState, CaseState[]> Table = new()
    {
        // The company's own case knows its customer at once.
        [CaseState.Received] = [CaseState.IdentityPending, CaseState.Open, CaseState.Executing],
        // Scheduled at once where a trade approves nothing before the last day.
        [CaseState.IdentityPending] = [CaseState.Open, CaseState.Scheduled, CaseState.Closed],
        [CaseState.Open] = [CaseState.Scheduled, CaseState.Executing, CaseState.Held, CaseState.Closed],
        // A change of what was approved, an approval taken back, or a later version of the procedure opens it again.
        [CaseState.Scheduled] = [CaseState.Open, CaseState.Executing, CaseState.Held, CaseState.Closed],
        [CaseState.Executing] = [CaseState.WindingUp, CaseState.Held, CaseState.Closed],
        [CaseState.WindingUp] = [CaseState.Held, CaseState.Closed],
        [CaseState.Held] = [CaseState.Open, CaseState.Scheduled, CaseState.Executing, CaseState.WindingUp, CaseState.Closed],
        [CaseState.Closed] = [],
    };

    public static bool Allows(CaseState from, CaseState to) => from == to || Table[from].Contains(to);

    /// <summary>The outcomes a case can have when it closes from a state.</summary>
    public static bool Allows(CaseKind kind, CaseState before, CaseOutcome outcome) =>
        outcome switch
        {
            CaseOutcome.Executed => before is CaseState.WindingUp or CaseState.Held,
            CaseOutcome.Lapsed => before is CaseState.IdentityPending && kind != CaseKind.Offboarding,
            CaseOutcome.Joined => before is CaseState.IdentityPending or CaseState.Open or CaseState.Scheduled or CaseState.Held,
            // Winding up turns back no more.
            CaseOutcome.Saved or CaseOutcome.Withdrawn or CaseOutcome.Refused => before is not (CaseState.WindingUp or CaseState.Closed),
            _ => false,
        };
}
