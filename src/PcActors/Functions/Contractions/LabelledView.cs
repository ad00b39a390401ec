namespace PcActors.Functions;

/// <summary>An operand of a contraction: a stride for each of its labels, which are numbers here. Along a label that stands for
/// several axes (a diagonal) it is the sum of their strides; along one over which the operand is broadcast it is 0.</summary>
/// <param name="Source">Which input it is; <see cref="Error"/> for the error.</param>
/// <param name="Labels">The labels, each once.</param>
/// <param name="Strides">A stride for each label.</param>
internal sealed record LabelledView(int Source, int[] Labels, int[] Strides)
{
    /// <summary>The error of a pull-back.</summary>
    public const int Error = -1;

    /// <summary>What has been computed so far.</summary>
    private const int Intermediate = -2;

    /// <summary>A dense array with one axis for each label.</summary>
    public static LabelledView Dense(int[] labels, int[] extents, int source = Intermediate)
    {
        var strides = new int[labels.Length];
        var step = 1;
        for (var i = labels.Length - 1; i >= 0; i--)
        {
            strides[i] = step;
            step *= extents[labels[i]];
        }
        return new LabelledView(source, labels, strides);
    }

    /// <summary>The stride along a label; 0 when there is no such one.</summary>
    public int Stride(int label)
    {
        var at = Array.IndexOf(Labels, label);
        return at < 0 ? 0 : Strides[at];
    }
}
