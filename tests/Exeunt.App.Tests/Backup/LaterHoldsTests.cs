using Exeunt.App.Features.Backup;
using Exeunt.Core.Proof;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Backup;

/// <summary>How many legal holds a restore places again, by what the exported log tells after the backup.</summary>
public class LaterHoldsTests
{
    /// <summary>Entries in their order (placed, lifted, something erased), how many of the placed the backup does not have, how many stand in it, how many are placed again.</summary>
    [Theory]
    [InlineData("P", 1, 0, 1)]
    [InlineData("PP", 2, 0, 2)]
    [InlineData("PL", 1, 0, 0)]
    // What was lifted may have been the backup's.
    [InlineData("PL", 1, 1, 1)]
    [InlineData("LP", 1, 1, 1)]
    // The backup knew of the lifting already.
    [InlineData("LP", 1, 0, 1)]
    // The backup knew of the placing already.
    [InlineData("P", 0, 1, 0)]
    // Where something was erased none stood.
    [InlineData("PEP", 1, 0, 1)]
    [InlineData("PLE", 0, 0, 0)]
    public void As_many_as_may_still_stand(string entries, int unknown, int standing, int again) =>
        entries.Select((c, i) => new AuditEntry(i, i, "system", c switch { 'P' => LaterHolds.WasPlaced, 'L' => LaterHolds.WasLifted, _ => "erasure.recorded" }, "customer:1", ""))
            .Aggregate(LaterHolds.None, (told, entry) => told.After(entry)).Again(unknown, standing).ShouldBe(again);
}
