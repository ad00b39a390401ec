using System.Numerics;
using PcActors.Learning.Optimizers;
using PcActors.Tensors;
using PcActors.Tensors.Kernels.Sharing;
using PcActors.Tests.Tensors.Kernels;

namespace PcActors.Tests.Learning;

/// <summary>Threads share out the update of a large parameter: stretches of it are updated as the whole is.</summary>
public sealed class SharedUpdates
{
    public static TheoryData<string> Names => [.. Optimizers.Keys];

    private static Dictionary<string, Optimizer> Optimizers { get; } = new()
    {
        ["sgd"] = new Sgd(0.1),
        ["sgd with decay"] = new Sgd(0.1, 0.01),
        ["momentum"] = new Momentum(0.05, 0.5, 0.1),
        ["adam"] = new Adam(0.01, 0.8, 0.99, 1e-4, 0.1),
        ["adamw"] = new AdamW(0.01),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_element_has_the_bits_of_one_thread(string name)
    {
        foreach (var length in new[] { 1, 511, 512, 513, 1_100, 5_000 })
        {
            AssertSame<float>(Optimizers[name], length);
            AssertSame<double>(Optimizers[name], length);
        }
    }

    private static void AssertSame<T>(Optimizer optimizer, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(length);
        var (theta, gradient) = (Numbers<T>(random, length), Numbers<T>(random, length));
        Tensor<T>[] state = [.. Enumerable.Range(0, optimizer.StateTensors).Select(_ => Squares<T>(random, length))];
        var (expected, expectedState) = (Nothing<T>(length), Array.ConvertAll(state, _ => Nothing<T>(length)));
        optimizer.Update<T>(3, 0.02, theta.Span, gradient.Span, 7, expected.Writable, state, expectedState);
        for (var threads = 2; threads <= 4; threads++)
        {
            var (next, nextState) = (Nothing<T>(length), Array.ConvertAll(state, _ => Nothing<T>(length)));
            var before = KernelThreads.UseForAll(threads);
            try
            {
                optimizer.UpdateOnThreads(3, 0.02, theta, gradient, 7, next, state, nextState);
            }
            finally
            {
                KernelThreads.Use(before);
            }
            foreach (var (one, other) in expectedState.Zip(nextState).Prepend((expected, next)))
            {
                Assert.DoesNotContain(T.NaN, other.Span.ToArray());
                Bits.AssertEqual(one.Span, other.Span, $"{optimizer.Name}, {length} elements, {threads} threads");
            }
        }
    }

    private static Tensor<T> Numbers<T>(Random random, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Of<T>(Drawn.Numbers<T>(random, length));

    // A second moment is no negative number.
    private static Tensor<T> Squares<T>(Random random, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Of<T>(Array.ConvertAll(Drawn.Numbers<T>(random, length), x => x * x));

    private static Tensor<T> Nothing<T>(int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Of<T>([.. Enumerable.Repeat(T.NaN, length)]);

    private static Tensor<T> Of<T>(T[] elements)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Tensor<T>.From(new Shape(elements.Length), elements);
}
