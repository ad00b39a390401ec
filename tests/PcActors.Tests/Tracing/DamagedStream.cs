namespace PcActors.Tests.Tracing;

/// <summary>Takes some bytes and then fails as a full disk does, or takes its time with each write.</summary>
/// <param name="room">Bytes that it takes.</param>
/// <param name="delay">How long each write takes.</param>
internal sealed class DamagedStream(long room, TimeSpan delay = default) : MemoryStream
{
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (delay > TimeSpan.Zero) Thread.Sleep(delay);
        if (Length + buffer.Length > room) throw new IOException("No space left on device");
        // The base class's method for spans calls the one for arrays.
        base.Write(buffer.ToArray(), 0, buffer.Length);
    }
}
