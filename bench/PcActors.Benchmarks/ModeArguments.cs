using System.Globalization;

namespace PcActors.Benchmarks;

/// <summary>What a mode was called with. It reads all of it, in order, before it does anything; what is wrong with an
/// argument is a line that names it.</summary>
/// <param name="mode">The mode's name.</param>
/// <param name="given">The arguments after it.</param>
internal sealed class ModeArguments(string mode, IReadOnlyList<string> given)
{
    private const int MostRounds = 1_000_000;

    private readonly List<string> _names = [];

    private string? Next => _names.Count < given.Count ? given[_names.Count] : null;

    /// <summary>Whether a word is the next argument; it is passed over then.</summary>
    public bool Skip(string word)
    {
        if (Next != word) return false;
        _names.Add(word);
        return true;
    }

    /// <summary>Takes any text; null where there is none.</summary>
    /// <param name="name">What the argument is called.</param>
    public string? Text(string name)
    {
        var text = Next;
        _names.Add(name);
        return text;
    }

    /// <summary>Takes the number of rounds.</summary>
    /// <param name="other">How many when it is not said.</param>
    public int Rounds(int other) => (int)Number("ROUNDS", other, MostRounds);

    /// <summary>Takes a whole number that is at least 1.</summary>
    /// <param name="name">What the argument is called.</param>
    /// <param name="other">The number when it is not said.</param>
    /// <param name="most">The largest one that makes sense.</param>
    public long Number(string name, long other, long most) =>
        Text(name) is { } text ? Parse(name, text, "a whole number", text, most) : other;

    /// <summary>Takes whole numbers between commas, each at least 1.</summary>
    /// <param name="name">What the argument is called.</param>
    /// <param name="other">The numbers when they are not said.</param>
    /// <param name="most">The largest one that makes sense.</param>
    public int[] Numbers(string name, int[] other, int most) => Text(name) is { } text
        ? [.. text.Split(',').Select(part => (int)Parse(name, text, "whole numbers between commas, each", part, most))]
        : other;

    /// <summary>Takes one of some words, whatever the case; null where there is none.</summary>
    /// <param name="name">What the argument is called.</param>
    /// <param name="words">The words.</param>
    public string? Word(string name, params string[] words)
    {
        if (Text(name) is not { } text) return null;
        return words.FirstOrDefault(word => word.Equals(text, StringComparison.OrdinalIgnoreCase))
            ?? throw Wrong($"{name} is {string.Join(" or ", words)}, not '{text}'");
    }

    /// <summary>Takes a text, and those of some things whose names hold it, whatever the case; all of them where there
    /// is no text.</summary>
    /// <param name="name">What the argument is called.</param>
    /// <param name="all">The things.</param>
    /// <param name="nameOf">What one is called.</param>
    public IReadOnlyList<T> Those<T>(string name, IReadOnlyList<T> all, Func<T, string> nameOf)
    {
        if (Text(name) is not { } text) return all;
        var found = all.Where(one => nameOf(one).Contains(text, StringComparison.OrdinalIgnoreCase)).ToList();
        return found.Count > 0 ? found : throw Wrong(
            $"{name} is part of a name such as '{nameOf(all[0])}', and none of the {all.Count} has '{text}'");
    }

    /// <summary>Takes a folder, and the model files in it; none of it where there is no argument, or a dash.</summary>
    public IReadOnlyList<string>? ModelFiles()
    {
        var folder = Text("FOLDER");
        if (folder is null or "-") return null;
        const string Right = "FOLDER is one with model files (*.onnx)";
        if (File.Exists(folder)) throw Wrong($"{Right}, and '{folder}' is a file");
        if (!Directory.Exists(folder)) throw Wrong($"{Right}, and there is no '{folder}'");
        string[] files = [.. Directory.GetFiles(folder, "*.onnx").Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files : throw Wrong($"{Right}, and '{folder}' has none");
    }

    /// <summary>Takes a model file.</summary>
    public string ModelFile()
    {
        const string Right = "FILE is a model file (*.onnx)";
        var file = Text("FILE") ?? throw Wrong($"{Right}, and is missing");
        return File.Exists(file) ? file : throw Wrong($"{Right}, and there is no '{file}'");
    }

    /// <summary>Takes a folder that results go to; it need not be there. Null where there is no argument.</summary>
    public string? Output()
    {
        var folder = Text("OUT");
        if (folder is "") throw Wrong("OUT is a folder for the results, not ''");
        return File.Exists(folder) ? throw Wrong($"OUT is a folder for the results, and '{folder}' is a file") : folder;
    }

    /// <summary>Takes a file that is written; null where there is no argument.</summary>
    public string? NewFile()
    {
        if (Text("FILE") is not { } file) return null;
        if (file.Length == 0 || Directory.Exists(file))
            throw Wrong($"FILE is a file to write, and '{file}' is {(file.Length == 0 ? "none" : "a folder")}");
        return Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && Directory.Exists(folder) ? file
            : throw Wrong($"FILE is a file to write, and there is no folder for '{file}'");
    }

    /// <summary>Says that this was all.</summary>
    public void End()
    {
        if (Next is not { } left) return;
        throw Wrong($"takes {string.Join(' ', _names.Select(name => $"[{name}]"))} and no more; '{left}' is left over");
    }

    private long Parse(string name, string given, string what, string number, long most) =>
        long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && value >= 1 && value <= most
            ? value
            : throw Wrong(string.Create(
                CultureInfo.InvariantCulture, $"{name} is {what} from 1 to {most:#,0}, not '{given}'"));

    private ModeException Wrong(string what) => new($"{mode}: {what}");
}
