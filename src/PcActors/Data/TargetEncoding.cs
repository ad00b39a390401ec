namespace PcActors.Data;

/// <summary>How class labels are given to a loss.</summary>
public enum TargetEncoding
{
    /// <summary>[N, C], 1 at the label and 0 elsewhere: for squared error.</summary>
    OneHot,

    /// <summary>[N], the label itself as a number: for softmax cross-entropy.</summary>
    ClassIndex,
}
