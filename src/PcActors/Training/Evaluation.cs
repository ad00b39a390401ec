using System.Numerics;

namespace PcActors.Training;

/// <summary>What a network makes of a data set.</summary>
/// <param name="Samples">How many samples were predicted.</param>
/// <param name="Loss">The mean loss of a prediction.</param>
public sealed record Evaluation(int Samples, double Loss)
{
    /// <summary>The share that is classified rightly, 0 to 1, of samples or, where each has several, of their
    /// positions; null where no class is predicted.</summary>
    public double? Accuracy { get; init; }

    /// <summary>How often samples of a class, the row, were taken for one, the column; empty where no class is
    /// predicted, and where there are more than 1,024.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Confusion { get; init; } = [];

    /// <summary>The classes' scores; empty where no class is predicted.</summary>
    public IReadOnlyList<ClassScore> Classes { get; init; } = [];

    /// <summary>Mean of the absolute errors of all numbers predicted, in the data's own units, while
    /// <see cref="Loss"/> is that of what the network takes and gives; null where a class is predicted.</summary>
    public double? MeanAbsoluteError { get; init; }

    /// <summary>Mean of their squares; null where a class is predicted.</summary>
    public double? MeanSquaredError { get; init; }

    /// <summary>What it was made of.</summary>
    internal EvaluationTally? Tally { get; init; }

    /// <summary>The evaluation of the samples of two, of as many classes.</summary>
    internal static Evaluation Join(Evaluation one, Evaluation other) => one.Tally!.And(other.Tally!).Result;
}

/// <summary>How well a class is told from others.</summary>
/// <param name="Class">Its number.</param>
/// <param name="Samples">How many samples, or positions of samples, are of it.</param>
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
    /// <summary>A matrix of more classes than that takes more memory than it is worth.</summary>
    public const int MostConfused = 1024;

    private readonly int[][] _confusion = classes > MostConfused ? []
        : [.. Enumerable.Range(0, classes).Select(_ => new int[classes])];
    // By class: right ones, samples, and what was taken for it.
    private readonly int[] _right = new int[classes];
    private readonly int[] _of = new int[classes];
    private readonly int[] _taken = new int[classes];
    private double _loss;
    private double _absolute;
    private double _square;
    private long _numbers;
    private int _samples;

    public Evaluation Result => new(_samples, _loss / _samples)
    {
        Accuracy = classes == 0 ? null : (double)_right.Sum(n => (long)n) / _of.Sum(n => (long)n),
        Confusion = _confusion,
        Classes = [.. Enumerable.Range(0, classes).Select(ScoreOf)],
        MeanAbsoluteError = _numbers == 0 ? null : _absolute / _numbers,
        MeanSquaredError = _numbers == 0 ? null : _square / _numbers,
        Tally = this,
    };

    public void AddLoss(double loss) => (_loss, _samples) = (_loss + loss, _samples + 1);

    public void AddClass(int label, int predicted)
    {
        if (_confusion.Length > 0) _confusion[label][predicted]++;
        if (label == predicted) _right[label]++;
        _of[label]++;
        _taken[predicted]++;
    }

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

    /// <summary>Both together.</summary>
    public EvaluationTally And(EvaluationTally other)
    {
        var sum = new EvaluationTally(classes, names);
        foreach (var part in new[] { this, other })
        {
            sum._loss += part._loss;
            sum._absolute += part._absolute;
            sum._square += part._square;
            sum._numbers += part._numbers;
            sum._samples += part._samples;
            Add(part._right, sum._right);
            Add(part._of, sum._of);
            Add(part._taken, sum._taken);
            foreach (var (label, row) in part._confusion.Index()) Add(row, sum._confusion[label]);
        }
        return sum;
    }

    private static void Add(int[] counts, int[] sums)
    {
        for (var i = 0; i < counts.Length; i++) sums[i] += counts[i];
    }

    private ClassScore ScoreOf(int label) =>
        new(label, _of[label], (double)_right[label] / _taken[label], (double)_right[label] / _of[label])
        {
            // A network may know more classes than the data have.
            Name = label < names?.Count ? names[label] : null,
        };
}
