using System.Numerics;
using PcActors.Functions;
using PcActors.Tensors;

namespace PcActors.Learning.Protocol;

/// <summary>From an input to its consumer: the value x. With <see cref="ErrorMessage{T}"/> all that
/// passes between vertices.</summary>
/// <param name="Step">The attempt that the message belongs to.</param>
/// <param name="MicroBatch">From 0; <see cref="AllMicroBatches"/> for a value that does not depend on data.</param>
/// <param name="Time">The timestep of inference at which x has this value; 0 is the forward initialisation.</param>
/// <param name="Edge">Number of the edge along which it travels.</param>
/// <param name="Value">x; owned by the sender, to be read until the step (under lockstep,
/// the timestep) has ended. The very same tensor as in the message before has the same elements: under lockstep whoever
/// writes over a buffer sends it as another tensor.</param>
public sealed record ValueMessage<T>(StepId Step, int MicroBatch, int Time, int Edge, Tensor<T> Value)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The micro-batch number of a value that is the same in all of them and is sent once a step.</summary>
    public const int AllMicroBatches = -1;
}

/// <summary>From a consumer to its input: the pull-back of the consumer's error, (dmu_j / dx_i)^T eps_j.</summary>
/// <param name="Step">The attempt that the message belongs to.</param>
/// <param name="MicroBatch">From 0.</param>
/// <param name="Time">The timestep at which it acts on its receiver. Along Z-IL's wave: the receiver's level.</param>
/// <param name="Edge">Number of the edge along which it travels, backwards.</param>
/// <param name="Error">The pull-back, whole or factored. Rented memory in it is the receiver's with the message:
/// to be read until the receiver has done with it. What a vertex ignores it does not release. The very same tensor as
/// before has the same elements, as a value's.</param>
public sealed record ErrorMessage<T>(StepId Step, int MicroBatch, int Time, int Edge, PullBack<T> Error)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>A pull-back as it travels: the tensor itself, two factors whose product it is, or a
/// sum of such products.</summary>
/// <param name="Whole">The tensor, or null.</param>
/// <param name="Factors">The factors, or null.</param>
/// <param name="Sum">The sum, or null.</param>
public readonly record struct PullBack<T>(Tensor<T>? Whole, FactoredProduct<T>? Factors, FactoredSum<T>? Sum = null)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Its shape: that of the receiver's value.</summary>
    public Shape Shape => Whole?.Shape ?? Factors?.Shape ?? Sum!.Shape;

    /// <summary>Bytes of the elements that travel.</summary>
    public long Bytes => Whole?.Bytes ?? Factors?.Bytes ?? Sum!.Bytes;

    /// <summary>One more holder of each rented tensor in it.</summary>
    internal void Hold()
    {
        Whole?.Hold();
        Factors?.Hold();
        Sum?.Hold();
    }

    /// <summary>One holder less of each rented tensor in it.</summary>
    internal void Release()
    {
        Whole?.Release();
        Factors?.Release();
        Sum?.Release();
    }

    /// <summary>Stores the pull-back.</summary>
    public void WriteTo(Tensor<T> result)
    {
        if (Whole is { } whole) whole.Span.CopyTo(result.Writable);
        else if (Factors is { } factors) factors.WriteTo(result);
        else Sum!.WriteTo(result);
    }

    /// <summary>Adds the finished pull-back to a sum.</summary>
    public void AddTo(Tensor<T> sum)
    {
        if (Factors is { } factors)
        {
            factors.AddTo(sum);
            return;
        }
        var whole = Whole;
        // Its terms have to be added to one another first. A sum comes from an identity chain,
        // which is first among consumers, so this is for completeness.
        if (whole is null) Sum!.WriteTo(whole = new Tensor<T>(Shape));
        Tensors.Kernels.Arithmetic.AddTo(whole.Span, sum.Writable);
    }
}
