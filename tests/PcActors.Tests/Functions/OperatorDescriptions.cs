using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Tests.Functions;

/// <summary>What operators say of themselves is what their functions do.</summary>
public sealed class OperatorDescriptions
{
    // No attribute is a list of texts.
    private static readonly string[] OtherKind = ["text"];

    public static TheoryData<string> Cases => FunctionCases.Names;

    public static TheoryData<string> Operators => [.. OperatorCatalogue.Onnx];

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_attribute_that_is_set_to_its_default_changes_nothing(string name)
    {
        var example = FunctionCases.Get(name);
        var function = example.Function<double>();
        var given = function.Attributes;
        var all = Attributes.Of([
            .. given.Names.Select(set => (set, given[set])),
            .. OperatorCatalogue.Find(example.Operator)!.Attributes.Where(known => !given.Has(known.Name))
                .Select(known => (known.Name, known.Default))]);
        var other = OperatorCatalogue.Create<double>(example.Operator, all);
        var shape = function.InferShape(example.InputShapes);
        Assert.Equal(shape, other.InferShape(example.InputShapes));
        var inputs = example.Inputs<double>();
        var (expected, actual) = (new Tensor<double>(shape), new Tensor<double>(shape));
        function.Predict(inputs, expected);
        other.Predict(inputs, actual);
        Assert.Equal(expected.Span.ToArray(), actual.Span.ToArray());
        for (var input = 0; input < inputs.Length; input++)
        {
            Assert.Equal(function.IsDifferentiable(input), other.IsDifferentiable(input));
            var (whole, same) = (new Tensor<double>(inputs[input].Shape), new Tensor<double>(inputs[input].Shape));
            function.PullBack(input, inputs, expected, example.Error<double>(shape), whole);
            other.PullBack(input, inputs, expected, example.Error<double>(shape), same);
            Assert.Equal(whole.Span.ToArray(), same.Span.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Operators))]
    public void An_attribute_of_another_kind_is_refused_by_name(string name)
    {
        var known = OperatorCatalogue.Find(name)!;
        foreach (var attribute in known.Attributes)
        {
            var refusal = Assert.Throws<AttributeException>(
                () => known.With(WithRequired(known, (attribute.Name, OtherKind))));
            Assert.StartsWith($"{name}: ", refusal.Message, StringComparison.Ordinal);
            Assert.Contains($"'{attribute.Name}'", refusal.Message, StringComparison.Ordinal);
            if (attribute.Choices.Count == 0) continue;
            var choice = Assert.Throws<AttributeException>(
                () => known.With(WithRequired(known, (attribute.Name, "none of them"))));
            Assert.All(attribute.Choices, text => Assert.Contains(text, choice.Message, StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Operators))]
    public void A_required_attribute_that_is_missing_is_refused_by_name(string name)
    {
        var known = OperatorCatalogue.Find(name)!;
        foreach (var attribute in known.Attributes.Where(a => a.IsRequired))
        {
            var refusal = Assert.Throws<AttributeException>(
                () => known.With(WithRequired(known, (attribute.Name, null))));
            Assert.Contains($"'{attribute.Name}' is missing", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Operators))]
    public void An_input_without_a_pull_back_is_one_in_the_description(string name)
    {
        var known = OperatorCatalogue.Find(name)!;
        var inputs = known.Inputs.Where(input => input.Attribute is null).ToList();
        foreach (var example in FunctionCases.All.Where(c => c.Operator == name))
        {
            for (var input = 0; input < Math.Min(inputs.Count, example.InputShapes.Length); input++)
            {
                if (inputs[input].Kind is InputKind.Indices or InputKind.Condition or InputKind.Numbers
                    || known.Output is OutputKind.Indices or OutputKind.Condition)
                    Assert.False(example.Function<double>().IsDifferentiable(input));
            }
        }
    }

    [Fact]
    public void A_function_that_reads_what_its_description_lacks_is_a_fault_that_shows()
    {
        var settings = new Operator("Bare").With(Attributes.Empty);
        var fault = Assert.Throws<InvalidOperationException>(() => settings.Float("alpha"));
        Assert.Contains("'alpha'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Optional_inputs_that_are_left_out_have_no_place()
    {
        var clip = OperatorCatalogue.Find("Clip")!.With(Attributes.Of(("absent", new long[] { 1 })));
        Assert.Equal((0, int.MaxValue, 1), (clip.Place(0), clip.Place(1), clip.Place(2)));
    }

    /// <summary>All required attributes, with values of their kinds that need not fit together, and one more.</summary>
    private static Attributes WithRequired(Operator known, (string Name, object? Value) set) => Attributes.Of([
        .. known.Attributes.Where(a => a.IsRequired && a.Name != set.Name).Select(a => (a.Name, ValueOf(a))), set]);

    private static object? ValueOf(OperatorAttribute attribute) => (attribute.IsInteger, attribute.IsList) switch
    {
        (true, true) => new[] { 1L },
        (true, false) => 1L,
        _ => attribute.Choices.Count > 0 ? attribute.Choices[0] : "float",
    };
}
