using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Data;

/// <summary>One part of a data set as a reader finds it.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Features">[N, ...sample shape].</param>
/// <param name="Labels">N labels, each a valid one by itself (<see cref="ClassLabels"/>).</param>
internal sealed record LabelledPart<T>(string Name, Tensor<T> Features, int[] Labels)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>What a reader finds: samples to train on and, where the files have them, to test on.</summary>
/// <param name="Name">The file or folder, the name of the data set.</param>
/// <param name="Train">The samples to train on.</param>
/// <param name="Test">The samples to test on, if there are any apart.</param>
internal sealed record LabelledArrays<T>(string Name, LabelledPart<T> Train, LabelledPart<T>? Test)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The finished data set: classes counted over both parts, or a part held out.</summary>
    /// <exception cref="DataException">The parts' samples differ in shape, every label to train on is the same, a feature is
    /// not finite, or there are fewer than two samples.</exception>
    public DataSplit<T> ToSplit()
    {
        var classCount = Train.Labels.Max() + 1;
        if (Test is null) return RequireClasses(HoldOut.Split(new Dataset<T>(Name, Train.Features, Train.Labels, classCount)));
        if (!Train.Features.Shape.Dimensions[1..].SequenceEqual(Test.Features.Shape.Dimensions[1..]))
            throw new DataException(Test.Name, $"features of shape {Test.Features.Shape} beside {Train.Features.Shape} to train on", "samples must have one shape");
        classCount = Math.Max(classCount, Test.Labels.Max() + 1);
        return RequireClasses(new DataSplit<T>(
            new Dataset<T>(Train.Name, Train.Features, Train.Labels, classCount),
            new Dataset<T>(Test.Name, Test.Features, Test.Labels, classCount)));
    }

    private DataSplit<T> RequireClasses(DataSplit<T> split) => split.Train.Labels.ContainsAnyExcept(split.Train.Labels[0])
        ? split
        : throw new DataException(Name, $"every sample to train on has the label {split.Train.Labels[0]}", "at least two classes are needed");
}
