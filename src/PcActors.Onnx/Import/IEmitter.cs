using PcActors.Functions;

namespace PcActors.Onnx.Import;

/// <summary>What an import rule does with a node.</summary>
internal interface IEmitter
{
    /// <summary>Whether anything needs this output.</summary>
    bool IsRead(string output);

    /// <summary>Imports the node, as its rule has left it, as the operator that it is.</summary>
    /// <exception cref="OnnxException">There is no such function, or the node does not fit it.</exception>
    void Import(ImportNode node);

    /// <summary>Applies an operator: at once when all of its inputs are constant, and as a vertex otherwise.</summary>
    /// <param name="operatorType">The operator.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <param name="name">The vertex's name.</param>
    /// <param name="type">The type of the elements; null for what the operator gives.</param>
    Value Apply(string operatorType, ReadOnlySpan<Value> inputs, Attributes attributes, string name, OnnxElementType? type = null);

    /// <summary>A name for a vertex that a node needs beside its outputs: this one, or a similar one when the model has it.</summary>
    string Unique(string name);

    /// <summary>Makes a value known by its name, for the nodes that read it.</summary>
    void Define(Value value);
}
