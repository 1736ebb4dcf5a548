using System.Buffers.Binary;
using Exeunt.Core;

namespace Exeunt.App.Features.Settlements;

/// <summary>A photo or paper that proves a line: known by its content, never by its name.</summary>
public static class Evidence
{
    /// <summary>8 MB.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>Media type and ending of a file; the refusal of what is too large or of no known kind.</summary>
    /// <param name="papers">Whether a PDF will do as well as a photo.</param>
    public static Outcome<(string MediaType, string Ending)> KindOf(byte[] bytes, bool papers)
    {
        if (bytes.Length > MaxBytes)
            return TooLarge;
        if (IsJpeg(bytes))
            return ("image/jpeg", "jpg");
        if (IsPng(bytes))
            return ("image/png", "png");
        if (bytes.Length > 16 && bytes.AsSpan(0, 4).SequenceEqual("RIFF"u8) && bytes.AsSpan(8, 4).SequenceEqual("WEBP"u8)
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4)) + 8L <= bytes.Length + 1L)
            return ("image/webp", "webp");
        if (papers && bytes.Length > 8 && bytes.AsSpan(0, 5).SequenceEqual("%PDF-"u8))
            return ("application/pdf", "pdf");
        return papers ? NoPaper : NoPhoto;
    }

    private static bool IsJpeg(byte[] bytes) =>
        bytes.Length > 4 && bytes[0] == 0xFF && bytes[1] == 0xD8 && bytes[2] == 0xFF && bytes.AsSpan(^Math.Min(64, bytes.Length)..).IndexOf([(byte)0xFF, (byte)0xD9]) >= 0;

    private static bool IsPng(byte[] bytes) =>
        bytes.Length > 33 && bytes.AsSpan(0, 8).SequenceEqual((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) && bytes.AsSpan(12, 4).SequenceEqual("IHDR"u8)
        && BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(16)) is > 0 and < 65_536 && BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(20)) is > 0 and < 65_536;

    private static readonly Refusal TooLarge = new(RefusalKind.Invalid, "evidence.too-large",
        "The file is larger than 8 MB. Make the photo smaller.", "文件超过 8 MB，请缩小图片。", Field: "evidence");

    private static readonly Refusal NoPhoto = new(RefusalKind.Invalid, "evidence.no-photo",
        "This is no photo we can read: send JPEG, PNG or WebP.", "无法识别为照片，请上传 JPEG、PNG 或 WebP。", Field: "evidence");

    private static readonly Refusal NoPaper = new(RefusalKind.Invalid, "evidence.no-paper",
        "This is no file we can read: send PDF, JPEG, PNG or WebP.", "无法识别该文件，请上传 PDF、JPEG、PNG 或 WebP。", Field: "evidence");
}
