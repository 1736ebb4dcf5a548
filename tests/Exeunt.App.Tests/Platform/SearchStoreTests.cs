using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Platform;

/// <summary>Search over encrypted names and numbers. What it finds are candidates: there may be more, never fewer.</summary>
public abstract class SearchStoreTests(ExeuntApp app)
{
    private static long _last;
    private readonly long _subject = Interlocked.Increment(ref _last) * 10;

    [Theory]
    [InlineData("欧阳明日")]
    [InlineData("欧阳")]
    [InlineData("明日")]
    [InlineData("阳明")]
    public async Task Finds_a_chinese_name_by_any_two_neighbouring_characters(string words)
    {
        await Index(_subject, (TokenKind.Name, "欧阳明日"));

        (await Find(TokenKind.Name, words)).ShouldContain(_subject);
    }

    [Theory]
    [InlineData("ANNA berg")]
    [InlineData("ａｎｎａ")]
    [InlineData("erg")]
    public async Task Finds_a_latin_name_in_any_case_and_width(string words)
    {
        await Index(_subject, (TokenKind.Name, "Anna Berg"));

        (await Find(TokenKind.Name, words)).ShouldContain(_subject);
    }

    [Fact]
    public async Task Finds_a_phone_number_however_it_is_written()
    {
        await Index(_subject, (TokenKind.Phone, "+86 138-0013-8000"));

        (await Find(TokenKind.Phone, "8613800138000")).ShouldContain(_subject);
    }

    [Theory]
    [InlineData(TokenKind.Phone, "+86 139-0013-9000", "１３９ ００１３ ９０００")]
    [InlineData(TokenKind.Phone, "13900139000", "0086-139-0013-9000")]
    [InlineData(TokenKind.Phone, "021-62345678", "+86 21 6234 5678")]
    [InlineData(TokenKind.Mail, "Wan@Example.com", "ｗａｎ＠ｅｘａｍｐｌｅ．ｃｏｍ")]
    [InlineData(TokenKind.Number, "HT-77-12", "ｈｔ－７７－１２")]
    [InlineData(TokenKind.Number, "13900139000", "+86 139 0013 9000")]
    public async Task Finds_in_another_spelling(TokenKind kind, string kept, string words)
    {
        await Index(_subject, (kind, kept));

        (await Find(kind, words)).ShouldContain(_subject);
    }

    [Theory]
    [InlineData(TokenKind.Phone, "8613700137000", "13700137000")]
    [InlineData(TokenKind.Phone, "8613700137000", "0086 137-0013-7000")]
    [InlineData(TokenKind.Phone, "008613700137000", "１３７００１３７０００")]
    [InlineData(TokenKind.Phone, "862162345678", "021-6234 5678")]
    [InlineData(TokenKind.Phone, "004930123456", "+49 30 123456")]
    [InlineData(TokenKind.Number, "137-0013-7000", "13700137000")]
    [InlineData(TokenKind.Number, "+86137-0013-7000", "13700137000")]
    [InlineData(TokenKind.Number, "+8613700137000", "１３７ ００１３ ７０００")]
    [InlineData(TokenKind.Number, "008613700137000", " (+86) 137-0013-7000 ")]
    [InlineData(TokenKind.Number, "crm-7", "ＣＲＭ－７")]
    [InlineData(TokenKind.Number, "ab3x", "aB3x")]
    public async Task Finds_by_a_token_that_an_earlier_version_made(TokenKind kind, string form, string words)
    {
        await app.With<SearchStore>(s => s.Index([(_subject, new[] { s.Token(kind, form) })], default));

        (await Find(kind, words)).ShouldContain(_subject);
    }

    [Theory]
    [InlineData(TokenKind.Phone, "021-6234 5678")]
    [InlineData(TokenKind.Phone, "+86 137 0013 7000")]
    [InlineData(TokenKind.Number, " （＋８６） １３７ ００１３ ７０００ ")]
    [InlineData(TokenKind.Number, " Crm - 7 ")]
    public void No_form_is_left_out_of_a_search(TokenKind kind, string words) => SearchStore.Forms(kind, words).Count().ShouldBeLessThanOrEqualTo(16);

    [Fact]
    public async Task A_single_character_finds_nobody()
    {
        await Index(_subject, (TokenKind.Name, "王小明"));

        (await Find(TokenKind.Name, "王")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Characters_outside_the_basic_plane_are_whole()
    {
        await Index(_subject, (TokenKind.Name, "𠮷野家"));

        (await Find(TokenKind.Name, "𠮷野")).ShouldContain(_subject);
    }

    [Fact]
    public async Task Forgets_the_old_name_when_a_subject_is_indexed_again()
    {
        await Index(_subject, (TokenKind.Name, "司马相如"));
        await Index(_subject, (TokenKind.Name, "卓文君"));

        (await Find(TokenKind.Name, "司马相如")).ShouldNotContain(_subject);
        (await Find(TokenKind.Name, "卓文君")).ShouldContain(_subject);
    }

    [Fact]
    public async Task Finds_nobody_who_was_removed()
    {
        await Index(_subject, (TokenKind.Name, "上官婉儿"), (TokenKind.Mail, "wan@example.com"));

        await app.With<SearchStore>(s => s.Remove(_subject, default));

        (await Find(TokenKind.Name, "上官婉儿")).ShouldNotContain(_subject);
        (await Find(TokenKind.Mail, "wan@example.com")).ShouldNotContain(_subject);
    }

    private Task Index(long subject, params (TokenKind, string)[] values) => app.With<SearchStore>(s => s.Index(subject, values, default));

    private Task<List<long>> Find(TokenKind kind, string words) => app.With<SearchStore, List<long>>(s => s.Find(kind, words, 100, default));

    public sealed class OnSqlite(SqliteApp app) : SearchStoreTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : SearchStoreTests(app), IClassFixture<PostgresApp>;
}
