namespace PcActors.Functions;

/// <summary>A reduction that is a function of the sum of a function of each element, in float64. A new one is such a struct.</summary>
internal interface IReductionMap
{
    /// <summary>The ONNX operator type.</summary>
    static abstract string OperatorType { get; }

    /// <summary>Floating-point operations an element, about.</summary>
    static virtual int Cost => 2;

    /// <summary>What an element adds to the sum.</summary>
    static abstract double Term(double x);

    /// <summary>mu of the sum.</summary>
    static virtual double Finish(double sum) => sum;

    /// <summary>dmu / dx.</summary>
    static abstract double Slope(double x, double mu);
}
