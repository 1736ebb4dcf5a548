namespace Exeunt.App.Ui;

/// <summary>One step as the line of steps shows it.</summary>
/// <param name="Note">Small text below: when, how long, who is waited for.</param>
public sealed record Step(string Name, StepState State, string? Note = null);

public enum StepState
{
    Done,
    Now,
    Next,
}
