using System.Numerics;
using PcActors.Graphs;

namespace PcActors.Models;

/// <summary>The ready-made architectures, by name.</summary>
public static class ModelCatalogue
{
    /// <summary>The names, the default first.</summary>
    public static IReadOnlyList<string> Names { get; } = ["mlp", "residual"];

    /// <summary>One line about an architecture.</summary>
    /// <exception cref="ArgumentException">There is no such name.</exception>
    public static string Describe(string name) => name switch
    {
        "mlp" => "dense layers with tanh between them; 300 and 100 hidden units unless told otherwise",
        "residual" => "tanh layers with skip connections, all with one shared weight",
        _ => throw Unknown(name),
    };

    /// <summary>A network of a name.</summary>
    /// <exception cref="ArgumentException">There is no such name, or a size is not positive.</exception>
    public static Graph<T> Build<T>(string name, ModelOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var units in options.Hidden ?? [])
        {
            if (units < 1) throw new ArgumentException($"a hidden layer has {units} units; it needs at least 1");
        }
        return name switch
        {
            "mlp" => Mlp.Build<T>(options),
            "residual" => Residual.Build<T>(options),
            _ => throw Unknown(name),
        };
    }

    private static ArgumentException Unknown(string name) =>
        new($"unknown model '{name}'; known are {string.Join(", ", Names)}");
}
