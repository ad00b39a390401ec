using Microsoft.ML.OnnxRuntime;
using PcActors.Onnx;
using PcActors.Onnx.Files;
using PcActors.Tensors;

namespace PcActors.Tests.Runtime;

/// <summary>A model in ONNX Runtime, on one thread, computed as it is written.</summary>
internal sealed class RuntimeSession : IDisposable
{
    private static readonly Lazy<string?> Missing = new(() =>
    {
        try
        {
            return OrtEnv.Instance().GetVersionString().Length > 0 ? null : "ONNX Runtime has no version";
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException
            or EntryPointNotFoundException or BadImageFormatException)
        {
            return $"ONNX Runtime's library cannot be loaded here: {(e.InnerException ?? e).Message.Split('\n')[0]}";
        }
    });

    private readonly InferenceSession _session;

    /// <summary>Loads a model file; its external data lies beside it.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime does not take it.</exception>
    public RuntimeSession(string path)
    {
        using var options = Options();
        _session = new InferenceSession(path, options);
    }

    /// <summary>Loads a model in memory.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime does not take it.</exception>
    public RuntimeSession(byte[] bytes)
    {
        using var options = Options();
        _session = new InferenceSession(bytes, options);
    }

    /// <summary>Why there is no ONNX Runtime here; null when there is.</summary>
    public static string? WhyNot => Missing.Value;

    /// <summary>Runs the model forward.</summary>
    /// <param name="inputs">Its inputs, by name.</param>
    /// <returns>Its outputs that are tensors, by name.</returns>
    /// <exception cref="OnnxRuntimeException">It fails there.</exception>
    public IReadOnlyDictionary<string, OnnxTensor> Run(IReadOnlyDictionary<string, OnnxTensor> inputs)
    {
        var values = inputs.ToDictionary(i => i.Key, i => Value(i.Value));
        try
        {
            var names = _session.OutputMetadata.Where(o => o.Value.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR)
                .Select(o => o.Key).ToList();
            using var run = new RunOptions();
            using var outputs = _session.Run(run, values, names);
            return names.Zip(outputs).Where(o => ElementTypes.TryParse(
                    (int)o.Second.GetTensorTypeAndShape().ElementDataType, out _))
                .ToDictionary(o => o.First, o => Tensor(o.Second));
        }
        finally
        {
            foreach (var value in values.Values) value.Dispose();
        }
    }

    public void Dispose() => _session.Dispose();

    private static SessionOptions Options() => new()
    {
        GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
        IntraOpNumThreads = 1,
        InterOpNumThreads = 1,
        EnableCpuMemArena = false,
        LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
    };

    // ONNX Runtime numbers the types of elements as ONNX does.
    private static OrtValue Value(OnnxTensor tensor)
    {
        var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance,
            (Microsoft.ML.OnnxRuntime.Tensors.TensorElementType)(int)tensor.Type,
            [.. tensor.Shape.Dimensions.ToArray().Select(d => (long)d)]);
        ElementCodec.Encode(tensor.Type, tensor.Values.Span).CopyTo(value.GetTensorMutableRawData());
        return value;
    }

    private static OnnxTensor Tensor(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        var type = (OnnxElementType)(int)info.ElementDataType;
        var tensor = new Tensor<double>(new Shape([.. info.Shape.Select(d => (int)d)]));
        ElementCodec.Decode(type, value.GetTensorMutableRawData(), tensor.Writable);
        return OnnxTensor.Of(type, tensor);
    }
}
