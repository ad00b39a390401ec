using PcActors.Functions;
using PcActors.Tests.Tensors.Kernels;

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
        var x = Draw(random, Planes * grid.InputPlane,
            [-0f, 0, float.NaN, BitConverter.UInt32BitsToSingle(0xFFC1_2345), float.NegativeInfinity, -1, 2]);
        var largest = new float[Planes * grid.OutputPlane];
        var expected = LargestAlone(grid, x);
        // From the second plane on, as a thread may have them.
        PairedWindows.Largest<float>(grid, grid.OutputPlane, largest.Length, x, largest);
        Bits.AssertEqual<float>(expected.AsSpan(grid.OutputPlane), largest.AsSpan(grid.OutputPlane), $"{grid}");
        Assert.All(largest[..grid.OutputPlane], element => Assert.Equal(0, element));

        var error = Draw(random, largest.Length, [-0f, 0, float.NaN, 1, -2, 3]);
        var pulled = new float[x.Length];
        PairedWindows.PullBack<float>(grid, 1, Planes, x, expected, error, pulled);
        Bits.AssertEqual<float>(
            PulledAlone(grid, x, expected, error).AsSpan(grid.InputPlane), pulled.AsSpan(grid.InputPlane), $"{grid}");
        Assert.All(pulled[..grid.InputPlane], element => Assert.Equal(0, element));
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

    private static float[] LargestAlone(in PoolingGrid grid, float[] x)
    {
        var largest = new float[Planes * grid.OutputPlane];
        var buffer = new float[PoolingFold<float, LargestFold>.Buffer(grid.Width)];
        PoolingFold<float, LargestFold>.Prepare(buffer);
        foreach (var (start, d, h, at) in grid.Rows(largest.Length))
            PoolingFold<float, LargestFold>.Row(grid, d, h, x.AsSpan(start, grid.InputPlane), buffer,
                largest.AsSpan(at, grid.Width.Count));
        return largest;
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

    private static PoolingAxis Axis(int extent, int kernel) => new(extent, kernel, kernel, 1, 0, 0, extent / kernel);

    private static float[] Draw(Random random, int count, float[] values)
    {
        var drawn = new float[count];
        foreach (ref var element in drawn.AsSpan()) element = values[random.Next(values.Length)];
        return drawn;
    }
}
