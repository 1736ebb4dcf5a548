using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Demo;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.Core.Procedures;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Demo;

/// <summary>The demo company's closed cases are what real ones would be: history, money and contracts agree.</summary>
public abstract class DemoHistoryTests(ExeuntApp app)
{
    [Fact]
    public async Task Has_two_years_of_closed_cases_that_agree_with_their_history_money_and_contracts()
    {
        await using var demo = await ExeuntApp.Start(app.On, o => o with { Demo = true });
        await demo.With<AppDb>(async db =>
        {
            var cases = await db.Cases.AsNoTracking().ToListAsync();
            cases.GroupBy(c => c.Outcome!.Value).ToDictionary(g => g.Key, g => g.Count()).ShouldBe(new Dictionary<CaseOutcome, int>
            {
                [CaseOutcome.Executed] = DemoHistory.Executed, [CaseOutcome.Saved] = DemoHistory.Saved, [CaseOutcome.Withdrawn] = DemoHistory.Withdrawn,
            }, ignoreOrder: true);
            var now = demo.Time.GetUtcNow();
            cases.ShouldAllBe(c => c.State == CaseState.Closed && c.BusinessReceivedAt > now.AddMonths(-24).AddDays(-1) && c.ClosedAt < now);

            // Folding the events gives the row, and times never run backwards.
            var events = (await db.CaseEvents.AsNoTracking().OrderBy(e => e.CaseId).ThenBy(e => e.Number).ToListAsync()).ToLookup(e => e.CaseId, e => e.Read());
            foreach (var exit in cases)
            {
                JsonSerializer.Serialize(ExitCase.Fold(exit.Id, events[exit.Id], GeneralProcedures.Find), Json.Plain).ShouldBe(JsonSerializer.Serialize(exit, Json.Plain));
                events[exit.Id].Select(e => e.At).ShouldBeInOrder();
            }

            // What was executed ended its contract; everything else left it in force.
            var contracts = await db.Contracts.AsNoTracking().ToDictionaryAsync(c => c.Id);
            foreach (var exit in cases)
                (contracts[exit.ContractId!.Value].State, contracts[exit.ContractId.Value].LastServiceDay)
                    .ShouldBe(exit.Outcome == CaseOutcome.Executed ? (ContractState.Ended, exit.EffectiveOn) : (ContractState.InForce, null), exit.Number);
            contracts.Values.Count(c => c.State != ContractState.InForce).ShouldBe(DemoHistory.Executed);

            // Every entry balances, every account is even, and every order was found in the bank.
            var postings = await db.Postings.AsNoTracking().ToListAsync();
            postings.GroupBy(p => p.EntryId).ShouldAllBe(e => e.Sum(p => p.Amount) == 0);
            postings.Where(p => p.Account == "settlement").GroupBy(p => p.CaseId).ShouldAllBe(c => c.Sum(p => p.Amount) == 0);
            (await db.PaymentOrders.AsNoTracking().ToListAsync()).ShouldAllBe(o => o.Matched == o.Amount && o.ReconciledAt != null);
            (await db.Settlements.AsNoTracking().CountAsync()).ShouldBe(DemoHistory.Executed);
            (await db.Approvals.AsNoTracking().CountAsync()).ShouldBe(2 * DemoHistory.Executed);

            // Numbers rise with the time of receipt, and the log says that it is a demo.
            var serials = await db.CaseIndex.AsNoTracking().ToDictionaryAsync(i => i.CaseId, i => i.Serial);
            cases.OrderBy(c => serials[c.Id]).Select(c => c.BusinessReceivedAt).ShouldBeInOrder();
            (await db.AuditLog.AsNoTracking().CountAsync(a => a.Verb == "demo.history-loaded")).ShouldBe(1);
            (await db.Effects.AsNoTracking().CountAsync(e => e.CaseId != null)).ShouldBe(0);
        });
    }

    public sealed class OnSqlite(SqliteApp app) : DemoHistoryTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : DemoHistoryTests(app), IClassFixture<PostgresApp>;
}
