using System.IO.Hashing;
using System.Text;

namespace PcActors.Tracing.Format;

/// <summary>Texts that occur again and again, each made once.</summary>
internal sealed class TraceTexts
{
    private const int MaxCount = 4096;

    private readonly Dictionary<ulong, (byte[] Bytes, string Text)> _known = [];

    /// <summary>The text of UTF-8 bytes without escapes.</summary>
    public string Get(ReadOnlySpan<byte> bytes)
    {
        var hash = XxHash3.HashToUInt64(bytes);
        if (_known.TryGetValue(hash, out var known) && bytes.SequenceEqual(known.Bytes)) return known.Text;
        var text = Encoding.UTF8.GetString(bytes);
        if (_known.Count < MaxCount) _known[hash] = (bytes.ToArray(), text);
        return text;
    }
}
