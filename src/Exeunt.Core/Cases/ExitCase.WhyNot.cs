namespace Exeunt.Core.Cases;

/// <summary>Asking beforehand.</summary>
public sealed partial class ExitCase
{
    /// <summary>
    /// Why a command would be refused now; null when it would not. It is tried on a copy, so the answer is the command's own and the
    /// case stays as it is.
    /// </summary>
    public Refusal? WhyNot(Func<ExitCase, Refusal?> command)
    {
        var copy = (ExitCase)MemberwiseClone();
        // The state is replaced, never changed in place; only what was raised is a list that grows.
        copy._raised = [];
        return command(copy);
    }
}
