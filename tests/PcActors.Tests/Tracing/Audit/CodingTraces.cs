using System.Numerics;
using PcActors.Extensions;
using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Tests.Graphs;
using PcActors.Tests.Learning;
using PcActors.Tests.Models;

namespace PcActors.Tests.Tracing.Audit;

/// <summary>Runs under every rule, with every choice of latent vertices, with cycles, a tolerance and clamps, pass the
/// audit, and every vertex of them is recomputed bit for bit.</summary>
public sealed class CodingTraces
{
    private static readonly string[] Models = ["mlp", "residual", "cnn"];

    public static TheoryData<string> Rules => ["il", "ipc", "epc", "pc-alm", "langevin"];

    [Theory]
    [MemberData(nameof(Rules))]
    public Task A_run_on_random_graphs(string rule) => OnRandomGraphs<float>(rule, 0, 12);

    [Theory]
    [MemberData(nameof(Rules))]
    public Task A_run_in_double_precision(string rule) => OnRandomGraphs<double>(rule, 12, 21);

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task A_run_of_an_architecture(string rule)
    {
        foreach (var (i, model) in Models.Index())
        {
            var graph = SmallModels.Build<float>(model, 3);
            var options = Options(rule, (ulong)i) with { Latents = Choice(graph, (ulong)i) };
            await AuditedNetwork.LearnsAndPassesAsync(graph, options, model);
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task A_run_with_clamped_latent_vertices_and_free_leaves(string rule)
    {
        for (var seed = 0UL; seed < 8; seed++)
        {
            var graph = seed % 3 == 2 ? CyclicGraph.Create<float>(seed) : RandomGraph<float>.Create(seed);
            if (!graph.HasCycles) graph = Latents.Every.Mark(graph);
            (graph, var clamped) = ClampedGraph.Of(graph, seed);
            var options = Options(rule, seed) with { Clamped = clamped, SettlingSteps = 1 + (int)(seed % 8) };
            var batch = RandomBatch.Create(graph, options.Loss, options.MicroBatches, seed, clamped);
            var leaves = batch.Clamped.Index().Where(c => graph.Vertices[c.Item].Kind == VertexKind.Data)
                .ToDictionary(c => graph.Vertices[c.Item].Name, c => new Clamp<float>(batch.Inputs[c.Index]));
            await AuditedNetwork.PassesAsync(graph, options, $"seed {seed}", async network =>
            {
                await network.StepAsync(batch);
                await network.PredictAsync(batch);
                await network.StepAsync(batch);
                await network.InferAsync(leaves, []);
            });
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task An_inference_with_clamps_and_masks(string rule)
    {
        for (var seed = 0UL; seed < 6; seed++)
        {
            var builder = new GraphBuilder<float>(seed);
            var graph = builder.Build(builder.Data("x", new Shape(2, 3), isFree: true).Dense("h", 4).Tanh("latent")
                .Latent().Dense("out", 5));
            var options = Options(rule, seed) with { Loss = Loss.SquaredError, MicroBatches = 1 };
            await AuditedNetwork.PassesAsync(graph, options, $"seed {seed}", async network =>
            {
                var target = new Clamp<float>(Filled(0.5f, 2, 5), seed % 2 == 0 ? null : Mask(2, 5));
                await network.InferAsync(new Dictionary<string, Clamp<float>> { ["out"] = target }, ["x", "latent"]);
                var latent = new Clamp<float>(Filled(0.2f, 2, 4), seed % 3 == 0 ? Mask(2, 4) : null);
                await network.InferAsync(
                    new Dictionary<string, Clamp<float>> { ["latent"] = latent, ["x"] = new(Filled(1, 2, 3)) },
                    ["out"]);
            });
        }
    }

    private static async Task OnRandomGraphs<T>(string rule, ulong first, ulong end)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var seed = first; seed < end; seed++)
        {
            var options = Options(rule, seed);
            var graph = seed % 3 == 2 ? CyclicGraph.Create<T>(seed) : RandomGraph<T>.Create(seed);
            if (!graph.HasCycles) options = options with { Latents = Choice(graph, seed) };
            await AuditedNetwork.LearnsAndPassesAsync(graph, options, $"seed {seed}");
        }
    }

    private static NetworkOptions Options(string rule, ulong seed) => new()
    {
        Rule = Catalogues.Rules.Find(rule).Create(
            ("inferenceSteps", 3 + (int)(seed % 2)), ("inferenceRate", 0.02),
            ("tolerance", seed % 4 == 3 ? 0.01 : 0.0)),
        Loss = seed % 2 == 0 ? Loss.SquaredError : Loss.CrossEntropy,
        Optimizer = new Adam(0.01),
        MicroBatches = 1 + (int)(seed % 2),
        Sweeps = 1 + (int)(seed % 3),
        Seed = seed,
    };

    private static Latents Choice<T>(Graph<T> graph, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Under the seeds that are used, each rule meets each choice.
        return (seed / 3 + seed % 3) switch
        {
            var n when n % 5 == 0 => Latents.Every,
            var n when n % 5 == 1 => Latents.Activations,
            var n when n % 5 == 2 => Latents.Products,
            var n when n % 5 == 3 => Latents.None,
            _ => Latents.Named([
                .. graph.Vertices.Where(v => v.Kind == VertexKind.Function && v.Id != graph.RootId
                    && graph.RequiresError(v.Id)).Where((_, i) => i % 2 == 0).Select(v => v.Name)]),
        };
    }

    private static Tensor<float> Filled(float value, params int[] shape)
    {
        var tensor = new Tensor<float>(new Shape(shape));
        tensor.Writable.Fill(value);
        return tensor;
    }

    private static Tensor<float> Mask(params int[] shape)
    {
        var mask = Filled(1, shape);
        for (var i = 0; i < mask.Length; i += 2) mask.Writable[i] = 0;
        return mask;
    }
}
