using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Exeunt.App.Platform;

/// <summary>
/// SipHash-2-4 (Aumasson and Bernstein 2012): a keyed hash for short values, for which HMAC would cost fifty times as much.
/// Used where a hash is stored or compared in bulk and must say nothing without the key: fact keys, search tokens.
/// </summary>
public sealed class SipHash
{
    private readonly ulong _k0;
    private readonly ulong _k1;

    /// <summary>A hash under the first 16 bytes of a secret.</summary>
    public SipHash(ReadOnlySpan<byte> key) =>
        (_k0, _k1) = (BinaryPrimitives.ReadUInt64LittleEndian(key), BinaryPrimitives.ReadUInt64LittleEndian(key[8..]));

    /// <summary>The 64-bit hash of some bytes.</summary>
    public ulong Of(ReadOnlySpan<byte> data)
    {
        unchecked
        {
            var v0 = _k0 ^ 0x736f6d6570736575UL;
            var v1 = _k1 ^ 0x646f72616e646f6dUL;
            var v2 = _k0 ^ 0x6c7967656e657261UL;
            var v3 = _k1 ^ 0x7465646279746573UL;
            var last = (ulong)data.Length << 56;
            while (data.Length >= 8)
            {
                var m = BinaryPrimitives.ReadUInt64LittleEndian(data);
                data = data[8..];
                v3 ^= m;
                Round(ref v0, ref v1, ref v2, ref v3);
                Round(ref v0, ref v1, ref v2, ref v3);
                v0 ^= m;
            }
            for (var i = 0; i < data.Length; i++)
                last |= (ulong)data[i] << (8 * i);
            v3 ^= last;
            Round(ref v0, ref v1, ref v2, ref v3);
            Round(ref v0, ref v1, ref v2, ref v3);
            v0 ^= last;
            v2 ^= 0xff;
            for (var i = 0; i < 4; i++)
                Round(ref v0, ref v1, ref v2, ref v3);
            return v0 ^ v1 ^ v2 ^ v3;
        }
    }

    /// <summary>The hash of a text's UTF-16 units.</summary>
    public ulong Of(ReadOnlySpan<char> text) => Of(MemoryMarshal.AsBytes(text));

    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        unchecked
        {
            v0 += v1;
            v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
            v0 = BitOperations.RotateLeft(v0, 32);
            v2 += v3;
            v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
            v2 = BitOperations.RotateLeft(v2, 32);
        }
    }
}
