using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Protocol;
using PcActors.Models;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Sharing;
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

    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, 3)]
    [InlineData(false, FactoredSum<float>.MaxTerms)]
    public void Threads_that_share_a_sum_make_the_bits_of_one(bool startsWhole, int count)
    {
        var shape = new Shape(37, 21);
        List<PullBack<float>> parts = [
            .. startsWhole ? [new PullBack<float>(Random(1, shape), null)] : Array.Empty<PullBack<float>>(),
            .. Enumerable.Range(2, count).Select(seed => Product(seed, shape))];
        var joined = FactoredSum<float>.Join([.. parts.Select(p => (PullBack<float>?)p)]);
        AssertSame(parts, joined, shape);
        for (var threads = 2; threads <= 4; threads++)
        {
            using (new SharingThreads(threads)) AssertSame(parts, joined, shape);
        }
    }

    /// <summary>A vector that products read on either side is a row to one and a column to the other.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Products_of_one_shape_may_have_other_rows(bool rowFirst)
    {
        var shape = new Shape(64);
        PullBack<float> column = new(null, new FactoredProduct<float>(
            Random(1, new Shape(7, 64)), 7, true, Random(2, new Shape(7, 1)), 7, false, shape));
        PullBack<float> row = new(null, new FactoredProduct<float>(
            Random(3, new Shape(7, 1)), 7, true, Random(4, new Shape(7, 64)), 7, false, shape));
        List<PullBack<float>> parts = rowFirst ? [row, column, row] : [column, row, column];
        using var threads = new SharingThreads(2);
        AssertSame(parts, FactoredSum<float>.Join([.. parts.Select(p => (PullBack<float>?)p)]), shape);
    }

    [Fact]
    public void A_sum_of_products_of_nothing_is_zeros()
    {
        var nothing = new FactoredProduct<float>(new Tensor<float>(new Shape(0, 3)), 0, true,
            new Tensor<float>(new Shape(0, 5)), 0, false, Shape);
        var sum = Random(1, Shape);
        FactoredSum<float>.Of(null, [nothing, nothing]).WriteTo(sum);
        Assert.All(sum.Span.ToArray(), x => Assert.Equal(0, x));
        using var threads = new SharingThreads(2);
        var (left, right) = (new Tensor<float>(new Shape(40, 0)), new Tensor<float>(new Shape(0, 5)));
        var large = Random(2, new Shape(40, 5));
        FactoredSum<float>.Of(null, [new FactoredProduct<float>(left, 40, false, right, 0, false, large.Shape)])
            .WriteTo(large);
        Assert.All(large.Span.ToArray(), x => Assert.Equal(0, x));
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

    private sealed class SharingThreads(int threads) : IDisposable
    {
        private readonly int _before = KernelThreads.UseForAll(threads);

        public void Dispose() => KernelThreads.Use(_before);
    }

    private static void AssertSame(List<PullBack<float>> parts, PullBack<float>? joined) =>
        AssertSame(parts, joined, Shape);

    private static void AssertSame(List<PullBack<float>> parts, PullBack<float>? joined, Shape shape)
    {
        var expected = new Tensor<float>(shape);
        parts[0].WriteTo(expected);
        foreach (var part in parts.Skip(1)) part.AddTo(expected);
        var found = new Tensor<float>(shape);
        Assert.NotNull(joined);
        joined.Value.WriteTo(found);
        Assert.Equal(shape, joined.Value.Shape);
        for (var i = 0; i < expected.Length; i++) Assert.True(Bits.AreEqual(expected.Span[i], found.Span[i]));
    }

    private static PullBack<float> Product(int seed) => Product(seed, Shape);

    private static PullBack<float> Product(int seed, Shape shape) =>
        new(null,
            new FactoredProduct<float>(Random(seed, new Shape(7, shape[0])), 7, true,
                Random(seed + 100, new Shape(7, shape[1])), 7, false, shape));

    private static Tensor<float> Random(int seed, Shape shape) =>
        Initializer.Normal(1).Create<float>(shape, 1, 1, (ulong)seed, "x");
}
