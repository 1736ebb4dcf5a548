using System.Text.Json.Nodes;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using NJsonSchema;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Procedures;

/// <summary>A procedure's document: read as strictly as it is described, by the reader and by the published schema alike.</summary>
public sealed class ProcedureDocumentTests
{
    private const string Least =
        """{"id":"p","version":1,"kind":"Termination","name":{"english":"P","chinese":"流"},"hours":{"place":"CN","opens":"09:00","closes":"18:00"},"steps":[{"id":"end","kind":"Close","name":{"english":"End","chinese":"结"},"after":[]}]}""";

    [Fact]
    public void Reads_what_it_writes()
    {
        foreach (var procedure in RandomProcedures.Some(2000))
        {
            var read = ProcedureDocument.Read(ProcedureDocument.Write(procedure));
            read.Problems.ShouldBeEmpty();
            ProcedureDocument.ToJson(read.Procedure!).ShouldBe(ProcedureDocument.ToJson(procedure));
            // Equal in every field, though lists are compared by what is in them.
            ProcedureDifference.Between(procedure, read.Procedure!).IsNone.ShouldBeTrue();
        }
    }

    [Fact]
    public void Writes_only_what_is_said() => ProcedureDocument.ToJson(ProcedureDocument.Read(Least).Procedure!).ShouldBe(Least);

    [Fact]
    public async Task The_schema_takes_what_is_written_and_no_other_names()
    {
        var schema = await JsonSchema.FromJsonAsync(ProcedureSchema.Json);
        foreach (var procedure in RandomProcedures.Some(60).Concat(GeneralProcedures.All))
            schema.Validate(ProcedureDocument.Write(procedure)).ShouldBeEmpty();
        schema.Validate(With("steps[0]", "afterwards", "[]")).ShouldNotBeEmpty();
        schema.Validate(With("", "kind", "\"Merger\"")).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("""{"a":""", "", "procedure.not-json")]
    [InlineData("[]", "", "procedure.wrong-type")]
    [InlineData("{}", "steps", "procedure.missing")]
    [InlineData("""{"id":"a","id":"b"}""", "id", "procedure.repeated")]
    public void Names_what_is_wrong_with_the_whole(string json, string path, string code) =>
        ProcedureDocument.Read(json).Problems.ShouldContain(p => p.Path == path && p.Code == code);

    [Theory]
    [InlineData("", "id", "\"P 1\"", "id", "procedure.code")]
    [InlineData("", "version", "0", "version", "procedure.range")]
    [InlineData("", "version", "1.5", "version", "procedure.wrong-type")]
    [InlineData("", "kind", "\"Merger\"", "kind", "procedure.wrong-value")]
    [InlineData("", "name", "{\"english\":\"only\"}", "name.chinese", "procedure.missing")]
    [InlineData("", "name", "{\"english\":\"only\",\"chinese\":\" \"}", "name.chinese", "procedure.missing")]
    [InlineData("", "owner", "1", "owner", "procedure.unknown-name")]
    [InlineData("hours", "opens", "\"9\"", "hours.opens", "procedure.wrong-type")]
    [InlineData("hours", "closes", "\"08:00\"", "hours.closes", "procedure.hours")]
    [InlineData("hours", "place", "\"Atlantis\"", "hours.place", "procedure.place")]
    [InlineData("steps[0]", "kind", "\"Pray\"", "steps[0].kind", "procedure.wrong-value")]
    [InlineData("steps[0]", "after", "null", "steps[0].after", "procedure.missing")]
    [InlineData("steps[0]", "after", "[\"a\",\"a\"]", "steps[0].after[1]", "procedure.repeated")]
    [InlineData("steps[0]", "roles", "[\"King\"]", "steps[0].roles[0]", "procedure.wrong-value")]
    [InlineData("steps[0]", "dueHours", "0", "steps[0].dueHours", "procedure.range")]
    [InlineData("steps[0]", "days", "4000", "steps[0].days", "procedure.range")]
    [InlineData("steps[0]", "onDemand", "true", "steps[0].onDemand", "procedure.unknown-name")]
    [InlineData("steps[0]", "tasks", "[{\"code\":\"a\",\"name\":{\"english\":\"A\",\"chinese\":\"甲\"}}]", "steps[0].tasks[0].department", "procedure.missing")]
    [InlineData("steps[0]", "items", "[{\"code\":\"A b\",\"name\":{\"english\":\"A\",\"chinese\":\"甲\"}}]", "steps[0].items[0].code", "procedure.code")]
    [InlineData("steps[0]", "when", "[{\"fact\":\"Tier\",\"comparison\":\"Is\",\"values\":[]}]", "steps[0].when[0].values", "procedure.missing")]
    [InlineData("steps[0]", "when", "[{\"fact\":\"Tier\",\"comparison\":\"AtMost\",\"values\":[\"Vip\"]}]", "steps[0].when[0].comparison", "procedure.condition")]
    [InlineData("steps[0]", "when", "[{\"fact\":\"Tier\",\"comparison\":\"Is\",\"values\":[\"Gold\"]}]", "steps[0].when[0].values[0]", "procedure.wrong-value")]
    [InlineData("steps[0]", "when", "[{\"fact\":\"Amount\",\"comparison\":\"AtMost\",\"values\":[\"5000\"]}]", "steps[0].when[0].values[0]", "procedure.amount")]
    [InlineData("steps[0]", "when", "[{\"fact\":\"Amount\",\"comparison\":\"Is\",\"values\":[\"CNY 5000\"]}]", "steps[0].when[0].comparison", "procedure.condition")]
    [InlineData("steps[0]", "when", "[{\"fact\":\"Amount\",\"comparison\":\"AtMost\",\"values\":[\"CNY 5000\",\"CNY 6000\"]}]", "steps[0].when[0].values", "procedure.repeated")]
    [InlineData("steps[0]", "when", "[{\"fact\":\"Reason\",\"comparison\":\"Is\",\"values\":[\"too dear\"]}]", "steps[0].when[0].values[0]", "procedure.code")]
    public void Names_what_is_wrong_and_where(string at, string name, string value, string path, string code)
    {
        var problems = ProcedureDocument.Read(With(at, name, value)).Problems;
        problems.ShouldContain(p => p.Path == path && p.Code == code, string.Join(", ", problems.Select(p => $"{p.Path} {p.Code}")));
        problems.ShouldAllBe(p => p.Says.English.Length > 0 && p.Says.Chinese.Length > 0 && p.Line == 1 && p.Column > 0);
    }

    private static string With(string at, string name, string value)
    {
        var root = JsonNode.Parse(Least)!.AsObject();
        var part = at switch { "" => root, "hours" => root["hours"]!.AsObject(), _ => root["steps"]![0]!.AsObject() };
        part[name] = JsonNode.Parse(value);
        return root.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
