using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PcActors.Tracing.Format;

/// <summary>Lines of JSON in a buffer that grows: keys with their punctuation as bytes, then
/// numbers, texts and bytes.</summary>
internal abstract class JsonBuffer(int capacity)
{
    // More than all of a record's numbers and keys; texts and arrays make room for themselves.
    private protected const int RoomForNumbers = 1024;

    private static readonly SearchValues<char> Plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@$#");

    private byte[] _buffer = new byte[capacity];

    /// <summary>Bytes since the last <see cref="Clear"/>.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Appends bytes as they are.</summary>
    public void AppendRaw(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        Put(bytes);
    }

    public void EndLine()
    {
        Reserve(1);
        _buffer[Length++] = (byte)'\n';
    }

    private protected void PutHash(ReadOnlySpan<byte> key, ulong hash)
    {
        Put(key);
        Utf8Formatter.TryFormat(hash, _buffer.AsSpan(Length), out var written, new('x', 16));
        Length += written;
        Put("\""u8);
    }

    private protected void PutElements(ReadOnlySpan<byte> key, byte[] elements)
    {
        Reserve(Base64.GetMaxEncodedToUtf8Length(elements.Length) + RoomForNumbers);
        Put(key);
        Put("\""u8);
        Base64.EncodeToUtf8(elements, _buffer.AsSpan(Length), out _, out var written);
        Length += written;
        Put("\""u8);
    }

    private protected void PutText(ReadOnlySpan<byte> key, string text)
    {
        Reserve(key.Length + (3 * text.Length) + RoomForNumbers);
        Put(key);
        if (text.AsSpan().ContainsAnyExcept(Plain))
        {
            var encoded = Encode(text);
            Reserve(encoded.Length + RoomForNumbers);
            Put(encoded);
            return;
        }
        Put("\""u8);
        Length += Encoding.ASCII.GetBytes(text, _buffer.AsSpan(Length));
        Put("\""u8);
    }

    private protected static byte[] Encode(string text) =>
        [(byte)'"', .. JsonEncodedText.Encode(text).EncodedUtf8Bytes, (byte)'"'];

    private protected void PutOptional(ReadOnlySpan<byte> key, int? number)
    {
        if (number is { } some) Put(key, some);
    }

    private protected void Put(ReadOnlySpan<byte> key, long number)
    {
        Put(key);
        Utf8Formatter.TryFormat(number, _buffer.AsSpan(Length), out var written);
        Length += written;
    }

    /// <summary>A number that JSON does not have is put as a text: "NaN", "Infinity", "-Infinity".</summary>
    private protected void Put(ReadOnlySpan<byte> key, double number)
    {
        Put(key);
        var isFinite = double.IsFinite(number);
        if (!isFinite) Put("\""u8);
        number.TryFormat(_buffer.AsSpan(Length), out var written, "R", CultureInfo.InvariantCulture);
        Length += written;
        if (!isFinite) Put("\""u8);
    }

    private protected void Put(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(Length));
        Length += bytes.Length;
    }

    private protected void Reserve(int more)
    {
        if (_buffer.Length - Length < more)
            Array.Resize(ref _buffer, checked((int)Math.Max(2L * _buffer.Length, (long)Length + more)));
    }
}
