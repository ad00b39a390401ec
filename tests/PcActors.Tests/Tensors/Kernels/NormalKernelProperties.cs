using PcActors.Tensors.Kernels;
using PcActors.Tensors.Kernels.Scalars;
using Kernel = PcActors.Tensors.Kernels.NormalKernels;

namespace PcActors.Tests.Tensors.Kernels;

/// <summary>erf, Gelu and their slopes on floats in registers, against the functions of one double.</summary>
public sealed class NormalKernelProperties
{
    private delegate void Run(float[] x, float[] result, VectorWidth width);

    private static readonly Dictionary<string, (Run Run, Func<double, double> Exact)> All = new()
    {
        ["Erf"] = ((x, y, width) => Kernel.Run<float, Kernel.ErfKernel>(x, y, width), ErrorFunction.Erf),
        ["ErfSlope"] = ((x, y, width) => Kernel.Run<float, Kernel.ErfSlopeKernel>(x, y, width), ErrorFunction.Slope),
        ["Gelu"] = ((x, y, width) => Kernel.Run<float, Kernel.GeluKernel>(x, y, width), ErrorFunction.Gelu),
        ["GeluSlope"] = ((x, y, width) => Kernel.Run<float, Kernel.GeluSlopeKernel>(x, y, width),
            ErrorFunction.GeluSlope),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Floats_are_within_8_ulp_of_the_exact_result(string name)
    {
        var (run, exact) = All[name];
        var random = new Random(5);
        var x = Enumerable.Range(0, 200_000)
            .Select(i => (float)((random.NextDouble() - 0.5) * Math.ScaleB(1, random.Next(-30, 6)))).ToArray();
        var y = new float[x.Length];
        run(x, y, VectorWidths.Widest);
        for (var i = 0; i < x.Length; i++)
        {
            var expected = exact(x[i]);
            // The slope of Gelu is a sum that cancels where it has a zero; below the normal floats digits are lost.
            var unit = name == "GeluSlope" && double.Abs(expected) < 0.25 ? 0.25 : double.Abs(expected);
            var tolerance = double.Max(8 * (double)float.BitIncrement((float)unit) - 8 * (double)(float)unit, 1e-37);
            Assert.True(double.Abs(y[i] - expected) <= tolerance, $"{name}({x[i]:R}) is {y[i]:R} and not {expected:R}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_width_and_every_place_in_a_vector_give_the_same_bits(string name)
    {
        var random = new Random(6);
        for (var length = 0; length < 70; length++)
        {
            var x = Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() * 20) - 10)).ToArray();
            var expected = new float[length];
            for (var i = 0; i < length; i++)
            {
                var one = new float[1];
                All[name].Run([x[i]], one, VectorWidth.Portable);
                expected[i] = one[0];
            }
            foreach (var width in Enum.GetValues<VectorWidth>())
            {
                var inPlace = x.ToArray();
                All[name].Run(inPlace, inPlace, width);
                Bits.AssertEqual<float>(expected, inPlace, $"{name}, {width}, {length} elements in place");
            }
        }
    }

    [Fact]
    public void Ends_are_exact()
    {
        float[] ends = [0f, -0f, 10f, -10f, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon];
        Bits.AssertEqual<float>([0f, -0f, 1f, -1f, 1f, -1f, float.Epsilon], Of("Erf", ends), "erf");
        Assert.Equal([0f, 0f], Of("ErfSlope", float.PositiveInfinity, float.NegativeInfinity));
        Assert.Equal([0f, 30f, 0f], Of("Gelu", 0f, 30f, -30f));
        Assert.Equal([0.5f, 1f, 0f], Of("GeluSlope", 0f, 30f, -30f));
        foreach (var name in All.Keys) Assert.True(float.IsNaN(Of(name, float.NaN)[0]), name);
    }

    [Fact]
    public void A_result_too_short_is_refused() =>
        Assert.Throws<ArgumentException>("result", () => Kernel.Gelu<float>(new float[3], new float[2]));

    private static float[] Of(string name, params float[] x)
    {
        var result = new float[x.Length];
        All[name].Run(x, result, VectorWidths.Widest);
        return result;
    }
}
