using PcActors.Learning.Descriptions;
using PcActors.Learning.Optimizers;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Runs;

/// <summary>Plain gradient descent that keeps the sum of the gradients it has met.</summary>
internal sealed class GradientRecorder : Optimizer
{
    private GradientRecorder(Values values)
        : base(values)
    {
    }

    public static Description<Optimizer> Description { get; } = new(
        "gradient-recorder", "gradient descent that keeps the sum of gradients",
        values => new GradientRecorder(values), Rate(1), Decay);

    public override int StateTensors => 1;

    protected override void Update<T>(Part<T> part)
    {
        TensorPrimitives.Add(part.State(0), part.Gradient, part.NextState(0));
        Descend<T>(part, part.Gradient);
    }
}
