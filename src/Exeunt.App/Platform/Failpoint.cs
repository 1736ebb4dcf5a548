using System.Diagnostics;
using System.Globalization;

namespace Exeunt.App.Platform;

/// <summary>The places at which a test can kill the server, in the order in which work usually passes them.</summary>
public enum Point
{
    BeforeSave,
    AfterSave,
    BeforeCommit,
    AfterCommit,
    EffectTaken,
    EffectDone,
    EffectEnded,
    BeforeKey,
    AfterKey,
    BeforeDestroy,
    AfterDestroy,
    BeforeIndex,
    AfterIndex,
    ErasureRecorded,
    BeforeMail,
    AfterMail,
    BeforeBank,
    AfterBank,
    BeforeWork,
    AfterWork,
    BeforeExport,
    AfterExport,

    /// <summary>A file for the outside world lies beside its place and has not got its name.</summary>
    FileHalf,
    BeforeAnswer,

    /// <summary>A new epoch's master key is in its file, and the key store does not know of it.</summary>
    EpochBegun,
    BeforeWrap,
    AfterWrap,

    /// <summary>Every living key is proven in both stores, and the old master key is still there.</summary>
    BeforeEpochEnds,
    AfterEpochEnds,
}

/// <summary>
/// Numbered crash points. Off (and one comparison each) unless the environment holds <c>EXEUNT_FAILPOINT=K KEY</c> and the data folder a file
/// <c>failpoint.key</c> with the same KEY, so that neither a stray variable nor a stray file can hurt a real installation. Then the K-th point
/// that is reached kills the process as SIGKILL does: nothing is flushed, no handler runs. 0 never kills. While it is on, what is due is looked for
/// at once and a dead worker's lease ends soon, so that a test need not wait for either.
/// </summary>
public static class Failpoint
{
    public const string Variable = "EXEUNT_FAILPOINT";
    public const string KeyFile = "failpoint.key";

    /// <summary>In the data folder: the numbers of the points that were reached, one byte each, the last one being where it was killed.</summary>
    public const string TraceFile = "failpoint.trace";

    private static FileStream? _trace;
    private static long _killAt;
    private static long _reached;

    public static bool IsOn => _trace is not null;

    /// <summary>Reads the environment once, when the data folder is known.</summary>
    public static void Arm(string dataFolder)
    {
        var key = Path.Combine(dataFolder, KeyFile);
        if (Environment.GetEnvironmentVariable(Variable)?.Split(' ') is not [var at, { Length: >= 16 } word] || !File.Exists(key) || File.ReadAllText(key) != word)
            return;
        _killAt = long.Parse(at, NumberStyles.None, CultureInfo.InvariantCulture);
        _trace = new FileStream(Path.Combine(dataFolder, TraceFile), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    /// <summary>Commits, with a point before and one after.</summary>
    public static async Task Commit(Func<Task> commit)
    {
        Reach(Point.BeforeCommit);
        await commit();
        Reach(Point.AfterCommit);
    }

    /// <summary>Passes a point, or dies at it.</summary>
    public static void Reach(Point point)
    {
        if (_trace is not { } trace)
            return;
        lock (trace)
        {
            trace.WriteByte((byte)point);
            if (++_reached != _killAt)
                return;
            using var self = Process.GetCurrentProcess();
            self.Kill();
            // The signal is on its way; nothing more is done meanwhile, by nobody who passes a point.
            Thread.Sleep(Timeout.Infinite);
        }
    }
}
