using PcActors.Data;
using PcNode.Output;

namespace PcNode.Experiments;

/// <summary>What is done to features, in words and in JSON.</summary>
internal static class StandardizationReport
{
    /// <summary>Says it before a run.</summary>
    public static void Tell(Standardization? standardization, Terminal terminal) =>
        terminal.Say($"features: {Words(standardization)}");

    /// <summary>For people.</summary>
    public static string Words(Standardization? standardization) => standardization is null
        ? "taken as they are" : $"standardised, {standardization}";

    /// <summary>For programs: null where nothing is done.</summary>
    public static IEnumerable<(string Key, object? Value)>? Json(Standardization? standardization) =>
        standardization is null ? null :
        [
            ("kind", NameOf(standardization.Kind)), ("mean", standardization.Mean), ("scale", standardization.Scale),
            ("samples", standardization.Samples),
        ];

    /// <summary>What the command line calls a kind.</summary>
    public static string NameOf(StandardizationKind kind) => $"{kind}".ToLowerInvariant();
}
