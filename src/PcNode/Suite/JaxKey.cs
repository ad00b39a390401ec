using System.Numerics;
using PcActors.Tensors.Kernels.Scalars;

namespace PcNode.Suite;

/// <summary>The normal numbers that JAX 0.5 and later draw from a seed, for published figures that are of one
/// seed: Threefry 2x32 with 20 rounds (Salmon, Moraes, Dror and Shaw, SC 2011), split and
/// drawn from as JAX does.</summary>
internal readonly record struct JaxKey(uint High, uint Low)
{
    private static readonly int[][] Rotations = [[13, 15, 26, 6], [17, 29, 16, 24]];

    private static readonly float[] Near =
    [
        2.81022636e-08f, 3.43273939e-07f, -3.5233877e-06f, -4.39150654e-06f, 0.00021858087f, -0.00125372503f,
        -0.00417768164f, 0.246640727f, 1.50140941f,
    ];

    private static readonly float[] Far =
    [
        -0.000200214257f, 0.000100950558f, 0.00134934322f, -0.00367342844f, 0.00573950773f, -0.0076224613f,
        0.00943887047f, 1.00167406f, 2.83297682f,
    ];

    /// <summary>jax.random.PRNGKey(seed).</summary>
    public static JaxKey From(uint seed) => new(0, seed);

    /// <summary>jax.random.split(key, ...)[index].</summary>
    public JaxKey Child(uint index)
    {
        var (high, low) = Block(0, index);
        return new(high, low);
    }

    /// <summary>jax.random.normal(key, ...) in float32: element <paramref name="index"/> in row-major order.</summary>
    public float Normal(uint index)
    {
        var (a, b) = Block(0, index);
        // 23 random bits make a number in [0, 1), stretched to (-1, 1).
        var unit = BitConverter.UInt32BitsToSingle(((a ^ b) >> 9) | 0x3F800000u) - 1f;
        var lowest = MathF.BitIncrement(-1f);
        var u = MathF.Max(lowest, (unit * (1f - lowest)) + lowest);
        return (float)Math.Sqrt(2) * ErrorFunctionInverse(u);
    }

    /// <summary>One block of random bits.</summary>
    public (uint, uint) Block(uint x0, uint x1)
    {
        ReadOnlySpan<uint> key = [High, Low, High ^ Low ^ 0x1BD11BDAu];
        x0 += key[0];
        x1 += key[1];
        for (var i = 0; i < 5; i++)
        {
            foreach (var rotation in Rotations[i % 2])
            {
                x0 += x1;
                x1 = BitOperations.RotateLeft(x1, rotation) ^ x0;
            }
            x0 += key[(i + 1) % 3];
            x1 += key[(i + 2) % 3] + (uint)(i + 1);
        }
        return (x0, x1);
    }

    // Giles 2010, single precision: what XLA computes.
    private static float ErrorFunctionInverse(float x)
    {
        var w = (float)-Logarithm.Log(1 - ((double)x * x));
        var (coefficients, v) = w < 5 ? (Near, w - 2.5f) : (Far, (float)Math.Sqrt(w) - 3f);
        var p = coefficients[0];
        for (var i = 1; i < coefficients.Length; i++) p = coefficients[i] + (p * v);
        return p * x;
    }
}
