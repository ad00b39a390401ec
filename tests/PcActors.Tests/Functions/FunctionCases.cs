namespace PcActors.Tests.Functions;

/// <summary>The configurations that every property of functions is checked on. A new operator adds
/// its lines to a family.</summary>
public static partial class FunctionCases
{
    private static readonly Dictionary<string, FunctionCase> ByName =
        Elementwise.Concat(Scalar).Concat(Conditions).Concat(Variadic).Concat(Products).Concat(Convolution)
            .Concat(Normalizing).Concat(Pooling)
            .Concat(Contractions).Concat(Resizing).Concat(ReductionCases).Concat(Layout).Concat(Rearranging)
            .Concat(Indexing).Concat(Losses).Concat(Regularizing).Concat(Ordering).Concat(Remainders)
            .Concat(Sampling).Concat(Chains).Concat(Cells)
            .ToDictionary(c => c.ToString());

    /// <summary>All cases.</summary>
    public static IEnumerable<FunctionCase> All => ByName.Values;

    /// <summary>The names of all cases, one row each.</summary>
    public static TheoryData<string> Names => [.. ByName.Keys];

    /// <summary>The case of a name.</summary>
    public static FunctionCase Get(string name) => ByName[name];
}
