using System.Numerics;
using PcActors.Cluster.Placing;
using PcActors.Graphs;
using PcActors.Learning.Instruments;
using PcActors.Onnx.Rewriting;
using PcNode.Cluster;
using PcNode.Configuration;
using PcNode.Drawing;
using PcNode.Experiments;
using PcNode.Output;
using PcNode.Reports;

namespace PcNode.Commands;

/// <summary><c>pcnode inspect [MODEL]</c>: shows the graph that would run, its levels, its
/// costs and its messages.</summary>
internal static class InspectCommand
{
    public static ExampledCommand Create(Terminal terminal)
    {
        var command = new ExampledCommand(
            "inspect",
            "Shows a network's graph as it would run: its levels, its costs, and the messages of a training step.",
            "pcnode inspect",
            "pcnode inspect residual --vertices",
            "pcnode inspect mlp --svg mlp.svg",
            "pcnode inspect model.onnx --batch 1 --vertices",
            "pcnode inspect model.onnx --parameters     what of it learns, and why the rest does not",
            "pcnode inspect rnn --nodes 3 --weights 2,1,1     how it would be placed on nodes of a cluster",
            "pcnode inspect experiment.conf --json");
        var model = command.AddModels<string?>();
        var svg = command.AddOption<string?>(Heading.Output, "--svg", "FILE",
            "draw the graph by levels into an SVG file");
        var vertices = command.AddOption<bool>(Heading.Output, "--vertices", null, "list each vertex");
        var parameters = command.AddOption<bool>(Heading.Output, "--parameters", null,
            "list each parameter, whether it learns, and why not");
        var options = new CommandOptions(command,
            [.. SettingGroups.Network, SettingCatalogue.Rule, SettingCatalogue.Latents, SettingCatalogue.Free,
                SettingCatalogue.InspectNodes, SettingCatalogue.Weights]);
        command.SetAction((result, _) =>
        {
            var experiment = Experiment.Create(result.GetValue(model), options.Given(result), "inspect");
            experiment.RequireRuleHeedsOptions();
            if (result.GetValue(svg) is { } path) experiment.RequireWritable(path, svg.Name);
            var run = new Run(experiment, terminal, CommandOptions.IsJson(result), result.GetValue(vertices),
                result.GetValue(parameters), result.GetValue(svg));
            return ElementTypes.RunAsync(experiment.DType, run);
        });
        return command;
    }

    private sealed class Run(
        Experiment experiment, Terminal terminal, bool json, bool listVertices, bool listParameters, string? svg)
        : IGenericWork<int>
    {
        public Task<int> RunAsync<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var built = ExperimentGraphs.BuildForward<T>(experiment);
            var graph = built.Graph;
            LatentCount.Require(experiment, graph);
            var latents = LatentCount.Of(experiment, graph);
            // Backpropagation runs the graph as it is.
            graph = experiment.LearningRule?.RunGraphOf(graph, latents: experiment.Coding.Choice) ?? graph;
            var facts = new GraphFacts(
                GraphCost.Of(graph),
                experiment.LearningRule is { } rule
                    ? MessageForecast.Of(
                        graph, rule, experiment.Micro, experiment.Settings.Get(SettingCatalogue.Sweeps))
                    : new MessageForecast(0, 0, 0),
                graph.Parameters.Sum(v => (long)v.Shape.Length),
                graph.Parameters.Where(v => v.Trainable && graph.RequiresError(v.Id)).Sum(v => (long)v.Shape.Length));
            var (plan, report) = Place(graph);
            if (svg is not null) Draw(graph, facts, plan);
            foreach (var notice in built.Source.ReadingNotices) terminal.Say(notice);
            if (listParameters && !json) ParameterTable.Of(built.Source).Write(terminal);
            Write(graph, facts, latents, report, listParameters ? ParameterTable.Json(built.Source) : null,
                built.Source.Rewritten);
            return Task.FromResult(ExitCode.Done);
        }

        private (PlacementPlan? Plan, PlacementReport? Report) Place<T>(Graph<T> graph)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var settings = experiment.Settings;
            if (settings.Get(SettingCatalogue.InspectNodes) is not { } nodes)
            {
                if (settings.IsOnCommandLine(SettingCatalogue.Weights))
                    throw new UsageException($"{SettingCatalogue.Weights.OptionName}: it is for --nodes");
                return default;
            }
            var origin = settings.OriginOf(SettingCatalogue.InspectNodes);
            if (experiment.LearningRule is null)
                throw new UsageException($"{origin}: the rule bp is sequential and runs in one process");
            PlannedPlacement.RequireVertices(origin, nodes, graph.Vertices.Count);
            return PlannedPlacement.Of(experiment, graph, PlannedPlacement.WeightsOf(settings, nodes));
        }

        private void Draw<T>(Graph<T> graph, GraphFacts facts, PlacementPlan? plan)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var note =
                $"{graph.Vertices.Count} vertices on {graph.Depth + 1} levels, {facts.Parameters:#,0} parameters. " +
                "Dots: identities that level the graph; dashed: edges that carry no error.";
            var picture = GraphSvg.Draw(graph, experiment.Model, note, plan?.Places);
            AtomicFile.Write(svg!, "--svg", stream => picture.Save(stream));
        }

        private void Write<T>(Graph<T> graph, GraphFacts facts, LatentCount? latents, PlacementReport? placement,
            object? parameters, IReadOnlyList<RewrittenVertex>? rewritten)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            if (!json)
            {
                (listVertices ? GraphTables.OfVertices(graph) : GraphTables.OfLevels(graph)).Write(terminal);
                placement?.WriteTables(terminal);
            }
            var (forward, backward) = (facts.Cost.Forward * experiment.Micro, facts.Cost.Backward * experiment.Micro);
            Facts.Write(
                terminal, json, "inspect",
                [new("model", "model", experiment.Model),
                new Fact("granularity", experiment.Settings.TextOf(SettingCatalogue.Granularity)),
                new Fact("dtype", experiment.DType),
                new Fact("rule", experiment.Rule),
                new("vertices", "vertices", graph.Vertices.Count,
                    $"{graph.Vertices.Count:#,0}, of them {graph.IdentityCount:#,0} identities that level the graph"),
                new Fact("identityVertices", graph.IdentityCount),
                new("edges", "edges", graph.Edges.Count),
                new("levels", "levels", graph.Depth + 1),
                new("latents", "latent vertices", latents?.Choice,
                    latents is null ? null : $"{latents.Latents:#,0}, by {latents.Choice}"),
                new Fact("latentVertices", latents?.Latents),
                new Fact("dataLeaves", graph.DataLeaves.Count()),
                new Fact("parameterVertices", graph.Parameters.Count()),
                new("parameters", "parameters", facts.Parameters,
                    $"{facts.Parameters:#,0}, of them {facts.TrainableParameters:#,0} that learn"),
                new Fact("trainableParameters", facts.TrainableParameters),
                new Fact("tensors", parameters),
                .. RewritingReport.Of(rewritten, experiment.Settings.Get(SettingCatalogue.Rewrite)),
                new Fact("batch", experiment.Batch),
                new Fact("micro", experiment.Micro),
                new Fact("replicas", experiment.Replicas),
                new("flopsForward", "operations a step", forward, $"{forward:#,0} forward, {backward:#,0} back"),
                new Fact("flopsBackward", backward),
                new("valuesPerStep", "messages a step", facts.Messages.ValuesPerStep,
                    $"{facts.Messages.ValuesPerStep:#,0} values, {facts.Messages.ErrorsPerStep:#,0} errors"),
                new Fact("errorsPerStep", facts.Messages.ErrorsPerStep),
                new Fact("messagesPerStep", facts.Messages.PerStep),
                new Fact("placement", placement?.Json),
                .. placement?.Summary.Select(row => new Fact(null, row.Name, null, row.Value)) ?? [],
                new(null, "picture", null, svg)]);
        }
    }

    /// <summary>What is counted once and shown in several forms.</summary>
    private sealed record GraphFacts(GraphCost Cost, MessageForecast Messages, long Parameters,
        long TrainableParameters);
}
