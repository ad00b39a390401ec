using PcActors.Learning.Descriptions;

namespace PcActors.Learning.Rules;

/// <summary>Error-based predictive coding (Goemaere et al., arXiv 2505.20137): the errors e are the variables, and
/// x = mu + e. Each timestep is a sweep forward and one back, which tells each error the whole gradient of the loss:
/// e = e - gamma (e + dL/dx).</summary>
/// <remarks>The root has an error variable, too, which enters learning alone: after one timestep from e = 0 every
/// parameter gets backpropagation's update times gamma, and where inference has converged
/// the authors' update.</remarks>
internal sealed record ErrorCoding : LearningRule
{
    private ErrorCoding(Values values)
        : base(values)
    {
    }

    public static Description<LearningRule> Description { get; } = new(
        "epc", "error-based predictive coding: errors move, and values are swept forward from them",
        values => new ErrorCoding(values), Conditions("epc", rate: 0.1, steps: 5));

    public override bool Sweeps => true;
}
