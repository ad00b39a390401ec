using System.Numerics;
using PcActors.Data.Npy;
using PcActors.Extensions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Runs;

namespace PcActors.Tests.Learning;

/// <summary>Golden: one step of Z-IL on actors against one step of PyTorch's autograd, by the arrays that
/// <c>bench/peers/mlp_gradients.py</c> has written.</summary>
public class PyTorchGoldens
{
    // Some dozens of roundings separate the two libraries, which sum in different orders.
    private const double Float32Tolerance = 1e-5;
    private const double Float64Tolerance = 1e-13;

    public static TheoryData<string, string, Clock> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, Clock>();
            foreach (var network in (string[])["mlp", "residual", "gate"])
            {
                // Of two axes the last is axis 1.
                foreach (var loss in Catalogues.Losses.All.Select(l => l.Create())
                    .Where(l => l.TakesTarget && l != Loss.CrossEntropyOfAxis1))
                {
                    cases.Add(network, loss.Name, Clock.Wavefront);
                    cases.Add(network, loss.Name, Clock.Lockstep);
                }
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public Task A_step_is_PyTorchs_in_float32(string network, string loss, Clock clock) =>
        Compare<float>(network, loss, clock, "f32", Float32Tolerance);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task A_step_is_PyTorchs_in_float64(string network, string loss, Clock clock) =>
        Compare<double>(network, loss, clock, "f64", Float64Tolerance);

    private static async Task Compare<T>(string model, string lossName, Clock clock, string dtype, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var golden = NpzFile.Read(Path.Combine(
            AppContext.BaseDirectory, "Goldens", "PyTorch", $"{model}-{lossName}-{dtype}.npz"));
        var graph = Build<T>(model, golden);
        await using var network = await Network<T>.StartAsync(graph, new NetworkOptions
        {
            Clock = clock,
            Loss = Catalogues.Losses.Parse(lossName),
            Optimizer = new Sgd(golden["rate"].Elements<double>()[0]),
        });
        var batch = network.NewBatch();
        golden["input"].ToTensor<T>().Span.CopyTo(batch.Inputs[0].Writable);
        golden["target"].ToTensor<T>().Span.CopyTo(batch.Target.Writable);

        var result = await network.StepAsync(batch);

        AssertNear(golden["loss"].Elements<double>()[0], result.Loss, tolerance, "the loss");
        var parameters = await network.ParametersAsync();
        Assert.NotEmpty(parameters);
        foreach (var (name, value) in parameters)
        {
            var wanted = golden[$"after/{name}"];
            Assert.Equal(wanted.Shape, value.Shape);
            var elements = wanted.ToTensor<T>();
            for (var i = 0; i < value.Length; i++)
            {
                AssertNear(
                    double.CreateChecked(elements.Span[i]), double.CreateChecked(value.Span[i]), tolerance,
                    $"element {i} of {name}");
            }
        }
    }

    // Values and updates are of order 1: the tolerance is relative to the larger of the number and 1/10.
    private static void AssertNear(double wanted, double found, double tolerance, string what) => Assert.True(
        Math.Abs(found - wanted) <= tolerance * Math.Max(Math.Abs(wanted), 0.1),
        $"{what} is {found:R}; PyTorch has {wanted:R}");

    private static Graph<T> Build<T>(string network, IReadOnlyDictionary<string, NpyArray> golden)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var builder = new GraphBuilder<T>();
        var x = builder.Data("input", golden["input"].Shape);
        Node<T> P(string name) => builder.Parameter(name, golden[$"before/{name}"].ToTensor<T>());
        Node<T> Dense(Node<T> node, string weight, string bias) => builder.Apply("Gemm", [node, P(weight), P(bias)]);
        return builder.Build(network switch
        {
            "mlp" => Dense(Dense(Dense(x, "w1", "b1").Tanh(), "w2", "b2").Tanh(), "w3", "b3"),
            "residual" => Residual(Dense(x, "we", "be").Tanh()),
            "gate" => Dense(Dense(x, "wu", "bu").Sigmoid() * x.MatMul(P("wg")).Softmax(), "wo", "bo"),
            _ => throw new ArgumentException(network),
        });

        Node<T> Residual(Node<T> first)
        {
            var shared = P("w");
            var layer = first;
            foreach (var bias in (string[])["b1", "b2", "b3"]) layer += (layer.MatMul(shared) + P(bias)).Tanh();
            return Dense(layer + first, "wo", "bo");
        }
    }
}
