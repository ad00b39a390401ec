namespace PcActors.Functions;

/// <summary>A floating-point type of 8 or 4 bits: which numbers it has, in the order of their codes.</summary>
/// <remarks>P. Micikevicius and others, "FP8 formats for deep learning", 2022; the forms that end in fnuz (finite, with
/// no negative zero) have one NaN, at the code of the negative zero.</remarks>
internal sealed class NarrowFloat
{
    private static readonly Dictionary<string, NarrowFloat> All = new(StringComparer.Ordinal)
    {
        ["float8e4m3fn"] = new(4, 3, 7, finite: 127) { _nan = 127 },
        ["float8e4m3fnuz"] = new(4, 3, 8, finite: 128) { _nan = 128 },
        ["float8e5m2"] = new(5, 2, 15, finite: 124) { _nan = 127, _infinity = 124 },
        ["float8e5m2fnuz"] = new(5, 2, 16, finite: 128) { _nan = 128 },
        ["float4e2m1"] = new(2, 1, 1, finite: 8),
    };

    // By code, ascending.
    private readonly double[] _magnitudes;
    private readonly int _sign;
    private readonly double _overflow;
    private int _nan = -1;
    private int _infinity = -1;

    private NarrowFloat(int exponentBits, int mantissaBits, int bias, int finite)
    {
        _sign = 1 << (exponentBits + mantissaBits);
        var steps = 1 << mantissaBits;
        _magnitudes = new double[finite];
        for (var code = 0; code < finite; code++) _magnitudes[code] = Magnitude(code);
        // What would be rounded to the next number, if there were one.
        _overflow = (Largest + Magnitude(finite)) / 2;

        double Magnitude(int code)
        {
            var (exponent, mantissa) = (code / steps, code % steps);
            return exponent == 0
                ? double.ScaleB((double)mantissa / steps, 1 - bias)
                : double.ScaleB(1 + ((double)mantissa / steps), exponent - bias);
        }
    }

    /// <summary>The largest finite number.</summary>
    public double Largest => _magnitudes[^1];

    /// <summary>The type of a name; null when it is none of these.</summary>
    public static NarrowFloat? Of(string name) => All.GetValueOrDefault(name);

    /// <summary>The number of a code.</summary>
    public double this[int code] => (code & (_sign - 1), code >= _sign) switch
    {
        _ when code == _nan => double.NaN,
        (var magnitude, var negative) when magnitude < _magnitudes.Length =>
            negative ? -_magnitudes[magnitude] : _magnitudes[magnitude],
        (var magnitude, var negative) when magnitude == _infinity =>
            negative ? double.NegativeInfinity : double.PositiveInfinity,
        _ => double.NaN,
    };

    /// <summary>The nearest number, of two the one with the even code.</summary>
    /// <param name="x">A number.</param>
    /// <param name="saturates">Whether what is too large becomes the largest number, instead of infinity, or NaN where
    /// there is none. NaN becomes -0 where there is none.</param>
    public double Round(double x, bool saturates)
    {
        if (double.IsNaN(x)) return _nan < 0 ? -0.0 : x;
        var magnitude = Math.Abs(x);
        if (magnitude >= _overflow && !(magnitude == _overflow && _magnitudes.Length % 2 != 0))
        {
            if (!saturates && _nan >= 0) return _infinity < 0 ? double.NaN : Math.CopySign(double.PositiveInfinity, x);
            return Math.CopySign(Largest, x);
        }
        var result = _magnitudes[Nearest(magnitude)];
        // A code for a negative zero is not there where NaN has it.
        return result == 0 && _nan == _sign ? 0 : Math.CopySign(result, x);
    }

    /// <summary>The code of the nearest number; infinity keeps its own where there is one.</summary>
    public byte Encode(double x)
    {
        if (double.IsNaN(x)) return (byte)(_nan < 0 ? _sign : _nan);
        var code = double.IsInfinity(x) && _infinity >= 0 ? _infinity : Nearest(Math.Min(Math.Abs(x), Largest));
        return (byte)(double.IsNegative(x) && !(code == 0 && _nan == _sign) ? code | _sign : code);
    }

    private int Nearest(double magnitude)
    {
        var found = Array.BinarySearch(_magnitudes, magnitude);
        if (found >= 0) return found;
        var above = ~found;
        if (above == _magnitudes.Length) return above - 1;
        var middle = (_magnitudes[above - 1] + _magnitudes[above]) / 2;
        return magnitude < middle || (magnitude == middle && above % 2 != 0) ? above - 1 : above;
    }
}
