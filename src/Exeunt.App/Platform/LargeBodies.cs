using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Exeunt.App.Platform;

/// <summary>
/// Uploaded files wait in memory, so only a few large ones are taken at once: others wait a while, then they are told to come again. One that hardly
/// moves is given up, so that it keeps no place.
/// </summary>
public sealed class LargeBodies(RequestDelegate next) : IDisposable
{
    /// <summary>No body is larger, in bytes.</summary>
    public const long Largest = 64 * 1024 * 1024;

    /// <summary>Larger ones count, in bytes.</summary>
    private const long Small = 1 << 20;
    private const int AtOnce = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly SemaphoreSlim _places = new(AtOnce);

    public async Task InvokeAsync(HttpContext context)
    {
        // Without a length it may be as large as any.
        if (!context.Request.HasFormContentType || context.Request.ContentLength <= Small)
        {
            await next(context);
            return;
        }
        if (!await _places.WaitAsync(Patience, context.RequestAborted))
        {
            context.Response.Headers.RetryAfter = "30";
            await Problems.WriteStatus(context, StatusCodes.Status503ServiceUnavailable);
            return;
        }
        try
        {
            if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
                rate.MinDataRate = new MinDataRate(bytesPerSecond: 16 * 1024, gracePeriod: TimeSpan.FromSeconds(20));
            await next(context);
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();
}
