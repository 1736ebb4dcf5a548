using Exeunt.Core.Offboarding;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Offboarding;

public sealed class EvidenceFileTests
{
    private static readonly EvidenceItem Photo = new(EvidenceKind.File, "photo.jpg", "aa");

    private static EvidenceItem Fact(EvidenceFact fact, long value) => new(EvidenceKind.Fact, Fact: fact, Value: value, Unit: "count", On: new(2026, 3, 16));

    [Fact]
    public void Reads_what_it_wrote_and_changes_its_digest_with_every_item()
    {
        var file = new EvidenceFile("nonce", "O-2026-000001", "OFFBOARD_BREACH", new(2026, 3, 16), [new(EvidenceKind.Text, "三次威胁员工"), Photo, Fact(EvidenceFact.Arrears, 1200_00)]);
        var bytes = file.ToBytes();
        EvidenceFile.Read(bytes).ToBytes().ShouldBe(bytes);
        var digest = EvidenceFile.DigestOf(bytes);
        foreach (var other in new[] { file with { Nonce = "other" }, file with { Ground = "OFFBOARD_RISK" }, file with { Items = [.. file.Items.Skip(1)] }, file with { Items = [.. file.Items.Reverse()] } })
            EvidenceFile.DigestOf(other.ToBytes()).ShouldNotBe(digest);
    }

    [Fact]
    public void Does_not_take_words_or_complaints_alone()
    {
        EvidenceFile.Insufficient([new(EvidenceKind.Text, "rude")], "OFFBOARD_BREACH")!.Code.ShouldBe("evidence.nothing-shown");
        EvidenceFile.Insufficient([], "OFFBOARD_BREACH")!.Code.ShouldBe("evidence.nothing-shown");
        EvidenceFile.Insufficient([Fact(EvidenceFact.Complaints, 9)], "OFFBOARD_BREACH")!.Code.ShouldBe("evidence.complaints-alone");
        EvidenceFile.Insufficient([Fact(EvidenceFact.Complaints, 9), Fact(EvidenceFact.Arrears, 0), Fact(EvidenceFact.Spend, 5)], "OFFBOARD_RISK")!.Code.ShouldBe("evidence.complaints-alone");
        EvidenceFile.Insufficient([Fact(EvidenceFact.Complaints, 9), Fact(EvidenceFact.Spend, 0)], "OFFBOARD_COMMERCIAL").ShouldBeNull();
        EvidenceFile.Insufficient([Fact(EvidenceFact.Complaints, 9), Fact(EvidenceFact.Arrears, 1)], "OFFBOARD_BREACH").ShouldBeNull();
        EvidenceFile.Insufficient([Photo], "OFFBOARD_BREACH").ShouldBeNull();
        EvidenceFile.Insufficient([.. Enumerable.Repeat(Photo, 41)], "OFFBOARD_BREACH")!.Code.ShouldBe("evidence.too-many");
    }
}
