using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors.Kernels.Lanes;

namespace PcActors.Tensors.Kernels.ElementWise;

/// <summary>tanh |x| = e / (e + 2) with e = e^(2|x|) - 1, which does not cancel near 0; then x's sign.</summary>
internal readonly struct HyperbolicTangent<T, TVector, TLanes>
    : IVectorFunction<HyperbolicTangent<T, TVector, TLanes>, T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
{
    private static readonly ConstantTable Table = new(
    [
        // From here on tanh is 1.
        (9.1f, 19.1),
        (2f, 2.0),
        // The bit of the sign.
        (-0f, -0.0),
    ]);

    private readonly Exponential<T, TVector, TLanes> _exponential;
    private readonly TVector _bound, _two, _signBit;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private HyperbolicTangent(ref T constants)
    {
        _exponential = Exponential<T, TVector, TLanes>.Create();
        _bound = ConstantTable.At<T, TVector, TLanes>(ref constants, 0);
        _two = ConstantTable.At<T, TVector, TLanes>(ref constants, 1);
        _signBit = ConstantTable.At<T, TVector, TLanes>(ref constants, 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static HyperbolicTangent<T, TVector, TLanes> Create() => new(ref Table.Of<T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector x)
    {
        var sign = TLanes.And(x, _signBit);
        var magnitude = TLanes.Xor(x, sign);
        magnitude = TLanes.Select(TLanes.LessThan(_bound, magnitude), _bound, magnitude);
        _exponential.Reduce(TLanes.Add(magnitude, magnitude), out var n, out var r);
        var scale = _exponential.PowerOfTwo(n);
        var e = TLanes.MultiplyAdd(scale, _exponential.Minus1(r), TLanes.Subtract(scale, _exponential.One));
        return TLanes.Xor(TLanes.Divide(e, TLanes.Add(e, _two)), sign);
    }
}

/// <summary>1 / (1 + e^-x) for x &gt;= 0, e^x / (1 + e^x) for x &lt; 0: the exponential is at most 1, and nothing
/// cancels.</summary>
internal readonly struct Logistic<T, TVector, TLanes> : IVectorFunction<Logistic<T, TVector, TLanes>, T, TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector, T>
{
    // The bit of the sign.
    private static readonly ConstantTable Table = new([(-0f, -0.0)]);

    private readonly Exponential<T, TVector, TLanes> _exponential;
    private readonly TVector _zero, _signBit;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Logistic(ref T constants)
    {
        _exponential = Exponential<T, TVector, TLanes>.Create();
        _zero = TLanes.Broadcast(T.Zero);
        _signBit = ConstantTable.At<T, TVector, TLanes>(ref constants, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Logistic<T, TVector, TLanes> Create() => new(ref Table.Of<T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply(TVector x)
    {
        var power = _exponential.Apply(TLanes.Or(x, _signBit));
        var numerator = TLanes.Select(TLanes.LessThan(x, _zero), power, _exponential.One);
        return TLanes.Divide(numerator, TLanes.Add(_exponential.One, power));
    }
}
