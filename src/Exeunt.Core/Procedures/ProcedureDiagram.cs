namespace Exeunt.Core.Procedures;

/// <summary>A step in the drawing.</summary>
/// <param name="Layer">From 0: one more than the latest of those it waits for.</param>
/// <param name="Lane">From 0: steps of one layer stand in different lanes.</param>
public sealed record DiagramNode(ProcedureStep Step, int Layer, int Lane);

/// <summary>Which step waits for which. An edge that another way says already is left out.</summary>
public sealed record DiagramEdge(DiagramNode From, DiagramNode To);

/// <summary>
/// Where the steps of a procedure stand when it is drawn: layers by the longest way from the beginning, lanes for what runs beside
/// each other. A lane goes on as straight as it can. Steps that wait for themselves or for what is not there stand in the last layer.
/// </summary>
public sealed record ProcedureDiagram(IReadOnlyList<DiagramNode> Nodes, IReadOnlyList<DiagramEdge> Edges)
{
    public int Layers => Nodes.Count == 0 ? 0 : Nodes.Max(n => n.Layer) + 1;

    public int Lanes => Nodes.Count == 0 ? 0 : Nodes.Max(n => n.Lane) + 1;

    public static ProcedureDiagram Of(Procedure procedure)
    {
        var steps = procedure.Steps.DistinctBy(s => s.Id).ToList();
        var layers = LayersOf(steps);
        var nodes = new Dictionary<string, DiagramNode>(StringComparer.Ordinal);
        // A lane is taken from the step that opened it to the last one that waits for it, so that no line crosses a box.
        var taken = new List<HashSet<int>>();
        foreach (var step in steps.OrderBy(s => layers[s.Id]))
        {
            var layer = layers[step.Id];
            var parents = step.After.Where(nodes.ContainsKey).Select(a => nodes[a]).OrderByDescending(p => p.Layer).ThenBy(p => p.Lane).ToList();
            var wished = parents.Where(p => !nodes.Values.Any(n => n.Layer > p.Layer && n.Lane == p.Lane && n.Layer <= layer)).Select(p => p.Lane);
            var lane = wished.Concat(Enumerable.Range(0, steps.Count)).First(l => IsFree(taken, l, layer));
            while (taken.Count <= lane)
                taken.Add([]);
            taken[lane].Add(layer);
            nodes[step.Id] = new(step, layer, lane);
        }
        return new([.. steps.Select(s => nodes[s.Id])], [.. EdgesOf(steps, nodes, layers)]);
    }

    private static bool IsFree(List<HashSet<int>> taken, int lane, int layer) => lane >= taken.Count || !taken[lane].Contains(layer);

    private static Dictionary<string, int> LayersOf(IReadOnlyList<ProcedureStep> steps)
    {
        var layers = new Dictionary<string, int>(StringComparer.Ordinal);
        while (steps.Where(s => !layers.ContainsKey(s.Id) && s.After.All(layers.ContainsKey)).ToList() is { Count: > 0 } next)
            foreach (var step in next)
                layers[step.Id] = step.After.Count == 0 ? 0 : step.After.Max(a => layers[a]) + 1;
        var last = layers.Count == 0 ? 0 : layers.Values.Max() + 1;
        foreach (var step in steps)
            layers.TryAdd(step.Id, last);
        return layers;
    }

    private static IEnumerable<DiagramEdge> EdgesOf(IReadOnlyList<ProcedureStep> steps, Dictionary<string, DiagramNode> nodes, Dictionary<string, int> layers)
    {
        var byId = steps.ToDictionary(s => s.Id, StringComparer.Ordinal);
        bool Leads(string from, string to) =>
            byId[to].After.Any(a => byId.ContainsKey(a) && layers[a] < layers[to] && (a == from || (layers[a] > layers[from] && Leads(from, a))));
        foreach (var step in steps)
            foreach (var before in step.After.Distinct().Where(nodes.ContainsKey))
                if (!step.After.Any(other => other != before && nodes.ContainsKey(other) && layers[other] < layers[step.Id] && layers[before] < layers[other] && Leads(before, other)))
                    yield return new(nodes[before], nodes[step.Id]);
    }
}
