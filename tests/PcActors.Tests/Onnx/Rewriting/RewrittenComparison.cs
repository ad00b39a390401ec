using System.Numerics;
using PcActors.Graphs;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Reference;
using PcActors.Tensors;
using PcActors.Tests.Learning;

namespace PcActors.Tests.Onnx.Rewriting;

/// <summary>Whether two graphs with the same leaves are the same function, and learn the same.</summary>
internal static class RewrittenComparison
{
    /// <summary>Compares predictions, losses and updates, and the second graph's by Z-IL with those by BP.</summary>
    /// <param name="plain">A graph.</param>
    /// <param name="rewritten">The other.</param>
    /// <param name="tolerance">By how much numbers may differ, for each by the largest of its tensor; 0 for the same
    /// bits.</param>
    public static void AssertLearnAlike<T>(Graph<T> plain, Graph<T> rewritten, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (one, two) = (new Backpropagation<T>(plain, Loss.SquaredError, new Sgd(1)),
            new Backpropagation<T>(rewritten, Loss.SquaredError, new Sgd(1)));
        var (first, second) = (RandomBatch.Create(plain, Loss.SquaredError, 1, seed: 3),
            RandomBatch.Create(rewritten, Loss.SquaredError, 1, seed: 3));
        Assert.Equal(plain.DataLeaves.Select(v => v.Name), rewritten.DataLeaves.Select(v => v.Name));
        AssertNear("the prediction", one.Predict(first, 0), two.Predict(second, 0), tolerance);
        var loss = one.Step(first);
        Assert.Equal(loss, two.Step(second), tolerance * Math.Abs(loss));
        Assert.Null(new Trial { Loss = Loss.SquaredError, Optimizer = new Sgd(0.5) }.FirstDifference(rewritten));
        foreach (var parameter in plain.Parameters.Where(p => p.Trainable))
        {
            // What it has moved by, at the rate 1, is the gradient.
            var other = rewritten.Find(parameter.Name);
            Assert.Equal(parameter.Shape, other.Shape);
            AssertNear(parameter.Name, Moved(parameter, one.Parameter(parameter.Id)),
                Moved(other, two.Parameter(other.Id)), tolerance);
        }
    }

    private static Tensor<T> Moved<T>(Vertex<T> parameter, Tensor<T> value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var moved = new Tensor<T>(value.Shape);
        for (var i = 0; i < moved.Length; i++) moved.Writable[i] = parameter.Initial!.Span[i] - value.Span[i];
        return moved;
    }

    /// <summary>Compares tensors.</summary>
    public static void AssertNear<T>(string what, Tensor<T> wanted, Tensor<T> found, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Assert.Equal(wanted.Shape, found.Shape);
        if (tolerance == 0)
        {
            Assert.True(wanted.Span.SequenceEqual(found.Span), $"{what} has other bits");
            return;
        }
        var largest = 0.0;
        foreach (var element in wanted.Span) largest = Math.Max(largest, Math.Abs(double.CreateChecked(element)));
        Assert.True(largest > 0, $"{what} is 0: nothing is compared");
        for (var i = 0; i < wanted.Length; i++)
        {
            var difference = double.CreateChecked(wanted.Span[i]) - double.CreateChecked(found.Span[i]);
            Assert.True(Math.Abs(difference) <= tolerance * largest, $"{what}[{i}]: {found.Span[i]:R}, not "
                + $"{wanted.Span[i]:R}; the largest is {largest:R}");
        }
    }
}
