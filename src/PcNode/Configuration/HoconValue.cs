namespace PcNode.Configuration;

/// <summary>What a key of a HOCON file has.</summary>
/// <param name="At">Where it begins in the text.</param>
internal abstract record HoconValue(int At);

/// <summary>A plain value: a number, a name, a text in quotes.</summary>
/// <param name="At">Where it begins in the text.</param>
/// <param name="Text">What it says, without quotes.</param>
internal sealed record HoconText(int At, string Text) : HoconValue(At);

/// <summary>An array of plain values.</summary>
/// <param name="At">Where it begins in the text.</param>
/// <param name="Elements">They.</param>
internal sealed record HoconArray(int At, IReadOnlyList<HoconText> Elements) : HoconValue(At);

/// <summary>A key and its value.</summary>
/// <param name="Key">The key within its section.</param>
/// <param name="At">Where the key stands in the text.</param>
/// <param name="Value">Its value.</param>
internal sealed record HoconEntry(string Key, int At, HoconValue Value);
