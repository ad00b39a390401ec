using PcActors.Tensors;

namespace PcActors.Onnx.Learning;

/// <summary>A tensor of floats that a model file holds, and whether it learns.</summary>
/// <param name="Name">Its name: an initializer's, or that of what a Constant node writes.</param>
/// <param name="Shape">Its extents.</param>
/// <param name="Learns">Whether it is a parameter that learns.</param>
/// <param name="Reason">Why it does not learn; null when it does.</param>
public sealed record OnnxParameter(string Name, Shape Shape, bool Learns, string? Reason);
