namespace Exeunt.Core.Cases;

/// <summary>What a step of a procedure does. Each kind is one small file in the application.</summary>
public enum StepKind
{
    VerifyIdentity,
    Talk,
    Offer,
    Settle,
    Approve,
    WaitUntilDate,
    Archive,
    WorkOrders,
    Notify,
    OrderMoney,
    Certify,
    Survey,
    Reconcile,
    Erase,
    Close,
}

/// <summary>
/// One step. It starts when every step named in <paramref name="After"/> has ended. <paramref name="Roles"/> are those who act on it
/// (in parallel for an approval); empty means the system or the customer.
/// </summary>
public sealed record ProcedureStep(string Id, StepKind Kind, IReadOnlyList<string> After, IReadOnlyList<Role> Roles);

/// <summary>How a kind of case goes: an ordered list of steps. Data, versioned; a case keeps the version it started with.</summary>
public sealed record Procedure(string Id, int Version, IReadOnlyList<ProcedureStep> Steps)
{
    /// <summary>The general way to end a contract at the customer's request.</summary>
    public static readonly Procedure GeneralTermination = new(
        "general-termination",
        1,
        [
            new("identity", StepKind.VerifyIdentity, [], []),
            new("talk", StepKind.Talk, ["identity"], [Role.Agent, Role.AccountManager, Role.Supervisor]),
            new("offer", StepKind.Offer, ["talk"], [Role.Agent, Role.AccountManager, Role.Supervisor]),
            new("settle", StepKind.Settle, ["offer"], []),
            new("approve", StepKind.Approve, ["settle"], [Role.Finance, Role.Legal]),
            new("effective", StepKind.WaitUntilDate, ["identity"], []),
            new("archive", StepKind.Archive, ["effective", "settle"], []),
            new("work", StepKind.WorkOrders, ["archive"], [Role.Technical]),
            new("notice", StepKind.Notify, ["work"], []),
            new("money", StepKind.OrderMoney, ["notice", "approve"], []),
            new("certificate", StepKind.Certify, ["notice"], []),
            new("survey", StepKind.Survey, ["certificate"], []),
            new("reconcile", StepKind.Reconcile, ["money"], [Role.Finance]),
            new("erase", StepKind.Erase, ["certificate", "reconcile"], []),
            new("close", StepKind.Close, ["erase", "survey"], []),
        ]
    );

    public static IReadOnlyList<Procedure> Known { get; } = [GeneralTermination];

    /// <summary>The procedure with this id and version.</summary>
    /// <exception cref="KeyNotFoundException">It is not known here.</exception>
    public static Procedure Find(string id, int version) =>
        Known.FirstOrDefault(p => p.Id == id && p.Version == version)
        ?? throw new KeyNotFoundException($"No procedure {id} version {version}.");

    public ProcedureStep Step(string id) => Steps.First(s => s.Id == id);
}
