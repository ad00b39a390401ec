using System.Globalization;

namespace PcNode.Experiments;

/// <summary>What is said of a tolerance that inference has not met.</summary>
internal static class ToleranceNotice
{
    /// <summary>What would help.</summary>
    public const string Advice = "more --inference-steps or a larger --tolerance would do";

    /// <summary>The beginning of the sentence: what was not met, and the bound.</summary>
    public static string Of(Experiment experiment) => string.Create(CultureInfo.InvariantCulture,
        $"tolerance: the free energy did not fall by less than {experiment.LearningRule!.Tolerance} within "
        + $"{experiment.LearningRule.InferenceSteps} timesteps");
}
