using System.Text.Json.Nodes;
using Exeunt.Core.Policies;
using NJsonSchema;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Policies;

/// <summary>A policy's document: read as strictly as it is described, by the reader and by the published schema alike.</summary>
public sealed class PolicyDocumentTests
{
    private const string Least = """{"number":"JY-02","version":1,"effectiveFrom":"2026-01-01","titleEnglish":"T","titleChinese":"政"}""";

    [Fact]
    public void Reads_what_it_writes()
    {
        foreach (var policy in RandomPolicies.Some(2000))
        {
            var read = PolicyDocument.Read(PolicyDocument.Write(policy));
            read.Errors.ShouldBeEmpty();
            read.Policy!.ToJson().ShouldBe(policy.ToJson());
        }
    }

    [Fact]
    public void Needs_only_number_version_date_and_titles() => PolicyDocument.Read(Least).IsValid.ShouldBeTrue();

    [Theory]
    [InlineData("""{"a":""", "", "policy.not-json")]
    [InlineData("[]", "", "policy.wrong-type")]
    [InlineData("{}", "number", "policy.missing")]
    [InlineData("""{"number":"JY-02","number":"JY-03","version":1,"effectiveFrom":"2026-01-01","titleEnglish":"T","titleChinese":"政"}""", "number", "policy.repeated")]
    public void Names_what_is_wrong_with_the_whole(string json, string path, string code) =>
        PolicyDocument.Read(json).Errors.ShouldContain(e => e.Path == path && e.Code == code);

    [Theory]
    [InlineData("notise", "{\"count\":3,\"unit\":\"DAY\"}", "notise", "policy.unknown-name")]
    [InlineData("notice", "30", "notice", "policy.wrong-type")]
    [InlineData("notice", "{\"count\":30}", "notice.unit", "policy.missing")]
    [InlineData("notice", "{\"count\":30,\"unit\":\"WEEK\"}", "notice.unit", "policy.wrong-value")]
    [InlineData("notice", "{\"count\":-1,\"unit\":\"DAY\"}", "notice.count", "policy.range")]
    [InlineData("notice", "{\"count\":1.5,\"unit\":\"DAY\"}", "notice.count", "policy.wrong-type")]
    [InlineData("notice", "null", "notice", "policy.missing")]
    [InlineData("effectiveUntil", "\"2026-01-01\"", "effectiveUntil", "policy.dates")]
    [InlineData("effectiveUntil", "\"31.12.2026\"", "effectiveUntil", "policy.wrong-type")]
    [InlineData("etf", "{\"fee\":\"300.00 CNY\"}", "etf.kind", "policy.missing")]
    [InlineData("etf", "{\"kind\":\"DOUBLE\",\"fee\":\"300.00 CNY\"}", "etf.kind", "policy.wrong-value")]
    [InlineData("etf", "{\"kind\":\"FLAT\",\"fee\":\"300 yuan\"}", "etf.fee", "policy.amount")]
    [InlineData("etf", "{\"kind\":\"FLAT\",\"fee\":300}", "etf.fee", "policy.amount")]
    [InlineData("etf", "{\"kind\":\"FLAT\",\"fee\":\"-300.00 CNY\"}", "etf.fee", "policy.negative")]
    [InlineData("etf", "{\"kind\":\"FLAT\",\"fee\":\"300.001 CNY\"}", "etf.fee", "policy.amount")]
    [InlineData("etf", "{\"kind\":\"FLAT\",\"fee\":\"1.00 CNY\",\"pct\":\"0.2\"}", "etf.pct", "policy.unknown-name")]
    [InlineData("etf", "{\"kind\":\"REMAIN_PCT\",\"pct\":\"20%\"}", "etf.pct", "policy.rate")]
    [InlineData("etf", "{\"kind\":\"REMAIN_PCT\",\"pct\":\"1.01\"}", "etf.pct", "policy.range")]
    [InlineData("etf", "{\"kind\":\"DECLINING\",\"initial\":\"300.00 CNY\",\"perMonth\":\"10.00 EUR\"}", "etf.perMonth", "policy.mixed-currency")]
    [InlineData("etf", "{\"kind\":\"MIN\",\"of\":[]}", "etf.of", "policy.missing")]
    [InlineData("etf", "{\"kind\":\"MIN\",\"of\":[{\"kind\":\"MIN\",\"of\":[{\"kind\":\"MIN\",\"of\":[{\"kind\":\"FLAT\",\"fee\":\"1.00 CNY\"}]}]}]}", "etf.of[0].of[0].of[0]", "policy.too-deep")]
    [InlineData("scope", "{\"jurisdictions\":[]}", "scope.jurisdictions", "policy.missing")]
    [InlineData("scope", "{\"jurisdictions\":[\"China\"]}", "scope.jurisdictions[0]", "policy.code")]
    [InlineData("form", "{\"purpose\":{\"english\":\"only\"}}", "form.purpose.chinese", "policy.missing")]
    [InlineData("grounds", "[{\"ground\":\"EXPIRY\"},{\"ground\":\"EXPIRY\"}]", "grounds[1].ground", "policy.repeated")]
    [InlineData("renewal", "{\"kind\":\"FIXED\"}", "renewal.months", "policy.missing")]
    [InlineData("instalments", "{\"maxCount\":1}", "instalments.maxCount", "policy.range")]
    [InlineData("lateInterest", "{}", "lateInterest.annualRate", "policy.missing")]
    [InlineData("lines", "{\"etf\":{\"clause\":\"\",\"english\":\"a\",\"chinese\":\"b\"}}", "lines.etf.clause", "policy.missing")]
    [InlineData("refundsUnusedPeriod", "\"yes\"", "refundsUnusedPeriod", "policy.wrong-type")]
    public void Names_the_field_and_what_is_wrong(string name, string value, string path, string code)
    {
        var errors = PolicyDocument.Read(With(name, value)).Errors;

        errors.ShouldContain(e => e.Path == path && e.Code == code, string.Join("; ", errors.Select(e => $"{e.Path} {e.Code}")));
    }

    [Fact]
    public void Says_everything_at_once_with_line_and_column()
    {
        var errors = PolicyDocument.Read("{\n  \"number\": \"JY-02\", \"version\": 0,\n  \"effectiveFrom\": \"2026-01-01\", \"titleEnglish\": \"T\", \"titleChinese\": \"政策\", \"rounding\": \"UP\", \"lines\": 7\n}").Errors;

        errors.Select(e => (e.Path, e.Line)).ShouldBe([("rounding", 3), ("lines", 3)]);
        errors[0].Column.ShouldBe(89);
        PolicyDocument.Read(With("version", "0")).Errors.Single().ToRefusal().English.ShouldStartWith("line 1, column ");
    }

    [Fact]
    public async Task Publishes_a_schema_that_takes_every_valid_policy()
    {
        var schema = await JsonSchema.FromJsonAsync(PolicySchema.Json);
        foreach (var policy in RandomPolicies.Some(300))
            schema.Validate(policy.ToJson()).Select(e => $"{e.Path} {e.Kind}").ShouldBeEmpty(policy.ToJson());
    }

    [Theory]
    [InlineData("notise", "{}")]
    [InlineData("notice", "30")]
    [InlineData("notice", "{\"count\":30}")]
    [InlineData("notice", "{\"count\":30,\"unit\":\"WEEK\"}")]
    [InlineData("etf", "{\"kind\":\"FLAT\",\"fee\":300}")]
    [InlineData("etf", "{\"kind\":\"DOUBLE\",\"fee\":\"300.00 CNY\"}")]
    [InlineData("etf", "{\"kind\":\"REMAIN_PCT\",\"pct\":\"20%\"}")]
    [InlineData("effectiveUntil", "\"31.12.2026\"")]
    [InlineData("handOvers", "[{\"side\":\"CUSTOMER\"}]")]
    [InlineData("lines", "{\"etf\":{\"clause\":\"4.2\"}}")]
    public async Task Publishes_a_schema_that_refuses_what_is_not_one(string name, string value) =>
        (await JsonSchema.FromJsonAsync(PolicySchema.Json)).Validate(With(name, value)).ShouldNotBeEmpty();

    [Fact]
    public void Describes_every_field_in_the_schema_in_both_languages()
    {
        var schema = JsonNode.Parse(PolicySchema.Json)!;
        schema["properties"]!["notice"]!["properties"]!["count"]!["description"]!.GetValue<string>().ShouldBe("How long 长度");
        schema["properties"]!.AsObject().ShouldAllBe(p => p.Value!["description"] != null);
        PolicyFields.All.Count.ShouldBeGreaterThan(100);
    }

    [Theory]
    [InlineData("etf.of[1].of[0].fee", "Fee for leaving early: Fee")]
    [InlineData("handOvers[3].price", "What is handed in or over: When missing")]
    [InlineData("lines.damage.screen.clause", "Clauses and tax: Clause number")]
    [InlineData("nowhere", "nowhere")]
    public void Calls_a_field_by_its_name(string path, string name) => PolicyFields.NameOf(path).English.ShouldBe(name);

    private static string With(string name, string value)
    {
        var json = JsonNode.Parse(Least)!.AsObject();
        json[name] = value == "null" ? null : JsonNode.Parse(value);
        return json.ToJsonString();
    }
}
