namespace PcNode.Reports;

/// <summary>A line of a figure.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Points">Its points, from left to right.</param>
/// <param name="IsReference">Whether others are compared with it: it is drawn dashed.</param>
internal sealed record FigureLine(
    string Name, IReadOnlyList<(double X, double Y)> Points, bool IsReference = false);
