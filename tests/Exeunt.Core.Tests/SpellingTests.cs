using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests;

/// <summary>Which spellings stand for the same address or number, and which do not.</summary>
public sealed class SpellingTests
{
    [Theory]
    [InlineData("13800138000", "13800138000")]
    [InlineData("+86 138-0013-8000", "13800138000")]
    [InlineData("0086 138 0013 8000", "13800138000")]
    [InlineData("86 13800138000", "13800138000")]
    [InlineData("(+86) 138.0013.8000", "13800138000")]
    [InlineData("１３８－００１３－８０００", "13800138000")]
    [InlineData("（＋８６）　１３８００１３８０００", "13800138000")]
    [InlineData("021-62345678", "02162345678")]
    [InlineData("+86 21 6234 5678", "02162345678")]
    [InlineData("0086-021-62345678", "02162345678")]
    [InlineData("010 62345678", "01062345678")]
    [InlineData("+86 10 6234 5678", "01062345678")]
    [InlineData("0755-8234567", "07558234567")]
    [InlineData("+86 755 8234567", "07558234567")]
    [InlineData("+86 400 820 8820", "4008208820")]
    [InlineData("400-820-8820", "4008208820")]
    [InlineData("+49 (30) 123-456", "4930123456")]
    [InlineData("0049 30 123456", "4930123456")]
    [InlineData("+1 415 555 2671", "14155552671")]
    [InlineData("62345678", "62345678")]
    [InlineData("10086", "10086")]
    [InlineData("00123", "00123")]
    [InlineData("86", "86")]
    [InlineData("", "")]
    [InlineData(" - ", "")]
    public void A_phone_number_is_the_same_however_it_is_written(string text, string expected) => Spelling.Phone(text).ShouldBe(expected);

    [Theory]
    [InlineData("13800138000", "13800138001")]
    [InlineData("+49 30 123456", "+43 30 123456")]
    [InlineData("021-62345678", "010-62345678")]
    [InlineData("030 123456", "+49 30 123456")]
    public void Other_phone_numbers_stay_others(string one, string other) => Spelling.Phone(one).ShouldNotBe(Spelling.Phone(other));

    [Theory]
    [InlineData("13800138000")]
    [InlineData("8613800138000")]
    [InlineData("008613800138000")]
    [InlineData("0013800138000")]
    public void A_mobile_number_is_looked_for_in_each_spelling_that_was_kept_before(string kept)
    {
        foreach (var typed in new[] { "13800138000", "+86 138 0013 8000", "0086-138-0013-8000", "１３８００１３８０００" })
            Spelling.Phones(typed).ShouldContain(kept);
        Spelling.Phones("+86 138 0013 8000")[0].ShouldBe("13800138000");
    }

    [Fact]
    public void Numbers_of_other_kinds_are_looked_for_as_they_were_kept_too()
    {
        foreach (var kept in new[] { "02162345678", "862162345678", "8602162345678", "00862162345678" })
            Spelling.Phones("021-6234 5678").ShouldContain(kept);
        foreach (var kept in new[] { "4930123456", "004930123456" })
        {
            Spelling.Phones("+49 30 123456").ShouldContain(kept);
            Spelling.Phones("0049 30 123456").ShouldContain(kept);
        }
        Spelling.Phones("").ShouldBeEmpty();
        Spelling.Phones("021-6234 5678").Count.ShouldBeLessThanOrEqualTo(8);
    }

    [Theory]
    [InlineData("wang.fang@customer.example", "wang.fang@customer.example")]
    [InlineData(" Wang.Fang@CUSTOMER.Example\t", "wang.fang@customer.example")]
    [InlineData("ｗａｎｇ．ｆａｎｇ＠ｃｕｓｔｏｍｅｒ．ｅｘａｍｐｌｅ", "wang.fang@customer.example")]
    [InlineData("", "")]
    public void A_mail_address_is_the_same_in_any_case_and_width(string text, string expected) => Spelling.Mail(text).ShouldBe(expected);

    [Theory]
    [InlineData("a@b", true)]
    [InlineData("ａ＠ｂ", true)]
    [InlineData("13800138000", false)]
    [InlineData("", false)]
    public void A_mail_address_is_known_by_its_sign(string text, bool expected) => Spelling.IsMail(text).ShouldBe(expected);

    [Theory]
    [InlineData("HT-2024-1", "ht-2024-1")]
    [InlineData(" ht - 2024 - 1 ", "ht-2024-1")]
    [InlineData("ＨＴ－２０２４－１", "ht-2024-1")]
    [InlineData("0042", "0042")]
    [InlineData("", "")]
    public void A_contract_number_is_the_same_in_any_case_width_and_spacing(string text, string expected) => Spelling.Number(text).ShouldBe(expected);

    [Theory]
    [InlineData("CRM-7", "CRM-7")]
    [InlineData(" crm-7 ", "CRM-7")]
    [InlineData("ｃｒｍ－７", "CRM-7")]
    [InlineData("crm -　7", "CRM - 7")]
    [InlineData("1 23", "1 23")]
    [InlineData("12 3", "12 3")]
    [InlineData("Crm-7", "CRM-7")]
    [InlineData("Ab3", "AB3")]
    [InlineData("ab3x", "AB3X")]
    [InlineData("AB3X", "AB3X")]
    [InlineData("Ab-3X", "AB-3X")]
    [InlineData("00042", "00042")]
    [InlineData("42", "42")]
    [InlineData("０００４２", "00042")]
    [InlineData("13800138000", "13800138000")]
    [InlineData("+86 138-0013-8000", "13800138000")]
    [InlineData("008613800138000", "13800138000")]
    [InlineData("８６１３８００１３８０００", "13800138000")]
    [InlineData("138-00138-000", "138-00138-000")]
    [InlineData("+1 380 013 8000", "+1 380 013 8000")]
    [InlineData("Wang@Canary.example", "WANG@CANARY.EXAMPLE")]
    [InlineData("客户7", "客户7")]
    [InlineData("", "")]
    public void A_customers_number_is_the_same_in_any_case_and_width_and_with_white_space_around_it(string text, string expected) => Spelling.CustomerNumber(text).ShouldBe(expected);

    [Fact]
    public void An_id_whose_letters_tell_apart_by_their_case_keeps_it()
    {
        Spelling.CustomerNumber("001D000000IRFma").ShouldBe("001D000000IRFma");
        Spelling.CustomerNumber("001D000000IRFmA").ShouldBe("001D000000IRFmA");
        Spelling.CustomerNumbers("001D000000IRFma").ShouldBe(["001D000000IRFma"]);
        foreach (var id in new[] { "aB3x", "Ab3X", "a7B", "001A0000abcDEFG", "001D000000IRFmaIAH" })
        {
            Spelling.CustomerNumber(id).ShouldBe(id);
            Spelling.CustomerNumber($" {id}　").ShouldBe(id);
            Spelling.CustomerNumbers(id).ShouldBe([id]);
        }
        // Small letters alone tell nothing of it.
        Spelling.CustomerNumbers("ab3x").ShouldBe(["ab3x", "AB3X"]);
    }

    [Theory]
    [InlineData("42")]
    [InlineData("CRM-7")]
    [InlineData(" Crm-7")]
    [InlineData("aB3x ")]
    [InlineData("1 23")]
    [InlineData("138 0013 8000")]
    [InlineData("12345678901")]
    [InlineData("")]
    public void The_form_of_today_is_told_among_those_that_are_looked_for(string text) =>
        Spelling.CustomerNumbers(text, out var own)[own].ShouldBe(Spelling.CustomerNumber(text));

    [Theory]
    [InlineData("13800138000", "13800138000")]
    [InlineData(" (+86) 138-0013-8000 ", "13800138000")]
    [InlineData("　１３８００１３８０００", "13800138000")]
    [InlineData("（＋８６）１３８００１３８０００", "13800138000")]
    [InlineData("86-13800138000", "13800138000")]
    [InlineData("0086 13800138000", "13800138000")]
    [InlineData("1380013800", null)]
    [InlineData("C13800138000", null)]
    [InlineData("23800138000", null)]
    [InlineData("", null)]
    public void A_mobile_number_is_known_by_its_digits(string text, string? expected) => Spelling.Mobile(text).ShouldBe(expected);

    [Fact]
    public void A_customers_number_is_looked_for_first_as_it_is_written_then_as_it_may_have_been_kept()
    {
        Spelling.CustomerNumbers("42").ShouldBe(["42"]);
        Spelling.CustomerNumbers("CRM-7").ShouldBe(["CRM-7", "crm-7"]);
        Spelling.CustomerNumbers(" Crm-7").ShouldBe([" Crm-7", "Crm-7", "CRM-7", "crm-7"]);
        Spelling.CustomerNumbers("138 0013 8000").ShouldBe(["138 0013 8000", "13800138000", "+8613800138000", "8613800138000", "008613800138000"]);
    }

    [Theory]
    [InlineData("a@b.example", true)]
    [InlineData("Bob <a@b.example>", false)]
    [InlineData(" a@b.example", false)]
    [InlineData("a@b.example, c@d.example", false)]
    [InlineData("no address", false)]
    [InlineData("", false)]
    public void An_address_stands_alone(string text, bool isOne) => Spelling.IsAddress(text).ShouldBe(isOne);

    [Theory]
    [InlineData("123 456", true)]
    [InlineData("１２３４５６", true)]
    [InlineData("12345", false)]
    [InlineData("call me", false)]
    public void A_phone_number_has_six_digits_and_more(string text, bool isOne) => Spelling.IsPhone(text).ShouldBe(isOne);

    [Fact]
    public void Half_a_character_breaks_nothing()
    {
        foreach (var text in new[] { "a\uD800", "\uDC00b", "x\uFFFE" })
        {
            Spelling.Plain(text).ShouldBe(text);
            Spelling.Number(text).ShouldBe(text);
            Spelling.Phone(text).ShouldBe("");
            Spelling.CustomerNumbers(text)[0].ShouldBe(text);
        }
    }
}
