using System.Globalization;
using System.Numerics;
using System.Reflection;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Onnx.Files;
using PcActors.Onnx.Schema;
using PcActors.Tensors;

namespace PcActors.Onnx.Export;

/// <summary>Makes a model of a graph.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class GraphExporter<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Graph<T> _graph;
    private readonly string _path;
    private readonly GraphProto _proto = new() { Name = "graph" };
    private readonly List<TensorContent> _contents = [];
    private readonly BatchAxis<T> _batch;
    private readonly HashSet<string> _names;
    private readonly Dictionary<string, NodeProto> _drawn = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Vertex, OnnxElementType Type), string> _casts = [];
    private readonly OnnxElementType[] _types;
    private readonly int _opset;

    /// <summary>Makes the model.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="parameters">Values of parameters, by name.</param>
    /// <param name="path">The file that is written, for messages.</param>
    /// <exception cref="OnnxException">A vertex is no ONNX operator, the graph has a cycle or is cut into blocks, or a
    /// parameter has another shape.</exception>
    public GraphExporter(Graph<T> graph, IReadOnlyDictionary<string, Tensor<T>> parameters, string path)
    {
        RequireAcyclic(graph, path);
        graph = SpelledOutGraph.Of(graph);
        (_graph, _path, _batch) = (graph, path, new BatchAxis<T>(graph));
        _names = [.. graph.Vertices.Select(v => v.Name)];
        var functions = graph.Vertices.Where(v => v.Function is not null).ToList();
        foreach (var vertex in functions) RequireOperator(vertex);
        _opset = functions.Max(v => ExportOpset.Needed(v.Function!.OperatorType, v.Function.Attributes));
        _types = [
            .. graph.Vertices.Select(v => v.Function is { } f ? ExportTypes.Given(f) : ExportTypes.OfLeaf(graph, v))];
        foreach (var vertex in graph.Vertices)
        {
            switch (vertex.Kind)
            {
                case VertexKind.Data: _proto.Input.Add(Info(vertex)); break;
                case VertexKind.Parameter: AddParameter(vertex, parameters); break;
                default: AddNode(vertex); break;
            }
        }
        Model = new ModelProto
        {
            IrVersion = ExportOpset.IrVersion(_opset),
            ProducerName = "PcActors",
            ProducerVersion = typeof(Graph<T>).Assembly
                .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0],
            Graph = _proto,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = _opset } },
        };
    }

    public ModelProto Model { get; }

    public IReadOnlyList<TensorContent> Contents => _contents;

    private static void RequireAcyclic(Graph<T> graph, string path)
    {
        if (!graph.HasCycles) return;
        var back = graph.Edges.First(e => e.IsRecurrent);
        throw new OnnxException(path,
            $"the graph has a cycle: the vertex '{graph.Vertices[back.From].Name}' is read by "
            + $"'{graph.Vertices[back.To].Name}', from which it follows", "a model file holds no cycles");
    }

    private void RequireOperator(Vertex<T> vertex)
    {
        var type = vertex.Function!.OperatorType;
        if (!OperatorCatalogue.Onnx.Contains(type))
            throw new OnnxException(_path,
                $"the vertex '{vertex.Name}' cannot be exported: its function '{type}' is no operator of ONNX");
    }

    private ValueInfoProto Info(Vertex<T> vertex) => new()
    {
        Name = vertex.Name,
        Type = new TypeProto
        {
            TensorType = new TypeProto.Types.Tensor
            {
                ElemType = (int)_types[vertex.Id],
                Shape = _batch.Dimensions(vertex.Id)
            },
        },
    };

    /// <summary>What learns is an initializer. What does not is a constant, which the import
    /// takes for one again; integers never learn.</summary>
    private void AddParameter(Vertex<T> vertex, IReadOnlyDictionary<string, Tensor<T>> parameters)
    {
        if (vertex.Block is not null)
            throw new OnnxException(_path, $"the parameter '{vertex.Name}' is a block of '{vertex.Block.Parameter}'",
                "export the graph from before it was cut into blocks");
        var value = parameters.GetValueOrDefault(vertex.Name) ?? vertex.Initial!;
        if (!value.Shape.Equals(vertex.Shape))
            throw new OnnxException(_path, $"the value of the parameter '{vertex.Name}' has the shape {value.Shape}",
                $"it must be {vertex.Shape}");
        var tensor = NewTensor(vertex.Name, _types[vertex.Id], value);
        if (vertex.Trainable || !_types[vertex.Id].IsFloat()) _proto.Initializer.Add(tensor);
        else _proto.Node.Add(
            Node("Constant", vertex.Name, [],
                new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = tensor }));
    }

    private void AddNode(Vertex<T> vertex)
    {
        var function = vertex.Function!;
        var names = function.OperatorType.Split(':');
        var whole = function.Attributes.Text("draws", vertex.Name);
        if (_drawn.TryGetValue(whole, out var node))
        {
            // What is drawn together is one node's; that one has the name of the whole already.
            if (whole != vertex.Name && node.Output.Count > 1)
                throw new OnnxException(_path,
                    $"the vertex '{vertex.Name}' cannot be exported: the mask of '{whole}' is '{node.Output[1]}' "
                    + "already");
            if (whole != vertex.Name) node.Output.Add(vertex.Name);
        }
        else
        {
            node = Node(names[0], vertex.Name, OnnxInputs(vertex, names[0]), [.. OnnxAttributes(vertex, names[0])]);
            // A further output comes after those that nobody reads here, or did not before.
            for (var output = 0; OperatorCatalogue.Output(names[0], output)!.Name != function.OperatorType; output++)
                node.Output.Insert(output,
                    whole != vertex.Name
                        ? whole
                        : Unique(string.Create(CultureInfo.InvariantCulture, $"{vertex.Name}/output{output}")));
            _proto.Node.Add(node);
            if (function.IsDrawn) _drawn[whole] = node;
        }
        if (vertex.Id == _graph.RootId) _proto.Output.Add(Info(vertex));
        else _proto.ValueInfo.Add(Info(vertex));
    }

    /// <summary>The inputs as ONNX has them: the function's, with those between them that
    /// are attributes here.</summary>
    private List<string> OnnxInputs(Vertex<T> vertex, string operatorType)
    {
        var function = vertex.Function!;
        var own = new Queue<Edge>(_graph.Inputs(vertex.Id));
        var absent = function.Attributes.Integers("absent") ?? [];
        var known = OperatorCatalogue.Find(operatorType)!;
        var inputs = new List<string>();
        for (var i = 0; i < known.Inputs.Count || own.Count > 0; i++)
        {
            var input = known.Input(i);
            if (input.Attribute is not null && input.Since > _opset) continue;
            if (input.AttributeName is { } name && function.Attributes.Has(name)) inputs.Add(Constant(vertex, input));
            else if (input.Attribute is not null) inputs.Add("");
            else if (absent.Contains(i)) inputs.Add("");
            else inputs.Add(own.TryDequeue(out var edge) ? As(edge.From, ExportTypes.Wanted(function, edge.Slot)) : "");
        }
        while (inputs.Count > 0 && inputs[^1].Length == 0) inputs.RemoveAt(inputs.Count - 1);
        return inputs;
    }

    private IEnumerable<AttributeProto> OnnxAttributes(Vertex<T> vertex, string operatorType)
    {
        var function = vertex.Function!;
        var inputs = OperatorCatalogue.Find(operatorType)!.Inputs.Where(i => i.Since <= _opset)
            .Select(i => i.AttributeName).ToHashSet();
        return function.Attributes.Names
            .Where(name => name is not ("absent" or "draws" or "element_type" or "saturate" or "straight_through")
                && !inputs.Contains(name))
            // An empty list is no value in ONNX; everywhere it means what is meant without it.
            .Where(name => function.Attributes[name] is not Array { Length: 0 })
            .Select(name => AttributeWriter.Write(operatorType, name, Sayable(vertex, name)));
    }

    private object Sayable(Vertex<T> vertex, string name)
    {
        var value = vertex.Function!.Attributes[name]!;
        var numbers = value as double[] ?? (value is double one ? [one] : []);
        if (numbers.All(AttributeFloats.CanSay)) return value;
        throw new OnnxException(_path, string.Create(CultureInfo.InvariantCulture,
            $"the vertex '{vertex.Name}' cannot be exported: its attribute '{name}' is "
            + $"{numbers.First(n => !AttributeFloats.CanSay(n))}"), "ONNX has attributes in single precision");
    }

    /// <summary>An attribute here that is an input in ONNX.</summary>
    private string Constant(Vertex<T> vertex, OperatorInput input)
    {
        var name = Unique($"{vertex.Name}/{input.AttributeName}");
        _proto.Initializer.Add(
            AttributeWriter.Input(name, input, vertex.Function!.Attributes[input.AttributeName!]!,
                ExportTypes.Float<T>()));
        return name;
    }

    /// <summary>The name under which a vertex's value has a type, by a cast if need be.</summary>
    private string As(int vertex, OnnxElementType type)
    {
        var name = _graph.Vertices[vertex].Name;
        if (_types[vertex] == type) return name;
        if (_casts.TryGetValue((vertex, type), out var cast)) return cast;
        cast = Unique($"{name}/{type.Name()}");
        _proto.Node.Add(Node("Cast", cast, [name], AttributeWriter.Write("Cast", "to", type.Name())));
        return _casts[(vertex, type)] = cast;
    }

    private TensorProto NewTensor(string name, OnnxElementType type, Tensor<T> values)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type };
        foreach (var extent in values.Shape.Dimensions) tensor.Dims.Add(extent);
        _contents.Add(TensorContent.Of(tensor, values));
        return tensor;
    }

    private string Unique(string name)
    {
        while (!_names.Add(name)) name += "'";
        return name;
    }

    private static NodeProto Node(string operatorType, string output, IEnumerable<string> inputs,
        params AttributeProto[] attributes) =>
        new()
        {
            OpType = operatorType,
            Name = output,
            Output = { output },
            Input = { inputs },
            Attribute = { attributes }
        };
}
