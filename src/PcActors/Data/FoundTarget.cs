using System.Globalization;
using System.Numerics;
using PcActors.Data.Npy;
using PcActors.Tensors;

namespace PcActors.Data;

/// <summary>What a reader has found of a part of a data set that should be predicted: numbers or words, a row for each
/// sample.</summary>
/// <param name="Source">What messages call it.</param>
/// <param name="Shape">[N, ...].</param>
internal abstract record FoundTarget(string Source, Shape Shape)
{
    /// <summary>Where an element stands, which is called so, and what stands there, for messages.</summary>
    public required Func<int, string, (string Source, string Found)> At { get; init; }

    /// <summary>Where all of it stands.</summary>
    public ArrayOrigin Origin { get; init; } = new(Source);

    /// <summary>What an array holds.</summary>
    public static FoundTarget Of(NpyArray array)
    {
        if (!array.Type.IsNumber())
            return new FoundWords(array.Source, array.Shape, array.ToStrings()) { At = (_, _) => (array.Source, "") };
        var numbers = array.ToTensor<double>();
        return new FoundNumbers(array.Source, array.Shape, numbers)
        {
            At = (i, what) => (array.Source, string.Create(CultureInfo.InvariantCulture,
                $"{ArrayOrigin.WordsOf(array.Shape, i, what)} is {numbers.Span[i]}")),
        };
    }

    /// <summary>Numbers of unsigned bytes, such as the labels of an IDX file.</summary>
    public static FoundTarget Of(string source, ReadOnlySpan<int> labels)
    {
        var numbers = new Tensor<double>(new Shape(labels.Length));
        for (var i = 0; i < labels.Length; i++) numbers.Writable[i] = labels[i];
        return new FoundNumbers(source, numbers.Shape, numbers)
        {
            At = (i, what) => (source, $"{what} {i} is {numbers.Span[i]}"),
        };
    }
}

/// <summary>Numbers: classes, one-hot rows, or what is to be learnt as it is.</summary>
internal sealed record FoundNumbers(string Source, Shape Shape, Tensor<double> Numbers) : FoundTarget(Source, Shape)
{
    /// <summary>Numbers a sample.</summary>
    public int Width => Shape[0] == 0 ? 0 : Shape.Length / Shape[0];

    /// <summary>The first element that is no class; -1 when all are, one a sample.</summary>
    public int FirstThatIsNoClass()
    {
        var numbers = Numbers.Span;
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!ClassLabels.TryFrom(numbers[i], out _)) return i;
        }
        return -1;
    }

    /// <summary>The first element that is negative, or not whole; -1 when there is none.</summary>
    public int FirstThatIsNotWhole()
    {
        var numbers = Numbers.Span;
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!(numbers[i] >= 0 && double.IsInteger(numbers[i]))) return i;
        }
        return -1;
    }

    /// <summary>The negative whole number that stands, as a sign, among what else may be classes; null where there is
    /// none, or others are no classes, too.</summary>
    public double? Sign()
    {
        double? sign = null;
        foreach (var number in Numbers.Span)
        {
            if (ClassLabels.TryFrom(number, out _) || number.Equals(sign)) continue;
            if (sign is not null || !(number < 0 && double.IsInteger(number))) return null;
            sign = number;
        }
        return sign;
    }

    /// <summary>Whether every row has a single 1 among zeros.</summary>
    public bool IsOneHot()
    {
        if (Width < 2 || Width > ClassLabels.MaxClassCount) return false;
        var numbers = Numbers.Span;
        for (var start = 0; start < numbers.Length; start += Width)
        {
            var row = numbers.Slice(start, Width);
            if (row.ContainsAnyExcept(0, 1) || row.Count(1.0) != 1) return false;
        }
        return true;
    }

    /// <summary>Each row's place of its 1, or each element.</summary>
    public int[] ToLabels()
    {
        var labels = new int[Shape[0]];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = Width == 1 ? (int)Numbers.Span[i] : Numbers.Span.Slice(i * Width, Width).IndexOf(1.0);
        return labels;
    }

    /// <summary>The same rows with channels that come last brought to the front.</summary>
    public FoundNumbers ChannelsFirst()
    {
        var numbers = Layouts.ChannelsFirst(Source, Numbers);
        var (width, channels, before) = (Width, Shape[-1], At);
        int Before(int element) => element - (element % width)
            + Layouts.BeforeChannelsFirst(element % width, channels, width / channels);
        return this with
        {
            Numbers = numbers,
            Shape = numbers.Shape,
            At = (element, what) => before(Before(element), what),
        };
    }

    /// <summary>The numbers in another precision.</summary>
    /// <exception cref="DataException">One is not finite, or too large.</exception>
    public Tensor<T> To<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tensor = new Tensor<T>(Shape);
        for (var i = 0; i < tensor.Length; i++)
        {
            tensor.Writable[i] = T.CreateTruncating(Numbers.Span[i]);
            if (T.IsFinite(tensor.Span[i])) continue;
            var (source, found) = At(i, "element");
            throw new DataException(source, found, "what is to be predicted must be finite numbers");
        }
        return tensor;
    }
}

/// <summary>Words: names of classes.</summary>
internal sealed record FoundWords(string Source, Shape Shape, string[] Words) : FoundTarget(Source, Shape);
