namespace PcActors.Data;

/// <summary>What is read of a data set, and how.</summary>
public sealed record DatasetOptions
{
    /// <summary>Features and classes, wherever they are obvious.</summary>
    public static DatasetOptions Default { get; } = new();

    /// <summary>Arrays that inputs get, by their names in an .npz file, beside or in place of
    /// <see cref="Feed.Features"/>.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Names of a network's inputs: arrays that are called so are read, too, where there are several
    /// inputs.</summary>
    public IReadOnlyList<string> Leaves { get; init; } = [];

    /// <summary>What should be predicted: <see cref="Feed.Labels"/>, what the data set has as such;
    /// <see cref="Feed.Features"/> or <see cref="Feed.Zeros"/>; or the name of an array of an .npz file, or of columns
    /// of a CSV file, or their numbers from 1, several with commas between.</summary>
    public string Target { get; init; } = Feed.Labels;

    /// <summary>Whether the target is classes or numbers.</summary>
    public TargetKind TargetKind { get; init; }

    /// <summary>Whether classes may be one for each of a sample's positions, such as tokens: whole numbers [N, ...],
    /// which are read as numbers.</summary>
    internal bool HasPositions { get; init; }

    /// <summary>Whether the loss takes class numbers, so that numbers cannot be learnt.</summary>
    internal bool NeedsClasses { get; init; }

    /// <summary>Arrays of which an input takes whole numbers, such as token ids: each must be one that the element type
    /// holds exactly.</summary>
    public IReadOnlyList<string> AsTheyAre { get; init; } = [];

    /// <summary>The classes that a model knows, in their order: words are numbered by it. Null for the order of the
    /// alphabet.</summary>
    internal IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>How many classes a model knows by number: data may lack the last ones.</summary>
    internal int LeastClasses { get; init; }

    /// <summary>Whether a model is used on the data, and not trained: words that are no class of its are refused, and
    /// one class or one sample alone will do.</summary>
    internal bool IsForUse { get; init; }

    /// <summary>How many numbers the network predicts for a sample, [N, C]; null where that is not known.</summary>
    internal int? Outputs { get; init; }

    /// <summary>Whether all samples are used alike, whatever part they are of.</summary>
    internal bool IsWhole { get; init; }

    /// <summary>What becomes of data without a test part, in words; none where nothing does.</summary>
    internal IEnumerable<string> HeldOut => IsWhole ? [] : ["a sixth is held out as a test part"];

    /// <summary>The order of samples' axes.</summary>
    public SampleLayout Layout { get; init; }

    /// <summary>Whether a CSV file's first line is a header.</summary>
    public CsvHeader Header { get; init; }

    /// <summary>Columns of a CSV file that are passed over, by their names or numbers from 1.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>The share of the training samples that is set apart as a validation set, in (0, 1); null for none but
    /// what the data set itself has.</summary>
    public double? Validation { get; init; }

    /// <summary>Whether the target is a part of the data set, and has to be there.</summary>
    internal bool NeedsTarget => Target is not (Feed.Features or Feed.Zeros) || Inputs.Contains(Feed.Labels);

    /// <summary>The target's name, where it is named; null for what is obvious.</summary>
    internal string? NamedTarget => Feed.Arrays.Contains(Target) ? null : Target;

    /// <summary>Whether features without a name are taken as they are.</summary>
    internal bool KeepsFeatures => AsTheyAre.Contains(Feed.Features);

    /// <summary>How the target is read: never <see cref="TargetKind.Auto"/>.</summary>
    internal TargetKind Reading => TargetKind != TargetKind.Auto ? TargetKind
        : NamedTarget is null ? TargetKind.Classes : TargetKind.Either;

    /// <summary>The options that a feed asks for.</summary>
    public static DatasetOptions For(Feed feed) => new()
    {
        Inputs = [.. feed.Inputs.Values.Distinct()],
        Target = feed.Target,
    };
}

/// <summary>Whether a target is classes or numbers.</summary>
public enum TargetKind
{
    /// <summary>Classes; where the target is named, whichever it can be.</summary>
    Auto,

    /// <summary>Classes where it can be: words, one-hot rows, or whole numbers from 0 with few gaps; else
    /// numbers.</summary>
    Either,

    /// <summary>Classes.</summary>
    Classes,

    /// <summary>Numbers, of any shape.</summary>
    Numbers,
}

/// <summary>The order of samples' axes in files.</summary>
public enum SampleLayout
{
    /// <summary>As the network takes them.</summary>
    AsIs,

    /// <summary>Channels come last, as in [H, W, C]: they are brought to the front, [C, H, W].</summary>
    ChannelsLast,
}

/// <summary>Whether a CSV file's first line is a header.</summary>
public enum CsvHeader
{
    /// <summary>It is one when it names a label's column, when it has words where the next line has numbers, or when it
    /// counts the columns from 0 or 1.</summary>
    Auto,

    /// <summary>It is one.</summary>
    Yes,

    /// <summary>It is a sample.</summary>
    No,
}
