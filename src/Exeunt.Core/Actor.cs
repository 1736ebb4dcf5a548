namespace Exeunt.Core;

/// <summary>What a member of staff may be. A role holds for a unit and everything below it.</summary>
public enum Role
{
    Agent,
    AccountManager,
    Supervisor,
    BranchHead,
    Marketing,
    Technical,
    Finance,
    Legal,
    DataOfficer,
    Analyst,
    Trainer,
    Auditor,
    Administrator,
}

/// <summary>Who acts: staff, the customer of a case, the system itself, or nobody we know.</summary>
public enum ActorKind
{
    Anonymous,
    Customer,
    Staff,
    System,
}

/// <summary>A role held for a unit and below. <paramref name="UnitPath"/> is the unit's path, "1." or "1.3.12.".</summary>
public sealed record RoleAssignment(Role Role, string UnitPath);

/// <summary>
/// The one who acts. <paramref name="Id"/> is the staff member's id, the case token's owner ("case:…"), "system" or
/// "anonymous"; it goes to the audit log, so it never holds a name or an address.
/// </summary>
public sealed record Actor(ActorKind Kind, string Id, IReadOnlyList<RoleAssignment> Roles)
{
    public static readonly Actor System = new(ActorKind.System, "system", []);
    public static readonly Actor Anonymous = new(ActorKind.Anonymous, "anonymous", []);

    /// <summary>A customer who opened the progress page of one case with its link.</summary>
    public static Actor Customer(Guid caseId) => new(ActorKind.Customer, $"case:{caseId:N}", []);

    /// <summary>Whether this is a customer, and of another case than this one: to them it does not exist.</summary>
    public bool IsOfAnotherCase(Guid caseId) => Kind == ActorKind.Customer && Id != Customer(caseId).Id;

    public bool Has(Role role) => Roles.Any(r => r.Role == role);

    /// <summary>Whether the actor holds the role for the unit with this path, or for one above it.</summary>
    public bool Has(Role role, string unitPath) =>
        Roles.Any(r => r.Role == role && unitPath.StartsWith(r.UnitPath, StringComparison.Ordinal));
}
