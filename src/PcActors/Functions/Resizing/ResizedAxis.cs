namespace PcActors.Functions;

/// <summary>One axis that is resized.</summary>
/// <param name="Axis">Which one.</param>
/// <param name="Extent">The input's extent.</param>
/// <param name="Resized">The output's extent.</param>
/// <param name="Scale">Output elements for each element of the input.</param>
/// <param name="Start">Where the region of interest begins, as a part of the axis.</param>
/// <param name="End">Where it ends.</param>
internal readonly record struct ResizedAxis(int Axis, int Extent, int Resized, double Scale, double Start, double End);
