using System.Numerics;

namespace PcActors.Training;

/// <summary>What a network makes of a data set.</summary>
/// <param name="Samples">How many samples were predicted.</param>
/// <param name="Loss">The mean loss of a prediction.</param>
public sealed record Evaluation(int Samples, double Loss)
{
    /// <summary>The share that is classified rightly, 0 to 1; null where no class is predicted.</summary>
    public double? Accuracy { get; init; }

    /// <summary>How often samples of a class, the row, were taken for one, the column; empty where no class is
    /// predicted.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Confusion { get; init; } = [];

    /// <summary>The classes' scores; empty where no class is predicted.</summary>
    public IReadOnlyList<ClassScore> Classes { get; init; } = [];

    /// <summary>Mean of the absolute errors of all numbers predicted; null where a class is predicted.</summary>
    public double? MeanAbsoluteError { get; init; }

    /// <summary>Mean of their squares; null where a class is predicted.</summary>
    public double? MeanSquaredError { get; init; }

    /// <summary>The evaluation of the samples of two, of as many classes.</summary>
    internal static Evaluation Join(Evaluation one, Evaluation other)
    {
        var samples = one.Samples + other.Samples;
        var tally = new EvaluationTally(one.Confusion.Count, [.. one.Classes.Select(c => c.Name)]);
        foreach (var confusion in new[] { one.Confusion, other.Confusion })
        {
            for (var label = 0; label < confusion.Count; label++)
            {
                for (var taken = 0; taken < confusion.Count; taken++)
                    tally.AddClass(label, taken, confusion[label][taken]);
            }
        }
        double? Mean(double? first, double? second) => ((first * one.Samples) + (second * other.Samples)) / samples;
        return tally.Result with
        {
            Samples = samples,
            Loss = Mean(one.Loss, other.Loss)!.Value,
            Accuracy = Mean(one.Accuracy, other.Accuracy),
            MeanAbsoluteError = Mean(one.MeanAbsoluteError, other.MeanAbsoluteError),
            MeanSquaredError = Mean(one.MeanSquaredError, other.MeanSquaredError),
        };
    }
}

/// <summary>How well a class is told from others.</summary>
/// <param name="Class">Its number.</param>
/// <param name="Samples">How many samples are of it.</param>
/// <param name="Precision">Of the samples taken for it the share that are of it; NaN where none were.</param>
/// <param name="Recall">Of its samples the share that were taken for it; NaN where there are none.</param>
public sealed record ClassScore(int Class, int Samples, double Precision, double Recall)
{
    /// <summary>What the data call it; null where they have numbers.</summary>
    public string? Name { get; init; }
}

/// <summary>Adds up an evaluation.</summary>
/// <param name="classes">Number of classes; 0 where none is predicted.</param>
/// <param name="names">What they are called; null where they have no names.</param>
internal sealed class EvaluationTally(int classes = 0, IReadOnlyList<string?>? names = null)
{
    private readonly int[][] _confusion = [.. Enumerable.Range(0, classes).Select(_ => new int[classes])];
    private double _loss;
    private double _absolute;
    private double _square;
    private long _numbers;
    private int _samples;

    public Evaluation Result => new(_samples, _loss / _samples)
    {
        Accuracy = classes == 0 ? null : (double)Enumerable.Range(0, classes).Sum(c => _confusion[c][c]) / _samples,
        Confusion = _confusion,
        Classes = [.. Enumerable.Range(0, classes).Select(ScoreOf)],
        MeanAbsoluteError = _numbers == 0 ? null : _absolute / _numbers,
        MeanSquaredError = _numbers == 0 ? null : _square / _numbers,
    };

    public void AddLoss(double loss) => (_loss, _samples) = (_loss + loss, _samples + 1);

    public void AddClass(int label, int predicted, int count = 1) => _confusion[label][predicted] += count;

    public void AddErrors<T>(ReadOnlySpan<T> predicted, ReadOnlySpan<T> right)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < right.Length; i++)
        {
            var error = double.CreateTruncating(predicted[i]) - double.CreateTruncating(right[i]);
            (_absolute, _square) = (_absolute + Math.Abs(error), _square + (error * error));
        }
        _numbers += right.Length;
    }

    private ClassScore ScoreOf(int label)
    {
        var (right, taken, samples) = (_confusion[label][label], _confusion.Sum(row => row[label]),
            _confusion[label].Sum());
        return new ClassScore(label, samples, (double)right / taken, (double)right / samples)
        {
            // A network may know more classes than the data have.
            Name = label < names?.Count ? names[label] : null,
        };
    }
}
