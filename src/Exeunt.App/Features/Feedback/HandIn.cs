using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Feedback;

namespace Exeunt.App.Features.Feedback;

/// <summary>How whoever writes wants to be answered.</summary>
public enum AnswerWay
{
    Mail,
    Phone,

    /// <summary>On the page of the link alone; only a suggestion may be without an address.</summary>
    Link,
}

/// <summary>A complaint or suggestion being written: one field for each question. Blank is not answered yet.</summary>
/// <param name="CaseId">The case of the session from which it is written; it proves who writes.</param>
public sealed record HandIn(
    FeedbackKind? Kind = null, string? About = null, string? Number = null, string? Words = null, string? Wish = null, AnswerWay? By = null, string? Contact = null, string? Name = null,
    Guid? CaseId = null)
{
    public const int MaxWords = 4000;
    public const int MaxWish = 1000;
    public const int MaxNumber = 60;
    public const int MaxName = 120;
    public const int MaxContact = 200;

    public Refusal? CheckAbout() =>
        Kind is not { } kind || !Enum.IsDefined(kind) ? FeedbackRefusals.ChooseKind : !FeedbackCategories.All.Contains(About ?? "") ? FeedbackRefusals.ChooseCategory : null;

    public Refusal? CheckWords() =>
        CommonRefusals.Unfit("words", Words, MaxWords, out var unfit) ? unfit
        : Wish is { Length: > MaxWish } ? CommonRefusals.TooLong("wish", MaxWish)
        : Number is { Length: > MaxNumber } ? CommonRefusals.TooLong("number", MaxNumber)
        : null;

    public Refusal? CheckContact()
    {
        if (By is not { } by || !Enum.IsDefined(by) || (by == AnswerWay.Link && Kind == FeedbackKind.Complaint))
            return FeedbackRefusals.ChooseAnswer;
        if (Name is { Length: > MaxName })
            return CommonRefusals.TooLong("name", MaxName);
        if (Name is not null && OneLine.IsBroken(Name.AsSpan().Trim()))
            return CommonRefusals.Unreadable("name");
        if (by == AnswerWay.Link)
            return null;
        if (CommonRefusals.Unfit("contact", Contact, MaxContact, out var unfit))
            return unfit;
        if (by == AnswerWay.Mail)
            // The address alone: no name beside it, nothing that a mail server could read as another line.
            return Spelling.IsAddress(Contact.Trim()) && !Contact.Any(char.IsControl) ? null : FeedbackRefusals.MailUnreadable;
        return Spelling.IsPhone(Contact) && !Contact.Any(char.IsControl) ? null : FeedbackRefusals.PhoneUnreadable;
    }

    public Refusal? Check() => CheckAbout() ?? CheckWords() ?? CheckContact();

    /// <summary>The address as it is kept; null: none was given.</summary>
    public FeedbackContact? Reach() =>
        By switch
        {
            AnswerWay.Mail => new(Said(Name), Contact!.Trim(), null),
            AnswerWay.Phone => new(Said(Name), null, Contact!.Trim()),
            _ => null,
        };

    public FeedbackTyped What() => new(Said(Number), Words!.Trim(), Said(Wish));

    private static string? Said(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
