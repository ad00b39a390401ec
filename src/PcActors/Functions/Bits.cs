using System.Numerics;
using static PcActors.Functions.OperatorAttribute;

namespace PcActors.Functions;

/// <summary>Functions of the bits of whole numbers.</summary>
internal static class BitOperators
{
    private const string Nothing = "whole numbers; nothing is pulled back";

    public static Operator[] All =>
    [
        Of("BitShift", typeof(BitFunction<,>), typeof(BitShift)) with
        {
            Attributes = [Text("direction", "LEFT", "RIGHT").Required, Text(ElementType.Attribute)], Since = 11,
        },
        Of("BitwiseAnd", typeof(BitFunction<,>), typeof(BitwiseAnd)),
        Of("BitwiseNot", typeof(BitwiseNot<>)) with { Inputs = ["X"] },
        Of("BitwiseOr", typeof(BitFunction<,>), typeof(BitwiseOr)),
        Of("BitwiseXor", typeof(BitFunction<,>), typeof(BitwiseXor)),
    ];

    private static Operator Of(string name, Type function, params Type[] arguments) => new(name, function, arguments)
    {
        Inputs = ["A", "B"],
        Attributes = [Text(ElementType.Attribute)],
        Since = 18,
        Remark = Nothing,
    };
}

/// <summary>The bits of whole numbers of one type, which are held in floating-point numbers.</summary>
/// <remarks>The attribute element_type names the type; int64 where it is not set.</remarks>
internal readonly struct BitPattern(OperatorSettings settings)
{
    private readonly ElementType _type = settings.Has(ElementType.Attribute)
        ? ElementType.Of(settings)
        : new ElementType(64, IsSigned: true);

    /// <summary>The bits of a number, in two's complement.</summary>
    public static ulong Bits<T>(T number)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        number < T.Zero ? unchecked((ulong)long.CreateSaturating(number)) : ulong.CreateSaturating(number);

    /// <summary>The number that the lowest bits are in the type.</summary>
    public T Number<T>(ulong bits)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var unused = 64 - Math.Clamp(_type.Bits, 1, 64);
        return _type.IsSigned
            ? T.CreateTruncating(unchecked((long)(bits << unused)) >> unused)
            : T.CreateTruncating((bits << unused) >> unused);
    }
}

/// <summary>A function of the bits of two numbers. A new one is such a struct.</summary>
internal interface IBitMap<TSelf>
    where TSelf : struct, IBitMap<TSelf>
{
    /// <summary>The function with the attributes given.</summary>
    static virtual TSelf From(OperatorSettings settings) => default;

    /// <summary>The bits of the result.</summary>
    ulong Of(ulong x, ulong y);
}

/// <summary>A function of the bits of two inputs, element by element, broadcast. Nothing is pulled back.</summary>
/// <remarks>Attribute: element_type (int64).</remarks>
internal sealed class BitFunction<T, TMap>(OperatorSettings settings) : BinaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TMap : struct, IBitMap<TMap>
{
    private readonly BitPattern _pattern = new(settings);
    private readonly TMap _map = TMap.From(settings);

    public override bool IsDifferentiable(int input) => false;

    protected override void Predict(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> mu)
    {
        var (stepX, stepY) = (x.Length == 1 ? 0 : 1, y.Length == 1 ? 0 : 1);
        for (var i = 0; i < mu.Length; i++)
            mu[i] = _pattern.Number<T>(_map.Of(BitPattern.Bits(x[i * stepX]), BitPattern.Bits(y[i * stepY])));
    }

    protected override void PullBack(
        int input, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result) =>
        result.Clear();
}

/// <summary>ONNX BitShift: the bits of x moved by y places; attribute direction (LEFT, RIGHT), which must be set.
/// Bits that leave the type are lost.</summary>
internal readonly struct BitShift(bool isLeft) : IBitMap<BitShift>
{
    public static BitShift From(OperatorSettings settings) => new(settings.Text("direction") == "LEFT");

    public ulong Of(ulong x, ulong y) => y > 63 ? 0 : isLeft ? x << (int)y : x >> (int)y;
}

/// <summary>ONNX BitwiseAnd: the bits that both have.</summary>
internal readonly struct BitwiseAnd : IBitMap<BitwiseAnd>
{
    public ulong Of(ulong x, ulong y) => x & y;
}

/// <summary>ONNX BitwiseOr: the bits that one has, or both.</summary>
internal readonly struct BitwiseOr : IBitMap<BitwiseOr>
{
    public ulong Of(ulong x, ulong y) => x | y;
}

/// <summary>ONNX BitwiseXor: the bits that exactly one has.</summary>
internal readonly struct BitwiseXor : IBitMap<BitwiseXor>
{
    public ulong Of(ulong x, ulong y) => x ^ y;
}

/// <summary>ONNX BitwiseNot: the bits that a number lacks. Nothing is pulled back.</summary>
/// <remarks>Attribute: element_type (int64).</remarks>
internal sealed class BitwiseNot<T>(OperatorSettings settings) : UnaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly BitPattern _pattern = new(settings);

    public override bool IsDifferentiable(int input) => false;

    protected override void Predict(ReadOnlySpan<T> x, Span<T> mu)
    {
        for (var i = 0; i < mu.Length; i++) mu[i] = _pattern.Number<T>(~BitPattern.Bits(x[i]));
    }

    protected override void PullBack(ReadOnlySpan<T> x, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result) =>
        result.Clear();
}
