using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Documents;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Proof;

namespace Exeunt.Bench;

/// <summary>The offline verifier against every changed bit and a log of a million leaves; and how long a signed certificate takes.</summary>
internal static class ProofBench
{
    private const int Million = 1_000_000;
    private const int Flips = 1_000;
    private static readonly DateTimeOffset At = new(2026, 3, 16, 2, 0, 0, TimeSpan.Zero);

    public static Task<IReadOnlyList<Row>> Run()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var small = Export(key, 200, 50);
        long missedBits = 0;
        Parallel.For(0, small.Length * 8, () => (Key: Public(key), Missed: 0L), (bit, _, state) =>
        {
            var changed = small.ToArray();
            changed[bit >> 3] ^= (byte)(1 << (bit & 7));
            return LogVerifier.Verify(new MemoryStream(changed), [state.Key]).IsValid ? (state.Key, state.Missed + 1) : state;
        }, state =>
        {
            Interlocked.Add(ref missedBits, state.Missed);
            state.Key.Dispose();
        });

        var log = Export(key, Million, 1_000);
        var watch = Stopwatch.StartNew();
        if (!LogVerifier.Verify(new MemoryStream(log), [key]).IsValid)
            throw new InvalidOperationException("The log of a million leaves does not verify.");
        var whole = watch.Elapsed.TotalSeconds;
        // The same bytes read and hashed, without a tree, heads or form: what could not be saved.
        watch.Restart();
        var from = 0;
        for (int end; (end = log.AsSpan(from).IndexOf((byte)'\n')) >= 0; from += end + 1)
            MerkleLog.LeafHash(log.AsSpan(from, end));
        var hashing = watch.Elapsed.TotalSeconds;

        var random = new Random(20260316);
        var places = Enumerable.Range(0, Flips).Select(_ => (At: random.Next(log.Length), Bit: random.Next(8))).ToArray();
        long missedFlips = 0;
        Parallel.ForEach(places, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, () => (Key: Public(key), Missed: 0L), (flip, _, state) =>
        {
            using var changed = new Flipped(log, flip.At, flip.Bit);
            return LogVerifier.Verify(changed, [state.Key]).IsValid ? (state.Key, state.Missed + 1) : state;
        }, state =>
        {
            Interlocked.Add(ref missedFlips, state.Missed);
            state.Key.Dispose();
        });

        var certificates = Certificates();
        IReadOnlyList<Row> rows =
        [
            new($"bits of an export of 200 leaves ({small.Length * 8:N0}) changed one at a time, not detected", missedBits, "", "target: none"),
            new("a log of a million leaves verified offline", whole, "s", "target: at most", 5),
            new("the same, against hashing its lines alone", whole, "s", "hashing", hashing),
            new($"bits of an export of a million leaves changed at random ({Flips:N0}), not detected", missedFlips, "", "target: none"),
            new("a certificate made and signed (PAdES B-B), median of 50", certificates, "ms", "target: at most", 50),
        ];
        return Task.FromResult(rows);
    }

    private static double Certificates()
    {
        using var key = InstallationKey.Create("Exeunt", At);
        var times = new List<double>();
        for (var i = 0; i < 60; i++)
        {
            var watch = Stopwatch.StartNew();
            var content = new CertificateContent
            {
                Kind = CertificateKind.Termination, Language = i % 2 == 0 ? "zh" : "en", Serial = CertificateSerial.New(), Issuer = new Issuer("善别科技（上海）有限公司", "91310000MA1FL0000X"),
                CustomerName = "王小明", ContractNumber = "EX-2026-0001", Product = "企业云盘", StartedOn = new DateOnly(2024, 1, 1), Ground = new Ground("CONSUMER_EARLY", "Ended by the customer", "客户提出解约"),
                NoticeReceivedAt = At, EffectiveAt = At.AddDays(30), Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"),
                Settlement = [new AmountLine("未使用月费", "", new Money(12_345, "CNY")), new AmountLine("押金", "", new Money(100_000, "CNY"))], Net = new Money(112_345, "CNY"), IsSettled = true,
                IssuedAt = At, VerifyUrl = "https://exeunt.example/verify/ABC",
            };
            CertificateDocument.Make(content, Letterhead.Fonts, key);
            if (i >= 10)
                times.Add(watch.Elapsed.TotalMilliseconds);
        }
        return times.Order().ElementAt(times.Count / 2);
    }

    private static byte[] Export(ECDsa key, int leaves, int every)
    {
        var export = new MemoryStream(leaves * 240);
        var log = new MerkleFrontier();
        var heads = new HeadChain();
        for (var i = 0; i < leaves; i++)
        {
            // After a head comes the leaf that tells of all heads so far.
            var (verb, target) = i > 0 && i % every == 0 ? (HeadChain.Verb, heads.Name) : ("case.moved", string.Create(CultureInfo.InvariantCulture, $"case:{i}"));
            var entry = new AuditEntry(i, At.ToUnixTimeMilliseconds() + i, "system", verb, target, AuditEntry.Commit(BitConverter.GetBytes((long)i), BitConverter.GetBytes(i)));
            export.Write(entry.ToBytes());
            export.WriteByte((byte)'\n');
            log.Append(entry.LeafHash());
            if ((i + 1) % every != 0)
                continue;
            var head = SignedTreeHead.Sign(TreeHead.Of(log, At), key);
            heads.Append(head);
            export.Write(Encoding.ASCII.GetBytes(head.ToLine()));
            export.WriteByte((byte)'\n');
        }
        return export.ToArray();
    }

    private static ECDsa Public(ECDsa key)
    {
        var other = ECDsa.Create();
        other.ImportSubjectPublicKeyInfo(key.ExportSubjectPublicKeyInfo(), out _);
        return other;
    }

    /// <summary>The bytes with one bit changed, without a copy of them.</summary>
    private sealed class Flipped(byte[] bytes, int at, int bit) : Stream
    {
        private int _position;

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = Math.Min(count, bytes.Length - _position);
            bytes.AsSpan(_position, read).CopyTo(buffer.AsSpan(offset));
            if (at >= _position && at < _position + read)
                buffer[offset + at - _position] ^= (byte)(1 << bit);
            _position += read;
            return read;
        }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => bytes.Length;

        public override long Position
        {
            get => _position;
            set => throw new NotSupportedException();
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
