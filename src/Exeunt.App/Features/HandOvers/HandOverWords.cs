using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.HandOvers;

namespace Exeunt.App.Features.HandOvers;

/// <summary>Says why a customer did not pass over, from the code that is stored.</summary>
public static class HandOverWords
{
    private static readonly Dictionary<string, Refusal> Known = new[]
    {
        GivingUpCheck.Erased, HandOverRefusals.NotAnOwner, HandOverRefusals.PlannedAlready, HandOverRefusals.GivingUpOpen, CommonRefusals.ChangedMeanwhile, AssignCase.NotAHandler,
        CommonRefusals.NotAllowed(Permission.HandOverCustomers), GivingUpCheck.Disputed("…"), GivingUpCheck.Appealed("…"), GivingUpCheck.PeriodRuns("…", default), GivingUpCheck.NobodyHasIt("…"),
    }.ToDictionary(r => r.Code);

    public static string Of(string code, Texts t) =>
        code == RunPlan.NotTheirs ? t["hand-over.not-theirs"] : Known.GetValueOrDefault(code)?.In(t.Language) ?? code;
}
