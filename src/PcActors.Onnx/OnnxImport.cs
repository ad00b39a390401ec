using System.Numerics;
using PcActors.Onnx.Import;

namespace PcActors.Onnx;

/// <summary>Makes graphs of model files.</summary>
public static class OnnxImport
{
    /// <summary>The model as a graph.</summary>
    /// <remarks>
    /// <para>Every input that leads to the output becomes a data leaf, every initializer of floats a parameter that learns.
    /// Initializers do not learn when they are frozen, or when they set an operator up instead of taking part in it: a shape,
    /// Clip's bounds, Pow's exponent, the running statistics of BatchNormalization. What depends on neither data nor
    /// parameters that learn is computed here: floats with the bits that a vertex would give them, integers exactly. A float in
    /// an attribute is read as the shortest decimal fraction that means it.</para>
    /// <para>LSTM, GRU and RNN are unrolled, Split becomes Slices, and operators of older versions become today's.</para>
    /// </remarks>
    /// <param name="model">The model.</param>
    /// <param name="options">What the model leaves open.</param>
    /// <exception cref="OnnxException">An input's shape is not known; a node has an operator that is not supported, or inputs that do
    /// not fit it; the output does not depend on an input.</exception>
    public static ImportedModel<T> ToGraph<T>(OnnxModel model, OnnxImportOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new Importer<T>(model, options ?? new OnnxImportOptions()).ToGraph();
}
