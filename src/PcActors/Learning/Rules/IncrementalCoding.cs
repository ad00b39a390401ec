using PcActors.Learning.Descriptions;

namespace PcActors.Learning.Rules;

/// <summary>Incremental predictive coding (Salvatori et al., ICLR 2024): parameters learn at every timestep, from the
/// same errors by which values move.</summary>
internal sealed record IncrementalCoding : LearningRule
{
    private IncrementalCoding(Values values)
        : base(values)
    {
    }

    public static Description<LearningRule> Description { get; } = new(
        "ipc", "incremental predictive coding: parameters learn at every timestep",
        values => new IncrementalCoding(values), Conditions("ipc", rate: 0.2, steps: 8));

    public override bool LearnsEveryTimestep => true;
}
