using System.Net.Http.Json;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Today;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;

namespace Exeunt.App.Tests.Inbox;

/// <summary>Cases that wait for something.</summary>
public static class WaitsWorld
{
    /// <summary>A case of a customer who has proven who they are: it waits for the talk.</summary>
    public static async Task<(HttpClient Customer, Guid Id, string Token)> AProvenCase(ExeuntApp app)
    {
        var contract = await app.AContractInForce();
        var customer = app.Client("zh");
        var receipt = await (await customer.PostAsJsonAsync("/api/applications", new { contractNumber = contract.Number, name = contract.Name, contact = contract.Mail })).Content.ReadFromJsonAsync<JsonElement>();
        var token = receipt.GetProperty("token").GetString()!;
        (await customer.PostAsync($"/api/progress/{token}/code", null)).EnsureSuccessStatusCode();
        var opened = await (await customer.PostAsJsonAsync($"/api/progress/{token}/identity", new { code = await app.CodeFor(contract.Mail) })).Content.ReadFromJsonAsync<JsonElement>();
        customer.DefaultRequestHeaders.Add("Case-Session", opened.GetProperty("session").GetString());
        return (customer, receipt.GetProperty("caseId").GetGuid(), token);
    }

    /// <summary>Adds a bare case with one thing for an agent to do; the caller saves.</summary>
    public static Task AWait(AppDb db, int number, DateOnly? due, int? unit = 1)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(1_780_000_000_000);
        var exit = ExitCase.Receive(
            Guid.CreateVersion7(), $"T-2026-9{number:00000}", GeneralProcedures.Termination, Channel.Portal, "en", null, -1_000_000 - number, new(now, now, "system"), GeneralProcedures.Find);
        exit.MarkStored();
        db.Cases.Add(exit);
        db.Waits.Add(new WaitRow
        {
            CaseId = exit.Id, Key = "talk", What = "talk", Roles = WaitRow.BitOf(Role.Agent) | WaitRow.BitOf(Role.Supervisor), UnitId = unit, Since = now, Priority = 1,
            DueAt = due is { } on ? Clocks.StartOf(on.AddDays(1), Clocks.CompanyZone) : WaitRow.NoDate,
        });
        return Task.CompletedTask;
    }
}
