using Exeunt.Core;

namespace Exeunt.App.Platform;

/// <summary>
/// Deep in something that was begun it shows that it cannot be done, for a reason that trying again does not mend. A use case refuses with it; an
/// effect waits for people with its <see cref="Note"/>. Nothing that was staged is kept.
/// </summary>
/// <param name="note">Of the effect that waits; null: the refusal's code.</param>
public class RefusedException(Refusal refusal, string? note = null) : InvalidOperationException(refusal.English)
{
    public Refusal Refusal => refusal;

    public string Note => note ?? refusal.Code;
}
