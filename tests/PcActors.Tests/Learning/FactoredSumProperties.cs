using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Protocol;
using PcActors.Models;
using PcActors.Tensors;
using PcActors.Tests.Tensors.Kernels;

namespace PcActors.Tests.Learning;

/// <summary>A sum of products that is passed on has the bits of adding them one after the other.</summary>
public sealed class FactoredSumProperties
{
    private static readonly Shape Shape = new(3, 5);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(FactoredSum<float>.MaxTerms)]
    public void Joined_products_are_the_products_added_in_order(int count)
    {
        var products = Enumerable.Range(0, count).Select(Product).ToList();
        AssertSame(products, FactoredSum<float>.Join([.. products.Select(p => (PullBack<float>?)p)]));
    }

    [Fact]
    public void A_sum_goes_on_from_a_whole_one_and_from_a_joined_one()
    {
        var whole = new PullBack<float>(Random(1, Shape), null);
        List<PullBack<float>> parts = [whole, Product(1), Product(2)];
        var joined = FactoredSum<float>.Join([parts[0], parts[1], parts[2]]);
        AssertSame(parts, joined);
        parts.Add(Product(3));
        AssertSame(parts, FactoredSum<float>.Join([joined, parts[3]]));
    }

    [Fact]
    public void What_cannot_be_joined_is_carried_out_by_the_identity_itself()
    {
        var whole = new PullBack<float>(Random(1, Shape), null);
        Assert.Null(FactoredSum<float>.Join([Product(1), whole]));
        Assert.Null(
            FactoredSum<float>.Join(
                [.. Enumerable.Range(0, FactoredSum<float>.MaxTerms + 1).Select(i => (PullBack<float>?)Product(i))]));
    }

    [Fact]
    public void A_long_sequence_learns_as_by_backpropagation()
    {
        // 40 steps read each weight: several sums are carried out along its chain.
        var graph = ModelCatalogue.Build<float>("rnn",
            new ModelOptions(3, new Shape(40, 6), 4, Seed: 2) { Hidden = [7] });
        Assert.Null(new Trial { MicroBatches = 2 }.FirstDifference(graph));
        Assert.Null(new Trial { Clock = Clock.Lockstep }.FirstDifference(graph));
    }

    private static void AssertSame(List<PullBack<float>> parts, PullBack<float>? joined)
    {
        var expected = new Tensor<float>(Shape);
        parts[0].WriteTo(expected);
        foreach (var part in parts.Skip(1)) part.AddTo(expected);
        var found = new Tensor<float>(Shape);
        Assert.NotNull(joined);
        joined.Value.WriteTo(found);
        Assert.Equal(Shape, joined.Value.Shape);
        for (var i = 0; i < expected.Length; i++) Assert.True(Bits.AreEqual(expected.Span[i], found.Span[i]));
    }

    private static PullBack<float> Product(int seed) =>
        new(null,
            new FactoredProduct<float>(Random(seed, new Shape(7, 3)), 7, true, Random(seed + 100, new Shape(7, 5)), 7,
                false, Shape));

    private static Tensor<float> Random(int seed, Shape shape) =>
        Initializer.Normal(1).Create<float>(shape, 1, 1, (ulong)seed, "x");
}
