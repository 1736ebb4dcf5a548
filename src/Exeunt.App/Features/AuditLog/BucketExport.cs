using System.Globalization;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.AuditLog;

/// <summary>Where a second copy of the exported log goes: a bucket of any service that speaks S3, best of another company's.</summary>
/// <param name="Bucket">Its name.</param>
/// <param name="Prefix">What the objects' names begin with: empty, or ends with "/".</param>
/// <param name="Url">The service's address; null: Amazon's.</param>
public sealed record AuditBucket(string Bucket, string Prefix, string? Url)
{
    /// <summary>Reads "s3://BUCKET/PREFIX"; null when it is not one.</summary>
    public static AuditBucket? Parse(string place, string? url) =>
        Uri.TryCreate(place, UriKind.Absolute, out var uri) && uri.Scheme == "s3" && uri.Host.Length > 0 && uri.Query.Length + uri.Fragment.Length + uri.UserInfo.Length == 0
            ? new AuditBucket(uri.Host, uri.AbsolutePath.Trim('/') is { Length: > 0 } prefix ? prefix + "/" : "", url)
            : null;
}

/// <summary>
/// Copies what <see cref="TreeHeads"/> exports to a bucket, the same files under the same names, each once: an object that is there is
/// never written over. A bucket that is away stops nothing; what is missing follows when it is back, and until then the health report says so.
/// The service's keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, the region from AWS_REGION.
/// </summary>
public sealed partial class BucketExport(IServiceScopeFactory scopes, AuditBucket place, Clocks clocks, ILogger<BucketExport> log) : BackgroundService
{
    private const int AtOnce = 50;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private AmazonS3Client? _client;
    private (string Prefix, long Size)? _exported;

    /// <summary>Why the newest heads are not in the bucket; null: they are, or have just been made.</summary>
    public string? Fault { get; private set; }

    /// <summary>Copies what is missing; returns how many files.</summary>
    /// <exception cref="AmazonServiceException">The service refuses.</exception>
    public async Task<int> Advance(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDb>();
        _client ??= Open();
        var (prefix, exported) = _exported ??= await Found(db, place.Prefix, 0, ct);
        var heads = await db.TreeHeads.AsNoTracking().Where(h => h.Size > exported).OrderBy(h => h.Size).Take(AtOnce).ToListAsync(ct);
        foreach (var head in heads)
        {
            var file = await TreeHeads.FileOf(db, head, exported, ct);
            var key = prefix + TreeHeads.NameOf(head.Size);
            try
            {
                await _client.PutObjectAsync(new PutObjectRequest
                {
                    BucketName = place.Bucket, Key = key, InputStream = new MemoryStream(file), ContentType = "text/plain", IfNoneMatch = "*", UseChunkEncoding = false,
                }, ct);
            }
            catch (AmazonS3Exception e) when (e.StatusCode is System.Net.HttpStatusCode.PreconditionFailed or System.Net.HttpStatusCode.Conflict)
            {
                // Another node wrote it, or we did and never heard: then it says the same.
                if (!(await Read(key, ct)).AsSpan().SequenceEqual(file))
                {
                    _exported = null;
                    throw new InvalidDataException($"{key} is in the bucket and tells another history.");
                }
            }
            exported = head.Size;
            _exported = (prefix, exported);
        }
        Fault = null;
        return heads.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await Advance(stoppingToken) < AtOnce)
                    await Task.Delay(Every, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever the service answers, it is said and tried again; the log itself goes on.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Fault = (e as AmazonServiceException)?.ErrorCode ?? e.GetType().Name;
                Stumbled(log, e);
                await Task.Delay(Every * 2, stoppingToken);
            }
        }
    }

    public override void Dispose()
    {
        _client?.Dispose();
        base.Dispose();
    }

    /// <summary>
    /// Where the bucket's history is ours, and how far it has come. Objects beyond the newest head that we share tell of a history that a
    /// restore took back: they stay where they are, and ours goes on under a prefix of its own, named after the head at which they part.
    /// </summary>
    private async Task<(string Prefix, long Size)> Found(AppDb db, string prefix, long shared, CancellationToken ct)
    {
        var sizes = new List<long>();
        for (string? after = null; ;)
        {
            var page = await _client!.ListObjectsV2Async(new ListObjectsV2Request { BucketName = place.Bucket, Prefix = prefix, StartAfter = after ?? prefix, Delimiter = "/" }, ct);
            foreach (var found in page.S3Objects ?? [])
                if (found.Key[prefix.Length..] is [.. { Length: > 0 } digits, '.', 'l', 'o', 'g'] && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
                    sizes.Add(size);
            if (page.IsTruncated != true || page.S3Objects is not [.., var last])
                break;
            after = last.Key;
        }
        sizes.Sort();
        var ours = sizes.Count - 1;
        while (ours >= 0 && !await IsOurs(db, prefix, sizes[ours], ct))
            ours--;
        if (ours >= 0)
            shared = sizes[ours];
        if (ours == sizes.Count - 1)
            return (prefix, shared);
        var apart = string.Create(CultureInfo.InvariantCulture, $"{prefix}from-{shared:D12}/");
        if (!await db.AuditLog.AsNoTracking().AnyAsync(r => r.Verb == "audit-log.put-back" && r.Target == "audit-bucket:" + apart, ct))
        {
            db.Audit(new Call(Actor.System, clocks.Now, clocks.BusinessNow), "audit-log.put-back", "audit-bucket:" + apart, new { from = shared, to = sizes[^1], files = sizes.Count - 1 - ours });
            await db.SaveChangesAsync(ct);
        }
        return await Found(db, apart, shared, ct);
    }

    /// <summary>Whether an object ends with a head that we signed.</summary>
    private async Task<bool> IsOurs(AppDb db, string prefix, long size, CancellationToken ct) =>
        await db.TreeHeads.AsNoTracking().SingleOrDefaultAsync(h => h.Size == size, ct) is { } head
        && (await Read(prefix + TreeHeads.NameOf(size), ct)).AsSpan().TrimEnd("\n"u8).EndsWith(TreeHeads.LineOf(head));

    private async Task<byte[]> Read(string key, CancellationToken ct)
    {
        using var answer = await _client!.GetObjectAsync(place.Bucket, key, ct);
        using var content = new MemoryStream();
        await answer.ResponseStream.CopyToAsync(content, ct);
        return content.ToArray();
    }

    private AmazonS3Client Open()
    {
        var (id, secret) = (Environment.GetEnvironmentVariable("AWS_ACCESS_KEY_ID"), Environment.GetEnvironmentVariable("AWS_SECRET_ACCESS_KEY"));
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(secret))
            throw new InvalidOperationException("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set: the audit log is not copied to the bucket.");
        var region = Environment.GetEnvironmentVariable("AWS_REGION") is { Length: > 0 } named ? named : "us-east-1";
        var config = new AmazonS3Config
        {
            Timeout = Patience, MaxErrorRetry = 1, ForcePathStyle = place.Url is not null, UseHttp = place.Url?.StartsWith("http://", StringComparison.Ordinal) == true,
            // Services that only resemble Amazon's do not all know the checksums that it does not require.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED, ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (place.Url is { } url)
            (config.ServiceURL, config.AuthenticationRegion) = (url, region);
        else
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(region);
        AWSCredentials credentials = Environment.GetEnvironmentVariable("AWS_SESSION_TOKEN") is { Length: > 0 } token ? new SessionAWSCredentials(id, secret, token) : new BasicAWSCredentials(id, secret);
        return new AmazonS3Client(credentials, config);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The audit log could not be copied to the bucket; trying again")]
    private static partial void Stumbled(ILogger log, Exception e);
}
