using System.Globalization;
using System.Numerics;
using PcActors.Onnx.Learning;
using PcNode.Output;

namespace PcNode.Networks;

/// <summary>What of a model file learns, and what does not, in words.</summary>
internal static class LearningReport
{
    // A line is to be read.
    private const int MostNames = 3;

    /// <summary>Says what was done to a model file and what of it learns; nothing of other networks.</summary>
    public static void Tell<T>(SourceNetwork<T> source, Terminal terminal)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        source.TellReading(terminal);
        if (source.Candidates.Count > 0) terminal.Say($"parameters: {Line(source.Candidates)}");
    }

    /// <summary>How many tensors learn, and why the others do not.</summary>
    public static string Line(IReadOnlyList<OnnxParameter> candidates)
    {
        var learning = candidates.Where(c => c.Learns).ToList();
        var line = Text($"{learning.Count} of {candidates.Count} tensors learn ") +
            Text($"({Numbers(learning):#,0} of {Numbers(candidates):#,0} numbers)");
        var still = candidates.Where(c => !c.Learns).GroupBy(c => c.Reason!)
            .Select(g => $"{Names([.. g.Select(c => c.Name)])}, because {g.Key}").ToList();
        return still.Count == 0
            ? line
            : $"{line}; not {string.Join("; not ", still)} (--learn and --freeze change that)";
    }

    /// <summary>The message of a network in which nothing learns.</summary>
    public static UsageException NothingLearns(string model, IReadOnlyList<OnnxParameter> candidates) => new(
        candidates.Count == 0 ? $"{model}: no parameter learns, for the model has none"
            : $"{model}: no parameter learns; {Line(candidates)}");

    private static string Names(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MostNames).Select(n => $"'{n}'"))
        + (names.Count > MostNames ? Text($" and {names.Count - MostNames} more") : "");

    private static long Numbers(IEnumerable<OnnxParameter> parameters) => parameters.Sum(p => (long)p.Shape.Length);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
