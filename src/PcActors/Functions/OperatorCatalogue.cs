using System.Numerics;

namespace PcActors.Functions;

/// <summary>The operators that a graph can be built from, by their ONNX names.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public static class OperatorCatalogue<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A new operator is one file and one line here: its name, its constructor, the attributes that it knows.
    private static readonly Dictionary<string, Entry> Entries = new(StringComparer.Ordinal)
    {
        ["Add"] = new(_ => new Add<T>()),
        ["Concat"] = new(a => new Concat<T>(a), "axis"),
        ["Div"] = new(_ => new Div<T>()),
        ["Exp"] = new(_ => new Exp<T>()),
        ["Flatten"] = new(a => new Flatten<T>(a), "axis"),
        ["Gemm"] = new(a => new Gemm<T>(a), "alpha", "beta", "transA", "transB"),
        ["Identity"] = new(_ => new Identity<T>()),
        ["Log"] = new(_ => new Log<T>()),
        ["LogSoftmax"] = new(a => new LogSoftmax<T>(a), "axis"),
        ["MatMul"] = new(_ => new MatMul<T>()),
        ["Mul"] = new(_ => new Mul<T>()),
        ["Neg"] = new(_ => new Neg<T>()),
        ["ReduceMean"] = new(a => new ReduceMean<T>(a), "axes", "keepdims", "noop_with_empty_axes"),
        ["ReduceSum"] = new(a => new ReduceSum<T>(a), "axes", "keepdims", "noop_with_empty_axes"),
        ["Relu"] = new(_ => new Relu<T>()),
        ["Reshape"] = new(a => new Reshape<T>(a), "shape", "allowzero"),
        ["Sigmoid"] = new(_ => new Sigmoid<T>()),
        ["Slice"] = new(a => new Slice<T>(a), "starts", "ends", "axes", "steps"),
        ["Softmax"] = new(a => new Softmax<T>(a), "axis"),
        ["Sub"] = new(_ => new Sub<T>()),
        ["Tanh"] = new(_ => new Tanh<T>()),
        ["Transpose"] = new(a => new Transpose<T>(a), "perm"),
    };

    /// <summary>The names of all operators, in ordinal order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Entries.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The attributes that an operator knows; null when there is no such operator.</summary>
    public static IReadOnlyList<string>? AttributesOf(string operatorType) =>
        Entries.TryGetValue(operatorType, out var entry) ? entry.Attributes : null;

    /// <summary>The function of an operator with its attributes.</summary>
    /// <exception cref="NotSupportedException">There is no such operator; the message lists those that there are.</exception>
    /// <exception cref="AttributeException">An attribute is missing or wrong.</exception>
    public static ElementaryFunction<T> Create(string operatorType, Attributes attributes)
    {
        if (!Entries.TryGetValue(operatorType, out var entry))
        {
            throw new NotSupportedException(
                $"the operator '{operatorType}' is not supported; supported are {string.Join(", ", Names)}");
        }
        // An attribute that nobody reads would be a silent change of meaning.
        foreach (var name in attributes.Names)
        {
            if (!entry.Attributes.Contains(name, StringComparer.Ordinal))
                throw new AttributeException($"{operatorType}: it has no attribute '{name}'; {Known(entry.Attributes)}");
        }
        try
        {
            return entry.Construct(attributes);
        }
        catch (AttributeException wrong)
        {
            throw new AttributeException($"{operatorType}: {wrong.Message}");
        }
    }

    private static string Known(string[] names) =>
        names.Length == 0 ? "it has none" : $"it knows {string.Join(", ", names)}";

    private sealed record Entry(Func<Attributes, ElementaryFunction<T>> Construct, params string[] Attributes);
}
