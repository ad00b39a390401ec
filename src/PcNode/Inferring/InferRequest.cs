using PcActors.Data;
using PcActors.Data.Npy;
using PcNode.Configuration;

namespace PcNode.Inferring;

/// <summary>What a command line asks to be inferred.</summary>
/// <param name="Clamps">What vertices are clamped to, by name.</param>
/// <param name="Masks">Where, by name.</param>
/// <param name="Reads">Where values go, by name.</param>
internal sealed record InferRequest(
    IReadOnlyDictionary<string, NpyArray> Clamps, IReadOnlyDictionary<string, NpyArray> Masks,
    IReadOnlyDictionary<string, string> Reads)
{
    public const string ClampOption = "--clamp";
    public const string MaskOption = "--mask";
    public const string ReadOption = "--read";

    /// <summary>Reads it.</summary>
    /// <param name="clamps">NAME=FILE each.</param>
    /// <param name="masks">NAME=FILE each.</param>
    /// <param name="reads">NAME=FILE each.</param>
    /// <exception cref="UsageException">Something does not go together.</exception>
    /// <exception cref="PcActors.Data.DataException">A file cannot be read.</exception>
    public static InferRequest Read(IReadOnlyList<string> clamps, IReadOnlyList<string> masks,
        IReadOnlyList<string> reads)
    {
        var request = new InferRequest(
            NamedFiles.ReadArrays(ClampOption, clamps), NamedFiles.ReadArrays(MaskOption, masks),
            NamedFiles.Read(ReadOption, reads));
        foreach (var (name, mask) in request.Masks) RequireZerosAndOnes(name, mask);
        return request;
    }

    /// <summary>The settings with the batch that the clamps have, where there are any.</summary>
    /// <exception cref="UsageException">They have different ones.</exception>
    public Settings WithBatch(Settings settings)
    {
        if (Clamps.Count == 0) return settings;
        var (first, array) = Clamps.First();
        var samples = array.Shape[0];
        if (Clamps.FirstOrDefault(c => c.Value.Shape[0] != samples) is { Key: { } other } odd)
            throw new UsageException(
                $"{ClampOption}: '{first}' has {samples} samples, and '{other}' has {odd.Value.Shape[0]}; all clamps "
                + "are of one batch");
        if (settings.IsDefault(SettingCatalogue.Batch))
            return settings.Default(SettingCatalogue.Batch, $"{samples}", $"{ClampOption} {first}");
        var batch = settings.Get(SettingCatalogue.Batch);
        return batch == samples ? settings : throw new UsageException(
            $"{settings.OriginOf(SettingCatalogue.Batch)}: it is {batch}, and {ClampOption} {first} has {samples} "
            + $"samples");
    }

    /// <summary>Refuses a mask of a vertex that is not clamped.</summary>
    public void RequireClamp(string name)
    {
        if (!Clamps.ContainsKey(name))
            throw new UsageException(
                $"{MaskOption}: '{name}' is not clamped, so there is nothing to mask; give {ClampOption} "
                + $"{name}=FILE.npy");
    }

    private static void RequireZerosAndOnes(string name, NpyArray mask)
    {
        var elements = mask.ToTensor<double>().Span;
        for (var i = 0; i < elements.Length; i++)
        {
            if (elements[i] is 0 or 1) continue;
            throw new UsageException(
                $"{MaskOption} {name}: {ArrayOrigin.WordsOf(mask.Shape, i)} of {mask.Source} is {elements[i]}; 1 is "
                + "where the value is clamped, 0 where it is free");
        }
    }
}
