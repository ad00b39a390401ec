using PcActors.Functions;
using PcActors.Tensors;
using static PcActors.Tests.Functions.Evaluate;

namespace PcActors.Tests.Functions;

public sealed class ProductSemantics
{
    private static readonly Attributes None = Attributes.Empty;

    [Fact]
    public void A_matrix_product() =>
        Same(Array([2, 2], 10, 13, 28, 40), Predict("MatMul", None, Count(2, 3), Count(3, 2)));

    [Fact]
    public void A_vector_on_the_left_is_a_row_and_on_the_right_a_column()
    {
        Same(Array([2], 10, 13), Predict("MatMul", None, Array([3], 0, 1, 2), Count(3, 2)));
        Same(Array([2], 5, 14), Predict("MatMul", None, Count(2, 3), Array([3], 0, 1, 2)));
        Same(Array([], 5), Predict("MatMul", None, Array([3], 0, 1, 2), Array([3], 0, 1, 2)));
    }

    [Fact]
    public void Stacks_are_multiplied_matrix_by_matrix() =>
        Same(Array([2, 1, 1], 1, 13), Predict("MatMul", None, Count(2, 1, 2), Count(2, 2, 1)));

    [Fact]
    public void Leading_axes_broadcast()
    {
        // Every pair of a 1 x 1 matrix of [1, 2] and one of [10, 20, 30].
        var product = Predict("MatMul", None, Array([2, 1, 1, 1], 1, 2), Array([3, 1, 1], 10, 20, 30));
        Same(Array([2, 3, 1, 1], 10, 20, 30, 20, 40, 60), product);
    }

    [Fact]
    public void Stacks_equal_their_matrices_products_one_by_one()
    {
        var (a, b) = (Count(4, 2, 3), Count(4, 3, 2));
        var product = Predict("MatMul", None, a, b);
        for (var i = 0; i < 4; i++)
        {
            var one = Predict("MatMul", None, a.Rows(i, 1).Reshape(new Shape(2, 3)),
                b.Rows(i, 1).Reshape(new Shape(3, 2)));
            Assert.Equal(one.Span.ToArray(), product.Rows(i, 1).Span.ToArray());
        }
    }

    [Fact]
    public void Gemm_scales_transposes_and_adds()
    {
        // A' = [[0, 2], [1, 3]], B' = [[0, 2], [1, 3]], A' B' = [[2, 6], [3, 11]].
        var attributes = Attributes.Of(("alpha", 0.5), ("beta", 2.0), ("transA", 1), ("transB", 1));
        var expected = Array([2, 2], 1 + 20, 3 + 40, 1.5 + 20, 5.5 + 40);
        Same(expected, Predict("Gemm", attributes, Count(2, 2), Count(2, 2), Array([2], 10, 20)));
    }

    [Fact]
    public void Gemm_adds_a_column_a_scalar_or_nothing()
    {
        var (a, b) = (Count(2, 2), Count(2, 2));
        Same(Array([2, 2], 2, 3, 6, 11), Predict("Gemm", None, a, b));
        Same(Array([2, 2], 12, 13, 26, 31), Predict("Gemm", None, a, b, Array([2, 1], 10, 20)));
        Same(Array([2, 2], 12, 13, 16, 21), Predict("Gemm", None, a, b, Array([], 10)));
    }

    [Fact]
    public void Gemm_has_the_bits_of_MatMul_and_Add()
    {
        var example = new FunctionCase("Gemm", "7x300, 300x5, 5");
        var (a, b, c) = (example.Inputs<double>()[0], example.Inputs<double>()[1], example.Inputs<double>()[2]);
        Assert.Equal(
            Predict("Add", None, Predict("MatMul", None, a, b), c).Span.ToArray(),
            Predict("Gemm", None, a, b, c).Span.ToArray());
    }

    [Theory]
    [InlineData("7x300, 300x5, 5")]
    [InlineData("3x1x7x300, 300x65, 65")]
    public void Linear_has_the_bits_of_MatMul_and_Add(string shapes)
    {
        var inputs = new FunctionCase("Linear", shapes).Inputs<double>();
        var (x, w, b) = (inputs[0], inputs[1], inputs[2]);
        var product = Predict("MatMul", None, x, w);
        Assert.Equal(Predict("Add", None, product, b).Span.ToArray(), Predict("Linear", None, x, w, b).Span.ToArray());
        for (var input = 0; input < 2; input++)
        {
            Assert.Equal(PullBack("MatMul", None, input, product, x, w).Span.ToArray(),
                PullBack("Linear", None, input, product, x, w, b).Span.ToArray());
        }
        Assert.Equal(PullBack("Add", None, 1, product, product, b).Span.ToArray(),
            PullBack("Linear", None, 2, product, x, w, b).Span.ToArray());
    }

    [Fact]
    public void A_product_over_nothing_is_zero() =>
        Same(Array([2, 2], 0, 0, 0, 0), Predict("MatMul", None, Count(2, 0), Count(0, 2)));
}
