using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>A function of windows of one input [N, C, ...], each of one to three axes.</summary>
public abstract class PoolingFunction<T> : ElementaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A pooling with the windows of the attributes.</summary>
    private protected PoolingFunction(Attributes attributes)
    {
        Attributes = attributes;
        Window = new PoolingWindow(attributes);
    }

    /// <inheritdoc/>
    public sealed override Attributes Attributes { get; }

    /// <inheritdoc/>
    public sealed override int MinInputs => 1;

    private protected PoolingWindow Window { get; }

    /// <inheritdoc/>
    public sealed override Shape InferShape(ReadOnlySpan<Shape> inputs)
    {
        RequireInputs(inputs);
        var x = inputs[0];
        if (x.Rank != Window.Rank + 2) throw Misfit($"X is {x}; it must be [batch, channels, ...] with {Window.Rank} more axes, as kernel_shape has");
        var dimensions = x.Dimensions.ToArray();
        try
        {
            for (var axis = 0; axis < Window.Rank; axis++) dimensions[axis + 2] = Window.Axis(x, axis).Count;
        }
        catch (ShapeException misfit)
        {
            throw Misfit(misfit.Message);
        }
        return new Shape(dimensions);
    }

    /// <inheritdoc/>
    public sealed override long Cost(ReadOnlySpan<Shape> inputs, Shape prediction) => Window.Taps * prediction.Length;
}
