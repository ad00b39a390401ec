namespace PcNode.Configuration;

/// <summary>What a key of a HOCON file has.</summary>
internal abstract record HoconValue(int At);

/// <summary>A plain value: a number, a name, a text in quotes.</summary>
internal sealed record HoconText(int At, string Text) : HoconValue(At);

/// <summary>An array of plain values.</summary>
internal sealed record HoconArray(int At, IReadOnlyList<HoconText> Elements) : HoconValue(At);

/// <summary>A key and its value.</summary>
internal sealed record HoconEntry(string Key, int At, HoconValue Value);
