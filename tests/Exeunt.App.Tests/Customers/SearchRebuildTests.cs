using Exeunt.App.Data;
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

    [Fact]
    public async Task What_was_put_into_a_lost_store_before_the_start_does_not_keep_the_others_out()
    {
        await using var app = await ExeuntApp.Start(Database.Sqlite);
        var (one, other) = (await app.AContractInForce(), await app.AContractInForce());
        await app.Stop();
        foreach (var file in Directory.EnumerateFiles(app.Options.Data, "search.db*"))
            File.Delete(file);
        // An import by command line.
        await using (var storage = await Storage.Open(app.Options, default))
        {
            await storage.Search.Index(one.CustomerId, [(TokenKind.Number, one.Number)], default);
            (await storage.Search.IsComplete(default)).ShouldBeFalse();
        }

        await app.Restart();

        foreach (var contract in new[] { one, other })
            (await app.With<SearchStore, List<long>>(search => search.Find(TokenKind.Mail, contract.Mail, 10, default))).ShouldContain(contract.CustomerId);
        (await app.With<SearchStore, bool>(search => search.IsComplete(default))).ShouldBeTrue();
    }
}
