namespace PcActors.Functions;

/// <summary>A function of one number with its derivative, in float64. A new element-wise operator is such a struct.</summary>
/// <typeparam name="TSelf">The struct itself.</typeparam>
internal interface IScalarMap<TSelf>
    where TSelf : struct, IScalarMap<TSelf>
{
    /// <summary>The ONNX operator type.</summary>
    static abstract string OperatorType { get; }

    /// <summary>Floating-point operations, about.</summary>
    static virtual int Cost => 1;

    /// <summary>Whether errors are pulled back at all.</summary>
    static virtual bool IsDifferentiable => true;

    /// <summary>The function with the attributes given.</summary>
    static virtual TSelf From(Attributes attributes) => default;

    /// <summary>mu.</summary>
    double Value(double x);

    /// <summary>dmu / dx.</summary>
    double Slope(double x, double mu);
}
