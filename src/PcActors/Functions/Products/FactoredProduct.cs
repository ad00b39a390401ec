using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Functions;

/// <summary>A matrix product that has not been carried out yet: op(Left) op(Right), where op is the transpose or nothing.</summary>
/// <remarks>A product's pull-back to its weights travels in this form: the work is then the parameter's own, off the path
/// of the wave, and two thin factors cross a network in place of a wide product.</remarks>
/// <param name="Left">Viewed as a matrix [<paramref name="LeftRows"/>, the rest].</param>
/// <param name="LeftRows">Rows of the left factor as it lies in memory.</param>
/// <param name="TransposeLeft">Whether the left factor is transposed.</param>
/// <param name="Right">Viewed as a matrix [<paramref name="RightRows"/>, the rest].</param>
/// <param name="RightRows">Rows of the right factor as it lies in memory.</param>
/// <param name="TransposeRight">Whether the right factor is transposed.</param>
/// <param name="Shape">The product's shape.</param>
public sealed record FactoredProduct<T>(
    Tensor<T> Left, int LeftRows, bool TransposeLeft, Tensor<T> Right, int RightRows, bool TransposeRight, Shape Shape)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Bytes of both factors' elements.</summary>
    public long Bytes => Left.Bytes + Right.Bytes;

    /// <summary>Carries the product out.</summary>
    /// <param name="result">Receives it; of shape <see cref="Shape"/>.</param>
    public void WriteTo(Tensor<T> result) => MatrixFactor<T>.Multiply(LeftFactor, RightFactor, result.Writable);

    /// <summary>Carries the product out and adds it, finished, to a sum.</summary>
    public void AddTo(Tensor<T> sum) => MatrixFactor<T>.Multiply(LeftFactor, RightFactor, sum.Writable, accumulate: true);

    /// <summary>Carries the product P out and stores theta - rate P, with the bits of doing one after the other.</summary>
    /// <param name="theta">Of shape <see cref="Shape"/>.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="result">Receives the difference; not <paramref name="theta"/> itself.</param>
    public void UpdateTo(Tensor<T> theta, T rate, Tensor<T> result) =>
        MatrixFactor<T>.Update(LeftFactor, RightFactor, theta.Span, rate, result.Writable);

    private MatrixFactor<T> LeftFactor => new(Left, LeftRows, TransposeLeft);

    private MatrixFactor<T> RightFactor => new(Right, RightRows, TransposeRight);
}
