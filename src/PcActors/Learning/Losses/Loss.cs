using System.Numerics;
using PcActors.Learning.Descriptions;
using PcActors.Tensors;

namespace PcActors.Learning.Losses;

/// <summary>The loss L: it sets the root's error, eps_out = dL / dmu_out.</summary>
public abstract class Loss : IDescribed
{
    /// <summary>Creates a loss.</summary>
    /// <param name="values">The values of its hyperparameters.</param>
    protected Loss(Values values) => Values = values;

    /// <summary>L = 1/2 sum over features of (mu - y)^2.</summary>
    public static Loss SquaredError { get; } = new SquaredError(Losses.SquaredError.Description.Complete());

    /// <summary>Softmax cross-entropy of logits with labels: of [N, C] with [N]; where a sample has several positions,
    /// such as tokens, of [N, ..., C] with [N, ...], the mean over them.</summary>
    public static Loss CrossEntropy { get; } =
        new CrossEntropy(Losses.CrossEntropy.Description.Complete(), isLast: true);

    /// <summary>The same of logits [N, C, ...], classes on axis 1.</summary>
    public static Loss CrossEntropyOfAxis1 { get; } =
        new CrossEntropy(Losses.CrossEntropy.OfAxis1.Complete(), isLast: false);

    /// <summary>The root's own value, one number a sample, or one a batch: the loss is a part of the network.</summary>
    public static Loss Output { get; } = new OutputLoss(OutputLoss.Description.Complete());

    /// <summary>Whether it compares the prediction with a target. One that does not has a target of zeros that nobody
    /// reads.</summary>
    public virtual bool TakesTarget => true;

    /// <summary>Whether its target is class numbers where the network predicts [N, C].</summary>
    internal bool TakesClasses
    {
        get
        {
            try
            {
                return TakesClassesFor(new Shape(1, 2));
            }
            catch (ShapeException)
            {
                // It has no meaning for such predictions.
                return false;
            }
        }
    }

    /// <summary>The name of its description.</summary>
    public string Name => Values.Kind;

    /// <inheritdoc/>
    public Values Values { get; }

    /// <summary>Each sample's loss, and the root's error. No sample knows how many others there are: the mean over
    /// the batch is taken where a parameter learns.</summary>
    /// <param name="prediction">mu_out; the outermost axis runs over samples.</param>
    /// <param name="target">What should have been predicted, of the shape that <see cref="TargetShape"/> gives.</param>
    /// <param name="losses">Receives L of each sample, computed in double precision: as many as the target's
    /// outermost axis has.</param>
    /// <param name="error">Receives dL / dmu_out of the sum of the losses, of the prediction's shape.</param>
    public abstract void Evaluate<T>(Tensor<T> prediction, Tensor<T> target, Span<double> losses, Tensor<T> error)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>The target's shape for predictions of a shape.</summary>
    /// <exception cref="ShapeException">The loss has no meaning for such predictions.</exception>
    public abstract Shape TargetShape(Shape prediction);

    /// <summary>Whether its target is class numbers for predictions of a shape, and so has another one.</summary>
    internal bool TakesClassesFor(Shape prediction) => TakesTarget && !TargetShape(prediction).Equals(prediction);

    /// <summary>What would take a target that this loss does not: the end of a sentence, or nothing.</summary>
    /// <param name="prediction">The prediction's shape.</param>
    /// <param name="target">The target's; the number of samples does not count.</param>
    internal virtual string Advice(Shape prediction, Shape target) => "";

    /// <summary>The axis of a prediction on which classes are told apart.</summary>
    internal virtual int ClassAxis(Shape prediction) => prediction.Rank - 1;
}
