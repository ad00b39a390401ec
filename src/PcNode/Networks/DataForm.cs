using PcActors.Tensors;

namespace PcNode.Networks;

/// <summary>What a network is for.</summary>
/// <param name="SampleShape">The shape of one sample.</param>
/// <param name="ClassCount">Number of classes.</param>
/// <param name="IsRandom">Whether any other sample and target would do as well.</param>
internal sealed record DataForm(Shape SampleShape, int ClassCount, bool IsRandom = false);
