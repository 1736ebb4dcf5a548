using Exeunt.App.Ui;
using Exeunt.Core.Churn;

namespace Exeunt.App.Features.Customers.Console;

/// <summary>In which colour a churn state is shown.</summary>
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
}
