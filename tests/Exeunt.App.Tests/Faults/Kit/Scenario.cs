using Exeunt.App.Features.Contracts;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Tests.Faults.Kit;

/// <summary>What people do in a scenario. It ends when that has come about what they wanted.</summary>
public delegate Task Play(Place place, Colleagues staff, PatientClient customer, Acknowledged acknowledged, CancellationToken until);

/// <summary>Something that is carried through while the server, or a command, dies under it again and again; and what must be true afterwards besides what the oracle knows.</summary>
/// <param name="Name">By which it is chosen on the command line.</param>
/// <param name="Least">So many points it passes at least, on either database: who draws one of them need not count them first.</param>
public sealed record Scenario(string Name, int Least, Play Play)
{
    /// <summary>The customer's exit, from the application to the closed case.</summary>
    public static Scenario Exit { get; } =
        new("exit", 150, (place, staff, customer, acknowledged, until) => new Journey(place, place.People[0], staff, customer, "exit", until).Telling(acknowledged).Whole()) { Judge = Ended };

    /// <summary>The company ends a relationship.</summary>
    public static Scenario Offboarding { get; } =
        new("offboarding", 150, (place, staff, customer, acknowledged, until) => new Journey(place, place.People[0], staff, customer, "offboarding", until).Telling(acknowledged).Offboarding()) { Judge = Ended };

    /// <summary>Somebody with whom nothing is under way asks to be erased.</summary>
    public static Scenario Erasure { get; } =
        new("erasure", 80, (place, staff, _, _, until) => TheErasure.Of(place, staff, place.Prospects[0], "erasure", until)) { Judge = (place, isOver) => TheErasure.Judge(place, place.Prospects[0], isOver) };

    /// <summary>The master key's epoch turns, with many living keys and some dead ones.</summary>
    public static Scenario Epoch { get; } = new("epoch", 30, TheEpoch.Play) { Prepare = TheEpoch.Prepare, IsUnderway = TheEpoch.HasBegun, HasGaps = true, Judge = TheEpoch.Judge };

    /// <summary>A file of customers and one of facts are uploaded and started.</summary>
    public static Scenario Import { get; } = new("import", 40, TheImport.Play) { Judge = TheImport.Judge };

    /// <summary>A backup is put back where everything is lost.</summary>
    public static Scenario Restore { get; } = new("restore", 8, (_, _, _, _, _) => Task.CompletedTask)
    {
        Prepare = TheRestore.Prepare, Before = place => place.Lose(), Command = TheRestore.Command, HasGaps = true, Judge = TheRestore.Judge,
    };

    public static IReadOnlyList<Scenario> All { get; } = [Exit, Offboarding, Erasure, Epoch, Import, Restore];

    /// <summary>What it needs besides customers and staff; done once, before it is copied for each run.</summary>
    public Func<Place, Task> Prepare { get; init; } = _ => Task.CompletedTask;

    /// <summary>What happens at the beginning of each run.</summary>
    public Func<Place, Task> Before { get; init; } = _ => Task.CompletedTask;

    /// <summary>The command that is carried through, and dies, before a server is started that nobody kills; null: it is the server that dies.</summary>
    public Func<Place, IReadOnlyList<string>>? Command { get; init; }

    /// <summary>Whether much happens between two points, so that it must be killed at random moments too.</summary>
    public bool HasGaps { get; init; }

    /// <summary>From when on such a moment may be; nobody serves before.</summary>
    public Func<Place, bool> IsUnderway { get; init; } = _ => true;

    /// <summary>What is wrong besides what the oracle finds: after a death, and when it is over. One line each.</summary>
    public Func<Place, bool, Task<IReadOnlyList<string>>> Judge { get; init; } = (_, _) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>An installation on which each of them can be played.</summary>
    /// <param name="server">Connection string of a PostgreSQL server on which databases may be made; null for SQLite.</param>
    public static Task<Place> Installation(string? server) => Place.Make(server, customers: 2, prospects: 2, everybody: true);

    /// <summary>A copy of such an installation with what this one needs, to be copied for each run.</summary>
    public async Task<Place> Template(Place installation)
    {
        var template = await installation.Copy();
        try
        {
            await Prepare(template);
            template.LetGo();
            return template;
        }
        catch
        {
            await template.DisposeAsync();
            throw;
        }
    }

    /// <summary>There is one case of the customer; it was executed, and the contract is at its end.</summary>
    private static async Task<IReadOnlyList<string>> Ended(Place place, bool isOver)
    {
        if (!isOver)
            return [];
        var id = place.People[0].Id;
        await using var db = place.Read();
        var cases = await db.Cases.AsNoTracking().Where(c => c.CustomerId == id).ToListAsync();
        var contract = await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == id);
        return cases is [{ Outcome: CaseOutcome.Executed }] && contract.State == ContractState.Ended ? []
            : [$"the contract is {contract.State} and its cases are: {string.Join(", ", cases.Select(c => $"{c.Number} {c.State} {c.Outcome}"))}"];
    }
}

/// <summary>Staff take a letter down in which somebody asks to be erased, and grant it.</summary>
internal static class TheErasure
{
    public static async Task Of(Place place, Colleagues staff, Person person, string run, CancellationToken until)
    {
        var request = (await staff.Agent.Post($"/api/customers/{person.Id}/data-requests", new { kind = "Delete", proof = "InPerson", words = $"letter of {Place.Canary}" }, $"{run} request")).Must("request").GetProperty("id").GetGuid();
        (await staff.Officer.Post($"/api/data-requests/{request}/fulfilment", new { }, $"{run} fulfilment")).Must("fulfilment");
        // It begins a minute later, and is looked at a minute after its end.
        await staff.Advance(1, $"{run} clock 1");
        var keys = $"erase|{person.Id}|";
        await place.Until(async db => await db.Customers.AnyAsync(c => c.Id == person.Id && c.ErasedAt != null, until)
            && !await db.Effects.AnyAsync(e => e.State == EffectState.Waiting && e.Key.StartsWith(keys), until), until);
        await staff.Advance(1, $"{run} clock 2");
        var target = $"customer:{person.Id}";
        await place.Until(db => db.AuditLog.AnyAsync(r => r.Verb == Features.Erasure.VerifyErasure.Verified && r.Target == target, until), until);
    }

    public static async Task<IReadOnlyList<string>> Judge(Place place, Person person, bool isOver)
    {
        List<string> found = [.. await Readable.Left(place, person, isOver)];
        await using var db = place.Read();
        var parked = await db.Effects.AsNoTracking().Where(e => e.State == EffectState.Parked).Select(e => e.Key).ToListAsync();
        found.AddRange(parked.Select(p => $"the effect {p} is parked"));
        return found;
    }
}
