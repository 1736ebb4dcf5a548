using Exeunt.Core.Cases;
using Exeunt.Core.Churn;
using Exeunt.Core.Classes;
using Exeunt.Core.LegalPages;
using Exeunt.Core.Policies;
using Exeunt.Core.Procedures;
using Exeunt.Core.Standards;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Documents;

/// <summary>What is JSON by its grammar and holds text that is none is refused by its place, by every reader of documents.</summary>
public sealed class OddJsonTests
{
    [Theory]
    [InlineData("{\n  \"id\": \"\\ud800\"}", 2, 9)]
    [InlineData("{\"id\": \"x\",\n \"\\udc00\": 1}", 2, 2)]
    [InlineData("[\"\\ud83d x\"]", 1, 2)]
    public void Half_a_character_is_refused_with_line_and_column(string json, int line, int column)
    {
        var standard = StandardDocument.Read(json).Problems.ShouldHaveSingleItem();
        (standard.Code, standard.Line, standard.Column).ShouldBe(("standard.not-json", line, column));
        ChurnDocument.Read(json).Problems.ShouldHaveSingleItem().Code.ShouldEndWith(".not-json");
        SchemeDocument.Read(json).Problems.ShouldHaveSingleItem().Code.ShouldEndWith(".not-json");
        ProcedureDocument.Read(json).Problems.ShouldHaveSingleItem().Code.ShouldEndWith(".not-json");
        LegalPageDocument.Read(json).Problems.ShouldHaveSingleItem().Code.ShouldEndWith(".not-json");
        PolicyDocument.Read(json).Errors.ShouldHaveSingleItem().Code.ShouldBe("policy.not-json");
        SchemeDocument.ReadFound(json).ShouldBeNull();
        ApprovalMatrixDocument.Read(json).Matrix.ShouldBeNull();
    }

    [Fact]
    public void A_text_that_no_database_keeps_is_refused_by_its_place()
    {
        const string json = "{\n  \"id\": \"a\\u0000b\"}";
        ProcedureDocument.Read(json).Problems.ShouldContain(p => p.Code == "procedure.characters" && p.Path == "id" && p.Line == 2);
        StandardDocument.Read(json).Problems.ShouldContain(p => p.Code == "standard.characters" && p.Path == "id");
        PolicyDocument.Read("{\"number\": \"a\\u0000b\"}").Errors.ShouldContain(e => e.Code == "policy.characters" && e.Path == "number");
    }
}
