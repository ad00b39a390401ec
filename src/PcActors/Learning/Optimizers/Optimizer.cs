using System.Numerics;
using PcActors.Learning.Descriptions;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Sharing;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Learning.Optimizers;

/// <summary>Turns a gradient into an update. It holds numbers only: a parameter's state lives
/// with the parameter.</summary>
public abstract partial class Optimizer : IDescribed
{
    private const int PartLength = 512;

    // Of an element's update by two moments, besides what is read and written: a root and some divisions.
    private const int OperationsOfMoments = 16;

    /// <summary>Creates an optimizer.</summary>
    /// <param name="values">The values of its hyperparameters, of which <see cref="Rate"/> and
    /// <see cref="Decay"/> are two.</param>
    protected Optimizer(Values values)
    {
        Values = values;
        (LearningRate, WeightDecay) = (values.Number(Rate(1).Name), values.Number(Decay.Name));
    }

    /// <summary>lambda, 0 by default: every optimizer has it.</summary>
    protected static Hyperparameter Decay { get; } = DecayOf(0);

    /// <summary>alpha, before the schedule's factor.</summary>
    public double LearningRate { get; }

    /// <summary>lambda.</summary>
    public double WeightDecay { get; }

    /// <summary>The name of its description.</summary>
    public string Name => Values.Kind;

    /// <inheritdoc/>
    public Values Values { get; }

    /// <summary>alpha: every optimizer has it.</summary>
    /// <param name="otherwise">Its default.</param>
    protected static Hyperparameter Rate(double otherwise) => Hyperparameter.Number(
        "learningRate", otherwise, NumberRange.Positive, "alpha, how far a parameter moves against its gradient");

    /// <summary>lambda: every optimizer has it.</summary>
    /// <param name="otherwise">Its default.</param>
    protected static Hyperparameter DecayOf(double otherwise) => Hyperparameter.Number(
        "weightDecay", otherwise, NumberRange.NonNegative, "lambda, how strongly a parameter is drawn to 0");

    /// <summary>Whether lambda theta is added to the gradient before the update. Else the update decays theta
    /// itself.</summary>
    protected virtual bool DecaysGradient => true;

    /// <summary>How many tensors of the parameter's shape its state has.</summary>
    public abstract int StateTensors { get; }

    /// <summary>Whether the update is theta - alpha gradient and nothing else, which a product can do as it
    /// finishes.</summary>
    public virtual bool IsPlain => false;

    /// <summary>The parameter's next value, and its next state.</summary>
    /// <param name="update">Number of this update of the parameter, from 1.</param>
    /// <param name="rate">alpha at this step: <see cref="LearningRate"/> times the schedule's factor.</param>
    /// <param name="theta">The value.</param>
    /// <param name="gradients">dL / dtheta, summed over samples.</param>
    /// <param name="batchSize">How many samples that are.</param>
    /// <param name="next">Receives the next value.</param>
    /// <param name="state">The state, <see cref="StateTensors"/> tensors that start at 0.</param>
    /// <param name="nextState">Receives the next state.</param>
    public void Update<T>(
        long update, double rate, ReadOnlySpan<T> theta, ReadOnlySpan<T> gradients, int batchSize, Span<T> next,
        ReadOnlySpan<Tensor<T>> state, ReadOnlySpan<Tensor<T>> nextState)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        UpdateFrom(0, update, rate, theta, gradients, batchSize, next, state, nextState);

    /// <summary>As <see cref="Update{T}(long, double, ReadOnlySpan{T}, ReadOnlySpan{T}, int, Span{T},
    /// ReadOnlySpan{Tensor{T}}, ReadOnlySpan{Tensor{T}})"/>, on as many threads as it pays, in the same stretches.
    /// </summary>
    internal void UpdateOnThreads<T>(
        long update, double rate, Tensor<T> theta, Tensor<T> gradients, int batchSize, Tensor<T> next,
        Tensor<T>[] state, Tensor<T>[] nextState)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var parts = KernelThreads.PartsOfFunction<T>(
            StateTensors < 2 ? 0 : OperationsOfMoments, 3 + (2 * StateTensors), next.Length,
            (next.Length / PartLength) + 1);
        if (parts == 1)
            Update(update, rate, theta.Span, gradients.Span, batchSize, next.Writable, state, nextState);
        else Share(parts, update, rate, theta, gradients, batchSize, next, state, nextState);
    }

    private void Share<T>(
        int parts, long update, double rate, Tensor<T> theta, Tensor<T> gradients, int batchSize, Tensor<T> next,
        Tensor<T>[] state, Tensor<T>[] nextState)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => KernelThreads.Run(parts, part =>
        {
            var start = KernelThreads.Start(part, parts, next.Length, PartLength);
            var range = start..KernelThreads.Start(part + 1, parts, next.Length, PartLength);
            UpdateFrom(
                start, update, rate, theta.Span[range], gradients.Span[range], batchSize,
                next.Writable[range], state, nextState);
        });

    /// <summary>Updates a stretch of a parameter that begins at an element; its state is given whole.</summary>
    private void UpdateFrom<T>(
        int first, long update, double rate, ReadOnlySpan<T> theta, ReadOnlySpan<T> gradients, int batchSize,
        Span<T> next, ReadOnlySpan<Tensor<T>> state, ReadOnlySpan<Tensor<T>> nextState)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (IsPlain)
        {
            TensorPrimitives.FusedMultiplyAdd(gradients, -PlainStep<T>(rate, batchSize), theta, next);
            TensorPrimitives.Add(next, T.Zero, next);
            return;
        }
        var share = T.One / T.CreateChecked(batchSize);
        var decay = T.CreateChecked(DecaysGradient ? WeightDecay : 0);
        Span<T> decayed = stackalloc T[PartLength];
        Span<T> scratch = stackalloc T[PartLength];
        for (var start = 0; start < next.Length; start += PartLength)
        {
            var count = Math.Min(PartLength, next.Length - start);
            var part = new Part<T>(
                update, rate, first + start, theta.Slice(start, count), decayed[..count], scratch[..count],
                next.Slice(start, count), state, nextState);
            TensorPrimitives.Multiply(gradients.Slice(start, count), share, part.Gradient);
            TensorPrimitives.FusedMultiplyAdd(part.Theta, decay, part.Gradient, part.Gradient);
            Update(part);
            // A negative zero becomes a positive one: a zero error carries no sign that
            // matters, and must not leave one.
            TensorPrimitives.Add(part.Next, T.Zero, part.Next);
        }
    }

    /// <summary>What the sum of the samples' gradients is multiplied by where nothing but the rate acts on their mean:
    /// one rounding for both.</summary>
    internal static T PlainStep<T>(double rate, int batchSize)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.CreateChecked(rate / batchSize);

    /// <summary>The next value and state of a part, which may be any stretch of a parameter, on several threads at
    /// once. Each operation is one correctly rounded IEEE operation an element, so that the bits are the same at every
    /// vector width.</summary>
    protected abstract void Update<T>(Part<T> part)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>next = theta - alpha step.</summary>
    protected static void Descend<T>(Part<T> part, ReadOnlySpan<T> step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TensorPrimitives.FusedMultiplyAdd(step, -T.CreateChecked(part.Rate), part.Theta, part.Next);
}
