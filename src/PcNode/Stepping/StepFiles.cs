using System.Numerics;
using PcActors.Data;
using PcActors.Data.Npy;
using PcActors.Learning.Losses;
using PcActors.Tensors;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Networks;

namespace PcNode.Stepping;

/// <summary>The arrays that <c>--input</c> gives to a model's inputs.</summary>
internal static class InputFiles
{
    public const string Option = "--input";

    /// <summary>Reads the arrays and checks that every input has one of its type.</summary>
    /// <param name="given">NAME=FILE each, or FILE alone when the model has one input.</param>
    /// <param name="form">The model.</param>
    /// <param name="model">What messages call it.</param>
    /// <returns>The arrays of the inputs that lead to the output, by name.</returns>
    /// <exception cref="UsageException">A name is unknown, doubled or missing, or an array's type
    /// is not the input's.</exception>
    /// <exception cref="PcActors.Data.DataException">A file cannot be read.</exception>
    public static IReadOnlyDictionary<string, NpyArray> Read(IReadOnlyList<string> given, OnnxForm form, string model)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in given)
        {
            var (name, file) = Split(text, form, model);
            if (!files.TryAdd(name, file))
                throw new UsageException(
                    $"{Option}: the input '{name}' is given twice, as '{files[name]}' and as '{file}'");
        }
        var arrays = new Dictionary<string, NpyArray>(StringComparer.Ordinal);
        foreach (var input in form.Inputs)
        {
            if (!files.TryGetValue(input.Name, out var file))
                throw new UsageException(
                    $"{Option}: the input '{input.Name}' of {model} is missing; give {Option} {input.Name}=FILE.npy "
                    + $"({input})");
            var array = NpyFile.Read(file);
            if (array.Shape.Length == 0)
                throw new UsageException(
                    $"{Option} {input.Name}: {array.Source} has the shape {array.Shape}, and so no elements");
            ElementTypePairs.Require(array, input, $"{Option} {input.Name}", model);
            arrays.Add(input.Name, array);
        }
        return arrays;
    }

    private static (string Name, string File) Split(string text, OnnxForm form, string model)
    {
        // A name may contain the sign itself.
        var known = form.AllInputs.Select(i => i.Name).Where(n => text.StartsWith($"{n}=", StringComparison.Ordinal))
            .MaxBy(n => n.Length);
        if (known is not null) return (known, text[(known.Length + 1)..]);
        var at = text.IndexOf('=', StringComparison.Ordinal);
        if (form.Inputs is [var only] && (at < 0 || File.Exists(text))) return (only.Name, text);
        var names = form.AllInputs.Select(i => i.Name).ToList();
        if (at >= 0)
        {
            var name = text[..at];
            throw new UsageException(
                $"{Option}: {model} has no input '{name}'{Suggestion.For(name, names)}; " +
                (names.Count == 0 ? "it has none" : $"its inputs are {string.Join(", ", form.AllInputs)}"));
        }
        throw new UsageException(
            $"{Option}: '{text}' does not say which input it is for; {model} has {names.Count} inputs, so give "
            + $"{Option} NAME=FILE.npy, NAME being one of {string.Join(", ", names)}");
    }
}

/// <summary>The array that <c>--target</c> gives.</summary>
internal static class TargetFile
{
    public const string Option = "--target";

    /// <summary>Copies it into a batch's target after making sure that it is one.</summary>
    /// <param name="array">The array.</param>
    /// <param name="prediction">The shape of the root's prediction.</param>
    /// <param name="root">The root's name.</param>
    /// <param name="target">Receives it: of the prediction's shape for floats, without its classes' axis for
    /// labels.</param>
    /// <param name="loss">What compares the two.</param>
    /// <param name="origin">The option, for messages.</param>
    /// <exception cref="UsageException">It has another shape or type, or a label is out of range.</exception>
    public static void CopyTo<T>(NpyArray array, Shape prediction, string root, Tensor<T> target, Loss loss,
        string origin = Option)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var takesLabels = !target.Shape.Equals(prediction);
        var (found, wanted) = (ElementTypePairs.NumpyName(array.Type), takesLabels ? "int64 labels" : "floats");
        var isOfType = takesLabels
            ? !ElementTypePairs.IsFloat(array.Type) && array.Type != NpyType.Boolean
            : ElementTypePairs.IsFloat(array.Type);
        if (!isOfType || !array.Shape.Equals(target.Shape))
        {
            throw new UsageException(
                $"{origin}: {array.Source} holds {found} of shape {array.Shape}; the output '{root}' has the shape "
                + $"{prediction}, " +
                $"so --loss {loss.Name} takes {wanted} of shape "
                + $"{target.Shape}{(isOfType ? loss.Advice(prediction, array.Shape) : "")}");
        }
        if (takesLabels) RequireClasses(array, prediction[loss.ClassAxis(prediction)], origin);
        new GivenArray(array, origin, "what is to be predicted must be finite numbers").CopyTo(target);
    }

    private static void RequireClasses(NpyArray array, int classes, string origin)
    {
        var (labels, positions) = (array.ToIntegers(), array.Shape.Length / array.Shape[0]);
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] >= 0 && labels[i] < classes) continue;
            throw new UsageException(
                $"{origin}: the label of sample {i / positions}"
                + (positions > 1 ? $", position {i % positions}," : "")
                + $" in {array.Source} is {labels[i]}; the model has {ClassLabels.CountOf(classes)}, so it lies in "
                + $"[0, {classes - 1}]"
                + (labels[i] < 0 ? $"; {ClassLabels.NoIgnoring(labels[i], positions > 1)}" : ""));
        }
    }
}
