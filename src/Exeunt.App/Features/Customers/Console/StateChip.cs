using Exeunt.App.Ui;
using Exeunt.Core.Churn;

namespace Exeunt.App.Features.Customers.Console;

/// <summary>In which colour a state is shown.</summary>
internal static class StateChip
{
    public static ChipKind Of(ChurnState state) =>
        state switch
        {
            ChurnState.Active or ChurnState.New or ChurnState.Reactivated => ChipKind.Ok,
            ChurnState.Borderline => ChipKind.Warn,
            ChurnState.Churned => ChipKind.Bad,
            _ => ChipKind.Neutral,
        };

    public static ChipKind Of(Defection defection) =>
        defection switch
        {
            Defection.None => ChipKind.Ok,
            Defection.Watched => ChipKind.Warn,
            _ => ChipKind.Bad,
        };

    public static ChipKind Of(RhythmState rhythm) =>
        rhythm switch
        {
            RhythmState.OnTime => ChipKind.Ok,
            RhythmState.Late => ChipKind.Warn,
            RhythmState.Broken => ChipKind.Bad,
            _ => ChipKind.Neutral,
        };
}
