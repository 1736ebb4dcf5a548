using Exeunt.Core.Calendar;
using Exeunt.Core.Cases;
using Exeunt.Core.Feedback;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Feedback;

public sealed class FeedbackItemTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 26, 8, 0, 0, TimeSpan.Zero);
    private const string Me = "staff:me", Other = "staff:other", Third = "staff:third";

    private static FeedbackItem Item(FeedbackKind kind = FeedbackKind.Complaint, long serial = 1) =>
        FeedbackItem.Receive(Guid.NewGuid(), serial, kind, "REFUND", Channel.Portal, throughAuthority: false, "en", At, At, At.AddDays(7));

    private static FeedbackItem Answered(string by = Me)
    {
        var item = Item();
        item.Assign(by, actedInCase: false).ShouldBeNull();
        item.Answer(by, actedInCase: false, Verdict.Justified, [Remedy.Apology], At).ShouldBeNull();
        return item;
    }

    [Theory]
    [InlineData(FeedbackKind.Complaint, false, "2026-12-03")] // Thursday: Fri 1, Mon 2 … Thu 5.
    [InlineData(FeedbackKind.Complaint, true, "2026-12-07")]
    [InlineData(FeedbackKind.Suggestion, false, "2026-12-10")]
    [InlineData(FeedbackKind.Suggestion, true, "2026-12-10")]
    public void Is_answered_within_worked_days_of_its_kind(FeedbackKind kind, bool authority, string by) =>
        FeedbackItem.AnswerBy(kind, authority, new DateOnly(2026, 11, 26), BusinessDays.WeekdaysOnly).ShouldBe(DateOnly.Parse(by, System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void Holidays_do_not_count()
    {
        // The National Day week of 2026 is off from 1 to 7 October; Saturday 10 October is worked in exchange.
        FeedbackItem.AnswerBy(FeedbackKind.Complaint, false, new DateOnly(2026, 9, 30), HolidayCalendars.For("CN", [])).ShouldBe(new DateOnly(2026, 10, 13));
    }

    [Fact]
    public void Whoever_acted_in_the_case_does_not_judge_a_complaint_about_it_but_may_answer_a_suggestion()
    {
        Item().Assign(Me, actedInCase: true).ShouldBe(FeedbackRefusals.OwnCase);
        Item(FeedbackKind.Suggestion).Assign(Me, actedInCase: true).ShouldBeNull();
        var taken = Item();
        taken.Assign(Me, false);
        taken.Answer(Me, actedInCase: true, Verdict.Justified, [Remedy.Apology], At).ShouldBe(FeedbackRefusals.OwnCase);
        taken.State.ShouldBe(FeedbackState.InHand);
    }

    [Fact]
    public void Linking_takes_it_from_whoever_acted_in_that_case()
    {
        var item = Item();
        item.Assign(Me, false);
        item.Link(7, Guid.NewGuid(), 1, holderActedInCase: true).ShouldBeNull();
        (item.AssignedTo, item.State).ShouldBe((null, FeedbackState.Received));
        item.Assign(Other, false);
        item.Link(8, null, 1, holderActedInCase: false).ShouldBeNull();
        item.AssignedTo.ShouldBe(Other);
    }

    [Fact]
    public void Only_whoever_has_it_answers_with_a_finding_of_its_kind_and_something_done()
    {
        var item = Item();
        item.Answer(Me, false, Verdict.Justified, [Remedy.Redo], At).ShouldBe(FeedbackRefusals.TakeFirst);
        item.Assign(Me, false);
        item.Assign(Me, false).ShouldBe(FeedbackRefusals.HasItAlready);
        item.Answer(Me, false, Verdict.Adopted, [Remedy.Redo], At).ShouldBe(FeedbackRefusals.ChooseVerdict);
        item.Answer(Me, false, Verdict.PartlyJustified, [], At).ShouldBe(FeedbackRefusals.ChooseRemedy);
        item.Answer(Me, false, Verdict.NotJustified, [], At).ShouldBeNull();
        item.Answer(Me, false, Verdict.Justified, [Remedy.Redo], At).ShouldBe(FeedbackRefusals.IsAnswered);
    }

    [Fact]
    public void A_first_no_opens_it_for_another_person_and_a_second_ends_it()
    {
        var item = Answered();
        item.Say(false, At, At, At.AddDays(14), At.AddDays(9)).ShouldBeNull();
        (item.State, item.WasReopened, item.AssignedTo, item.Verdict, item.DueAt).ShouldBe((FeedbackState.Received, true, null, null, At.AddDays(9)));
        item.Assign(Me, false).ShouldBe(FeedbackRefusals.JudgedBefore);
        item.Assign(Other, false).ShouldBeNull();
        item.Answer(Other, false, Verdict.NotJustified, [], At.AddDays(1)).ShouldBeNull();
        item.Say(false, At, At, At.AddDays(14), At).ShouldBeNull();
        (item.State, item.End).ShouldBe((FeedbackState.Closed, FeedbackEnd.Unsettled));
        item.Say(true, At, At, At.AddDays(14), At).ShouldBe(FeedbackRefusals.Closed);
        item.Assign(Third, false).ShouldBe(FeedbackRefusals.Closed);
    }

    [Fact]
    public void It_can_be_said_until_the_time_is_over_and_silence_closes_only_the_answer_it_belongs_to()
    {
        var late = Answered();
        late.Say(false, At, At.AddDays(14), At.AddDays(14), At).ShouldBe(FeedbackRefusals.Closed);
        late.FallSilent(At.AddDays(-1), At).ShouldBeFalse();
        late.FallSilent(At, At.AddDays(14)).ShouldBeTrue();
        late.End.ShouldBe(FeedbackEnd.Silent);
        Item().Say(true, At, At, At.AddDays(1), At).ShouldBe(FeedbackRefusals.NotAnswered);
    }

    [Fact]
    public void Alike_ones_are_answered_together_and_never_in_a_ring()
    {
        var (first, second, third) = (Item(serial: 1), Item(serial: 2), Item(FeedbackKind.Suggestion, 3));
        second.Join(second).ShouldBe(FeedbackRefusals.CannotJoin);
        third.Join(first).ShouldBe(FeedbackRefusals.CannotJoin);
        second.Join(first).ShouldBeNull();
        first.Join(second).ShouldBe(FeedbackRefusals.CannotJoin);
        second.Assign(Me, false).ShouldBe(FeedbackRefusals.IsJoined);
        first.Assign(Me, false);
        first.Answer(Me, false, Verdict.Justified, [Remedy.Redo, Remedy.Apology, Remedy.Redo], At);
        second.AnsweredWith(first, At);
        (second.State, second.Verdict, second.Judges).ShouldBe((FeedbackState.Answered, Verdict.Justified, Me));
        second.Remedies.ShouldBe([Remedy.Apology, Remedy.Redo]);
        second.Say(false, At, At, At.AddDays(14), At);
        (second.JoinedInto, first.State).ShouldBe((null, FeedbackState.Answered));
    }

    [Fact]
    public void Is_overdue_once_from_its_due_time_on()
    {
        var item = Item();
        item.MarkOverdue(item.DueAt.AddMilliseconds(-1)).ShouldBeFalse();
        item.MarkOverdue(item.DueAt).ShouldBeTrue();
        item.MarkOverdue(item.DueAt.AddDays(1)).ShouldBeFalse();
        Answered().MarkOverdue(At.AddYears(1)).ShouldBeFalse();
    }

    [Fact]
    public void What_came_from_the_customer_stays_linked()
    {
        var item = Item();
        item.ComesFrom(Guid.NewGuid(), 7, 1);
        item.Link(8, null, 1, false).ShouldBe(FeedbackRefusals.ProvenAlready);
    }
}
