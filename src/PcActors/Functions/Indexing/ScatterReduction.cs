namespace PcActors.Functions;

/// <summary>What a scatter does with an update and what is there already.</summary>
internal enum ScatterReduction
{
    /// <summary>The update takes its place; of several, the last.</summary>
    None,

    /// <summary>Their sum.</summary>
    Add,

    /// <summary>Their product.</summary>
    Mul,

    /// <summary>The larger.</summary>
    Max,

    /// <summary>The smaller.</summary>
    Min,
}
