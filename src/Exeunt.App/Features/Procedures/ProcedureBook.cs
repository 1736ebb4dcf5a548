using Exeunt.Core.Procedures;

namespace Exeunt.App.Features.Procedures;

/// <summary>The procedures cases run on. A version never changes once a case can have started on it.</summary>
public sealed class ProcedureBook
{
    /// <summary>A version, in force or not.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public Procedure Find(string id, int version) => GeneralProcedures.Find(id, version);

    /// <summary>The version on which new cases start.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public Procedure Current(string id) =>
        GeneralProcedures.All.Where(p => p.Id == id).MaxBy(p => p.Version) ?? throw new KeyNotFoundException($"No procedure {id}.");
}
