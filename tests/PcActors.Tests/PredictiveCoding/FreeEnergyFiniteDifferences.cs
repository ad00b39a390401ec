using PcActors.Extensions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Tests.PredictiveCoding;

/// <summary>For every energy: what one timestep moves values by, and what parameters and precisions learn, are the
/// finite differences of F as its definition has it.</summary>
public class FreeEnergyFiniteDifferences
{
    private const int Samples = 4;
    private const double Tolerance = 1e-7;

    public static TheoryData<string, string> Cases => new()
    {
        { "gaussian", "squared" }, { "gaussian:precision=2.5", "squared" }, { "laplace:scale=0.7", "squared" },
        { "bernoulli", "squared" }, { "categorical", "squared" }, { "one precision", "squared" },
        { "precisions by unit", "squared" }, { "gaussian:precision=0.4", "cross-entropy" },
        { "precisions by unit", "cross-entropy" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Values_move_by_the_rate_times_the_gradient(string energy, string loss)
    {
        const double rate = 0.125;
        for (var seed = 0UL; seed < 3; seed++)
        {
            var (graph, options) = Network(energy, loss, seed);
            options = options with { Rule = LearningRule.Il(1, rate) };
            var batch = Batch(graph, options, seed);
            var definition = Definition(graph, options, batch);
            foreach (var name in definition.Moving) definition.Values[name] = Start(graph, energy, name, seed);
            var clamps = definition.Moving.ToDictionary(name => name,
                name => new Clamp<double>(definition.Values[name], new Tensor<double>(definition.Values[name].Shape)));
            clamps["x"] = new(batch.Inputs[0]);
            clamps[graph.Root.Name] = new(batch.Target);
            var inference = await Networks.InferAsync(graph, options, clamps, [.. definition.Moving]);
            Networks.AssertClose(definition.Total() / Samples, inference.Record.FreeEnergies[0], 1e-12, "F");
            foreach (var name in definition.Moving)
            {
                var (from, to) = (definition.Values[name].Clone(), inference.Values[name]);
                var gradient = definition.Gradient(name);
                for (var i = 0; i < gradient.Length; i++)
                {
                    Networks.AssertClose(gradient[i], (from.Span[i] - to.Span[i]) / rate, Tolerance,
                        $"seed {seed}: '{name}'[{i}]");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Parameters_and_precisions_learn_from_the_mean_gradient_where_inference_has_ended(
        string energy, string loss)
    {
        const double learningRate = 0.5;
        for (var seed = 0UL; seed < 3; seed++)
        {
            var (graph, options) = Network(energy, loss, seed);
            options = options with { Rule = LearningRule.Il(3, 0.0625), Optimizer = new Sgd(learningRate) };
            await using var network = await Network<double>.StartAsync(graph, options);
            var batch = Batch(graph, options, seed);
            var definition = Definition(graph, options, batch);
            var clamps = new Dictionary<string, Clamp<double>>
            {
                ["x"] = new(batch.Inputs[0]),
                [graph.Root.Name] = new(batch.Target),
            };
            var inference = await network.InferAsync(clamps, [.. definition.Moving]);
            foreach (var (name, value) in inference.Values) definition.Values[name] = value;
            var result = await network.StepAsync(batch);
            Assert.Equal(inference.Record.FreeEnergies, result.Inference!.FreeEnergies);
            Networks.AssertClose(definition.Total() / Samples, result.Inference.FreeEnergy, 1e-12, "F");
            foreach (var (name, value, _) in (await network.ParametersAsync()).Select(p => (p.Name, p.Value, 0)))
            {
                var before = graph.Find(name).Initial!;
                var gradient = definition.Gradient(name);
                for (var i = 0; i < gradient.Length; i++)
                {
                    Networks.AssertClose(gradient[i] / Samples, (before.Span[i] - value.Span[i]) / learningRate,
                        Tolerance, $"seed {seed}: '{name}'[{i}]");
                }
            }
        }
    }

    [Theory]
    [InlineData("gaussian:precision=2.5")]
    [InlineData("precisions by unit")]
    public async Task Incremental_learning_takes_the_gradient_of_each_timestep(string energy)
    {
        var (graph, options) = Network(energy, "squared", 5);
        options = options with { Rule = Networks.Rule("ipc", ("inferenceSteps", 3), ("inferenceRate", 0.0625)) };
        var batch = Batch(graph, options, 5);
        var definition = Definition(graph, options, batch);
        foreach (var name in definition.Moving)
            definition.Values[name] = new Tensor<double>(graph.Find(name).Shape);
        foreach (var name in definition.Moving.Where(n => n != "z"))
            definition.Values[name] = definition.Predictions()[graph.Find(name).Id].Clone();
        await using var network = await Network<double>.StartAsync(graph, options);
        await network.StepAsync(batch);
        // All read the same values, then all move: thrice.
        for (var time = 0; time < 3; time++)
        {
            var steps = definition.Moving.Select(n => (Name: n, Scale: 0.0625))
                .Concat(
                    graph.Parameters.Where(p => graph.RequiresError(p.Id)).Select(p => (p.Name, Scale: 1.0 / Samples)))
                .Select(s => (s.Name, Step: Array.ConvertAll(definition.Gradient(s.Name), g => g * s.Scale))).ToList();
            // Values move once the errors of a timestep are there: at the last, only parameters do that learn.
            foreach (var (name, step) in steps)
            {
                for (var i = 0; i < step.Length; i++) definition.Values[name].Writable[i] -= step[i];
            }
        }
        foreach (var parameter in await network.ParametersAsync())
            Networks.AssertClose(definition.Values[parameter.Name].Span, parameter.Value.Span, Tolerance,
                parameter.Name);
    }

    private static FreeEnergyDefinition Definition(Graph<double> graph, NetworkOptions options, Batch<double> batch)
    {
        var definition = new FreeEnergyDefinition(graph, options.Loss, options.Codings) { Target = batch.Target };
        definition.Values["x"] = batch.Inputs[0];
        return definition;
    }

    private static Batch<double> Batch(Graph<double> graph, NetworkOptions options, ulong seed)
    {
        var batch = Networks.Draw(new Batch<double>(graph, options.Loss, 1), seed);
        if (options.Loss.TakesClasses)
        {
            for (var i = 0; i < batch.Target.Length; i++) batch.Target.Writable[i] = i % 3;
        }
        return batch;
    }

    /// <summary>A value far from every kink, and one of those that the energy is about.</summary>
    private static Tensor<double> Start(Graph<double> graph, string energy, string name, ulong seed)
    {
        var value = Networks.Normal(graph.Find(name).Shape, name, seed);
        if (name == "a" && energy is "bernoulli" or "categorical")
        {
            foreach (ref var element in value.Writable) element = 1 / (1 + Math.Exp(-element));
        }
        return value;
    }

    /// <summary>Data x and a free leaf z with a prior, a latent vertex a with the energy, another with a Gaussian one
    /// above a direct one, a root.</summary>
    private static (Graph<double> Graph, NetworkOptions Options) Network(string energy, string loss, ulong seed)
    {
        var builder = new GraphBuilder<double>(seed);
        var x = builder.Data("x", new Shape(Samples, 3));
        var z = builder.Data("z", new Shape(Samples, 2), isFree: true);
        var mu = x.Dense("d1", 4).Add(z.Dense("d2", 4));
        var precision = energy switch
        {
            "one precision" => Tensor<double>.From(new Shape(1), [0.4]),
            "precisions by unit" => Tensor<double>.From(new Shape(4), [0.4, -0.3, 0.9, 0.1]),
            _ => null,
        };
        var a = precision is null
            ? mu.Identity("a").Latent()
            : mu.Apply("GaussianPrecision", [builder.Parameter("log precision", precision)], name: "a").Latent();
        var b = a.Tanh().Dense("d3", 3, Initializer.GlorotUniform).Sigmoid("b").Latent();
        var graph = builder.Build(b.Dense("d4", 3).Add(z.Dense("d5", 3), "y"));
        var codings = new List<VertexCoding> { new("z", Catalogues.Energies.Parse("gaussian:precision=0.8")) };
        if (precision is null) codings.Add(new("a", Catalogues.Energies.Parse(energy)));
        return (graph, Networks.Options(LearningRule.Il(1, 0.1)) with
        {
            Codings = codings,
            Loss = loss == "squared" ? Loss.SquaredError : Loss.CrossEntropy,
        });
    }
}
