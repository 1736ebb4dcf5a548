using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Customers;

/// <summary>The search store is in no backup: an empty one is filled from the vault at the next start.</summary>
public sealed class SearchRebuildTests
{
    [Fact]
    public async Task A_lost_search_store_finds_everybody_again_after_a_restart()
    {
        await using var app = await ExeuntApp.Start(Database.Sqlite);
        var contract = await app.AContractInForce();
        await app.Stop();
        foreach (var file in Directory.EnumerateFiles(app.Options.Data, "search.db*"))
            File.Delete(file);

        await app.Restart();

        foreach (var (kind, value) in new[]
        {
            (TokenKind.Name, contract.Name), (TokenKind.Mail, contract.Mail), (TokenKind.Phone, contract.Phone), (TokenKind.Number, contract.Number),
        })
            (await app.With<SearchStore, List<long>>(search => search.Find(kind, value, 10, default))).ShouldContain(contract.CustomerId, $"{kind}");
    }
}
