namespace Exeunt.App.Ui;

/// <summary>One line or set of bars: as many values as the chart has labels, null where there is none.</summary>
public sealed record ChartSeries(string Name, IReadOnlyList<decimal?> Values);
