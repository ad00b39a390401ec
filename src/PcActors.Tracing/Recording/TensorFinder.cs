using System.Numerics;
using System.Reflection;
using PcActors.Tensors;

namespace PcActors.Tracing.Recording;

/// <summary>Finds tensors in a message that the protocol does not know: whatever is in its fields, and
/// in what these hold.</summary>
internal static class TensorFinder
{
    private const int MaxDepth = 6;
    private const int MaxObjects = 10_000;

    /// <summary>All tensors and arrays of elements that an object leads to.</summary>
    public static IReadOnlyList<Tensor<T>> Find<T>(object message)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var found = new List<Tensor<T>>();
        Visit(message, 0, new HashSet<object>(ReferenceEqualityComparer.Instance), found);
        return found;
    }

    private static void Visit<T>(object? value, int depth, HashSet<object> seen, List<Tensor<T>> found)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (value is null or string || depth > MaxDepth || seen.Count >= MaxObjects || !seen.Add(value)) return;
        switch (value)
        {
            case Tensor<T> tensor:
                found.Add(tensor);
                return;
            case T[] elements:
                found.Add(Tensor<T>.From(new Shape(elements.Length), elements));
                return;
            case Array array when array.GetType().GetElementType() is { IsPrimitive: false }:
                foreach (var item in array) Visit(item, depth + 1, seen, found);
                return;
        }
        for (var type = value.GetType(); type is not null && MayHold(type); type = type.BaseType)
        {
            foreach (var field in type.GetFields(
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                Visit(field.GetValue(value), depth + 1, seen, found);
        }
    }

    // References to actors and the runtime's own lead everywhere.
    private static bool MayHold(Type type) =>
        !type.IsPrimitive && !type.IsEnum && !type.IsPointer && !typeof(Delegate).IsAssignableFrom(type)
        && !typeof(MemberInfo).IsAssignableFrom(type)
        && !(type.Namespace?.StartsWith("Akka", StringComparison.Ordinal) ?? false);
}
