using PcActors.Data;
using PcActors.Data.Files;
using PcActors.Tensors;

namespace PcNode.Suite;

/// <summary>The images of FashionMNIST, or of another data set in its layout, read when
/// they are first needed.</summary>
/// <param name="folder">The folder with the IDX files.</param>
internal sealed class StudyImages(string folder)
{
    /// <summary>Where Debian's package dataset-fashion-mnist puts them.</summary>
    public const string UsualFolder = "/usr/share/datasets/fashion-mnist";

    /// <summary>The mean of FashionMNIST's pixels, in [0, 1].</summary>
    public const float Mean = 0.2860f;

    /// <summary>Their standard deviation.</summary>
    public const float Deviation = 0.3530f;

    private readonly Lazy<DataSplit<float>> _split = new(() => Fractions(IdxFolder.Read<float>(folder).ToSplit()));

    /// <summary>Where they are.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>Pixels in [0, 1].</summary>
    public DataSplit<float> Split => _split.Value;

    private static DataSplit<float> Fractions(DataSplit<float> split)
    {
        foreach (var part in new[] { split.Train, split.Test })
        {
            foreach (ref var pixel in part.Features.Writable) pixel /= byte.MaxValue;
        }
        return split;
    }

    /// <summary>Pixels shifted and scaled: (p - mean) / deviation.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="deviation">What they are divided by.</param>
    /// <param name="count">At most so many images to train and to test on; null for all.</param>
    public DataSplit<float> Scaled(float mean, float deviation, int? count = null)
    {
        var (train, test) = (Split.Train, Split.Test);
        return new DataSplit<float>(Scale(train), Scale(test));

        Dataset<float> Scale(Dataset<float> data)
        {
            if (count is { } most) data = data.Take(Math.Min(most, data.Count));
            var features = new Tensor<float>(data.Features.Shape);
            var from = data.Features.Span;
            var to = features.Writable;
            for (var i = 0; i < to.Length; i++) to[i] = (from[i] - mean) / deviation;
            return new Dataset<float>(data.Name, features, data.Labels, data.ClassCount);
        }
    }
}
