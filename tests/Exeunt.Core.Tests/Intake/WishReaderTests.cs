using System.Diagnostics;
using Exeunt.Core.Intake;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Intake;

/// <summary>What is read out of a customer's words, and when a person must decide.</summary>
public sealed class WishReaderTests
{
    [Theory]
    [InlineData("请为我办理解约，合同号 HT-2024-000123。", "HT-2024-000123")]
    [InlineData("您好，我要取消宽带套餐。合同编号：HT-2024-000123，谢谢！", "HT-2024-000123")]
    [InlineData("本人决定终止贵公司的服务合同（HT-2024-000123）。", "HT-2024-000123")]
    [InlineData("Please cancel my contract HT-2024-000123 as soon as possible.", "HT-2024-000123")]
    [InlineData("I hereby give you notice: contract no. 4711-0815/22 shall end.", "4711-0815/22")]
    [InlineData("I want to end my broadband subscription. My customer number is A1234567. Thank you for your help.", "A1234567")]
    [InlineData("Dear all,\n\nplease terminate the agreement HT-2024-000123. Can you send me a receipt?", "HT-2024-000123")]
    public void A_clear_wish_with_one_number_is_clear(string text, string number)
    {
        var read = WishReader.Read("", text);
        (read.Wish, read.Why).ShouldBe((Wish.Clear, null));
        read.Numbers.ShouldBe([number]);
    }

    [Theory]
    [InlineData("我不想解约，合同号 HT-2024-000123，只是改地址。", "denied")]
    [InlineData("请不要取消我的合同 HT-2024-000123。", "denied")]
    [InlineData("合同 HT-2024-000123 怎么解约？", "asked")]
    [InlineData("请问取消合同 HT-2024-000123 要多少钱", "asked")]
    [InlineData("如果价格不降，我就取消合同 HT-2024-000123。", "supposed")]
    [InlineData("我已经取消了合同 HT-2024-000123。", "past")]
    [InlineData("请撤回我的解约申请，合同号 HT-2024-000123。", "taken-back")]
    [InlineData("Please do not cancel my contract HT-2024-000123.", "denied")]
    [InlineData("How can I cancel my contract HT-2024-000123?", "asked")]
    [InlineData("If the price stays I will cancel my contract HT-2024-000123.", "supposed")]
    [InlineData("I am thinking of ending things: cancel my contract HT-2024-000123, maybe.", "supposed")]
    [InlineData("I want to withdraw my cancellation of contract HT-2024-000123.", "taken-back")]
    [InlineData("Please cancel my contract.", "no-number")]
    [InlineData("Please cancel my contract HT-2024-000123. Do not cancel my contract HT-2024-000124.", "denied")]
    [InlineData("Please cancel my contracts HT-2024-000123 and HT-2024-000124.", "several-numbers")]
    [InlineData("Please cancel my contract HT-2024-000123 on 2026-06-30 or 2026-07-31.", "several-dates")]
    public void In_doubt_a_person_decides(string text, string why)
    {
        var read = WishReader.Read("", text);
        (read.Wish, read.Why).ShouldBe((Wish.Unsure, why));
    }

    [Theory]
    [InlineData("My address has changed. Contract HT-2024-000123.")]
    [InlineData("我的地址变了，合同号 HT-2024-000123。")]
    [InlineData("At the end of the week the engineer came to our house near the contract office.")]
    [InlineData("")]
    public void What_does_not_speak_of_ending_is_no_wish(string text) => WishReader.Read("", text).Wish.ShouldBe(Wish.None);

    [Fact]
    public void Only_what_the_writer_wrote_counts()
    {
        var read = WishReader.Read("Re: your mail", "Thank you.\n\nOn Mon, 16 Mar 2026 at 10:00, Service wrote:\n> Please cancel my contract HT-2024-000123.\n> it said");
        (read.Wish, read.Numbers.Count).ShouldBe((Wish.None, 0));
        WishReader.Read("", "谢谢\n\n-----原始邮件-----\n请解约，合同号 HT-2024-000123。").Wish.ShouldBe(Wish.None);
        WishReader.Read("", "> 请解约，合同号 HT-2024-000123。\n收到").Wish.ShouldBe(Wish.None);
    }

    [Fact]
    public void The_subject_counts_and_a_date_is_read()
    {
        var read = WishReader.Read("解约 HT-2024-000123", "望尽快办理");
        (read.Wish, read.Language).ShouldBe((Wish.Clear, "zh"));
        WishReader.Read("", "请于2026年6月30日终止合同，合同号：HT-2024-000123。").EndsOn.ShouldBe(new DateOnly(2026, 6, 30));
        WishReader.Read("", "Please end my contract HT-2024-000123 on 30 June 2026.").EndsOn.ShouldBe(new DateOnly(2026, 6, 30));
        WishReader.Read("", "Please end my contract HT-2024-000123 on 31 June 2026.").EndsOn.ShouldBeNull();
    }

    [Fact]
    public void A_case_is_known_and_is_no_contract()
    {
        var read = WishReader.Read("Re: T-2026-000042", "Please cancel my contract HT-2024-000123.");
        read.Cases.ShouldBe(["T-2026-000042"]);
        read.Numbers.ShouldBe(["HT-2024-000123"]);
    }

    [Fact]
    public void A_text_of_an_enemy_ends()
    {
        var watch = Stopwatch.StartNew();
        foreach (var text in new[]
        {
            string.Concat(Enumerable.Repeat("cancel my ", 20_000)), new string('取', 100_000), string.Concat(Enumerable.Repeat("取消", 50_000)), new string('a', 100_000), string.Concat(Enumerable.Repeat("contract ", 20_000)),
            string.Concat(Enumerable.Repeat("A1-", 50_000)), new string('\n', 100_000), string.Concat(Enumerable.Repeat("于", 50_000)), new string(' ', 100_000), string.Concat(Enumerable.Repeat("合同号: ", 30_000)),
        })
            WishReader.Read(text[..200], text).ShouldNotBeNull();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }
}
