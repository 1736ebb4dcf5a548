using Exeunt.App.Data;
using Exeunt.App.Features.Company;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Demo;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Features.Offboarding;
using Exeunt.App.Features.Offers;
using Exeunt.App.Features.Packs;
using Exeunt.App.Features.Policies;
using Exeunt.App.Features.ProcessMap;
using Exeunt.App.Features.Reasons;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Features.Rules;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Features.Staff;
using Exeunt.App.Features.Today;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App;

/// <summary>What a server does once before it answers: the business clock, the demo company.</summary>
public static class Start
{
    public const string ClockOffsetDays = "clock.offset-days";

    public static async Task Prepare(IServiceProvider services, CancellationToken ct)
    {
        var db = services.GetRequiredService<AppDb>();
        var clocks = services.GetRequiredService<Clocks>();
        if (await db.Settings.AsNoTracking().SingleOrDefaultAsync(s => s.Key == ClockOffsetDays, ct) is { } offset)
            clocks.Offset = TimeSpan.FromDays(int.Parse(offset.Value, System.Globalization.CultureInfo.InvariantCulture));
        await ClockWatch.WatchStart(db, new Call(Actor.System, clocks.Now, clocks.BusinessNow), ct);
        await Features.AuditLog.TreeHeads.PutAside(db, services.GetRequiredService<HostOptions>(), new Call(Actor.System, clocks.Now, clocks.BusinessNow), ct);
        // Left by a restore that was cut off: a copy of the key store.
        if (Path.Combine(services.GetRequiredService<HostOptions>().Data, Features.Backup.RestoreCommand.Scratch) is var left && Directory.Exists(left))
            Directory.Delete(left, recursive: true);
        var keys = services.GetRequiredService<KeyStore>();
        await keys.BeginEpochs(clocks.Now, ct, services.GetRequiredService<HostOptions>() is { Worker: true } serving ? serving.KeyEpochDays : 0);
        if (keys.Mended is { } mended)
        {
            db.Audit(new Call(Actor.System, clocks.Now, clocks.BusinessNow), "keys.mended", "key-store", new { mended });
            await db.SaveChangesAsync(ct);
        }
        // A restore that was cut off before it did: numbers that have keys or marks already are not given again.
        await Bulk.Raise(db, "customers", await keys.HighestSubject(ct), new Call(Actor.System, clocks.Now, clocks.BusinessNow), ct);
        await ErasedBefore.Apply(db, keys, services.GetRequiredService<SearchStore>(), new Call(Actor.System, clocks.Now, clocks.BusinessNow), ct);
        await Remains.ClearAgain(db, new Call(Actor.System, clocks.Now, clocks.BusinessNow), ct);
        await services.GetRequiredService<Retention>().CountAgain(new Call(Actor.System, clocks.Now, clocks.BusinessNow), ct);
        await ContactsLeft.Stage(db, new Call(Actor.System, clocks.Now, clocks.BusinessNow), ct);
        await ForgetSpot.Ensure(db, new Call(Actor.System, clocks.Now, clocks.BusinessNow), ct);
        var options = services.GetRequiredService<HostOptions>();
        var people = services.GetRequiredService<DemoPeople>();
        // Before the key, which is certified in the company's name.
        if (options.Demo && (await people.AreHere(ct) || !await db.Units.AnyAsync(ct)))
            await CompanyBook.Seed(db, CompanyIdentity.Demo, new Call(Actor.System, clocks.Now, clocks.BusinessNow), ct);
        // The key that signs papers and the log exists from the first day, so that "audit key" can print it beside a server.
        await services.GetRequiredService<Letterhead>().Key(ct);
        await GeneralPolicy.Ensure(db, new Call(Actor.System, clocks.Now, clocks.BusinessNow), ct);
        await ProcedureBook.Ensure(db, new Call(Actor.System, clocks.Now, clocks.BusinessNow), ct);
        await RuleBook.Seed(db, new Call(Actor.System, clocks.Now, clocks.BusinessNow), ct);
        await ReasonBook.Seed(db, new Call(Actor.System, clocks.Now, clocks.BusinessNow), ct);
        await OfferBook.Seed(db, new Call(Actor.System, clocks.Now, clocks.BusinessNow), ct);
        await RebuildSearch.IfIncomplete(
            db, services.GetRequiredService<Vault>(), services.GetRequiredService<SearchStore>(), new Call(Actor.System, clocks.Now, clocks.BusinessNow), ct);
        await RebuildWaits.IfEmpty(db, services.GetRequiredService<ProcedureBook>(), services.GetRequiredService<RebuildWaits>(), new Call(Actor.System, clocks.Now, clocks.BusinessNow), ct);
        await RebuildStepTimes.IfEmpty(db, services.GetRequiredService<RebuildStepTimes>(), new Call(Actor.System, clocks.Now, clocks.BusinessNow), ct);

        if (!options.IsLoopback && await people.AreHere(ct))
            throw new InvalidDataException(
                $"This database has demo people, whose passwords anybody at this machine can read, and --bind {options.Bind} can be reached from other machines. Use another --data folder (with --no-demo), or leave --bind out.");
        if (!options.Demo)
        {
            await Evaluating(db, options, clocks, ct);
            return;
        }
        var call = new Call(Actor.System, clocks.Now, clocks.BusinessNow);
        var storage = services.GetRequiredService<Storage>();
        var fresh = await DemoCompany.Load(storage, call, ct);
        if (fresh)
        {
            await DemoPacks.Load(storage, services.GetRequiredService<InstallPack>(), call, ct);
            await DemoClasses.Load(db, call, ct);
        }
        await people.Ensure(ct);
        if (fresh)
        {
            await DemoCompany.AssignOwners(storage, call, await Managers(services, db, ct), ct);
            var roles = await services.GetRequiredService<StaffDb>().Roles.AsNoTracking().ToListAsync(ct);
            await DemoHistory.Load(
                db, services.GetRequiredService<Settling>(), services.GetRequiredService<DueTimes>(), roles.GroupBy(r => r.Role).ToDictionary(g => g.Key, g => (IReadOnlyList<Guid>)[.. g.Select(r => r.StaffId).Order()]),
                await DemoCompany.TourContracts(storage, db, ct), call, ct);
        }
        await Evaluating(db, options, clocks, ct);
    }

    private static async Task Evaluating(AppDb db, HostOptions options, Clocks clocks, CancellationToken ct)
    {
        if (options.Worker)
            await Features.Standards.NightlyEvaluation.Ensure(db, new Call(Actor.System, clocks.Now, clocks.BusinessNow), ct);
    }

    /// <summary>The account managers who may own customers of each unit.</summary>
    private static async Task<Dictionary<int, IReadOnlyList<Guid>>> Managers(IServiceProvider services, AppDb db, CancellationToken ct)
    {
        var roles = await services.GetRequiredService<StaffDb>().Roles.AsNoTracking().Where(r => r.Role == Role.AccountManager).ToListAsync(ct);
        var units = await db.Units.AsNoTracking().ToListAsync(ct);
        var paths = units.ToDictionary(u => u.Id, u => u.Path);
        return units.ToDictionary(
            u => u.Id,
            u => (IReadOnlyList<Guid>)[.. roles.Where(r => u.Path.StartsWith(paths[r.UnitId], StringComparison.Ordinal)).Select(r => r.StaffId).Order()]);
    }
}
