using Exeunt.App.Platform;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Platform;

/// <summary>What may stand in one line of a paper.</summary>
public sealed class OneLineTests
{
    [Theory]
    [InlineData("王小芳", "王小芳")]
    [InlineData("O’Neill & Søn 🙂", "O’Neill & Søn 🙂")]
    [InlineData("Wang\nPaid in full", "Wang Paid in full")]
    [InlineData("Wang\r\nPaid", "Wang  Paid")]
    [InlineData("a\u2028b\u2029c\u0085d\u001Be", "a b c d e")]
    [InlineData("a\u202Eb\u2066c", "a b c")]
    public void Becomes_one_line(string text, string printed)
    {
        OneLine.Of(text).ShouldBe(printed);
        OneLine.IsBroken(text).ShouldBe(text != printed);
    }

    [Fact]
    public void Paragraphs_keep_their_line_feeds_and_nothing_else()
    {
        OneLine.Paragraphs("one\r\ntwo\nthree\tfour\u202Efive").ShouldBe("one\ntwo\nthree four five");
        OneLine.IsBrokenText("one\r\ntwo\tthree").ShouldBeFalse();
        OneLine.IsBrokenText("one\u001Btwo").ShouldBeTrue();
    }

    [Fact]
    public void Half_a_character_cannot_stand_anywhere()
    {
        foreach (var text in new[] { "\uD83D", "a\uD83D", "a\uDE42b", "\uD83D\uD83D\uDE42" })
            (OneLine.IsBroken(text), OneLine.IsBrokenText(text)).ShouldBe((true, true));
        (OneLine.IsBroken("\uD83D\uDE42"), OneLine.IsBrokenText("a\uD83D\uDE42\uD83D\uDE42")).ShouldBe((false, false));
    }

    [Fact]
    public void A_name_is_refused_for_what_a_text_may_have()
    {
        CommonRefusals.Unfit("words", "one\ntwo", 100, out _).ShouldBeFalse();
        CommonRefusals.Unfit("words", "one\u0007two", 100, out var bell).ShouldBeTrue();
        bell!.Code.ShouldBe("unreadable");
        CommonRefusals.UnfitLine("name", "one\ntwo", 100, out var line).ShouldBeTrue();
        line!.Code.ShouldBe("unreadable");
        CommonRefusals.UnfitLine("name", "one two\n", 100, out _).ShouldBeFalse("what is trimmed away does not count");
    }
}
