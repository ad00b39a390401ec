namespace PcActors.Tests.Fuzzing;

/// <summary>Changes of a .npy file: of its header's text, or of any bytes.</summary>
internal static class NpyEdits
{
    private const int Prefix = 10;

    public static byte[] Apply(byte[] bytes, Edit edit)
    {
        if (edit.Kind % 2 == 0 || bytes.Length < Prefix || bytes[6] != 1) return ByteEdits.Apply(bytes, edit);
        var length = bytes[8] + (bytes[9] << 8);
        if (Prefix + length > bytes.Length) return ByteEdits.Apply(bytes, edit);
        var header = System.Text.Encoding.Latin1.GetBytes(
            TextEdits.Apply(System.Text.Encoding.Latin1.GetString(bytes, Prefix, length), edit));
        byte[] size = [(byte)header.Length, (byte)(header.Length >> 8)];
        return [.. bytes[..8], .. size, .. header, .. bytes[(Prefix + length)..]];
    }
}
