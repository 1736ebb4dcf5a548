using Exeunt.App.Features.Settlements;
using Exeunt.Core;
using SkiaSharp;

namespace Exeunt.App.Features.Returns;

/// <summary>
/// Photos from outside: decoded and written anew as JPEG of at most 1600 pixels a side, so that nothing but the picture is kept: no place,
/// no camera, nothing hidden behind it.
/// </summary>
public static class Photos
{
    public const int MaxSide = 1600;
    private const long MaxPixels = 40_000_000;
    private const int Quality = 82;

    /// <summary>The picture as a fresh JPEG; refused when it is too large, or no picture.</summary>
    public static Outcome<byte[]> Fresh(byte[] bytes)
    {
        if (Evidence.KindOf(bytes, papers: false).Refusal is not null)
            return ReturnRefusals.NoPhoto;
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data);
        // The size stands in the head: a picture that unfolds to too much is not unfolded.
        if (codec is null || codec.Info.Width <= 0 || codec.Info.Height <= 0 || (long)codec.Info.Width * codec.Info.Height > MaxPixels)
            return ReturnRefusals.NoPhoto;
        using var whole = SKBitmap.Decode(codec, new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        if (whole is null)
            return ReturnRefusals.NoPhoto;
        var turned = codec.EncodedOrigin is SKEncodedOrigin.RightTop or SKEncodedOrigin.LeftBottom or SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightBottom;
        var (width, height) = turned ? (whole.Height, whole.Width) : (whole.Width, whole.Height);
        var scale = Math.Min(1f, MaxSide / (float)Math.Max(width, height));
        using var surface = SKSurface.Create(new SKImageInfo(Math.Max(1, (int)(width * scale)), Math.Max(1, (int)(height * scale)), SKColorType.Rgba8888, SKAlphaType.Opaque));
        var canvas = surface.Canvas;
        canvas.Clear(SKColors.White);
        canvas.Scale(scale);
        // Upright, since the note of how the camera was held is dropped.
        switch (codec.EncodedOrigin)
        {
            case SKEncodedOrigin.RightTop:
                canvas.Translate(width, 0);
                canvas.RotateDegrees(90);
                break;
            case SKEncodedOrigin.BottomRight:
                canvas.Translate(width, height);
                canvas.RotateDegrees(180);
                break;
            case SKEncodedOrigin.LeftBottom:
                canvas.Translate(0, height);
                canvas.RotateDegrees(270);
                break;
        }
        using var picture = SKImage.FromBitmap(whole);
        canvas.DrawImage(picture, 0, 0, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        using var small = surface.Snapshot();
        using var jpeg = small.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return jpeg.ToArray();
    }
}
