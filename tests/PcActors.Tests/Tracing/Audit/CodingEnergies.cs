using System.Numerics;
using PcActors.Extensions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Tests.Learning;

namespace PcActors.Tests.Tracing.Audit;

/// <summary>Runs with every energy, under every rule and in both precisions, with a prior and a cycle, pass the audit,
/// and every vertex of them is recomputed bit for bit.</summary>
public sealed class CodingEnergies
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var rule in new[] { "il", "ipc", "epc", "pc-alm", "langevin" })
            {
                foreach (var energy in new[] { "gaussian:precision=2.5", "laplace:scale=0.7", "bernoulli",
                    "categorical", "one precision", "precisions by unit" })
                    cases.Add(rule, energy);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public Task In_single_precision(string rule, string energy) => CheckAsync<float>(rule, energy);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task In_double_precision(string rule, string energy) => CheckAsync<double>(rule, energy);

    private static async Task CheckAsync<T>(string rule, string energy)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var isCyclic in new[] { false, true })
        {
            var graph = Network<T>(energy, isCyclic);
            var codings = new List<VertexCoding> { new("z", Catalogues.Energies.Parse("gaussian:precision=0.8")) };
            if (!energy.Contains(' ', StringComparison.Ordinal))
                codings.Add(new("a", Catalogues.Energies.Parse(energy), InferenceRate: 0.03));
            var options = new NetworkOptions
            {
                Rule = Catalogues.Rules.Find(rule).Create(("inferenceSteps", 3), ("inferenceRate", 0.02)),
                Loss = Loss.SquaredError,
                Optimizer = new Adam(0.01),
                MicroBatches = 2,
                Sweeps = 2,
                Codings = codings,
            };
            await AuditedNetwork.PassesAsync(graph, options, $"{energy}, cyclic: {isCyclic}", async network =>
            {
                for (var step = 0UL; step < 2; step++)
                    await network.StepAsync(RandomBatch.Create(graph, options.Loss, options.MicroBatches, step));
                var batch = RandomBatch.Create(graph, options.Loss, options.MicroBatches, 7);
                await network.PredictAsync(batch);
                var held = new Tensor<T>(new Shape(4, 4));
                held.Writable.Fill(T.CreateChecked(0.25));
                await network.InferAsync(
                    new Dictionary<string, Clamp<T>>
                    {
                        ["x"] = new(Tensor<T>.Stack([batch.Input(0, 0), batch.Input(0, 1)])),
                        ["a"] = new(held),
                    },
                    ["z", "b"]);
            });
        }
    }

    /// <summary>Data x and a free leaf z with a prior, a latent vertex a with the energy, another above a direct
    /// one.</summary>
    private static Graph<T> Network<T>(string energy, bool isCyclic)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var builder = new GraphBuilder<T>(3);
        builder.Data("x", new Shape(2, 3));
        builder.Data("z", new Shape(2, 2), isFree: true);
        Weight("w1", 3, 4);
        Weight("w2", 2, 4);
        Weight("w3", 4, 3);
        Weight("w4", 3, 2);
        builder.Declare("from x", "MatMul", ["x", "w1"]);
        builder.Declare("from z", "MatMul", ["z", "w2"]);
        var terms = new List<string> { "from x", "from z" };
        if (isCyclic)
        {
            Weight("w5", 3, 4);
            builder.Declare("from b", "MatMul", ["b", "w5"]);
            terms.Add("from b");
        }
        builder.Declare("mu", "Sum", terms, shape: new Shape(2, 4));
        if (energy.Contains(' ', StringComparison.Ordinal))
        {
            var precision = new Tensor<T>(new Shape(energy == "one precision" ? 1 : 4));
            for (var i = 0; i < precision.Length; i++) precision.Writable[i] = T.CreateChecked(0.4 - (0.25 * i));
            builder.Parameter("log precision", precision);
            builder.Declare("a", "GaussianPrecision", ["mu", "log precision"], isLatent: true);
        }
        else
        {
            builder.Declare("a", "Identity", ["mu"], isLatent: true);
        }
        builder.Declare("above", "MatMul", ["a", "w3"]);
        builder.Declare("b", "Sigmoid", ["above"], isLatent: true, shape: new Shape(2, 3));
        builder.Declare("y", "MatMul", ["b", "w4"]);
        return builder.Build();

        void Weight(string name, int inputs, int outputs) =>
            builder.Parameter(name, new Shape(inputs, outputs), Initializer.GlorotUniform, inputs, outputs);
    }
}
