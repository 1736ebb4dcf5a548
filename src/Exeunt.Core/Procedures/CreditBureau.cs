namespace Exeunt.Core.Procedures;

/// <summary>Reporting somebody to a credit bureau: never before they were told and had time to answer (CN-CR).</summary>
public static class CreditBureau
{
    /// <summary>The code of the task that reports.</summary>
    public const string Task = "report-credit-bureau";
}
