namespace Exeunt.App.Ui;

/// <summary>One step as the line of steps shows it.</summary>
/// <param name="Note">Small text below: when, how long, who is waited for.</param>
public sealed record Step(string Name, StepMark Mark, string? Note = null);

/// <summary>Where a step stands in the line; a skipped one is left out or counts as done with a note.</summary>
public enum StepMark
{
    Done,
    Now,
    Next,
}
