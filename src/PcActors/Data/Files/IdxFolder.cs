using System.Buffers.Binary;
using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Data.Files;

/// <summary>A folder in MNIST's layout: images and labels to train on and, as t10k, to test on.</summary>
internal static class IdxFolder
{
    private const int LargestPixel = 255;

    /// <summary>The data set, pixels divided by 255; without t10k files a part is held out
    /// (<see cref="HoldOut"/>).</summary>
    /// <exception cref="DataException">A file is missing or wrong, or two do not fit together.</exception>
    public static LabelledArrays<T> Read<T>(string folder)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var train = ReadPart<T>(folder, "train") ?? throw Missing(folder, "train", "images");
        return new LabelledArrays<T>(folder, train, ReadPart<T>(folder, "t10k"));
    }

    private static LabelledPart<T>? ReadPart<T>(string folder, string part)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var imagePath = Find(folder, part, "images", 3);
        var labelPath = Find(folder, part, "labels", 1);
        if (imagePath is null && labelPath is null) return null;
        var (pixels, shape) = IdxFile.Read(imagePath ?? throw Missing(folder, part, "images"), 3);
        var (labels, _) = IdxFile.Read(labelPath ?? throw Missing(folder, part, "labels"), 1);
        if (shape[0] != labels.Length)
            throw new DataException(labelPath, $"{labels.Length} labels for the {shape[0]} images of {imagePath}",
                "there must be one label an image");

        var levels = new T[LargestPixel + 1];
        for (var level = 0; level < levels.Length; level++)
            levels[level] = T.CreateTruncating(level) / T.CreateTruncating(LargestPixel);
        var features = new Tensor<T>(shape);
        var scaled = features.Writable;
        for (var i = 0; i < scaled.Length; i++) scaled[i] = levels[pixels[i]];
        return new LabelledPart<T>(imagePath, features, Array.ConvertAll(labels, label => (int)label));
    }

    private static string? Find(string folder, string part, string what, int rank) =>
        Names(part, what, rank).Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static string[] Names(string part, string what, int rank)
    {
        var (dashed, dotted) = ($"{part}-{what}-idx{rank}-ubyte", $"{part}-{what}.idx{rank}-ubyte");
        return [dashed, $"{dashed}.gz", dotted, $"{dotted}.gz"];
    }

    private static DataException Missing(string folder, string part, string what) =>
        new(folder, $"the folder has no {part} {what}",
            $"one of {string.Join(", ", Names(part, what, what == "images" ? 3 : 1))} is needed");
}

/// <summary>An IDX file of unsigned bytes: 00 00 08, the rank, each extent as a big-endian 32-bit integer, the
/// elements row-major.</summary>
/// <remarks>Y. LeCun, C. Cortes, C. Burges, "The MNIST database", section "File formats".</remarks>
internal static class IdxFile
{
    private const byte UnsignedByte = 8;

    /// <summary>The elements and their shape.</summary>
    /// <param name="path">The file; compressed when its name ends in .gz.</param>
    /// <param name="rank">The rank that it should have.</param>
    /// <exception cref="DataException">It is not such a file, or not a whole one.</exception>
    public static (byte[] Elements, Shape Shape) Read(string path, int rank) => DataFile.Read(path, input =>
    {
        Span<byte> magic = stackalloc byte[4];
        input.Fill(magic, "the magic number");
        if (magic[0] != 0 || magic[1] != 0)
            throw input.Error($"it begins with the bytes {Convert.ToHexString(magic)}",
                $"an IDX file like this begins with 000008{rank:X2}");
        if (magic[2] != UnsignedByte)
            throw input.Error($"its elements have the type 0x{magic[2]:X2}", "only unsigned bytes, 0x08, are read");
        if (magic[3] != rank) throw input.Error($"its rank is {magic[3]}", $"it should be {rank}");

        Span<byte> bytes = stackalloc byte[4 * rank];
        input.Fill(bytes, "the header");
        var extents = new int[rank];
        long length = 1;
        for (var axis = 0; axis < rank; axis++)
        {
            extents[axis] = BinaryPrimitives.ReadInt32BigEndian(bytes[(4 * axis)..]);
            if (extents[axis] < 1)
                throw input.Error($"the header gives axis {axis} the extent {extents[axis]}", "it must be at least 1");
            length *= extents[axis];
            if (length > int.MaxValue)
                throw input.Error("the header promises more than 2^31 - 1 elements",
                    "that is the most that can be read");
        }
        var elements = input.Take(length, "elements");
        input.RequireEnd();
        return (elements, new Shape(extents));
    });
}
