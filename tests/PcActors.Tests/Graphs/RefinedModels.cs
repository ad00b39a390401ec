using PcActors.Graphs;
using PcActors.Models;

namespace PcActors.Tests.Graphs;

/// <summary>Which of the ready-made architectures come apart how far.</summary>
internal static class RefinedModels
{
    /// <summary>Those that are dense layers and element-wise functions alone.</summary>
    public static string[] InScalars { get; } = ["mlp", "rnn", "lstm", "residual"];

    /// <summary>Every architecture at every granularity that it takes.</summary>
    public static TheoryData<string, Granularity> All
    {
        get
        {
            var all = new TheoryData<string, Granularity>();
            foreach (var name in ModelCatalogue.Names)
            {
                all.Add(name, Granularity.Unit);
                if (InScalars.Contains(name)) all.Add(name, Granularity.Scalar);
            }
            return all;
        }
    }
}
