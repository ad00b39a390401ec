using System.Globalization;
using PcNode.Experiments;

namespace PcNode.Reports;

/// <summary>Under what the paper's tables are measured.</summary>
/// <param name="Text">A paragraph.</param>
/// <param name="Batches">Batch size of the distances, by network.</param>
internal sealed record PaperConditions(string Text, IReadOnlyDictionary<string, int> Batches)
{
    /// <summary>Those of experiments that differ in the network alone.</summary>
    /// <param name="experiments">One for each network, at least one.</param>
    /// <param name="inferenceRate">The rate of inference learning.</param>
    public static PaperConditions Of(IReadOnlyList<Experiment> experiments, double inferenceRate)
    {
        var first = experiments[0];
        return new PaperConditions(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Data: {first.Data}; seed {first.Seed}; elements {first.DType}; one update each, by {first.Optimizer.Name} with the rate " +
                $"{first.Optimizer.LearningRate}, for the loss {first.Loss.Name}. Inference learning (IL) moves values with the rate {inferenceRate}."),
            experiments.ToDictionary(e => e.Model, e => e.Batch));
    }
}
