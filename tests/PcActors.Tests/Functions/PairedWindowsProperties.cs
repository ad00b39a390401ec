using PcActors.Functions;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Sharing;
using PcActors.Tests.Tensors.Kernels;
using static PcActors.Tests.Functions.AdjoiningWindows;

namespace PcActors.Tests.Functions;

/// <summary>Property: windows of pairs have the bits that windows of any kind have, also where elements are NaN, are
/// zeros of both signs or lie outside all windows.</summary>
public sealed class PairedWindowsProperties
{
    private const int Planes = 5;

    public static TheoryData<int, int, int> Grids
    {
        get
        {
            var grids = new TheoryData<int, int, int>();
            foreach (var (depth, height) in new[] { (1, 1), (1, 2), (1, 3), (2, 2), (3, 1) })
            {
                foreach (var extent in new[] { 8, 9, 10, 13, 14, 28, 33, 130 }) grids.Add(depth, height, extent);
            }
            return grids;
        }
    }

    [Theory]
    [MemberData(nameof(Grids))]
    public void They_have_the_bits_of_any_windows(int depth, int height, int extent)
    {
        var grid = new PoolingGrid(Axis(6, depth), Axis(13, height), Axis(extent, 2));
        Assert.True(PairedWindows.Are<float>(grid));
        var random = new Random(depth + (10 * height) + (100 * extent));
        var x = Draw(random, Planes * grid.InputPlane, -0f, 0, float.NaN,
            BitConverter.UInt32BitsToSingle(0xFFC1_2345), float.NegativeInfinity, -1, 2);
        var largest = new float[Planes * grid.OutputPlane];
        var expected = AdjoiningWindows.Largest(grid, Planes, x);
        // From the second plane on, as a thread may have them.
        PairedWindows.Largest<float>(grid, grid.OutputPlane, largest.Length, x, largest);
        Bits.AssertEqual<float>(expected.AsSpan(grid.OutputPlane), largest.AsSpan(grid.OutputPlane), $"{grid}");
        Assert.All(largest[..grid.OutputPlane], element => Assert.Equal(0, element));

        var error = Draw(random, largest.Length, -0f, 0, float.NaN, 1, -2, 3);
        var pulled = new float[x.Length];
        PairedWindows.PullBack<float>(grid, 1, Planes, x, expected, error, pulled);
        Bits.AssertEqual<float>(
            PulledAlone(grid, x, expected, error).AsSpan(grid.InputPlane), pulled.AsSpan(grid.InputPlane), $"{grid}");
        Assert.All(pulled[..grid.InputPlane], element => Assert.Equal(0, element));
    }

    // Planes with a row and a column that no window covers, in memory that held something else.
    [Theory]
    [InlineData(1, 8, 8)]
    [InlineData(1, 7, 11)]
    [InlineData(5, 4, 13)]
    public void Threads_share_them_and_change_no_bit(int depth, int height, int width)
    {
        var pool = OperatorCatalogue.Create<float>(
            "MaxPool", Attributes.Of(("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 })));
        var random = new Random(4);
        var shape = new Shape(depth, 3, height, width);
        var x = Tensor<float>.From(shape, Draw(random, shape.Length, -0f, 0, float.NaN, -1, 2));
        var mu = pool.InferShape([shape]);
        var error = Tensor<float>.From(mu, Draw(random, mu.Length, -0f, 1, -2, 3));
        var (predicted, pulled) = OnThreads(1);
        if (width % 2 == 1) Assert.Equal(0, pulled[width - 1]);
        for (var threads = 2; threads <= 3; threads++)
        {
            var (otherPredicted, otherPulled) = OnThreads(threads);
            Bits.AssertEqual<float>(predicted, otherPredicted, $"{shape} on {threads}");
            Bits.AssertEqual<float>(pulled, otherPulled, $"{shape} on {threads}, pulled back");
        }

        (float[] Predicted, float[] Pulled) OnThreads(int threads)
        {
            var (prediction, result) = (new Tensor<float>(mu), new Tensor<float>(shape));
            prediction.Writable.Fill(7);
            result.Writable.Fill(7);
            var before = KernelThreads.UseForAll(threads);
            pool.Predict([x], prediction);
            pool.PullBack(0, [x], prediction, error, result);
            KernelThreads.Use(before);
            return (prediction.Span.ToArray(), result.Span.ToArray());
        }
    }

    [Fact]
    public void Other_windows_are_none()
    {
        var grid = new PoolingGrid(PoolingAxis.None, Axis(8, 2), Axis(8, 2));
        Assert.True(PairedWindows.Are<float>(grid));
        Assert.False(PairedWindows.Are<double>(grid));
        Assert.False(PairedWindows.Are<float>(grid with { Width = Axis(9, 3) }));
        Assert.False(PairedWindows.Are<float>(grid with { Width = Axis(7, 2) }));
        Assert.False(PairedWindows.Are<float>(grid with { Height = grid.Height with { Stride = 1, Count = 7 } }));
    }

    private static float[] PulledAlone(in PoolingGrid grid, float[] x, float[] largest, float[] error)
    {
        var pulled = new float[x.Length];
        using var maxima = new WindowMaxima<float>(grid);
        foreach (var (start, d, h, at) in grid.Rows(largest.Length))
        {
            if ((d, h) == (0, 0)) maxima.Begin(x.AsSpan(start, grid.InputPlane));
            maxima.Find(d, h, largest.AsSpan(at, grid.Width.Count));
            maxima.Add(d, h, error.AsSpan(at, grid.Width.Count));
            if ((d, h) == (grid.Depth.Count - 1, grid.Height.Count - 1))
                maxima.End(pulled.AsSpan(start, grid.InputPlane));
        }
        return pulled;
    }
}
