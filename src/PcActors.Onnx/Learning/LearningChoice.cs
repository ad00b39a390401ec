using PcActors.Onnx.Import;

namespace PcActors.Onnx.Learning;

/// <summary>Which of a model's tensors of floats learn, and why the others do not.</summary>
internal sealed class LearningChoice
{
    private readonly Dictionary<string, string?> _reasons = new(StringComparer.Ordinal);

    /// <summary>Chooses.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">What is frozen and what is to learn.</param>
    /// <param name="needed">The nodes that lead to the output.</param>
    /// <param name="output">The output.</param>
    /// <exception cref="OnnxException">A pattern means no tensor, or a tensor is both frozen and to learn.</exception>
    public LearningChoice(OnnxModel model, OnnxImportOptions options, NeededNodes needed, string output)
    {
        Constants = [.. model.FloatConstants.Where(needed.IsRead)];
        var all = model.FloatTensors;
        var asked = Named(model, options.Learning, all, "learn");
        var frozen = Named(model, options.Frozen, all, "freeze");
        if (asked.FirstOrDefault(frozen.Contains) is { } both)
            throw new OnnxException(model.Source, $"'{both}' is both to learn and frozen", "one of them is possible");
        var inputs = model.Inputs.Select(i => i.Name).ToList();
        var settings = needed.Settings(output, inputs);
        if (asked.FirstOrDefault(settings.Contains) is { } setting)
            throw new OnnxException(model.Source, $"'{setting}' sets an operator up", "it cannot learn");
        var signature = new ExporterSignature(model.Proto.Graph);
        var signs = new BufferSigns(model);
        foreach (var name in model.FloatInitializers)
        {
            _reasons[name] = !needed.IsRead(name) ? $"the output '{output}' does not depend on it"
                : frozen.Contains(name) ? "it is frozen"
                : settings.Contains(name) ? "it sets an operator up"
                : asked.Contains(name) ? null
                : signature.IsParameter(name) is { } isParameter
                    ? isParameter ? null : $"the file says that it is a {Words(signature.KindOf(name))}"
                : signs.Of(name, model.Initializers[name]);
        }
        foreach (var name in Constants)
            _reasons[name] = asked.Contains(name) ? null : "it stands in a Constant node, and not among the weights";
    }

    /// <summary>What Constant nodes write that may be weights: floats, more than one.</summary>
    public IReadOnlyList<string> Constants { get; }

    /// <summary>Whether a tensor learns.</summary>
    public bool Learns(string name) => _reasons.TryGetValue(name, out var reason) && reason is null;

    /// <summary>Why a tensor does not learn; null when it does.</summary>
    public string? Reason(string name) => _reasons[name];

    private static string Words(string kind) => kind.ToLowerInvariant().Replace('_', ' ');

    private static HashSet<string> Named(
        OnnxModel model, IEnumerable<string> patterns, IReadOnlyList<string> all, string verb)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pattern in patterns)
        {
            var found = NamePattern.Matches(pattern, all);
            if (found.Count == 0)
                throw new OnnxException(model.Source, $"there is no tensor of floats '{pattern}' to {verb}",
                    all.Count == 0 ? "it has none" : $"there are {string.Join(", ", all)}");
            names.UnionWith(found);
        }
        return names;
    }
}
