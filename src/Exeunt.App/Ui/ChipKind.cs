namespace Exeunt.App.Ui;

/// <summary>What a chip's colour means.</summary>
public enum ChipKind
{
    Neutral,
    Ok,
    Warn,
    Bad,
    Info,
    Vip,
}
