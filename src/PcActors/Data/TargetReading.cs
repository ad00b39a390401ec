using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Data;

/// <summary>A data set's target as it is learnt: classes, or numbers.</summary>
/// <param name="Labels">By part, the samples' classes; empty where it is numbers.</param>
/// <param name="ClassCount">Number of classes; 0 where it is numbers.</param>
/// <param name="ClassNames">The classes' names, where the files have words; null where they have numbers.</param>
/// <param name="Numbers">By part, the numbers; empty where it is classes.</param>
internal sealed record TargetReading<T>(
    IReadOnlyList<int[]> Labels, int ClassCount, IReadOnlyList<string>? ClassNames, IReadOnlyList<Tensor<T>> Numbers)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether classes are one-hot rows.</summary>
    public bool IsOneHot { get; private init; }

    /// <summary>Whether the numbers are classes of a sample's positions.</summary>
    public bool ArePositions { get; private init; }

    // A line is to be read.
    private const int MostNames = 8;

    // Classes that are numbered, per one that there is.
    private const int MostGaps = 4;

    /// <summary>Reads the target of all parts alike.</summary>
    /// <param name="parts">One for each part.</param>
    /// <param name="options">Which of the two it should be, and which classes are known.</param>
    /// <exception cref="DataException">It is no class, and may not be numbers; or the parts differ.</exception>
    public static TargetReading<T> Of(IReadOnlyList<FoundTarget> parts, DatasetOptions options)
    {
        var kind = options.Reading;
        if (kind == TargetKind.Numbers && parts.FirstOrDefault(p => p is FoundWords) is { } text)
            throw new DataException(text.Source, "what should be predicted is words",
                "numbers are asked for; take classes");
        if (parts.All(p => p is FoundWords)) return OfWords([.. parts.Cast<FoundWords>()], options);
        if (parts.FirstOrDefault(p => p is FoundWords) is { } words)
            throw new DataException(words.Source, "its labels are words, and those of another part are numbers",
                "all parts have one kind of labels");
        var numbers = parts.Cast<FoundNumbers>().ToList();
        if (kind == TargetKind.Numbers) return OfNumbers(numbers);
        if (numbers.All(n => n.IsOneHot()) && numbers.Select(n => n.Width).Distinct().Count() == 1)
            return new TargetReading<T>([.. numbers.Select(n => n.ToLabels())], numbers[0].Width, null, [])
            {
                IsOneHot = true,
            };
        if (options.HasPositions && numbers.All(n => n.Width > 1 && n.FirstThatIsNotWhole() < 0))
            return OfNumbers(numbers) with { ArePositions = true };
        var areClasses = numbers.All(n => n.Width == 1 && n.FirstThatIsNoClass() < 0);
        if (!areClasses) return kind == TargetKind.Either ? OfNumbers(numbers) : throw NoClasses(numbers, options);
        var labels = numbers.Select(n => n.ToLabels()).ToList();
        var count = labels.Max(l => l.Max()) + 1;
        // Prices are whole numbers, too: classes have few gaps. And of one class alone nothing is learnt.
        // A network that is used has its own.
        var found = labels.SelectMany(l => l).Distinct().Count();
        var areNumbers = options.IsForUse && options.Outputs is > 1 and var outputs ? count > outputs
            : found * MostGaps < count || (found == 1 && !options.IsForUse);
        return kind == TargetKind.Either && areNumbers
            ? OfNumbers(numbers)
            : new TargetReading<T>(labels, Math.Max(count, options.LeastClasses), null, []);
    }

    /// <summary>What it is, in words.</summary>
    public override string ToString() => ClassNames is { } names
        ? $"{ClassLabels.CountOf(names.Count)}: {string.Join(", ", names.Take(MostNames))}"
            + (names.Count > MostNames ? $" and {names.Count - MostNames} more" : "")
        : ClassCount > 0 ? ClassLabels.CountOf(ClassCount) : ArePositions ? "class numbers" : "numbers";

    private static TargetReading<T> OfNumbers(List<FoundNumbers> numbers)
    {
        if (numbers.FirstOrDefault(n => !SampleShape(n).SequenceEqual(SampleShape(numbers[0]))) is { } other)
            throw new DataException(other.Source, $"targets of shape {other.Shape} beside {numbers[0].Shape}",
                "they must have one shape");
        return new TargetReading<T>([], 0, null, [.. numbers.Select(n => n.To<T>())]);
    }

    private static ReadOnlySpan<int> SampleShape(FoundNumbers numbers) => numbers.Shape.Dimensions[1..];

    private static DataException NoClasses(List<FoundNumbers> numbers, DatasetOptions options)
    {
        const string Name = "name them as the target (--target NAME)";
        var cure = "where they are numbers to be learnt, " + (options.NeedsClasses
            ? $"{(options.NamedTarget is null ? $"{Name}, and " : "")}take another loss, such as squared-error"
            : options.TargetKind == TargetKind.Classes ? "read them as such (--target-as numbers)" : Name);
        // A root of rank 2 has no positions.
        if (options is { HasPositions: true, Outputs: null }
            && numbers.FirstOrDefault(n => n.Width > 1 && n.FirstThatIsNotWhole() >= 0) is { } odd)
        {
            var (place, what) = odd.At(odd.FirstThatIsNotWhole(), "position");
            return new DataException(place, $"{what}, and its shape is {odd.Shape}", odd.Sign() is { } sign
                ? $"labels of positions must be whole numbers from 0; {ClassLabels.NoIgnoring(sign, true)}"
                : "there must be one label a sample, [N] or [N, 1], or one-hot rows, or whole numbers from 0 for its "
                    + $"positions, all of which count; {cure}");
        }
        if (numbers.FirstOrDefault(n => n.Width != 1) is { } wide)
            return new DataException(wide.Source, $"its shape is {wide.Shape}",
                $"there must be one label a sample, [N] or [N, 1], or one-hot rows; {cure}");
        var wrong = numbers.First(n => n.FirstThatIsNoClass() >= 0);
        var (source, found) = wrong.At(wrong.FirstThatIsNoClass(), "element");
        var rule = ClassLabels.RuleFor(options.NeedsClasses && options.Outputs is > 1 ? options.Outputs : null);
        return new DataException(source, found,
            $"{rule}; {(wrong.Sign() is { } ignored ? ClassLabels.NoIgnoring(ignored, false) : cure)}");
    }

    private static TargetReading<T> OfWords(List<FoundWords> parts, DatasetOptions options)
    {
        if (parts.FirstOrDefault(p => p.Shape.Length != p.Shape[0]) is { } wide)
            throw new DataException(wide.Source, $"words of shape {wide.Shape}",
                "there must be one label a sample: [N] or [N, 1]"
                + (options.HasPositions ? ", or whole numbers from 0 for its positions" : ""));
        var names = parts.SelectMany(p => p.Words).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .ToList();
        if (names.Count > ClassLabels.MaxClassCount)
            throw new DataException(parts[0].Source, $"{names.Count} different words",
                $"at most {ClassLabels.MaxClassCount} classes are read");
        if (options.ClassNames is { } known)
        {
            var unknown = names.Except(known, StringComparer.Ordinal).ToList();
            if (unknown.Count > 0 && options.IsForUse)
                throw new DataException(parts[0].Source, $"the label '{unknown[0]}' is no class of the model's",
                    $"it knows {string.Join(", ", known.Take(MostNames))}"
                    + (known.Count > MostNames ? $" and {known.Count - MostNames} more" : ""));
            if (unknown.Count == 0) names = [.. known];
        }
        var places = names.Index().ToDictionary(n => n.Item, n => n.Index, StringComparer.Ordinal);
        return new TargetReading<T>([.. parts.Select(p => Array.ConvertAll(p.Words, w => places[w]))], names.Count,
            names, []);
    }
}
