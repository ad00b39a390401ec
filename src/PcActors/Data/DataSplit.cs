using System.Numerics;

namespace PcActors.Data;

/// <summary>A data set in two disjoint parts with the same sample shape and number of classes.</summary>
/// <param name="Train">What is learnt from.</param>
/// <param name="Test">What accuracy is measured on.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed record DataSplit<T>(Dataset<T> Train, Dataset<T> Test)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
