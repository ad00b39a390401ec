namespace PcActors.Onnx.Files;

/// <summary>bfloat16: the upper 16 bits of a single.</summary>
internal static class BFloat16
{
    private const int Shift = 16;

    /// <summary>Exact.</summary>
    public static float ToSingle(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << Shift);

    /// <summary>Rounded to the nearest, ties to even; a NaN stays one.</summary>
    public static ushort FromSingle(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value)) return (ushort)((bits >> Shift) | 0x40);
        return (ushort)((bits + 0x7FFF + ((bits >> Shift) & 1)) >> Shift);
    }
}
