using PcActors.Graphs;

namespace PcNode.Configuration;

/// <summary>Settings that say which network there is, and what it is for.</summary>
internal static partial class SettingCatalogue
{
    public static Setting<string> Model { get; } = new("model", ValueTypes.Model)
    {
        Description = "the network",
    };

    public static Setting<IReadOnlyList<int>?> Hidden { get; } = new("hidden", ValueTypes.Sizes.OrAutomatic())
    {
        ValueName = "N,N,...",
        Description = "units of the hidden layers of a built-in model",
    };

    public static Setting<IReadOnlyList<int>?> Channels { get; } = new("channels", ValueTypes.Sizes.OrAutomatic())
    {
        ValueName = "N,N,...",
        Description = "channels of a built-in model's convolutional layers, or of a residual network's stages",
    };

    public static Setting<int?> Layers { get; } = new("layers", ValueTypes.Count.OrAuto())
    {
        Description = "blocks of a built-in transformer, or of each stage of a residual network",
    };

    public static Setting<int?> Width { get; } = new("width", ValueTypes.Count.OrAuto())
    {
        Description = "features of a token in a built-in transformer",
    };

    public static Setting<int?> Heads { get; } = new("heads", ValueTypes.Count.OrAuto())
    {
        Description = "attention heads of a built-in transformer",
    };

    public static Setting<string> Data { get; } = new("data", ValueTypes.Text)
    {
        ValueName = "PATH",
        Description = "the data set: digits (embedded), a folder with IDX files, an .npz, .csv or .csv.gz file",
    };

    public static Setting<IReadOnlyList<string>?> Freeze { get; } = new("freeze", ValueTypes.Names.OrAutomatic())
    {
        ValueName = "NAME,NAME,...",
        IsRepeatable = true,
        Description = "initializers of an .onnx file that do not learn; auto for those that only set an operator up",
    };

    public static Setting<IReadOnlyDictionary<string, int>?> Dim { get; } = new("dim", ValueTypes.Extents.OrAutomatic())
    {
        ValueName = "SYMBOL=N,...",
        IsRepeatable = true,
        Description = "extents of an .onnx file's symbolic dimensions other than the batch",
    };

    public static Setting<string?> Output { get; } = new("output", ValueTypes.Text.OrAutomatic())
    {
        ValueName = "NAME",
        Description = "the output of an .onnx file that is the root; auto for the first",
    };

    public static Setting<int?> Blocks { get; } = new("blocks", ValueTypes.Count.OrAuto())
    {
        Description = "blocks, each a vertex of its own, into which a dense or convolutional layer is split; 1 for none",
    };

    public static Setting<Granularity> Granularity { get; } = new("granularity", ValueTypes.Granularity)
    {
        ValueName = "tensor|unit|scalar",
        Description = "how much one vertex holds: a tensor, a unit's share of it, or a number",
    };

    public static Setting<int> Batch { get; } = new("batch", ValueTypes.Count)
    {
        Description = "samples a step; where an .onnx file fixes its first dimension, that is the default",
    };

    public static Setting<int> Micro { get; } = new("micro", ValueTypes.Count)
    {
        Description = "micro-batches into which a batch is cut, all in flight at once",
    };

    public static Setting<int> Replicas { get; } = new("replicas", ValueTypes.Count)
    {
        Description = "replicas of the network, each with an equal share of every micro-batch; parameters are shared",
    };

    public static Setting<string> DType { get; } = new("dtype", ValueTypes.OneOf(ElementTypes.Names))
    {
        ValueName = "f32|f64",
        Description = "element type of all tensors; f64 for an .onnx file with double inputs, unless given",
    };
}
