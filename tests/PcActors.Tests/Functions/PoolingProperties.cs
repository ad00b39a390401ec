using PcActors.Functions;
using PcActors.Tensors;
using PcActors.Tests.Tensors.Kernels;

namespace PcActors.Tests.Functions;

/// <summary>Pooling by windows that are wide enough for registers, against loops over the windows and their taps.
/// Numbers that are summed are whole, so that no order matters.</summary>
public sealed class PoolingProperties
{
    public static TheoryData<int, int, int, int, int, int> Windows
    {
        get
        {
            // Extents of a plane, then kernel, stride, dilation and padding before along both axes.
            var cases = new TheoryData<int, int, int, int, int, int>();
            foreach (var width in new[] { 5, 6, 7, 9, 11, 13, 14, 16, 19, 28, 33, 47 })
            {
                foreach (var (kernel, stride, dilation, before) in new[]
                    {
                        (2, 2, 1, 0), (3, 2, 1, 1), (3, 2, 1, 0), (2, 2, 2, 1), (3, 1, 1, 1), (3, 3, 1, 1),
                        (2, 3, 1, 0), (3, 3, 1, 0), (1, 1, 1, 0), (4, 4, 1, 0),
                    })
                    cases.Add(9, width, kernel, stride, dilation, before);
                // Windows further apart than the plane is wide: two of them reach into it by their padding, or one.
                cases.Add(9, width, 3, width, 1, 2);
                cases.Add(9, width, 3, width + 1, 1, 2);
                cases.Add(9, width, 2, 1_000_000_007, 1, 1);
                cases.Add(9, width, 2, int.MaxValue, 1, 0);
            }
            // More windows than are looked at together, in a plane and in a row.
            foreach (var (height, width) in new[] { (70, 66), (6, 2500) })
            {
                cases.Add(height, width, 2, 2, 1, 0);
                cases.Add(height, width, 3, 3, 1, 0);
            }
            // Windows of many taps.
            cases.Add(17, 33, 8, 8, 1, 0);
            cases.Add(40, 40, 16, 16, 1, 0);
            cases.Add(70, 66, 66, 66, 1, 0);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public void The_largest_element_of_a_window_gets_its_error(
        int height, int width, int kernel, int stride, int dilation, int before)
    {
        Check<float>(new(height, width, kernel, stride, dilation, before), "MaxPool");
        Check<double>(new(height, width, kernel, stride, dilation, before), "MaxPool");
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public void The_elements_of_a_window_share_its_error(
        int height, int width, int kernel, int stride, int dilation, int before)
    {
        Check<float>(new(height, width, kernel, stride, dilation, before), "AveragePool");
        Check<double>(new(height, width, kernel, stride, dilation, before), "AveragePool");
    }

    [Theory]
    [InlineData(2, 2, 2)]
    [InlineData(1, 3, 2)]
    [InlineData(3, 1, 4)]
    public void In_windows_of_three_axes_too(int depth, int height, int width)
    {
        var pool = OperatorCatalogue.Create<float>("MaxPool", Attributes.Of(
            ("kernel_shape", new[] { depth, height, width }), ("strides", new[] { depth, height, width })));
        var x = new Tensor<float>(new Shape(2, 2, 5, 7, 11));
        var random = new Random(6);
        foreach (ref var element in x.Writable) element = random.Next(-4, 5);
        var shape = pool.InferShape([x.Shape]);
        var (mu, error, result) = (
            new Tensor<float>(shape), new Tensor<float>(shape), new Tensor<float>(x.Shape));
        foreach (ref var element in error.Writable) element = random.Next(-9, 10);
        result.Writable.Fill(7);
        pool.Predict([x], mu);
        pool.PullBack(0, [x], mu, error, result);

        var (expected, pulled) = (new float[mu.Length], new float[x.Length]);
        for (var at = 0; at < mu.Length; at++)
        {
            var (plane, window) = int.DivRem(at, shape[2] * shape[3] * shape[4]);
            var (d, h, w) = (window / shape[4] / shape[3], window / shape[4] % shape[3], window % shape[4]);
            var places =
                from tapDepth in Enumerable.Range(d * depth, depth)
                from tapHeight in Enumerable.Range(h * height, height)
                from tapWidth in Enumerable.Range(w * width, width)
                select (((((plane * 5) + tapDepth) * 7) + tapHeight) * 11) + tapWidth;
            expected[at] = places.Max(place => x.Span[place]);
            pulled[places.First(place => x.Span[place] == expected[at])] += error.Span[at];
        }
        Assert.Equal(expected, mu.Span);
        Assert.Equal(pulled, result.Span);
    }

    [Theory]
    [InlineData(2, 2, 2, 5)]
    [InlineData(1, 2, 3, 40)]
    [InlineData(2, 1, 1, 9)]
    [InlineData(1, 3, 2, 2500)]
    public void Rows_together_have_the_bits_of_rows_alone(int depth, int height, int width, int extent)
    {
        var grid = new PoolingGrid(
            AdjoiningWindows.Axis(6, depth), AdjoiningWindows.Axis(13, height), AdjoiningWindows.Axis(extent, width));
        var random = new Random(7);
        const int Planes = 5;
        var x = AdjoiningWindows.Draw(
            random, Planes * grid.InputPlane, -0f, 0, float.NaN, float.NegativeInfinity, -1, 2);
        var alone = AdjoiningWindows.Largest(grid, Planes, x);
        var together = new float[alone.Length];
        // From the second plane on, as a thread may have them.
        PoolingFold<float, LargestFold>.Adjoining(grid, grid.OutputPlane, together.Length, x, together);
        Bits.AssertEqual<float>(alone.AsSpan(grid.OutputPlane), together.AsSpan(grid.OutputPlane), $"{grid}");
        Assert.All(together[..grid.OutputPlane], element => Assert.Equal(0, element));
    }

    private static void Check<T>(Window window, string name)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        const int Planes = 6;
        int[] pads = [window.Before, window.Before, 0, 0];
        var pool = OperatorCatalogue.Create<T>(
            name,
            Attributes.Of(
                ("kernel_shape", new[] { window.Kernel, window.Kernel }),
                ("strides", new[] { window.Stride, window.Stride }),
                ("dilations", new[] { window.Dilation, window.Dilation }), ("pads", pads)));
        var x = new Tensor<T>(new Shape(2, 3, window.Height, window.Width));
        var random = new Random(5);
        // Few values: many windows have several largest elements.
        foreach (ref var element in x.Writable) element = T.CreateChecked(random.Next(-4, 5) * 36);
        var shape = pool.InferShape([x.Shape]);
        var (mu, error, result) = (new Tensor<T>(shape), new Tensor<T>(shape), new Tensor<T>(x.Shape));
        foreach (ref var element in error.Writable) element = T.CreateChecked(random.Next(-9, 10) * 36);
        result.Writable.Fill(T.One);
        pool.Predict([x], mu);
        pool.PullBack(0, [x], mu, error, result);

        var (expected, pulled) = (new T[mu.Length], new T[x.Length]);
        for (var at = 0; at < mu.Length; at++)
        {
            var plane = at / (mu.Length / Planes);
            List<int> places = [.. window.Places(at / shape[3] % shape[2], at % shape[3])
                .Select(place => (plane * window.Height * window.Width) + place)];
            if (name == "MaxPool")
            {
                expected[at] = places.Max(place => x.Span[place]);
                pulled[places.First(place => x.Span[place] == expected[at])] += error.Span[at];
            }
            else
            {
                var count = T.CreateChecked(places.Count);
                expected[at] = places.Aggregate(T.Zero, (sum, place) => sum + x.Span[place]) / count;
                foreach (var place in places) pulled[place] += error.Span[at] / count;
            }
        }
        Assert.Equal(expected, mu.Span);
        Assert.Equal(pulled, result.Span);
    }

    private sealed record Window(int Height, int Width, int Kernel, int Stride, int Dilation, int Before)
    {
        /// <summary>The places in the plane that a window has, in row-major order.</summary>
        public IEnumerable<int> Places(int row, int column) =>
            from h in Taps(row, Height)
            from w in Taps(column, Width)
            select (h * Width) + w;

        private IEnumerable<int> Taps(int window, int extent) =>
            Enumerable.Range(0, Kernel).Select(tap => (window * Stride) - Before + (tap * Dilation))
                .Where(place => place >= 0 && place < extent);
    }
}
