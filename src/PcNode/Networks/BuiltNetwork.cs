using System.Numerics;
using PcActors.Graphs;

namespace PcNode.Networks;

/// <summary>A network that is ready to run.</summary>
/// <param name="Source">As its source has it.</param>
/// <param name="Graph">The graph as it runs, split into blocks or made finer, and replicated, before levelling.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed record BuiltNetwork<T>(SourceNetwork<T> Source, Graph<T> Graph)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
