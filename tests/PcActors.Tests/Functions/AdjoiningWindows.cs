using PcActors.Functions;

namespace PcActors.Tests.Functions;

/// <summary>Windows that lie side by side, and their largest elements row by row.</summary>
internal static class AdjoiningWindows
{
    public static PoolingAxis Axis(int extent, int kernel) => new(extent, kernel, kernel, 1, 0, 0, extent / kernel);

    public static float[] Largest(in PoolingGrid grid, int planes, float[] x)
    {
        var largest = new float[planes * grid.OutputPlane];
        var buffer = new float[PoolingFold<float, LargestFold>.Buffer(grid.Width)];
        PoolingFold<float, LargestFold>.Prepare(buffer);
        foreach (var (start, depth, height, at) in grid.Rows(largest.Length))
            PoolingFold<float, LargestFold>.Row(grid, depth, height, x.AsSpan(start, grid.InputPlane), buffer,
                largest.AsSpan(at, grid.Width.Count));
        return largest;
    }

    public static float[] Draw(Random random, int count, params float[] values)
    {
        var drawn = new float[count];
        foreach (ref var element in drawn.AsSpan()) element = values[random.Next(values.Length)];
        return drawn;
    }
}
