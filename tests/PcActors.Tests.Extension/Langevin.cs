using PcActors.Learning;
using PcActors.Learning.Descriptions;

namespace PcActors.Tests.Extension;

/// <summary>Inference learning whose values move by gradient descent with noise (Langevin dynamics): they
/// sample the posterior.</summary>
public sealed record Langevin : LearningRule
{
    private readonly double _temperature;

    private Langevin(Values values)
        : base(values) => _temperature = values.Number("temperature");

    /// <summary>What it is made with.</summary>
    public static Description<LearningRule> Description { get; } = new(
        "noisy",
        "inference learning with noise",
        values => new Langevin(values),
        [.. Conditions("noisy", rate: 0.1, steps: 5),
            Hyperparameter.Number("temperature", 0.01, NumberRange.NonNegative, "of the noise")]);

    /// <inheritdoc/>
    public override bool DrawsAtRandom => true;

    /// <inheritdoc/>
    public override void Move<T>(VertexInference<T> vertex)
    {
        base.Move(vertex);
        var scale = Math.Sqrt(2 * vertex.Rate * _temperature);
        foreach (ref var d in vertex.Displacement) d += T.CreateChecked(scale * vertex.Random.NextGaussian());
    }
}
