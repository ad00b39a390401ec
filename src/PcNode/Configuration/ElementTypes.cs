using System.Numerics;

namespace PcNode.Configuration;

/// <summary>Work that is written for any element type.</summary>
internal interface IGenericWork<TResult>
{
    /// <summary>Does the work with tensors of <typeparamref name="T"/>.</summary>
    Task<TResult> RunAsync<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>The one place where an element type's name becomes a type.</summary>
internal static class ElementTypes
{
    /// <summary>The names, the default first.</summary>
    public static string[] Names { get; } = ["f32", "f64"];

    /// <summary>Does work with the element type of a name.</summary>
    public static Task<TResult> RunAsync<TResult>(string name, IGenericWork<TResult> work) => name switch
    {
        "f32" => work.RunAsync<float>(),
        "f64" => work.RunAsync<double>(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "unknown element type"),
    };
}
