using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Numerics;

namespace PcActors.Functions;

/// <summary>The operators that a graph can be built from, by name: ONNX's, and those that a
/// program has registered.</summary>
public static class OperatorCatalogue
{
    // A family is one file and one line here.
    private static readonly Operator[] OfOnnx =
    [
        .. ActivationOperators.All, .. ArgExtremumOperators.All, .. ArithmeticOperators.All,
        .. BatchNormalizationOperators.All, .. BitOperators.All, .. ChannelNormalizationOperators.All,
        .. ClassLossOperators.All, .. ConditionOperators.All, .. ConvolutionOperators.All,
        .. DetOperators.All, .. DropoutOperators.All, .. EinsumOperators.All,
        .. ElementKernelOperators.All, .. ExtremumReductionOperators.All, .. FinitenessOperators.All,
        .. GatedUnitOperators.All, .. GatherOperators.All, .. GridSampleOperators.All, .. JoiningOperators.All,
        .. LinearReductionOperators.All,
        .. MappedReductionOperators.All, .. ModOperators.All,
        .. NormalizationOperators.All, .. OneHotOperators.All, .. OtherReductionOperators.All, .. PadOperators.All,
        .. PoolingOperators.All, .. ProductOperators.All, .. RandomOperators.All, .. RearrangingOperators.All,
        .. ResizeOperators.All, .. RoiAlignOperators.All,
        .. RoundingOperators.All, .. RowNormalizationOperators.All, .. RunningOperators.All, .. ScatterOperators.All,
        .. SelectionOperators.All,
        .. SliceOperators.All, .. SoftmaxOperators.All, .. TrigonometricOperators.All, .. VariadicOperators.All,
        .. TopKOperators.All, .. ViewOperators.All,
    ];

    // What predictive coding, and the import of model files, need beyond ONNX.
    private static readonly Operator[] BeyondOnnx = [
        .. ElementwiseChainOperators.All, .. GaussianOperators.All, .. GruCellOperators.All, .. LinearOperators.All,
        .. LstmCellOperators.All, .. MaskedSoftmaxOperators.All];

    private static readonly FrozenDictionary<string, Operator> BuiltIn = OfOnnx.Concat(BeyondOnnx)
        .ToFrozenDictionary(known => known.Name, StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<string, Operator> Registered = new(StringComparer.Ordinal);

    // A function holds no state, so all vertices whose function has no attributes share one.
    private static readonly ConcurrentDictionary<(string Operator, Type Element), object> Plain = new();

    /// <summary>The names of ONNX's operators that are there, in ordinal order.</summary>
    public static IReadOnlyList<string> Onnx { get; } = [
        .. OfOnnx.Select(known => known.Name).Order(StringComparer.Ordinal)];

    /// <summary>The names of all operators, in ordinal order.</summary>
    public static IReadOnlyList<string> Names =>
        [.. BuiltIn.Keys.Concat(Registered.Keys).Order(StringComparer.Ordinal)];

    /// <summary>Makes an operator known, before the first graph that has it is built, read or received.
    /// Every program that shares in a run registers the same ones.</summary>
    /// <exception cref="ArgumentException">Its name is another operator's, or its class is no function.</exception>
    public static void Register(Operator described)
    {
        described.RequireFunction();
        if (BuiltIn.ContainsKey(described.Name)
            || !Registered.GetOrAdd(described.Name, described).HasFunctionOf(described))
            throw new ArgumentException($"there is an operator '{described.Name}' already; choose another name");
    }

    /// <summary>The operator of a name, or null when there is no such one.</summary>
    public static Operator? Find(string name) => BuiltIn.GetValueOrDefault(name) ?? Registered.GetValueOrDefault(name);

    /// <summary>The operator of one of ONNX's outputs: its own for the first, and
    /// <c>Operator:output</c> for others.</summary>
    /// <returns>The operator, or null when there is no such one.</returns>
    public static Operator? Output(string name, int output) =>
        output == 0 ? BuiltIn.GetValueOrDefault(name) : Further(name).ElementAtOrDefault(output - 1);

    /// <summary>The outputs after the first that an operator has here, in ONNX's order.</summary>
    public static IEnumerable<Operator> Further(string name) =>
        OfOnnx.Where(known => known.Name.StartsWith($"{name}:", StringComparison.Ordinal));

    /// <summary>The function of an operator with its attributes.</summary>
    /// <exception cref="NotSupportedException">There is no such operator; the message names
    /// similar ones.</exception>
    /// <exception cref="AttributeException">An attribute is unknown, missing or wrong.</exception>
    public static ElementaryFunction<T> Create<T>(string name, Attributes? attributes = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => attributes is null || attributes.IsEmpty
        ? (ElementaryFunction<T>)Plain.GetOrAdd((name, typeof(T)),
            static key => Required(key.Operator).Create<T>(Attributes.Empty))
        : Required(name).Create<T>(attributes);

    private static Operator Required(string name)
    {
        if (Find(name) is { } known) return known;
        var near = NearNames.Of(name, Names);
        throw new NotSupportedException($"the operator '{name}' is not supported; " + (near.Count > 0
            ? $"similar ones that are: {string.Join(", ", near)}"
            : "docs/operators.md lists those that are, beside those that this program registers"));
    }
}
