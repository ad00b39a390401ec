using System.Numerics;
using PcActors.Graphs;
using PcActors.Tensors;

namespace PcNode.Configuration;

/// <summary>A parameter that an experiment file defines.</summary>
internal sealed class ParameterSection
{
    private static readonly string[] Initializers = ["glorot-uniform", "he-normal", "normal", "uniform", "constant",
        "zeros", "ones"];

    private readonly string _name;
    private readonly int[] _extents;
    private readonly Initializer _initializer;
    private readonly bool _trainable;

    private ParameterSection(string name, int[] extents, Initializer initializer, bool trainable) =>
        (_name, _extents, _initializer, _trainable) = (name, extents, initializer, trainable);

    /// <summary>Reads one parameter.</summary>
    /// <exception cref="UsageException">A key is unknown or missing, or a value is wrong.</exception>
    public static ParameterSection Read(string name, HoconSection section)
    {
        section.RequireKnown("shape", "init", "deviation", "bound", "value", "trainable");
        var extents = section.Extents("shape");
        // A bias starts at 0, a weight does not.
        var init = section.Has("init") ? section.Text("init") : extents.Length < 2 ? "zeros" : "glorot-uniform";
        var initializer = init switch
        {
            "glorot-uniform" => Initializer.GlorotUniform,
            "he-normal" => Initializer.HeNormal,
            "normal" => Initializer.Normal(section.Number("deviation")),
            "uniform" => Initializer.Uniform(section.Number("bound")),
            "constant" => Initializer.Constant(section.Number("value")),
            "zeros" => Initializer.Constant(0),
            "ones" => Initializer.Constant(1),
            _ => throw section.Error(
                "init",
                $"'{HoconSource.Shown(init)}' is not one of "
                + $"{string.Join(", ", Initializers)}{Suggestion.For(init, Initializers)}"),
        };
        return new ParameterSection(name, extents, initializer,
            section.Flag("trainable", true));
    }

    /// <summary>Adds the parameter to a graph.</summary>
    public void AddTo<T>(GraphBuilder<T> builder, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var shape = new Shape(_extents);
        var (fanIn, fanOut) = Fans();
        builder.Parameter(_name, _initializer.Create<T>(shape, fanIn, fanOut, seed, _name), _trainable);
    }

    /// <summary>How many inputs one unit sums, and how many units one input feeds: of a matrix [inputs, units], or of a
    /// convolution's weight [units, channels, ...window].</summary>
    private (int In, int Out) Fans()
    {
        if (_extents.Length == 0) return (1, 1);
        if (_extents.Length == 1) return (_extents[0], _extents[0]);
        if (_extents.Length == 2) return (_extents[0], _extents[1]);
        var window = _extents[2..].Aggregate(1, (product, extent) => product * extent);
        return (_extents[1] * window, _extents[0] * window);
    }
}
