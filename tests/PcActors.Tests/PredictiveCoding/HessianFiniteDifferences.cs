using MathNet.Numerics.LinearAlgebra;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcActors.Tests.PredictiveCoding;

/// <summary>The Hessian of F in the values: of linear networks in closed form, of others by finite differences of
/// F.</summary>
public class HessianFiniteDifferences
{
    [Fact]
    public void Of_a_deep_linear_network_it_is_block_tridiagonal()
    {
        var graph = Networks.Linear(3, 4, 5, 3, 2);
        var batch = Networks.Draw(new Batch<double>(graph, Loss.SquaredError, 1));
        var options = Networks.Options(LearningRule.Il(1, 0.1));
        var expected = Matrix<double>.Build.DenseIdentity(8);
        // Rows times weights: d(h1 W2)/dh1 = W2, as h2 = h1 W2.
        var (w2, w3) = (Weight(graph, "w2"), Weight(graph, "w3"));
        expected.SetSubMatrix(0, 0, expected.SubMatrix(0, 5, 0, 5) + w2.TransposeAndMultiply(w2));
        expected.SetSubMatrix(5, 5, expected.SubMatrix(5, 3, 5, 3) + w3.TransposeAndMultiply(w3));
        expected.SetSubMatrix(0, 5, -w2);
        expected.SetSubMatrix(5, 0, -w2.Transpose());
        for (var sample = 0; sample < 3; sample++)
        {
            var hessian = ValueHessian.At(graph, options, batch, sample);
            Assert.Equal([.. Enumerable.Repeat("h1", 5), .. Enumerable.Repeat("h2", 3)], hessian.Vertices);
            var difference = Matrix<double>.Build.DenseOfArray(hessian.Elements) - expected;
            Assert.True(difference.Enumerate().Max(Math.Abs) < 1e-9, difference.ToString());
            var condition = Matrix<double>.Build.DenseOfArray(hessian.Elements).Evd(Symmetricity.Symmetric)
                .EigenValues.Select(e => e.Real).ToList();
            Assert.True(condition.Min() > 0);
        }
    }

    [Fact]
    public void Of_a_nonlinear_network_it_is_the_second_difference_of_F()
    {
        var builder = new GraphBuilder<double>(4);
        var prior = builder.Data("z", new Shape(2, 2), isFree: true);
        var hidden = prior.Dense("d1", 3).Tanh("a1").Latent();
        var graph = builder.Build(hidden.Dense("d2", 2).Sigmoid("out"));
        VertexCoding[] codings =
        [
            new("z", Extensions.Catalogues.Energies.Find("gaussian").Create(("precision", 0.5))),
            new("a1", Extensions.Catalogues.Energies.Find("gaussian").Create(("precision", 3.0)), InferenceRate: 0.3),
        ];
        var options = Networks.Options(LearningRule.Il(1, 0.1)) with { Codings = codings };
        var batch = Networks.Draw(new Batch<double>(graph, Loss.SquaredError, 1));
        var definition = new FreeEnergyDefinition(graph, Loss.SquaredError, codings) { Target = batch.Target };
        foreach (var name in definition.Moving)
            definition.Values[name] = Networks.Normal(graph.Find(name).Shape, name, 9);
        var hessian = ValueHessian.At(graph, options, batch, 1, definition.Values);
        var places = hessian.Vertices.Index().Select(v => (v.Item, Unit: v.Index - hessian.Vertices.ToList().IndexOf(
            v.Item))).Select(p => (p.Item, Element: p.Unit + (graph.Find(p.Item).Shape[1] * 1))).ToList();
        for (var i = 0; i < places.Count; i++)
        {
            for (var j = 0; j < places.Count; j++)
            {
                const double h = 1e-3;
                double F(double a, double b)
                {
                    ref var first = ref definition.Values[places[i].Item].Writable[places[i].Element];
                    first += a;
                    ref var second = ref definition.Values[places[j].Item].Writable[places[j].Element];
                    second += b;
                    var total = definition.Total();
                    second -= b;
                    first -= a;
                    return total;
                }
                var expected = (F(h, h) - F(h, -h) - F(-h, h) + F(-h, -h)) / (4 * h * h);
                Networks.AssertClose(expected, hessian.Elements[i, j], 1e-5, $"{i}, {j}");
            }
        }
    }

    [Fact]
    public void It_refuses_what_has_none()
    {
        var graph = Networks.Linear(2, 2, 2);
        var batch = Networks.Draw(new Batch<double>(graph, Loss.SquaredError, 1));
        var nothing = Assert.Throws<ArgumentException>(
            () => ValueHessian.At(graph, Networks.Options(LearningRule.Il(1, 1)), batch));
        Assert.Contains("no value moves", nothing.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ValueHessian.At(graph, new NetworkOptions(), batch));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => ValueHessian.At(graph, Networks.Options(LearningRule.Il(1, 1)), batch, 2));
    }

    private static Matrix<double> Weight(Graph<double> graph, string name)
    {
        var tensor = graph.Find(name).Initial!;
        return Matrix<double>.Build.Dense(tensor.Shape[0], tensor.Shape[1],
            (i, j) => tensor.Span[(i * tensor.Shape[1]) + j]);
    }
}
