using System.Buffers;
using System.Numerics;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Sharing;

namespace PcActors.Functions;

/// <summary>Functions of each element one after the other, with the bits that they have as a vertex each.</summary>
/// <remarks>
/// <para>Inputs: X, and the functions' constants in their order: one number, or neighbouring axes of X's shape, along
/// the others of which they are repeated. Attribute: functions, a text such as <c>Mul(x,c);Tanh(x)</c>
/// (<see cref="ChainStep"/>).</para>
/// <para>The functions are carried out on stretches that stay in the cache, in both directions; what is between them
/// is not kept, and computed again for the pull-back as far as that reads it. Nothing is pulled back to constants.
/// </para>
/// </remarks>
internal sealed class ElementwiseChain<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Elements of all buffers together.
    private const int Cached = 1 << 13;
    private const int LongestStretch = 1024;
    private const int ShortestStretch = 128;

    private readonly ChainLink<T>[] _links;
    private readonly long _cost;
    private readonly int _constants;
    private readonly bool _isScalar;

    // How many of the first functions the pull-back has to carry out again, and what that costs.
    private readonly int _again;
    private readonly long _costAgain;

    public ElementwiseChain(OperatorSettings settings)
        : base(settings)
    {
        _links = [.. ChainStep.Parse(settings.Text(ElementwiseChainOperators.Functions)).Select(ChainLink<T>.Of)];
        _cost = _links.Sum(link => link.Cost);
        _constants = _links.Sum(link => link.Constants);
        _isScalar = Array.Exists(_links, link => link.IsScalar);
        for (var i = 0; i < _links.Length; i++)
        {
            if (_links[i].Reads.X) _again = i;
            if (_links[i].Reads.Mu && i < _links.Length - 1) _again = i + 1;
        }
        _costAgain = _links.Take(_again).Sum(link => link.Cost);
    }

    public override int MinInputs => 1 + _constants;

    public override int MaxInputs => 1 + _constants;

    // Of what is between the functions, of a constant, and two of errors.
    private int Buffers => _links.Length + 2;

    private int Stretch => Math.Clamp(Cached / Buffers, ShortestStretch, LongestStretch);

    public override bool IsDifferentiable(int input) => input == 0;

    public override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var at = 1;
        foreach (var link in _links)
        {
            for (var end = at + link.Constants; at < end; at++)
            {
                if (ChainConstants.Repeats(inputs[at], inputs[0]) is null)
                    throw Misfit($"its input {at} is {inputs[at]}; it must be one number, or axes that lie side by "
                        + $"side in X, which is {inputs[0]}");
                if (link.TakesNumbers && inputs[at].Length != 1)
                    throw Misfit($"its input {at} is {inputs[at]}; it must be one number");
            }
        }
        return inputs[0];
    }

    public override void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction)
    {
        var parts = KernelThreads.PartsOfFunction<T>(_cost, 2, prediction.Length, prediction.Length, _isScalar);
        if (parts == 1) Predict(inputs, prediction, 0, prediction.Length);
        else Predict(parts, inputs.ToArray(), prediction);
    }

    public override void PullBack(
        int input, ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result)
    {
        if (input > 0)
        {
            result.Writable.Clear();
            return;
        }
        var parts = KernelThreads.PartsOfFunction<T>(
            (Flops.OfValue * _links.Length) + _costAgain, 4, error.Length, error.Length, _isScalar);
        if (parts == 1) PullBack(inputs, prediction, error, result, 0, error.Length);
        else PullBack(parts, inputs.ToArray(), prediction, error, result);
    }

    public override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => _cost * prediction.Length;

    public override long PullBackCost(int input, ReadOnlySpan<Shape> inputs, Shape prediction) =>
        input > 0 ? 0 : (_costAgain + (3L * _links.Length)) * prediction.Length;

    private void Predict(int parts, Tensor<T>[] inputs, Tensor<T> prediction) => KernelThreads.Run(parts, part =>
    {
        var (start, length) = KernelThreads.RangeOf(part, parts, prediction.Length)
            .GetOffsetAndLength(prediction.Length);
        Predict(inputs, prediction, start, start + length);
    });

    private void PullBack(int parts, Tensor<T>[] inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result) =>
        KernelThreads.Run(parts, part =>
        {
            var (start, length) = KernelThreads.RangeOf(part, parts, error.Length).GetOffsetAndLength(error.Length);
            PullBack(inputs, prediction, error, result, start, start + length);
        });

    private void Predict(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, int first, int end)
    {
        var longest = Math.Min(Stretch, end - first);
        var buffer = ArrayPool<T>.Shared.Rent(Buffers * longest);
        for (var start = first; start < end; start += longest)
        {
            var length = Math.Min(longest, end - start);
            var stretch = new ChainStretch<T>(inputs, start, length, buffer);
            Predict(stretch, _links.Length, prediction.Writable.Slice(start, length));
        }
        ArrayPool<T>.Shared.Return(buffer);
    }

    /// <summary>What the first functions give on a stretch: all into buffers but the very last one.</summary>
    private void Predict(ChainStretch<T> stretch, int count, Span<T> last)
    {
        var x = stretch.X;
        var at = 1;
        for (var i = 0; i < count; i++)
        {
            var link = _links[i];
            var mu = i == _links.Length - 1 ? last : stretch.Buffer(i);
            link.Predict(x, Constant(stretch, link, 0, at), Constant(stretch, link, 1, at), mu);
            x = mu;
            at += link.Constants;
        }
    }

    private void PullBack(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> prediction, Tensor<T> error, Tensor<T> result,
        int first, int end)
    {
        var longest = Math.Min(Stretch, end - first);
        var buffer = ArrayPool<T>.Shared.Rent(Buffers * longest);
        for (var start = first; start < end; start += longest)
        {
            var length = Math.Min(longest, end - start);
            var stretch = new ChainStretch<T>(inputs, start, length, buffer);
            Predict(stretch, _again, default);
            PullBack(stretch, prediction.Span.Slice(start, length), error.Span.Slice(start, length),
                result.Writable.Slice(start, length));
        }
        ArrayPool<T>.Shared.Return(buffer);
    }

    private void PullBack(ChainStretch<T> stretch, ReadOnlySpan<T> mu, ReadOnlySpan<T> error, Span<T> result)
    {
        var at = 1 + _constants;
        for (var i = _links.Length - 1; i >= 0; i--)
        {
            var link = _links[i];
            at -= link.Constants;
            var x = i == 0 ? stretch.X : stretch.Buffer(i - 1);
            // Two buffers in turn, behind those of the values and the constant.
            var pulled = i == 0 ? result : stretch.Buffer(_links.Length + (i % 2));
            link.PullBack(x, Constant(stretch, link, 0, at), Constant(stretch, link, 1, at), mu, error, pulled);
            mu = x;
            error = pulled;
        }
    }

    private ReadOnlySpan<T> Constant(ChainStretch<T> stretch, ChainLink<T> link, int which, int at) =>
        which < link.Constants ? stretch.Constant(at + which, _links.Length - 1) : default;
}
