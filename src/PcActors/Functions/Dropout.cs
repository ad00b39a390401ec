using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Tensors;
using static PcActors.Functions.OperatorAttribute;
using static PcActors.Functions.OperatorInput;

namespace PcActors.Functions;

/// <summary>Dropout, and its mask.</summary>
internal static class DropoutOperators
{
    private static Operator Whole => new("Dropout", typeof(Dropout<>))
    {
        Inputs = ["data", Of(Float("ratio", 0.5), since: 12), Of(Flag("training_mode"), since: 12)],
        Attributes = [Integer("seed", 0)],
        Remark =
            "the mask is drawn by NumPy's generator: alone, as ONNX's reference does, from the attribute's seed (0); "
            + "while a network " +
            "learns, anew for each step, micro-batch and vertex",
    };

    public static Operator[] All =>
    [
        Whole,
        Whole with { Name = "Dropout:mask", Function = typeof(DropoutMaskFunction<>), Output = OutputKind.Condition,
            Attributes = [.. Whole.Attributes, Text(DropoutMask.Of)] },
    ];
}

/// <summary>ONNX Dropout: in training, 0 for each element with probability ratio, and the
/// others over 1 - ratio; the input as it is otherwise. The pull-back does the same to the error.</summary>
/// <remarks>Attributes: ratio (0.5), training_mode (0), seed (0). By itself it has the mask of ONNX's
/// reference, which depends on the seed alone, and which the operator <c>Dropout:mask</c> gives. While a network learns
/// the mask is drawn anew for each step, micro-batch and vertex; in a network's predictions
/// nothing is dropped.</remarks>
internal sealed class Dropout<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private DropoutMask _mask = new(settings);

    public override bool IsView => _mask.KeepsAll;

    public override bool IsDrawn => !_mask.KeepsAll;

    public override ElementaryFunction<T> Drawn(ulong? seed)
    {
        var drawn = (Dropout<T>)MemberwiseClone();
        drawn._mask = _mask.Drawn(seed);
        return drawn;
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction) =>
        _mask.Drop(inputs[0].Span, prediction.Writable);

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        _mask.Drop(error.Span, result.Writable);

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => IsView ? 0 : prediction.Length;
}

/// <summary>The second output of ONNX Dropout: 1 for each element that is kept, 0 for the others.
/// Nothing is pulled back.</summary>
/// <remarks>Attributes: Dropout's, and draws, the name of the Dropout's vertex: while a network
/// learns it is the mask that is drawn there. Without it a mask of its own is drawn.</remarks>
internal sealed class DropoutMaskFunction<T>(OperatorSettings settings) : ElementaryFunction<T>(settings)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly string? _of = settings.Has(DropoutMask.Of) ? settings.Text(DropoutMask.Of) : null;
    private DropoutMask _mask = new(settings);

    public override bool IsDrawn => !_mask.KeepsAll;

    internal override string? DrawnAs => _of;

    public override ElementaryFunction<T> Drawn(ulong? seed)
    {
        var drawn = (DropoutMaskFunction<T>)MemberwiseClone();
        drawn._mask = _mask.Drawn(seed);
        return drawn;
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction) =>
        _mask.Fill(prediction.Writable);

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        result.Writable.Clear();
}

/// <summary>Which elements a dropout keeps: a pure function of its attributes, and that of ONNX's reference.</summary>
/// <remarks>Attributes: ratio (0.5), the probability of being dropped; training_mode (0): outside
/// it all are kept; seed (0), of which the lower 32 bits count. An element is kept when its number in [0, 1), drawn in
/// row-major order, is not below the ratio.</remarks>
internal sealed class DropoutMask
{
    /// <summary>The attribute of a mask that names the vertex whose draws it shows.</summary>
    public const string Of = "draws";

    private readonly uint _seed;
    private readonly double _ratio;

    private DropoutMask(uint seed, double ratio, bool keepsAll) => (_seed, _ratio, KeepsAll) = (seed, ratio, keepsAll);

    /// <summary>The mask of the settings.</summary>
    /// <exception cref="AttributeException">The ratio is no probability.</exception>
    public DropoutMask(OperatorSettings settings)
    {
        _ratio = settings.Float("ratio");
        if (!(_ratio is >= 0 and <= 1)) throw new AttributeException($"ratio is {_ratio}; it must lie in [0, 1]");
        KeepsAll = !settings.Flag("training_mode") || _ratio == 0;
        _seed = (uint)settings.Integer("seed");
    }

    /// <summary>Whether every element is kept, as it is.</summary>
    public bool KeepsAll { get; }

    /// <summary>The mask of a draw, to which the seed attribute adds; without one, the mask that keeps all.</summary>
    public DropoutMask Drawn(ulong? draw) => new((uint)((draw ?? 0) + _seed), _ratio, draw is null);

    /// <summary>Elements that are kept over 1 - ratio, so that the expected value stays,
    /// and 0 for the others.</summary>
    /// <param name="source">The elements.</param>
    /// <param name="result">Receives them.</param>
    public void Drop<T>(ReadOnlySpan<T> source, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        source.CopyTo(result);
        if (!KeepsAll) Apply(result, T.CreateChecked(1 / (1 - _ratio)));
    }

    /// <summary>1 for each element that is kept, 0 for the others.</summary>
    public void Fill<T>(Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        result.Fill(T.One);
        if (!KeepsAll) Apply(result, T.One);
    }

    [SkipLocalsInit]
    private void Apply<T>(Span<T> elements, T scale)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var numbers = new MersenneTwister(_seed, stackalloc uint[MersenneTwister.Size]);
        foreach (ref var element in elements) element = numbers.NextDouble() >= _ratio ? element * scale : T.Zero;
    }
}

/// <summary>The generator MT19937 (M. Matsumoto, T. Nishimura, "Mersenne twister", ACM TOMACS 8(1), 1998) as NumPy's
/// <c>RandomState</c> seeds and reads it: what ONNX's reference of Dropout draws its mask from.</summary>
internal ref struct MersenneTwister
{
    /// <summary>Words of state.</summary>
    public const int Size = 624;

    private const int Shift = 397;

    private readonly Span<uint> _state;
    private int _next;

    /// <summary>The sequence of a seed.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="state">Of <see cref="Size"/> words, in use as long as the generator.</param>
    public MersenneTwister(uint seed, Span<uint> state)
    {
        _state = state[..Size];
        _state[0] = seed;
        for (var i = 1; i < Size; i++) _state[i] = (1812433253 * (_state[i - 1] ^ (_state[i - 1] >> 30))) + (uint)i;
        _next = Size;
    }

    /// <summary>The next 32 bits.</summary>
    public uint NextUInt32()
    {
        if (_next == Size) Twist();
        var bits = _state[_next++];
        bits ^= bits >> 11;
        bits ^= (bits << 7) & 0x9D2C5680;
        bits ^= (bits << 15) & 0xEFC60000;
        return bits ^ (bits >> 18);
    }

    /// <summary>The next number in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble()
    {
        var (high, low) = (NextUInt32() >> 5, NextUInt32() >> 6);
        return ((high * 67108864.0) + low) * (1.0 / (1L << 53));
    }

    private void Twist()
    {
        for (var i = 0; i < Size; i++)
        {
            var bits = (_state[i] & 0x80000000) | (_state[i + 1 == Size ? 0 : i + 1] & 0x7FFFFFFF);
            var other = i + Shift < Size ? i + Shift : i + Shift - Size;
            _state[i] = _state[other] ^ (bits >> 1) ^ ((bits & 1) == 0 ? 0 : 0x9908B0DF);
        }
        _next = 0;
    }
}
