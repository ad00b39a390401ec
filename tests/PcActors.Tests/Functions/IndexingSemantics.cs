using PcActors.Functions;
using PcActors.Tensors;
using static PcActors.Tests.Functions.Evaluate;

namespace PcActors.Tests.Functions;

/// <summary>Reading and writing at indices, on the examples of ONNX's documentation.</summary>
public sealed class IndexingSemantics
{
    private static readonly Attributes None = Attributes.Empty;

    [Fact]
    public void Gather_takes_entries_of_an_axis()
    {
        var x = Array([3, 2], 1, 1.2, 2.3, 3.4, 4.5, 5.7);
        Same(
            Array([2, 2, 2], 1, 1.2, 2.3, 3.4, 2.3, 3.4, 4.5, 5.7),
            Predict("Gather", None, x, Array([2, 2], 0, 1, 1, 2)));
        var y = Array([3, 3], 1, 1.2, 1.9, 2.3, 3.4, 3.9, 4.5, 5.7, 5.9);
        Same(Array([3, 1, 2], 1, 1.9, 2.3, 3.9, 4.5, 5.9), Predict("Gather", Axis(1), y, Array([1, 2], 0, 2)));
        Same(Array([2], 4.5, 5.7), Predict("Gather", None, x, Array([], -1)));
        // Row 1 is read twice.
        Same(
            Array([3, 2], 1, 2, 8, 10, 7, 8),
            PullBack("Gather", None, 0, Array([2, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8), x, Array([2, 2], 0, 1, 1, 2)));
    }

    [Fact]
    public void GatherElements_takes_elements_along_an_axis()
    {
        Same(Array([2, 2], 1, 1, 4, 3),
            Predict("GatherElements", Axis(1), Array([2, 2], 1, 2, 3, 4), Array([2, 2], 0, 0, 1, 0)));
        var x = Array([3, 3], 1, 2, 3, 4, 5, 6, 7, 8, 9);
        Same(Array([2, 3], 4, 8, 3, 7, 2, 3), Predict("GatherElements", None, x, Array([2, 3], 1, 2, 0, 2, 0, 0)));
        Same(Array([2, 3], 7, 5, 3, 4, 2, 3), Predict("GatherElements", None, x, Array([2, 3], -1, -2, 0, -2, 0, 0)));
    }

    [Fact]
    public void GatherND_takes_blocks_by_their_first_axes()
    {
        var x = Count(2, 2);
        Same(Array([2], 0, 3), Predict("GatherND", None, x, Array([2, 2], 0, 0, 1, 1)));
        Same(Array([2, 2], 2, 3, 0, 1), Predict("GatherND", None, x, Array([2, 1], 1, 0)));
        Same(Array([2, 2], 2, 3, 4, 5), Predict("GatherND", None, Count(2, 2, 2), Array([2, 2], 0, 1, 1, 0)));
        Same(Array([2, 2], 2, 3, 4, 5),
            Predict("GatherND", Attributes.Of(("batch_dims", 1)), Count(2, 2, 2), Array([2, 1], 1, 0)));
    }

    [Fact]
    public void ScatterElements_writes_elements_along_an_axis()
    {
        var indices = Array([2, 3], 1, 0, 2, 0, 2, 1);
        var updates = Array([2, 3], 1, 1.1, 1.2, 2, 2.1, 2.2);
        Same(Array([3, 3], 2, 1.1, 0, 1, 0, 2.2, 0, 2.1, 1.2),
            Predict("ScatterElements", None, Array([3, 3], new double[9]), indices, updates));
        var row = Array([1, 5], 1, 2, 3, 4, 5);
        Same(Array([1, 5], 1, 1.1, 3, 2.1, 5), Scatter(row, Array([1, 2], 1, 3), "none"));
        Same(Array([1, 5], 1, 1.1, 2.1, 4, 5), Scatter(row, Array([1, 2], 1, -3), "none"));
        Same(Array([1, 5], 1, 5.2, 3, 4, 5), Scatter(row, Array([1, 2], 1, 1), "add"));
        Same(Array([1, 5], 1, 4.62, 3, 4, 5), Scatter(row, Array([1, 2], 1, 1), "mul"));
        Same(Array([1, 5], 1, 2.1, 3, 4, 5), Scatter(row, Array([1, 2], 1, 1), "max"));
        Same(Array([1, 5], 1, 1.1, 3, 4, 5), Scatter(row, Array([1, 2], 1, 1), "min"));
    }

    [Fact]
    public void ScatterND_writes_blocks_by_their_first_axes()
    {
        var x = Array([8], 1, 2, 3, 4, 5, 6, 7, 8);
        Same(Array([8], 1, 11, 3, 10, 9, 6, 7, 12),
            Predict("ScatterND", None, x, Array([4, 1], 4, 3, 1, 7), Array([4], 9, 10, 11, 12)));
        Same(
            Array([2, 2], 0, 1, 12, 23),
            Predict("ScatterND", Attributes.Of(("reduction", "add")), Count(2, 2), Array([2, 1], 1, 1),
                Array([2, 2], 4, 8, 6, 12)));
    }

    [Fact]
    public void Of_several_updates_at_a_place_the_last_one_stays_and_gets_the_error()
    {
        var (x, indices, updates) = (Array([3], 1, 2, 3), Array([3, 1], 1, 1, 0), Array([3], 5, 6, 7));
        var error = Array([3], 10, 20, 30);
        Same(Array([3], 7, 6, 3), Predict("ScatterND", None, x, indices, updates));
        Same(Array([3], 0, 20, 10), PullBack("ScatterND", None, 2, error, x, indices, updates));
        Same(Array([3], 0, 0, 30), PullBack("ScatterND", None, 0, error, x, indices, updates));
    }

    [Fact]
    public void A_scattered_product_has_derivatives_where_a_factor_is_zero()
    {
        var (x, indices, updates) = (Array([1], 2), Array([3, 1], 0, 0, 0), Array([3], 3, 0, 5));
        var mul = Attributes.Of(("reduction", "mul"));
        Same(Array([3], 0, 30, 0), PullBack("ScatterND", mul, 2, Array([1], 1), x, indices, updates));
        Same(Array([1], 0), PullBack("ScatterND", mul, 0, Array([1], 1), x, indices, updates));
    }

    [Fact]
    public void Scattered_values_that_tie_share_the_error()
    {
        var (x, indices, updates) = (Array([2], 4, 1), Array([3, 1], 0, 0, 1), Array([3], 4, 2, 1));
        var max = Attributes.Of(("reduction", "max"));
        Same(Array([3], 3, 0, 3), PullBack("ScatterND", max, 2, Array([2], 6, 6), x, indices, updates));
        Same(Array([2], 3, 3), PullBack("ScatterND", max, 0, Array([2], 6, 6), x, indices, updates));
    }

    [Fact]
    public void OneHot_is_on_at_the_index()
    {
        var values = Array([2], 2, 5);
        Same(Array([2, 3], 5, 2, 2, 2, 2, 5),
            Predict("OneHot", Attributes.Of(("depth", 3)), Array([2], 0, -1), values));
        Same(Array([3, 2], 5, 2, 2, 2, 2, 5),
            Predict("OneHot", Attributes.Of(("depth", 3), ("axis", 0)), Array([2], 0, 2), values));
        Same(Array([2, 3], 2, 2, 2, 2, 2, 2),
            Predict("OneHot", Attributes.Of(("depth", 3)), Array([2], 3, -4), values));
        Same(
            Array([2], 2 + 4 + 8 + 16, 1 + 32),
            PullBack("OneHot", Attributes.Of(("depth", 3)), 1, Array([2, 3], 1, 2, 4, 8, 16, 32), Array([2], 0, 2),
                values));
    }

    [Theory]
    [InlineData("Gather", 3)]
    [InlineData("Gather", -4)]
    [InlineData("GatherElements", 3)]
    [InlineData("GatherElements", 1e300)]
    [InlineData("GatherElements", double.NaN)]
    public void An_index_outside_its_axis_is_named(string name, double index)
    {
        var error = Assert.Throws<IndexException>(() => Predict(name, None, Count(3), Array([1], index)));
        Assert.StartsWith($"{name}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("axis 0", error.Message, StringComparison.Ordinal);
        Assert.Contains("[-3, 2]", error.Message, StringComparison.Ordinal);
    }

    private static Attributes Axis(int axis) => Attributes.Of(("axis", axis));

    private static Tensor<double> Scatter(Tensor<double> x, Tensor<double> indices, string reduction) =>
        Predict("ScatterElements", Attributes.Of(("axis", 1), ("reduction", reduction)), x, indices,
            Array([1, 2], 1.1, 2.1));
}
