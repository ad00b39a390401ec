using PcActors.Learning.Descriptions;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Learning.Rules;

/// <summary>Langevin dynamics: values descend the free energy with noise, x = x - gamma
/// dF/dx + sqrt(2 gamma tau) xi, and so sample exp(-F / tau), the posterior where the temperature tau is 1.</summary>
internal sealed record LangevinSampling : LearningRule
{
    private readonly double _temperature;

    private LangevinSampling(Values values)
        : base(values) => _temperature = values.Number("temperature");

    public static Description<LearningRule> Description { get; } = new(
        "langevin", "descent of the free energy with noise: values sample the posterior",
        values => new LangevinSampling(values),
        [
            .. Conditions("langevin", rate: 0.05, steps: 50),
            Hyperparameter.Number("temperature", 1, NumberRange.NonNegative, "tau; 0 for il"),
        ]);

    public override bool DrawsAtRandom => true;

    public override void Move<T>(VertexInference<T> vertex)
    {
        var gradient = vertex.Gradient();
        vertex.Descend(gradient);
        var scale = Math.Sqrt(2 * vertex.Rate * _temperature);
        foreach (ref var noise in gradient) noise = T.CreateChecked(scale * vertex.Random.NextGaussian());
        TensorPrimitives.Add(vertex.Displacement, gradient, vertex.Displacement);
    }
}
