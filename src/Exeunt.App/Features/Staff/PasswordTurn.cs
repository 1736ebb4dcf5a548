namespace Exeunt.App.Features.Staff;

/// <summary>
/// At most two passwords are hashed at a time: hashing is made slow on purpose, and a flood of sign-ins must not take every
/// processor from everybody else.
/// </summary>
public sealed class PasswordTurn : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly SemaphoreSlim _turn = new(2, 2);

    /// <summary>Waits for a turn; null when there are too many before. Dispose the result to give it back.</summary>
    public async Task<IDisposable?> Enter(CancellationToken ct) =>
        await _turn.WaitAsync(Patience, ct) ? new Turn(_turn) : null;

    public void Dispose() => _turn.Dispose();

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
