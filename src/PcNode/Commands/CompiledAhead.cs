using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Inferring;
using PcNode.Stepping;
using PcNode.Tracing;
using PcNode.Using;

namespace PcNode.Commands;

/// <summary>What is compiled ahead of time for each element type. It is never called: a compiler that looks only at the
/// code does not see which work stands behind <see cref="IGenericWork{TResult}"/>, and what that needs.</summary>
internal static class CompiledAhead
{
    public static Task[] Of(TrainRun train) => [train.RunAsync<float>(), train.RunAsync<double>()];

    public static Task[] Of(Verification verification) =>
        [verification.RunAsync<float>(), verification.RunAsync<double>()];

    public static Task[] Of(SingleStep step) => [step.RunAsync<float>(), step.RunAsync<double>()];

    public static Task[] Of(PredictRun predict) => [predict.RunAsync<float>(), predict.RunAsync<double>()];

    public static Task[] Of(EvaluateRun evaluate) => [evaluate.RunAsync<float>(), evaluate.RunAsync<double>()];

    public static Task[] Of(InferRun infer) => [infer.RunAsync<float>(), infer.RunAsync<double>()];

    public static Task[] Of(TracedSteps steps) => [steps.RunAsync<float>(), steps.RunAsync<double>()];
}
