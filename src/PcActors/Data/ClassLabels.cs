namespace PcActors.Data;

/// <summary>What a class label may be.</summary>
internal static class ClassLabels
{
    /// <summary>The largest number of classes: more than that is a column of something else, or a damaged file.</summary>
    public const int MaxClassCount = 65_536;

    /// <summary>The label that a number stands for.</summary>
    /// <param name="value">A number as a file holds it; 3.0 is the label 3.</param>
    /// <param name="label">The label, in [0, <see cref="MaxClassCount"/>).</param>
    /// <returns>False when the number is not such an integer.</returns>
    internal static bool TryFrom(double value, out int label)
    {
        var valid = value is >= 0 and < MaxClassCount && double.IsInteger(value);
        label = valid ? (int)value : 0;
        return valid;
    }

    /// <summary>What a label must be, for messages.</summary>
    internal static string Rule { get; } = $"labels must be integers in [0, {MaxClassCount - 1}]";
}
