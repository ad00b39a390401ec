using PcActors.Tensors;

namespace PcActors.Onnx.Import;

/// <summary>A value of the model during its import: known already, or predicted by a vertex.</summary>
/// <param name="Name">Its name in the model, and the vertex's.</param>
/// <param name="Type">The type of its elements in the model.</param>
/// <param name="Shape">Its extents.</param>
internal abstract record Value(string Name, OnnxElementType Type, Shape Shape);

/// <summary>A value that depends neither on data nor on a trainable parameter. It becomes a vertex only if one reads it.</summary>
internal sealed record ConstantValue(string Name, OnnxTensor Tensor) : Value(Name, Tensor.Type, Tensor.Shape);

/// <summary>The value of a vertex.</summary>
internal sealed record VertexValue(string Name, OnnxElementType Type, Shape Shape) : Value(Name, Type, Shape);
