using System.Numerics;
using PcActors.Data;
using PcActors.Learning;
using PcActors.Tensors;

namespace PcActors.Training;

/// <summary>Which classes a prediction takes samples for, and which are right: one for each sample, or for each of its
/// positions.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class PredictedClasses<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool _isOneHot;
    private readonly int _stride;

    private PredictedClasses(bool isOneHot, int count, int positions, int stride) =>
        (_isOneHot, Count, Positions, _stride) = (isOneHot, count, positions, stride);

    /// <summary>Number of classes.</summary>
    public int Count { get; }

    /// <summary>Positions of a sample, each of a class.</summary>
    public int Positions { get; }

    /// <summary>Those of a target of class numbers.</summary>
    /// <param name="prediction">The root's shape, a micro-batch.</param>
    /// <param name="batch">A batch for it.</param>
    public static PredictedClasses<T> OfTarget(Shape prediction, Batch<T> batch)
    {
        var axis = batch.Loss.ClassAxis(prediction);
        var stride = 1;
        foreach (var extent in prediction.Dimensions[(axis + 1)..]) stride *= extent;
        return new PredictedClasses<T>(false, prediction[axis], batch.Target.Length / batch.Samples, stride);
    }

    /// <summary>Those of a target of one-hot rows.</summary>
    public static PredictedClasses<T> OfOneHot(Batch<T> batch) =>
        new(true, batch.Target.Length / batch.Samples, positions: 1, stride: 1);

    /// <summary>Those of rows of scores, a row a sample.</summary>
    public static PredictedClasses<T> OfRows(Tensor<T> rows) =>
        new(false, rows.Shape.LengthOf(1, rows.Shape.Rank), positions: 1, stride: 1);

    /// <summary>The class of the largest logit, the first of them where there are several.</summary>
    public int Predicted(Tensor<T> prediction, int sample, int position)
    {
        var start = (((sample * Positions) + position) / _stride * _stride * Count) + (position % _stride);
        var row = prediction.Span[start..];
        var best = 0;
        for (var c = 1; c < Count; c++)
        {
            if (row[c * _stride] > row[best * _stride]) best = c;
        }
        return best;
    }

    /// <summary>The class that is right.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="number">The sample's number in it.</param>
    /// <param name="target">The target that was filled with it.</param>
    /// <param name="sample">The sample's row in that.</param>
    /// <param name="position">Which of its positions.</param>
    public int Right(Dataset<T> data, int number, Tensor<T> target, int sample, int position) => _isOneHot
        ? data.Labels[number]
        : int.CreateTruncating(target.Span[(sample * Positions) + position]);
}
