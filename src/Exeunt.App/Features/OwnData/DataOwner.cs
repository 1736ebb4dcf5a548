using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.OwnData;

/// <summary>By what a customer's own data is asked for: the session of a case, or a door.</summary>
/// <param name="Door">Token of a door (<see cref="DataDoors"/>).</param>
/// <param name="Session">What the code of the door gave.</param>
/// <param name="CustomerId">Only from within, for a package that staff make.</param>
/// <param name="Reference">What such a package is filed under.</param>
public sealed record Whose(Guid? CaseId = null, string? Door = null, string? Session = null, long? CustomerId = null, string? Reference = null)
{
    /// <summary>The answer to whoever may not.</summary>
    public Refusal Closed => Door is null ? CommonRefusals.NotFound : DataDoors.Gone;
}

/// <summary>Finds the customer behind a session or a door.</summary>
public sealed class DataOwner(AppDb db, CaseDesk desk, DataDoors doors)
{
    /// <param name="Exit">The case by which they come; null: none.</param>
    /// <param name="Number">What the answer is filed under: the number of the case, of the contract that was typed, or of the request.</param>
    public sealed record Found(Customer Customer, ExitCase? Exit, string Number)
    {
        public string Language => Exit?.Language ?? Customer.Language;

        public string Zone => Exit?.Zone ?? Clocks.CompanyZone;
    }

    /// <summary>The customer; null when whoever calls is not theirs.</summary>
    public async Task<Found?> Of(Whose whose, Call call, CancellationToken ct)
    {
        if (whose.CaseId is { } caseId)
            return call.Actor.Allows(Permission.CustomerOfCase) && !call.Actor.IsOfAnotherCase(caseId) && await desk.Look(caseId, call, ct) is { CustomerId: { } own } exit
                ? new(await Customer(own, ct), exit, exit.Number) : null;
        if (whose.Door is { } door)
            return await doors.Behind(door, whose.Session, call.Now, ct) is var (found, number) ? new(found.Customer, null, number) : null;
        return whose.CustomerId is { } id && call.Actor.Kind == ActorKind.System ? new(await Customer(id, ct), null, whose.Reference ?? "") : null;
    }

    private Task<Customer> Customer(long id, CancellationToken ct) => db.Customers.AsNoTracking().SingleAsync(c => c.Id == id, ct);
}
