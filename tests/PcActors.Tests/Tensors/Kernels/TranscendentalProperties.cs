using System.Numerics;
using PcActors.Tensors.Kernels;

namespace PcActors.Tests.Tensors.Kernels;

public sealed class TranscendentalProperties
{
    private static readonly TranscendentalFunction Exp = TranscendentalFunction.All["Exp"];
    private static readonly TranscendentalFunction Log = TranscendentalFunction.All["Log"];
    private static readonly TranscendentalFunction Tanh = TranscendentalFunction.All["Tanh"];
    private static readonly TranscendentalFunction Sigmoid = TranscendentalFunction.All["Sigmoid"];

    public static TheoryData<string> Functions => [.. TranscendentalFunction.All.Keys];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Every_width_and_every_place_in_a_vector_give_the_same_bits(string name)
    {
        var function = TranscendentalFunction.All[name];
        Check<float>(function.Single, index => BitConverter.Int32BitsToSingle(index));
        Check<double>(function.Double, index => BitConverter.Int64BitsToDouble((long)index << 32));
    }

    [Fact]
    public void Exact_values_are_exact()
    {
        Assert.Equal([1f, 1f, 0f, float.PositiveInfinity],
            Exp.Of(0f, -0f, float.NegativeInfinity, float.PositiveInfinity));
        Assert.Equal([1.0, 1, 0, double.PositiveInfinity],
            Exp.Of(0.0, -0.0, double.NegativeInfinity, double.PositiveInfinity));
        Bits.AssertEqual<float>([0f, float.NegativeInfinity, float.NegativeInfinity], Log.Of(1f, 0f, -0f), "log");
        Bits.AssertEqual<double>([0, double.NegativeInfinity, double.NegativeInfinity], Log.Of(1.0, 0, -0.0), "log");
        Bits.AssertEqual<float>([0f, -0f, 1f, -1f], Tanh.Of(0f, -0f, float.PositiveInfinity, float.NegativeInfinity),
            "tanh");
        Bits.AssertEqual<double>([0, -0.0, 1, -1], Tanh.Of(0.0, -0.0, double.PositiveInfinity, double.NegativeInfinity),
            "tanh");
        Assert.Equal([0.5f, 0.5f, 1f, 0f], Sigmoid.Of(0f, -0f, float.PositiveInfinity, float.NegativeInfinity));
        Assert.Equal([0.5, 0.5, 1, 0], Sigmoid.Of(0.0, -0.0, double.PositiveInfinity, double.NegativeInfinity));
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Not_a_number_stays_so(string name)
    {
        Assert.True(float.IsNaN(TranscendentalFunction.All[name].Of(float.NaN)[0]));
        Assert.True(double.IsNaN(TranscendentalFunction.All[name].Of(double.NaN)[0]));
    }

    [Fact]
    public void Logarithms_of_negative_numbers_are_not_numbers()
    {
        Assert.All(Log.Of(-1f, -1e-45f, float.NegativeInfinity), value => Assert.True(float.IsNaN(value)));
        Assert.All(Log.Of(-1.0, -5e-324, double.NegativeInfinity), value => Assert.True(double.IsNaN(value)));
        Assert.Equal(float.PositiveInfinity, Log.Of(float.PositiveInfinity)[0]);
        Assert.Equal(double.PositiveInfinity, Log.Of(double.PositiveInfinity)[0]);
    }

    [Fact]
    public void The_exponential_overflows_and_underflows_where_it_must()
    {
        // ln(2^128) = 88.7228391..., ln(2^-150) = -103.9720770...
        Assert.True(float.IsFinite(Exp.Of(88.72283f)[0]));
        Assert.Equal(float.PositiveInfinity, Exp.Of(88.72284f)[0]);
        Assert.Equal(float.Epsilon, Exp.Of(-103.97207f)[0]);
        Assert.Equal(0f, Exp.Of(-103.97209f)[0]);
        // ln(2^1024) = 709.78271289338397..., ln(2^-1075) = -745.13321910194122...
        Assert.True(double.IsFinite(Exp.Of(709.78271289338)[0]));
        Assert.Equal(double.PositiveInfinity, Exp.Of(709.7827128933845)[0]);
        Assert.Equal(double.Epsilon, Exp.Of(-745.133219101941)[0]);
        Assert.Equal(0.0, Exp.Of(-745.1332191019415)[0]);
    }

    [Fact]
    public void Tanh_of_the_smallest_numbers_is_themselves()
    {
        float[] x = [float.Epsilon, -float.Epsilon, 1e-40f, 1e-30f, -1e-20f];
        Assert.Equal(x, Tanh.Of(x));
        double[] y = [double.Epsilon, -double.Epsilon, 1e-310, 1e-200, -1e-30];
        Assert.Equal(y, Tanh.Of(y));
    }

    [Fact]
    public void Tanh_is_odd_and_at_most_one()
    {
        var random = new Random(8);
        var x = Enumerable.Range(0, 10_000).Select(_ => (float)((random.NextDouble() * 40) - 20)).ToArray();
        var y = Tanh.Of(x);
        Assert.Equal(y, Tanh.Of([.. x.Select(value => -value)]).Select(value => -value));
        Assert.All(y, value => Assert.InRange(value, -1f, 1f));
    }

    [Fact]
    public void A_result_too_short_is_refused() =>
        Assert.Throws<ArgumentException>("result", () => Transcendental.Tanh<float>(new float[3], new float[2]));

    private static void Check<T>(Action<T[], T[], VectorWidth> function, Func<int, T> number)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(6);
        for (var length = 0; length < 70; length++)
        {
            var x = Enumerable.Range(0, length)
                .Select(
                    i => i % 3 == 0
                        ? number(random.Next(int.MinValue, int.MaxValue))
                        : T.CreateChecked((random.NextDouble() * 20) - 10))
                .ToArray();
            var expected = new T[length];
            for (var i = 0; i < length; i++)
            {
                var one = new T[1];
                function([x[i]], one, VectorWidth.Portable);
                expected[i] = one[0];
            }
            foreach (var width in Enum.GetValues<VectorWidth>())
            {
                var apart = new T[length + 1];
                apart[length] = T.One;
                function(x, apart, width);
                Bits.AssertEqual<T>(expected, apart.AsSpan(0, length), $"{width}, {length} elements");
                Assert.Equal(T.One, apart[length]);
                var inPlace = x.ToArray();
                function(inPlace, inPlace, width);
                Bits.AssertEqual<T>(expected, inPlace, $"{width}, {length} elements in place");
            }
        }
    }
}
