using System.Security.Cryptography;
using System.Text;
using Exeunt.Core.Proof;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Proof;

public sealed class LogVerifierTests : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly List<SignedTreeHead> _heads = [];

    private string Trusted => _key.ExportSubjectPublicKeyInfoPem();

    public void Dispose() => _key.Dispose();

    [Fact]
    public void An_untouched_export_is_valid_up_to_its_last_head()
    {
        var verdict = Verify(Export(200, headEvery: 50), olderHeads: [.. _heads]);
        verdict.IsValid.ShouldBeTrue(verdict.Message);
        verdict.Head.ShouldBe(_heads[^1].Head);
        verdict.Head!.Size.ShouldBe(200);
    }

    [Fact]
    public void Every_flipped_bit_of_a_200_leaf_export_is_detected()
    {
        // Short ids: a quarter of a million damaged copies are verified.
        var export = Encoding.ASCII.GetBytes(
            Export(200, change: e => e with { Actor = "s:1", Verb = "a.b", Target = "c:1" })
        );
        FlipsMissed(export).ShouldBeEmpty();
    }

    [Fact]
    public void A_deleted_inserted_or_swapped_leaf_is_detected()
    {
        var lines = Lines(Export(20));
        for (var i = 0; i < 20; i++)
        {
            Fault(at => lines.RemoveAt(at), i).ShouldBe(LogFault.OutOfOrder);
            Fault(at => lines.Insert(at, lines[at]), i).ShouldBe(LogFault.OutOfOrder);
            if (i < 19)
                Fault(at => (lines[at], lines[at + 1]) = (lines[at + 1], lines[at]), i).ShouldBe(LogFault.OutOfOrder);
        }

        LogFault? Fault(Action<int> damage, int at)
        {
            lines = Lines(Export(20));
            damage(at);
            return Verify(Join(lines)).Fault;
        }
    }

    [Fact]
    public void Leaves_renumbered_to_hide_a_deletion_do_not_have_the_signed_root()
    {
        var leaves = Enumerable.Range(0, 20).Where(i => i != 7).Select((old, i) => Entry(old) with { Index = i });
        var head = Lines(Export(20))[^1];
        Verify(Join([.. leaves.Select(Line), head])).Fault.ShouldBe(LogFault.OutOfOrder);
        var replaced = Lines(Export(20));
        replaced[7] = Line(Entry(7) with { Verb = "case.nothing" });
        Verify(Join(replaced)).Fault.ShouldBe(LogFault.Altered);
    }

    [Fact]
    public void An_export_cut_anywhere_is_detected()
    {
        var export = Export(20, headEvery: 20);
        for (var length = 0; length < export.Length; length++)
            Verify(export[..length]).IsValid.ShouldBeFalse($"cut to {length}");
    }

    [Fact]
    public void A_log_cut_back_to_one_of_its_own_heads_is_told_only_by_a_later_head()
    {
        var lines = Lines(Export(20, headEvery: 10));
        var cut = Join(lines[..11]);
        Verify(cut).IsValid.ShouldBeTrue();
        Verify(cut, [_heads[0]]).IsValid.ShouldBeTrue();
        Verify(cut, [_heads[1]]).Fault.ShouldBe(LogFault.Truncated);
    }

    [Fact]
    public void A_log_rewritten_by_the_owner_of_the_key_contradicts_an_older_head()
    {
        Export(20, headEvery: 10);
        var seen = _heads.ToList();
        var rewritten = Export(30, headEvery: 10, change: e => e.Index == 3 ? e with { Actor = "staff:0" } : e);
        Verify(rewritten).IsValid.ShouldBeTrue();
        Verify(rewritten, [seen[0]]).Fault.ShouldBe(LogFault.Forked);
        Verify(rewritten, [seen[1]]).Fault.ShouldBe(LogFault.Forked);
    }

    [Fact]
    public void A_log_signed_again_with_another_key_is_not_trusted()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var lines = Lines(Export(20));
        lines[^1] = SignedTreeHead.Sign(_heads[^1].Head, other).ToLine();
        Verify(Join(lines)).Fault.ShouldBe(LogFault.NotTrusted);
        Verify(Export(20), [SignedTreeHead.Sign(_heads[^1].Head, other)]).Fault.ShouldBe(LogFault.NotTrusted);
    }

    [Fact]
    public void A_line_in_another_spelling_is_malformed()
    {
        var lines = Lines(Export(3));
        foreach (
            var spelling in new[]
            {
                lines[0].Replace("\"at\":", "\"at\": "),
                lines[0].Replace("\"index\":0", "\"index\":00"),
                lines[0].Replace("\"index\":0", "\"index\":-0"),
                lines[0] + " ",
                lines[3].Replace("\"root\":\"", "\"root\":\"A").Remove(30, 1),
                "",
                "null",
            }
        )
            Verify(Join([spelling])).Fault.ShouldBe(LogFault.Malformed, spelling);
        Verify(Export(3).Replace("\n", "\r\n")).Fault.ShouldBe(LogFault.Malformed);
    }

    [Fact]
    public void An_empty_log_is_valid_only_with_its_head()
    {
        Verify("").Fault.ShouldBe(LogFault.Truncated);
        var head = SignedTreeHead.Sign(TreeHead.Of(new MerkleFrontier(), DateTimeOffset.UnixEpoch), _key);
        Verify(Join([head.ToLine()])).IsValid.ShouldBeTrue();
    }

    [Fact]
    public void A_new_key_takes_over_and_the_one_it_replaced_signs_no_more()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var third = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string Signed(params ECDsa[] by)
        {
            var (log, text) = (new MerkleFrontier(), new StringBuilder());
            for (var i = 0; i < by.Length; i++)
            {
                var entry = i == 1 ? Entry(i) with { Verb = LogVerifier.NewKey, Target = "signer:00ff" } : Entry(i);
                log.Append(entry.LeafHash());
                text.Append(Line(entry)).Append('\n').Append(SignedTreeHead.Sign(TreeHead.Of(log, DateTimeOffset.UnixEpoch), by[i]).ToLine()).Append('\n');
            }
            return text.ToString();
        }
        LogVerdict Verdict(string export, params ECDsa[] trusted)
        {
            using var stream = new MemoryStream(Encoding.ASCII.GetBytes(export));
            return LogVerifier.Verify(stream, trusted);
        }

        Verdict(Signed(_key, _key, other, other, third), _key, other, third).IsValid.ShouldBeTrue();
        Verdict(Signed(_key, _key, other), other, _key).IsValid.ShouldBeTrue("in any order");
        var back = Verdict(Signed(_key, _key, other, _key), _key, other);
        (back.Fault, back.Line).ShouldBe((LogFault.NotTrusted, 8L));
        back.Message.ShouldContain("another had replaced");
        var unheard = Verdict(Signed(_key, _key, _key), _key, other);
        (unheard.Fault, unheard.Line).ShouldBe((LogFault.NotTrusted, 6L), "it has told of another, and signs no more although that one never came");
        var alone = Verdict(Signed(_key, _key, other), _key);
        alone.Fault.ShouldBe(LogFault.NotTrusted);
        alone.Message.ShouldContain("leaf 1 tells of a new one, signer:00ff");
        Verdict(Signed(_key, _key, other), other).Fault.ShouldBe(LogFault.NotTrusted, "the beginning is signed by the key before");
        Verdict(Signed(_key)).Fault.ShouldBe(LogFault.NotTrusted, "nobody is trusted");
    }

    [Fact]
    public void A_signed_head_that_is_left_out_doubled_moved_or_exchanged_is_detected()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ECDsa[] keys = [_key, other];
        var whole = Told(_key, _key, _key, other, other, _key);
        VerdictOf(whole).Fault.ShouldBe(LogFault.NotTrusted, "a key that another has replaced");
        whole = Told(_key, _key, _key, other, other);
        VerdictOf(whole).IsValid.ShouldBeTrue();
        var places = Enumerable.Range(0, whole.Count).Where(i => IsHead(whole[i])).ToList();
        places.Count.ShouldBe(5);
        foreach (var place in places)
        {
            var last = place == places[^1];
            var without = Damaged(lines => lines.RemoveAt(place));
            without.Fault.ShouldBe(last ? LogFault.Truncated : LogFault.OutOfOrder);
            if (!last)
            {
                // It says where: the entry that follows tells of one more.
                without.Line.ShouldBe(place + 1);
                without.Message.ShouldContain($"tells of {places.IndexOf(place) + 1} signed heads before it, and here are {places.IndexOf(place)}");
                without.Message.ShouldContain("left out");
                foreach (var later in places.Where(p => p > place))
                    Damaged(lines =>
                    {
                        lines.RemoveAt(later);
                        lines.RemoveAt(place);
                    }).IsValid.ShouldBeFalse($"{place} and {later}");
            }
            var doubled = Damaged(lines => lines.Insert(place, lines[place]));
            (doubled.Fault, doubled.Line).ShouldBe((LogFault.OutOfOrder, place + 2L));
            foreach (var later in places.Where(p => p > place))
                Damaged(lines => (lines[place], lines[later]) = (lines[later], lines[place])).IsValid.ShouldBeFalse($"{place} and {later}");
            // The same head under another signature of its key, which is as good by itself. After the last one nothing tells.
            var exchanged = Damaged(lines =>
            {
                var head = SignedTreeHead.Parse(Encoding.ASCII.GetBytes(lines[place]))!;
                lines[place] = SignedTreeHead.Sign(head.Head, keys.Single(k => head.IsSignedBy(k))).ToLine();
            });
            exchanged.Fault.ShouldBe(last ? (LogFault?)null : LogFault.OutOfOrder);
        }

        LogVerdict Damaged(Action<List<string>> damage)
        {
            List<string> lines = [.. whole];
            damage(lines);
            return VerdictOf(lines);
        }

        LogVerdict VerdictOf(List<string> lines)
        {
            using var stream = new MemoryStream(Encoding.ASCII.GetBytes(Join(lines)));
            return LogVerifier.Verify(stream, keys);
        }
    }

    [Fact]
    public void Every_flipped_bit_of_an_export_whose_heads_are_told_of_is_detected()
    {
        FlipsMissed(Encoding.ASCII.GetBytes(Join(Told(_key, _key, _key)))).ShouldBeEmpty();
    }

    [Fact]
    public void An_export_from_before_heads_were_told_of_is_valid_and_the_first_entry_that_tells_covers_its_heads()
    {
        var old = Lines(Export(20, headEvery: 5));
        Verify(Join(old)).IsValid.ShouldBeTrue();
        var continued = Told([_key, _key], old);
        var verdict = Verify(Join(continued), [.. _heads]);
        verdict.IsValid.ShouldBeTrue(verdict.Message);
        foreach (var place in Enumerable.Range(0, old.Count).Where(i => IsHead(old[i])))
        {
            List<string> without = [.. continued];
            without.RemoveAt(place);
            verdict = Verify(Join(without));
            (verdict.Fault, verdict.Line).ShouldBe((LogFault.OutOfOrder, (long)old.Count));
            verdict.Message.ShouldContain("tells of 4 signed heads before it, and here are 3: before this line one was left out");
        }
    }

    [Fact]
    public void A_second_head_of_one_size_is_out_of_order_in_an_old_export_too()
    {
        var lines = Lines(Export(20, headEvery: 10));
        lines.Insert(11, SignedTreeHead.Sign(_heads[0].Head with { AtMs = 0 }, _key).ToLine());
        var verdict = Verify(Join(lines));
        (verdict.Fault, verdict.Line).ShouldBe((LogFault.OutOfOrder, 12L));
        verdict.Message.ShouldContain("a second head of size 10");
    }

    [Fact]
    public void An_entry_that_tells_of_heads_in_another_spelling_is_refused()
    {
        var heads = new HeadChain();
        Export(4, headEvery: 2);
        foreach (var head in _heads)
            heads.Append(head);
        HeadChain.Parse(heads.Name)!.Name.ShouldBe(heads.Name);
        (heads.Count, HeadChain.Parse(heads.Name)!.Count).ShouldBe((2L, 2L));
        foreach (var name in new[] { "", "heads:2", "heads:02:" + heads.Name[8..], heads.Name.ToUpperInvariant(), heads.Name + ":", "heads:-2:" + heads.Name[8..], heads.Name[..^1], heads.Name[..^1] + "g" })
            HeadChain.Parse(name).ShouldBeNull(name);
        var lines = Lines(Export(2));
        lines.Add(Line(Entry(2) with { Verb = HeadChain.Verb, Target = "heads:one" }));
        var verdict = Verify(Join(lines));
        (verdict.Fault, verdict.Line).ShouldBe((LogFault.OutOfOrder, 4L));
    }

    [Fact]
    public void Entries_refuse_what_could_be_personal_or_break_the_line()
    {
        foreach (var id in new[] { "", "王伟", "a@b.c", "a\"b", "a\\b", "a b", "a\nb", new string('a', 201) })
        {
            Should.Throw<ArgumentException>(() => (Entry(0) with { Actor = id }).ToBytes());
            Should.Throw<ArgumentException>(() => (Entry(0) with { Verb = id }).ToBytes());
            Should.Throw<ArgumentException>(() => (Entry(0) with { Target = id }).ToBytes());
        }
        Should.Throw<ArgumentException>(() => (Entry(0) with { Commitment = "00" }).ToBytes());
        Should.Throw<ArgumentException>(() => (Entry(0) with { Index = -1 }).ToBytes());
    }

    [Fact]
    public void An_entry_is_read_back_from_its_canonical_bytes_and_a_commitment_opens_with_its_salt_only()
    {
        var entry = Entry(41);
        AuditEntry.Parse(entry.ToBytes()).ShouldBe(entry);
        Encoding.ASCII.GetString(entry.ToBytes()).ShouldStartWith("{\"index\":41,\"at\":1700000000041,\"actor\":");
        entry.CommitsTo(Salt, "details of 41"u8).ShouldBeTrue();
        entry.CommitsTo(Salt, "details of 42"u8).ShouldBeFalse();
        entry.CommitsTo(new byte[16], "details of 41"u8).ShouldBeFalse();
    }

    [Fact]
    public void A_head_is_read_back_from_its_line_and_its_signature_covers_size_root_and_time()
    {
        Export(3);
        var signed = _heads[^1];
        SignedTreeHead.Parse(Encoding.ASCII.GetBytes(signed.ToLine())).ShouldBe(signed);
        SignedTreeHead.Sign(signed.Head, _key.ExportPkcs8PrivateKeyPem()).IsSignedBy(Trusted).ShouldBeTrue();
        (signed with { Head = signed.Head with { Size = 4 } }).IsSignedBy(Trusted).ShouldBeFalse();
        (signed with { Head = signed.Head with { AtMs = 0 } }).IsSignedBy(Trusted).ShouldBeFalse();
        (signed with { Head = signed.Head with { Root = new string('0', 64) } }).IsSignedBy(Trusted).ShouldBeFalse();
    }

    /// <summary>The bits of an export that can be flipped without the verifier finding it.</summary>
    private List<int> FlipsMissed(byte[] export)
    {
        var missed = new List<int>();
        Parallel.For(
            0,
            export.Length * 8,
            () => (Copy: (byte[])export.Clone(), Key: ECDsa.Create(_key.ExportParameters(false))),
            (bit, _, own) =>
            {
                var (copy, key) = own;
                copy[bit / 8] ^= (byte)(1 << (bit % 8));
                using var stream = new MemoryStream(copy);
                if (LogVerifier.Verify(stream, [key]).IsValid)
                    lock (missed)
                        missed.Add(bit);
                copy[bit / 8] ^= (byte)(1 << (bit % 8));
                return own;
            },
            own => own.Key.Dispose()
        );
        return missed;
    }

    private static readonly byte[] Salt = [.. Enumerable.Range(1, AuditEntry.SaltSize).Select(i => (byte)i)];

    private static AuditEntry Entry(int i) =>
        new(
            i,
            1_700_000_000_000 + i,
            "staff:17",
            "settlement.approved",
            $"case:{i:x8}",
            AuditEntry.Commit(Salt, Encoding.UTF8.GetBytes($"details of {i}"))
        );

    private string Export(int leaves, int headEvery = int.MaxValue, Func<AuditEntry, AuditEntry>? change = null)
    {
        _heads.Clear();
        var (log, text) = (new MerkleFrontier(), new StringBuilder());
        for (var i = 0; i < leaves; i++)
        {
            var entry = change is null ? Entry(i) : change(Entry(i));
            log.Append(entry.LeafHash());
            text.Append(Line(entry)).Append('\n');
            if ((i + 1) % headEvery != 0 && i != leaves - 1)
                continue;
            var at = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_100_000 + i);
            _heads.Add(SignedTreeHead.Sign(TreeHead.Of(log, at), _key));
            text.Append(_heads[^1].ToLine()).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>An export of one head after another, each told of by the entry that follows it; a new key is told of before it takes over.</summary>
    private static List<string> Told(params ECDsa[] by) => Told(by, []);

    /// <param name="before">Lines that it goes on from.</param>
    private static List<string> Told(ECDsa[] by, List<string> before)
    {
        var (log, heads) = (new MerkleFrontier(), new HeadChain());
        List<string> lines = [.. before];
        foreach (var text in before)
            if (SignedTreeHead.Parse(Encoding.ASCII.GetBytes(text)) is { } head)
                heads.Append(head);
            else
                log.Append(MerkleLog.LeafHash(Encoding.ASCII.GetBytes(text)));
        for (var i = 0; i < by.Length; i++)
        {
            if (heads.Count > 0)
                Add(Entry(0) with { Actor = "system", Verb = HeadChain.Verb, Target = heads.Name });
            Add(Entry(0));
            if (i + 1 < by.Length && by[i + 1] != by[i])
                Add(Entry(0) with { Verb = LogVerifier.NewKey, Target = HeadSigners.NameOf(Convert.ToHexStringLower(SHA256.HashData(by[i + 1].ExportSubjectPublicKeyInfo()))) });
            Add(Entry(0));
            var signed = SignedTreeHead.Sign(TreeHead.Of(log, DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_100_000 + i)), by[i]);
            heads.Append(signed);
            lines.Add(signed.ToLine());
        }
        return lines;

        void Add(AuditEntry entry)
        {
            var placed = entry with { Index = log.Size };
            log.Append(placed.LeafHash());
            lines.Add(Line(placed));
        }
    }

    private static bool IsHead(string line) => line.StartsWith("{\"size\"", StringComparison.Ordinal);

    private static string Line(AuditEntry entry) => Encoding.ASCII.GetString(entry.ToBytes());

    private static List<string> Lines(string export) => [.. export.TrimEnd('\n').Split('\n')];

    private static string Join(IEnumerable<string> lines) => string.Concat(lines.Select(l => l + "\n"));

    private LogVerdict Verify(string export, IReadOnlyList<SignedTreeHead>? olderHeads = null)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(export));
        return LogVerifier.Verify(stream, Trusted, olderHeads);
    }
}
