using System.Numerics;
using PcActors.Tensors.Kernels;
using PcActors.Tensors.Kernels.Products;

namespace PcActors.Tests.Tensors.Kernels;

public sealed class MatrixProductProperties
{
    private static readonly Ending[] Endings = Enum.GetValues<Ending>();

    public static TheoryData<string> Widths => [.. Enum.GetNames<VectorWidth>()];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Small_products_have_the_bits_of_the_definition(string width)
    {
        Check<float>(width, random => (random.Next(0, 20), random.Next(0, 20), random.Next(0, 20)), 300);
        Check<double>(width, random => (random.Next(0, 20), random.Next(0, 20), random.Next(0, 20)), 300);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Products_of_several_tiles_have_the_bits_of_the_definition(string width)
    {
        Check<float>(width, random => (random.Next(1, 70), random.Next(1, 160), random.Next(1, 70)), 40);
        Check<double>(width, random => (random.Next(1, 70), random.Next(1, 160), random.Next(1, 70)), 40);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Products_of_several_blocks_of_k_have_the_bits_of_the_definition(string width)
    {
        Check<float>(width, random => (random.Next(1, 40), random.Next(1, 60), random.Next(250, 800)), 20);
        Check<double>(width, random => (random.Next(1, 40), random.Next(1, 60), random.Next(250, 800)), 20);
        Check<float>(width, random => (random.Next(1, 40), random.Next(1, 60), 256 * random.Next(1, 4)), 5);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Vectors_and_thin_matrices_have_the_bits_of_the_definition(string width)
    {
        Check<float>(width, random => (random.Next(100, 300), random.Next(1, 4), random.Next(1, 300)), 20);
        Check<float>(width, random => (random.Next(1, 4), random.Next(100, 300), random.Next(1, 300)), 20);
        Check<double>(width, random => (random.Next(100, 300), random.Next(1, 4), random.Next(1, 300)), 20);
        Check<double>(width, random => (random.Next(1, 4), random.Next(100, 300), random.Next(1, 300)), 20);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Products_wider_and_taller_than_a_part_have_the_bits_of_the_definition(string width)
    {
        Check<float>(width, random => (random.Next(1, 9), random.Next(500, 1100), random.Next(1, 300)), 4);
        Check<float>(width, random => (random.Next(260, 600), random.Next(1, 9), random.Next(257, 300)), 4);
        Check<double>(width, random => (random.Next(1, 9), random.Next(250, 600), random.Next(1, 300)), 4);
        // Beyond what is turned as a whole.
        Check<float>(width, random => (random.Next(400, 450), random.Next(340, 370), random.Next(257, 270)), 2);
    }

    [Fact]
    public void Not_a_number_and_infinity_reach_every_element_they_have_a_part_in()
    {
        foreach (var width in Enum.GetValues<VectorWidth>())
        {
            foreach (var special in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
            {
                var product = ProductCase<float>.Random(new Random(5), 21, 37, 300);
                product.A[(7 * product.ARow) + (290 * product.AColumn)] = special;
                product.B[(3 * product.BRow) + (36 * product.BColumn)] = special;
                foreach (var ending in Endings)
                {
                    var actual = product.Run(ending, width);
                    Bits.AssertEqual<float>(product.Expected(ending), actual, $"{width} {ending} {product}");
                    Assert.False(float.IsFinite(actual[(7 * product.CRow) + 5]));
                    Assert.False(float.IsFinite(actual[(8 * product.CRow) + 36]));
                    Assert.True(float.IsFinite(actual[(8 * product.CRow) + 35]));
                }
            }
        }
    }

    [Fact]
    public void An_update_never_leaves_a_negative_zero()
    {
        foreach (var size in new[] { 1, 40 })
        {
            var zeros = new float[size * size];
            var theta = zeros.Select(_ => -0f).ToArray();
            var c = new float[size * size];
            MatrixProduct.MultiplyUpdate<float>(size, size, size, zeros, size, 1, zeros, size, 1, theta, 0.1f, c, size);
            Assert.All(c, element => Assert.Equal(0, BitConverter.SingleToInt32Bits(element)));
        }
    }

    [Fact]
    public void No_terms_make_zero()
    {
        float[] c = [1, -0f, 3];
        MatrixProduct.Multiply<float>(1, 3, 0, [], 0, 0, [], 0, 0, c, 3, accumulate: true);
        Assert.Equal([1f, 0f, 3f], c);
        MatrixProduct.Multiply<float>(1, 3, 0, [], 0, 0, [], 0, 0, c, 3);
        Assert.Equal([0f, 0f, 0f], c);
    }

    [Fact]
    public void Operands_too_short_for_their_strides_are_refused()
    {
        var x = new float[12];
        Refused("a", () => MatrixProduct.Multiply<float>(3, 4, 5, x, 5, 1, new float[20], 4, 1, x, 4));
        Refused("b", () => MatrixProduct.Multiply<float>(3, 4, 4, x, 4, 1, x, 4, 1, x, 4));
        Refused("c", () => MatrixProduct.Multiply<float>(3, 4, 3, x, 3, 1, x, 4, 1, new float[11], 4));
        Refused("cRow", () => MatrixProduct.Multiply<float>(3, 4, 3, x, 3, 1, x, 4, 1, x, 3));
        Refused("a", () => MatrixProduct.Multiply<float>(3, 4, 3, x, -3, 1, x, 4, 1, x, 4));
        Refused("m", () => MatrixProduct.Multiply<float>(-1, 4, 3, x, 3, 1, x, 4, 1, x, 4));
        Refused("theta", () => MatrixProduct.MultiplyUpdate<float>(3, 4, 3, x, 3, 1, x, 4, 1, x.AsSpan(1), 1, x, 4));
    }

    private static void Refused(string name, Action action) =>
        Assert.Equal(name, Assert.ThrowsAny<ArgumentException>(action).ParamName);

    private static void Check<T>(string width, Func<Random, (int M, int N, int K)> size, int cases)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(42);
        for (var i = 0; i < cases; i++)
        {
            var (m, n, k) = size(random);
            var product = ProductCase<T>.Random(random, m, n, k);
            foreach (var ending in Endings)
                Bits.AssertEqual<T>(
                    product.Expected(ending), product.Run(ending, Enum.Parse<VectorWidth>(width)),
                    $"{width} {ending} {product}");
        }
    }
}
