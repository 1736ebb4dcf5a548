using Exeunt.Core.LegalPages;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.LegalPages;

/// <summary>What the law of a place lets a page ask and show, and what it refuses.</summary>
public sealed class LegalPageTests
{
    private static readonly DateOnly Day = new(2026, 12, 1);

    public static TheoryData<string> BuiltIn => [.. BuiltInPages.All.Select(p => p.Id)];

    [Theory]
    [MemberData(nameof(BuiltIn))]
    public void What_the_product_comes_with_breaks_nothing_and_is_advised_against_nothing(string id)
    {
        var page = BuiltInPages.All.Single(p => p.Id == id);
        LegalPageDocument.Check(page).ShouldBeEmpty();
        LegalPageCheck.Of(page, BuiltInPacks.For(page.Jurisdiction), Day).ShouldBeEmpty();
        LegalPageDocument.ToJson(LegalPageDocument.Read(LegalPageDocument.Write(page)).Page!).ShouldBe(LegalPageDocument.ToJson(page));
    }

    [Theory]
    [InlineData("phonePassword", "DE312K_EXTRA_FIELD")]
    [InlineData("customerNumber", "DE312K_EXTRA_FIELD")]
    public void Germany_lets_a_page_ask_five_things_only(string name, string code) =>
        Codes(BuiltInPages.Germany with { Fields = [.. BuiltInPages.Germany.Fields, new(name, Label("Frage"))] }).ShouldBe([(code, true)]);

    [Fact]
    public void Germany_refuses_an_offer_on_the_confirmation_page_and_bears_one_beside_the_first_button()
    {
        Codes(BuiltInPages.Germany with { Offer = new(OfferPlace.OnConfirmation, Label("Pausieren statt kündigen")) }).ShouldBe([("DE312K_OFFER_ON_CONFIRM", true)]);
        Codes(BuiltInPages.Germany with { Offer = new(OfferPlace.BesideEntry, Label("Pausieren statt kündigen")) }).ShouldBeEmpty();
    }

    [Fact]
    public void Germany_advises_against_other_words_on_the_buttons()
    {
        Codes(BuiltInPages.Germany with { Entry = Label("Vertrag beenden") }).ShouldBe([("DE312KWORDS_ENTRY", false)]);
        Codes(BuiltInPages.Germany with { Confirm = Label("weiter") }).ShouldBe([("DE312KWORDS_CONFIRM", false)]);
        Codes(BuiltInPages.GermanyWithdrawal with { Confirm = Label("weiter") }).ShouldBe([("DE356AWORDS_CONFIRM", false)]);
    }

    [Fact]
    public void France_wants_three_clicks_with_a_summary_before_the_last()
    {
        BuiltInPages.France.Measured.Clicks.ShouldBe(3);
        Codes(BuiltInPages.France with { Recap = false }).ShouldBe([("FR3C_NO_RECAP", true)]);
        Codes(BuiltInPages.France with { Recap = false, StepByStep = true, Fields = [] }).ShouldBe([("FR3C_TOO_MANY_CLICKS", true)]);
        PageCheck.Of(BuiltInPages.France.Measured with { LoginRequired = true }, BuiltInPacks.For("FR"), Party.Consumer, Day).Select(f => f.Code).ShouldBe(["FR3C_LOGIN"]);
    }

    [Fact]
    public void The_Union_lets_a_withdrawal_ask_for_name_contract_and_contact_with_one_button_to_confirm()
    {
        foreach (var page in new[] { BuiltInPages.EuropeWithdrawal, BuiltInPages.GermanyWithdrawal })
        {
            Codes(page with { Fields = [.. page.Fields, new("reason")] }).ShouldBe([("EU11A_EXTRA_FIELD", true)]);
            Codes(page with { Recap = true }).ShouldBe([("EU11A_TOO_MANY_CLICKS", true)]);
            Codes(page with { Offer = new(OfferPlace.OnConfirmation, Label("x")) }).ShouldBe([("EU11A_OFFER_ON_CONFIRM", true)]);
        }
        // Before the day of the law nobody has to offer the function.
        LegalPageCheck.Of(BuiltInPages.EuropeWithdrawal with { Recap = true }, BuiltInPacks.For("EU"), new(2026, 6, 18)).ShouldBeEmpty();
        // An ending is another function: its own questions are no breach of the withdrawal's rule.
        Codes(BuiltInPages.Germany).ShouldBeEmpty();
    }

    [Fact]
    public void California_bears_an_offer_as_long_as_the_way_to_cancel_stands_beside_it()
    {
        Codes(BuiltInPages.California with { Offer = new(OfferPlace.BesideEntry, Label("Half price")) }).ShouldBeEmpty();
        var hidden = BuiltInPages.California.Measured with { ShowsOffer = true, CancelBesideOffer = false };
        PageCheck.Of(hidden, BuiltInPacks.For("US-CA"), Party.Consumer, Day).Where(f => f.Blocks).Select(f => f.Code).ShouldBe(["USCAOFFER_OFFER_HIDES_CANCEL"]);
    }

    [Theory]
    [InlineData("DE", PageFunction.Ending, "germany")]
    [InlineData("DE", PageFunction.Withdrawal, "germany-withdrawal")]
    [InlineData("AT", PageFunction.Withdrawal, "europe-withdrawal")]
    [InlineData("FR", PageFunction.Withdrawal, "europe-withdrawal")]
    [InlineData("FR", PageFunction.Ending, "france")]
    [InlineData("US-CA", PageFunction.Ending, "california")]
    [InlineData("CN", PageFunction.Ending, "china")]
    [InlineData("AT", PageFunction.Ending, null)]
    [InlineData("CN", PageFunction.Withdrawal, null)]
    [InlineData("GB", PageFunction.Ending, null)]
    public void A_place_has_its_own_page_or_that_of_what_it_belongs_to(string place, PageFunction function, string? id) =>
        BuiltInPages.For(BuiltInPages.All, place, function)?.Id.ShouldBe(id);

    [Theory]
    [InlineData("\"language\": \"de\"", "\"language\": \"nl\"", "language", "page.wrong-value")]
    [InlineData("\"zone\": \"Europe/Berlin\"", "\"zone\": \"Berlin\"", "zone", "page.wrong-value")]
    [InlineData("\"jurisdiction\": \"DE\"", "\"jurisdiction\": \"Germany\"", "jurisdiction", "page.code")]
    [InlineData("\"name\": \"identity\"", "\"name\": \"person\"", "fields", "page.missing")]
    [InlineData("\"name\": \"endsOn\"", "\"name\": \"contact\"", "fields[5].name", "page.repeated")]
    [InlineData("\"name\": \"endsOn\"", "\"name\": \"shoeSize\"", "fields[4].label", "page.missing")]
    [InlineData("\"own\": \"jetzt kündigen\"", "\"own\": \"jetzt\\nkündigen\"", "confirm.own", "page.words")]
    [InlineData("\"version\": 1", "\"version\": 0", "version", "page.range")]
    [InlineData("\"recap\": false", "\"login\": true", "login", "page.unknown-name")]
    public void A_document_that_is_wrong_says_where_and_what(string what, string instead, string path, string code)
    {
        var written = LegalPageDocument.Write(BuiltInPages.Germany);
        var at = written.IndexOf(what, StringComparison.Ordinal);
        at.ShouldBeGreaterThan(0, written);
        var problems = LegalPageDocument.Read(written[..at] + instead + written[(at + what.Length)..]).Problems;
        problems.ShouldContain(p => p.Path == path && p.Code == code && p.Line > 0, string.Join('\n', problems));
    }

    [Fact]
    public void A_withdrawal_goes_on_one_page_and_step_by_step_has_its_own_questions()
    {
        LegalPageDocument.Check(BuiltInPages.EuropeWithdrawal with { StepByStep = true, Fields = [] }).Select(p => p.Code).ShouldBe(["page.one-page"]);
        LegalPageDocument.Check(BuiltInPages.China with { Fields = BuiltInPages.Germany.Fields }).Select(p => p.Code).ShouldBe(["page.step-by-step"]);
        LegalPageDocument.Check(BuiltInPages.Germany with { Survey = true }).Select(p => p.Code).ShouldBe(["page.wrong-value"]);
    }

    [Fact]
    public void The_period_for_a_withdrawal_is_the_Unions_and_only_where_it_holds()
    {
        // 20 June 2026 and fourteen days is a Saturday: Monday counts.
        LegalPeriods.WithdrawalUntil(BuiltInPacks.For("DE"), Party.Consumer, new(2026, 6, 20)).ShouldBe(new DateOnly(2026, 7, 6));
        LegalPeriods.WithdrawalUntil(BuiltInPacks.For("DE"), Party.Business, new(2026, 6, 20)).ShouldBeNull();
        LegalPeriods.WithdrawalUntil(BuiltInPacks.For("CN"), Party.Consumer, new(2026, 6, 20)).ShouldBeNull();
    }

    private static LegalWords Label(string own) => new(own, own, own);

    private static (string, bool)[] Codes(LegalPage page) => [.. LegalPageCheck.Of(page, BuiltInPacks.For(page.Jurisdiction), Day).Select(b => (b.Problem.Code, b.Blocks))];
}
