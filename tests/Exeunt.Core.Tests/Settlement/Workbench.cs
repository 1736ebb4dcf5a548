using System.Text.Json;
using Exeunt.Core.Settlement;
using Shouldly;

namespace Exeunt.Core.Tests.Settlement;

/// <summary>Asks the workbench as a client would: text in, text out.</summary>
internal static class Workbench
{
    internal static Answered Ask(string formula, string inputs)
    {
        var (json, isError) = FormulaWorkbench.Answer($$"""{"formula":"{{formula}}","inputs":{{inputs}}}""");
        var answered = new Answered(json, JsonDocument.Parse(json).RootElement, isError);
        using var document = JsonDocument.Parse(inputs);
        FormulaWorkbench.Answer(formula, document.RootElement).ShouldBe((json, isError));
        return answered;
    }

    internal static void Refuses(string formula, string inputs, string code, string? names = null)
    {
        var answer = Ask(formula, inputs);
        answer.IsError.ShouldBeTrue(answer.Json);
        answer.Root.EnumerateObject().Select(p => p.Name).ShouldBe(["error", "message"]);
        answer.Root.GetProperty("error").GetString().ShouldBe(code, answer.Json);
        if (names is not null)
            answer.Root.GetProperty("message").GetString()!.ShouldContain(names);
    }
}

internal sealed record Answered(string Json, JsonElement Root, bool IsError)
{
    /// <summary>"used 34.48, refund 65.52 → 65.52", as the table of vectors writes it.</summary>
    internal string Text
    {
        get
        {
            if (IsError)
                return Root.GetProperty("error").GetString()!;
            var lines = Root.GetProperty("lines")
                .EnumerateArray()
                .Select(l => $"{l.GetProperty("line")} {l.GetProperty("amount")}");
            var total = Root.GetProperty("total");
            return string.Join(", ", lines) + (total.ValueKind == JsonValueKind.Null ? "" : $" → {total}");
        }
    }

    internal string Values => Root.GetProperty("values").GetRawText();
}

/// <summary>A line of a statement's JSON, asked of the workbench again with the line's own inputs.</summary>
internal static class Recomputed
{
    internal static void Agrees(JsonElement line) => Agree(line).ShouldBeTrue(line.GetRawText());

    internal static bool Agree(JsonElement line)
    {
        var (json, isError) = FormulaWorkbench.Answer(line.GetProperty("formula").GetString()!, line.GetProperty("inputs"));
        if (isError)
            return false;
        using var answer = JsonDocument.Parse(json);
        var name = line.GetProperty("answer").GetString();
        var amount =
            name == "total"
                ? answer.RootElement.GetProperty("total").GetString()!
                : answer
                    .RootElement.GetProperty("lines")
                    .EnumerateArray()
                    .Single(l => l.GetProperty("line").GetString() == name)
                    .GetProperty("amount")
                    .GetString()!;
        return amount.TrimStart('-') == line.GetProperty("amount").GetString()!.TrimStart('-');
    }
}
