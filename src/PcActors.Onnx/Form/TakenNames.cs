using System.Globalization;
using PcActors.Onnx.Files;

namespace PcActors.Onnx.Form;

/// <summary>The names of a model's values, and new ones that none of them has.</summary>
/// <param name="names">Those that are there.</param>
/// <param name="file">The model's file.</param>
internal sealed class TakenNames(IEnumerable<string> names, ModelFile file)
{
    private const int MostPrimes = 3;

    private readonly HashSet<string> _names = new(names, StringComparer.Ordinal);

    // Where the next number of a name is sought: names that all are alike cost no more than others.
    private readonly Dictionary<string, int> _next = new(StringComparer.Ordinal);
    private long _letters;

    /// <summary>The name, or with a number behind it: <c>name/2</c>.</summary>
    public string Numbered(string name) => Add(name) ? name : Counted(name, "/", first: 2);

    /// <summary>The name, or with primes behind it, as many as are needed and no more than can be counted.</summary>
    public string Primed(string name)
    {
        var primed = name;
        for (var primes = 0; primes <= MostPrimes; primes++, primed += "'")
        {
            if (Add(primed)) return primed;
        }
        return Counted(name, "'", MostPrimes + 1);
    }

    private string Counted(string name, string separator, int first)
    {
        for (var number = _next.GetValueOrDefault(name, first); ; number++)
        {
            var counted = string.Create(CultureInfo.InvariantCulture, $"{name}{separator}{number}");
            if (!Add(counted)) continue;
            _next[name] = number + 1;
            return counted;
        }
    }

    private bool Add(string name)
    {
        if (!_names.Add(name)) return false;
        // A name in a function in a function has all of their names in it.
        if ((_letters += name.Length) > file.Limits.Letters)
            throw new OnnxException(file.Source,
                string.Create(CultureInfo.InvariantCulture,
                    $"with functions inlined and loops unrolled its names have over {file.Limits.Letters} letters"),
                "shorter ones are read");
        return true;
    }
}
