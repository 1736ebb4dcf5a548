using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Exeunt.App.Platform;

/// <summary>
/// How much an endpoint takes, and how many large bodies wait in memory at once. An endpoint takes <see cref="Usual"/> unless it says more
/// (<see cref="Web.Takes"/>). Of what is larger than usual only a few are taken at once: others wait a while, then they are told to come again; those
/// without an account have places of their own, so that they keep nobody else waiting. One that hardly moves is given up, so that it keeps no place.
/// Stands behind the check of the permission and before whatever reads a body.
/// </summary>
public sealed class LargeBodies(RequestDelegate next) : IDisposable
{
    /// <summary>What an endpoint takes that does not say more, in bytes.</summary>
    public const long Usual = 1 << 20;

    /// <summary>A photo or paper of up to 8 MB, which Base64 makes a third longer, or a long document.</summary>
    public const long OneFile = 16 << 20;

    /// <summary>No body is larger, in bytes.</summary>
    public const long Largest = 64 << 20;

    private const int AtOnce = 8;
    private const int AtOnceOfAnybody = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly SemaphoreSlim _places = new(AtOnce);
    private readonly SemaphoreSlim _placesOfAnybody = new(AtOnceOfAnybody);

    /// <summary>What the endpoint of a request takes, in bytes.</summary>
    public static long LimitOf(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize ?? Usual;

    public async Task InvokeAsync(HttpContext context)
    {
        var limit = LimitOf(context);
        var isTooLarge = context.Request.ContentLength > limit;
        // What is refused is thrown away as it comes, so that whoever sends it hears why.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = isTooLarge ? Largest : limit;
        if (isTooLarge)
        {
            await Problems.WriteStatus(context, StatusCodes.Status413PayloadTooLarge);
            return;
        }
        // Without a length it may be as large as any.
        if (limit <= Usual || context.Request.ContentLength <= Usual || context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            await next(context);
            return;
        }
        var places = context.GetEndpoint()?.Metadata.GetMetadata<Needed>()?.Permission is Permission.Public or Permission.CustomerOfCase ? _placesOfAnybody : _places;
        if (!await places.WaitAsync(Patience, context.RequestAborted))
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
            places.Release();
        }
    }

    public void Dispose()
    {
        _places.Dispose();
        _placesOfAnybody.Dispose();
    }
}
