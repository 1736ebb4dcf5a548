namespace Exeunt.App.Features.Erasure;

/// <summary>Master-key epochs: from when on no older copy of an erased key can be read.</summary>
public static class KeyEpochs
{
    /// <summary>The first day on which every backup from before the erasure is unreadable: the end of the epoch after the one it falls in.</summary>
    /// <param name="epochDays">Length of an epoch in days, 1 or more; epochs are counted from 1970-01-01 in UTC.</param>
    public static DateOnly CopiesDieOn(DateTimeOffset erasedAt, int epochDays)
    {
        var start = DateOnly.FromDateTime(DateTime.UnixEpoch);
        var day = DateOnly.FromDateTime(erasedAt.UtcDateTime).DayNumber - start.DayNumber;
        return start.AddDays((day / epochDays + 2) * epochDays);
    }
}
