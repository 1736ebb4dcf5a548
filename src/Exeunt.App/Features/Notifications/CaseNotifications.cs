using Exeunt.Core.Cases;

namespace Exeunt.App.Features.Notifications;

/// <summary>Who is told what when something happens in a case; nobody is told what they did themselves.</summary>
public static class CaseNotifications
{
    /// <param name="before">The case's state before what is being stored; null for a new one.</param>
    public static IEnumerable<Notification> Of(ExitCase exit, IReadOnlyList<RecordedEvent> raised, CaseState? before)
    {
        foreach (var recorded in raised)
        {
            Notification To(string person, NotificationKind kind, string about = "") =>
                new() { To = person, Kind = kind, CaseId = exit.Id, Number = exit.Number, About = about, By = recorded.By, At = recorded.At };
            switch (recorded.What)
            {
                case CaseAssigned e when e.To != recorded.By:
                    yield return To(e.To, NotificationKind.Assigned);
                    break;
                case MessageLeft { FromCustomer: true } when exit.AssignedTo is { } person:
                    yield return To(person, NotificationKind.Message);
                    break;
                case StepOverdue e when exit.AssignedTo is { } person:
                    yield return To(person, NotificationKind.Overdue, e.Step);
                    break;
                case AskedUpwards e when e.To != recorded.By:
                    yield return To(e.To, NotificationKind.Question);
                    break;
                case ApprovalReturned:
                    foreach (var person in exit.Requesters.Split(' ', StringSplitOptions.RemoveEmptyEntries).Append(exit.AssignedTo ?? "").Distinct().Where(p => p.Length > 0 && p != recorded.By))
                        yield return To(person, NotificationKind.Returned);
                    break;
            }
        }
        if (before is { } was && was != exit.State && exit.AssignedTo is { } mine && raised is [.., var last] && last.By != mine)
            yield return new() { To = mine, Kind = NotificationKind.Moved, CaseId = exit.Id, Number = exit.Number, About = $"{exit.State}", By = last.By, At = last.At };
    }
}
