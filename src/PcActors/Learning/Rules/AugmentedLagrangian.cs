using PcActors.Learning.Descriptions;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace PcActors.Learning.Rules;

/// <summary>Predictive coding by an augmented Lagrangian (Seely and Gould, arXiv 2605.31022): x = mu is a constraint
/// with a multiplier at each latent vertex, lambda (x - mu) + rho E(x, mu). Where it has converged x is mu, lambda is
/// backpropagation's delta, and so is the update.</summary>
/// <remarks>Held here is -lambda, so that the error is rho dE/dmu - lambda. The multiplier moves after the values, by
/// the constraint as it stands then: lambda = lambda + alpha (x - mu). Parameters learn before its last move.</remarks>
internal sealed record AugmentedLagrangian : LearningRule
{
    private readonly double _penalty;
    private readonly double _multiplierRate;

    private AugmentedLagrangian(Values values)
        : base(values) => (_penalty, _multiplierRate) = (values.Number("penalty"), values.Number("multiplierRate"));

    public static Description<LearningRule> Description { get; } = new(
        "pc-alm", "predictive coding with a local multiplier at each latent vertex (augmented Lagrangian)",
        values => new AugmentedLagrangian(values),
        [
            .. Conditions("pc-alm", rate: 0.2),
            Hyperparameter.Number("penalty", 1, NumberRange.Positive, "rho, the weight of the energy"),
            Hyperparameter.Number("multiplierRate", 1, NumberRange.NonNegative,
                "alpha, how far a multiplier moves in a timestep; 0 for il"),
        ]);

    public override int StateTensors => 1;

    public override void UpdateError<T>(VertexInference<T> vertex)
    {
        base.UpdateError(vertex);
        var multiplier = vertex.State(0);
        if (vertex.Time > 0 && !vertex.IsLast)
            TensorPrimitives.FusedMultiplyAdd(vertex.Error, T.CreateChecked(_multiplierRate), multiplier, multiplier);
        TensorPrimitives.FusedMultiplyAdd(vertex.Error, T.CreateChecked(_penalty), multiplier, vertex.Error);
    }
}
