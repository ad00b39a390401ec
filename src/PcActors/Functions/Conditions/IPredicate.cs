namespace PcActors.Functions;

/// <summary>A condition on two numbers. A new comparison is such a struct.</summary>
internal interface IPredicate
{
    /// <summary>The ONNX operator type.</summary>
    static abstract string OperatorType { get; }

    /// <summary>Whether it holds.</summary>
    static abstract bool Holds(double x, double y);
}
