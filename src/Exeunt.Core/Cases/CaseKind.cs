namespace Exeunt.Core.Cases;

public enum CaseKind
{
    Termination,
    Offboarding,
    Cancellation,
}
