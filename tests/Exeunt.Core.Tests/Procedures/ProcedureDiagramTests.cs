using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Procedures;

public sealed class ProcedureDiagramTests
{
    [Fact]
    public void Every_step_stands_once_and_after_what_it_waits_for()
    {
        foreach (var procedure in RandomProcedures.Some(500).Concat(GeneralProcedures.All))
        {
            var diagram = ProcedureDiagram.Of(procedure);
            diagram.Nodes.Select(n => n.Step.Id).ShouldBe(procedure.Steps.Select(s => s.Id));
            diagram.Nodes.Select(n => (n.Layer, n.Lane)).ShouldBeUnique();
            diagram.Edges.ShouldAllBe(e => e.From.Layer < e.To.Layer);
            foreach (var node in diagram.Nodes.Where(n => n.Step.After.Count > 0))
                node.Layer.ShouldBe(node.Step.After.Max(a => diagram.Nodes.First(n => n.Step.Id == a).Layer) + 1);
        }
    }

    [Fact]
    public void Draws_every_way_and_none_twice()
    {
        foreach (var procedure in RandomProcedures.Some(300).Concat(GeneralProcedures.All))
        {
            var edges = ProcedureDiagram.Of(procedure).Edges.ToLookup(e => e.From.Step.Id, e => e.To.Step.Id);
            foreach (var step in procedure.Steps)
                foreach (var before in step.After)
                    Reaches(edges, before, step.Id).ShouldBeTrue($"{before} → {step.Id}");
            foreach (var from in edges)
                foreach (var to in from)
                    from.Any(other => other != to && Reaches(edges, other, to)).ShouldBeFalse($"{from.Key} → {to} is said twice");
        }
    }

    [Fact]
    public void The_general_termination_has_the_service_and_the_money_beside_each_other()
    {
        var diagram = ProcedureDiagram.Of(GeneralProcedures.Termination);
        DiagramNode Node(string id) => diagram.Nodes.First(n => n.Step.Id == id);
        Node("identity").ShouldBe(new(GeneralProcedures.Termination.Step("identity"), 0, 0));
        Node("effective").Lane.ShouldNotBe(Node("talk").Lane);
        Node("close").Layer.ShouldBe(diagram.Layers - 1);
    }

    [Fact]
    public void Draws_what_waits_for_itself_at_the_end()
    {
        var broken = GeneralProcedures.Termination with
        {
            Steps = [.. GeneralProcedures.Termination.Steps.Select(s => s.Id == "talk" ? s with { After = ["offer"] } : s)],
        };
        var diagram = ProcedureDiagram.Of(broken);
        diagram.Nodes.Count.ShouldBe(broken.Steps.Count);
        diagram.Nodes.First(n => n.Step.Id == "talk").Layer.ShouldBe(diagram.Layers - 1);
    }

    private static bool Reaches(ILookup<string, string> edges, string from, string to) => from == to || edges[from].Any(next => Reaches(edges, next, to));
}

public sealed class ProcedureDifferenceTests
{
    [Fact]
    public void Tells_what_was_added_taken_out_and_changed()
    {
        var difference = ProcedureDifference.Between(GeneralProcedures.FirstTermination, GeneralProcedures.Termination);
        difference.Fields.ShouldBe(["name"]);
        difference.Steps.Where(s => s.IsAdded).Select(s => s.Id).ShouldBe(["negotiate", "formalities", "follow-up"], ignoreOrder: true);
        difference.Steps.Where(s => s.IsRemoved).ShouldBeEmpty();
        difference.Steps.First(s => s.Id == "talk").Fields.ShouldBe(["dueHours", "tierHours", "escalateTo"], ignoreOrder: true);
        difference.Steps.First(s => s.Id == "close").Fields.ShouldBe(["after"]);
        difference.Steps.First(s => s.Id == "archive").IsChanged.ShouldBeFalse();
        // A new step stands where it stands in the newer version.
        difference.Steps.Select(s => s.Id).SkipWhile(id => id != "offer").Take(3).ShouldBe(["offer", "negotiate", "formalities"]);
    }

    [Fact]
    public void The_other_way_round_takes_out_what_was_added()
    {
        var back = ProcedureDifference.Between(GeneralProcedures.Termination, GeneralProcedures.FirstTermination);
        back.Steps.Where(s => s.IsRemoved).Select(s => s.Id).ShouldBe(["negotiate", "formalities", "follow-up"]);
        ProcedureDifference.Between(GeneralProcedures.Offboarding, GeneralProcedures.Offboarding).IsNone.ShouldBeTrue();
    }
}
