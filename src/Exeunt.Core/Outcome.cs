namespace Exeunt.Core;

/// <summary>Why something cannot be done: what kind of "no" it is, for the one place that knows HTTP.</summary>
public enum RefusalKind
{
    /// <summary>The request itself is wrong (a field, a date, an amount).</summary>
    Invalid,

    /// <summary>There is no such thing, or it is not yours to see.</summary>
    NotFound,

    /// <summary>The state of the thing forbids it now.</summary>
    Conflict,

    /// <summary>You may not do it.</summary>
    Forbidden,

    /// <summary>Too often; try again later.</summary>
    TooMany,
}

/// <summary>
/// An expected "no", as a value. <paramref name="Code"/> is stable (kebab-case, <c>noun.reason</c>); both sentences may be
/// read by a customer; <paramref name="PossibleOn"/> is the first date on which it becomes possible, where there is one;
/// <paramref name="Field"/> names the request field it stands beside.
/// </summary>
public sealed record Refusal(
    RefusalKind Kind,
    string Code,
    string English,
    string Chinese,
    DateOnly? PossibleOn = null,
    string? Field = null
)
{
    /// <summary>The sentence in one of the two languages ("zh…" is Chinese, anything else English).</summary>
    public string In(string language) =>
        language.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Chinese : English;
}

/// <summary>The result of a use case: a value, or the refusal that says why there is none.</summary>
public readonly struct Outcome<T>
{
    private readonly T? _value;

    private Outcome(T? value, Refusal? refusal) => (_value, Refusal) = (value, refusal);

    /// <summary>The reason there is no value; null when there is one.</summary>
    public Refusal? Refusal { get; }

    /// <summary>True when there is a value.</summary>
    public bool Succeeded => Refusal is null;

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">It was refused: a caller that did not look.</exception>
    public T Value =>
        Refusal is null ? _value! : throw new InvalidOperationException($"Refused: {Refusal.Code}");

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Refusal refusal) => new(default, refusal);
}

/// <summary>The result of something that succeeds without anything to say.</summary>
public readonly record struct Done
{
    public static readonly Done It;
}
