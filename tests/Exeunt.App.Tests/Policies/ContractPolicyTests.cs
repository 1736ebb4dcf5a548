using Exeunt.App.Features.Policies;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Imports;
using Exeunt.Core;
using Exeunt.Core.Calendar;
using Exeunt.Core.Policies;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Policies;

/// <summary>Which version of a policy an imported contract is under.</summary>
public sealed class ContractPolicyTests
{
    private static readonly Call Now = new(Actor.System, FakeTime.Start, FakeTime.Start);
    private const string Header = "customer,contract,product,start_on,term_months,monthly_fee,policy,policy_version";

    [Theory, ClassData(typeof(Databases))]
    public async Task Takes_the_version_in_force_when_the_contract_begins(string database)
    {
        await using var app = await Installation.On(database);
        await app.With(async (_, db) =>
        {
            await GeneralPolicy.Ensure(db, Now, CancellationToken.None);
            return 0;
        });
        await Publish(app, 1, new(2020, 1, 1), new(2025, 1, 1));
        await Publish(app, 2, new(2025, 1, 1), null);
        await app.Import("customers", app.File("customer,name", "C-1,王芳"));

        var (exit, _, error) = await app.Import("contracts", app.File(
            Header, "C-1,A,P,2019-01-01,24,10.00,,", "C-1,B,P,2024-12-31,24,10.00,JY-09,", "C-1,C,P,2025-01-01,24,10.00,JY-09,", "C-1,D,P,2025-06-01,24,10.00,JY-09,1", "C-1,E,P,2025-06-01,24,10.00,JY-09,7",
            "C-1,F,P,2025-06-01,24,10.00,JY-77,"));

        exit.ShouldBe(2);
        error.ShouldContain("import.policy", Case.Insensitive);
        (await Versions(app)).ShouldBe([("JY-01", 1), ("JY-09", 1), ("JY-09", 2), ("JY-09", 1)]);

        // The same contract again, without a version: it keeps the one it was signed under.
        (await app.Import("contracts", app.File(Header, "C-1,D,P,2025-06-01,24,12.00,JY-09,"))).Exit.ShouldBe(0);
        (await Versions(app)).ShouldBe([("JY-01", 1), ("JY-09", 1), ("JY-09", 2), ("JY-09", 1)]);
    }

    private static Task<List<(string, int)>> Versions(Installation app) => app.With(async (_, db) =>
        (await db.Contracts.AsNoTracking().OrderBy(c => c.Id).Select(c => new { c.PolicyNumber, c.PolicyVersion }).ToListAsync()).Select(c => (c.PolicyNumber, c.PolicyVersion)).ToList());

    private static Task Publish(Installation app, int version, DateOnly from, DateOnly? until) => app.With(async (_, db) =>
    {
        var policy = GeneralPolicy.Document with { Number = "JY-09", Version = version, EffectiveFrom = from, Notice = NoticePeriod.OfDays(10 * version) };
        db.Policies.Add(new PolicyRow
        {
            Number = policy.Number, Version = version, Status = PolicyStatus.Published, Document = policy.ToJson(), EffectiveFrom = from, EffectiveUntil = until,
        });
        db.Audit(Now, "test.policy", "policy:JY-09");
        return await db.SaveChangesAsync();
    });
}
