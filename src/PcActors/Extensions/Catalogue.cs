using System.Collections.Concurrent;
using PcActors.Learning.Descriptions;

namespace PcActors.Extensions;

/// <summary>What there is of a kind, by name: the built-in ones, and those that extensions have registered. What a name
/// means never changes.</summary>
/// <typeparam name="TKind">An optimizer, a loss or a rule.</typeparam>
public sealed class Catalogue<TKind>
    where TKind : class, IDescribed
{
    private readonly string _noun;
    private readonly ConcurrentDictionary<string, Description<TKind>> _registered = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<Description<TKind>> _builtIn;

    internal Catalogue(string noun, params IReadOnlyList<Description<TKind>> builtIn)
    {
        (_noun, _builtIn) = (noun, builtIn);
        foreach (var description in builtIn) _registered[description.Name] = description;
    }

    /// <summary>All descriptions: the built-in ones first, then the others by name.</summary>
    public IReadOnlyList<Description<TKind>> All =>
        [.. _builtIn,
            .. _registered.Values.Except(_builtIn).OrderBy(description => description.Name, StringComparer.Ordinal)];

    /// <summary>All names, in the same order.</summary>
    public IReadOnlyList<string> Names => [.. All.Select(description => description.Name)];

    /// <summary>The description of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those that there are.</exception>
    public Description<TKind> Find(string name) =>
        _registered.TryGetValue(name, out var description) ? description : throw new ArgumentException(
        $"unknown {_noun} '{name}'; known are {string.Join(", ", Names)}; one from outside is known once the "
        + "assembly that has it is loaded");

    /// <summary>One as it was, in another process or in an earlier run.</summary>
    /// <param name="kind">The name of its description.</param>
    /// <param name="values">All its values.</param>
    /// <exception cref="ArgumentException">There is no such description, or the values are not its own.</exception>
    public TKind Restore(string kind, PcActors.Functions.Attributes values) => Find(kind).Restore(values);

    /// <summary>One as a person writes it: <c>adam</c>, or <c>adam:beta1=0.95,weightDecay=1e-6</c>; what is not
    /// given has its default. Names may have hyphens, <c>weight-decay</c>.</summary>
    /// <exception cref="ArgumentException">There is no such name or hyperparameter, or a value is
    /// out of its range.</exception>
    public TKind Parse(string text)
    {
        var (description, given) = Read(text);
        return description.Create([.. given.Select(pair => (pair.Key, (object?)pair.Value))]);
    }

    /// <summary>What a person's text names, and the values that it gives.</summary>
    /// <exception cref="ArgumentException">There is no such name or hyperparameter, or a value is
    /// out of its range.</exception>
    public (Description<TKind> Description, IReadOnlyDictionary<string, object> Given) Read(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var description = Find(colon < 0 ? text : text[..colon]);
        var given = new Dictionary<string, object>(StringComparer.Ordinal);
        if (colon < 0) return (description, given);
        foreach (var pair in text[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at < 1) throw new ArgumentException($"'{pair}' in '{text}' gives no value; NAME=VALUE is wanted");
            var name = pair[..at].TrimEnd();
            var known = description.Spelled(name) ?? description.Find(name);
            if (!given.TryAdd(known.Name, known.Read(pair[(at + 1)..].TrimStart())))
                throw new ArgumentException($"'{text}' gives {known.Name} twice");
        }
        return (description, given);
    }

    /// <summary>A person's text with the names of hyperparameters as they are written down; the same text where they
    /// are, or where it is none that <see cref="Read"/> takes.</summary>
    internal string Written(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !_registered.TryGetValue(text[..colon], out var description)) return text;
        return text[..(colon + 1)] + string.Join(',', text[(colon + 1)..].Split(',').Select(Rename));

        string Rename(string pair)
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            return at > 0 && description.Spelled(pair[..at].Trim()) is { } known && known.Name != pair[..at].Trim()
                ? known.Name + pair[at..]
                : pair;
        }
    }

    internal void Register(Description<TKind> description)
    {
        if (_registered.GetOrAdd(description.Name, description) != description)
            throw new ArgumentException($"there is a {_noun} '{description.Name}' already; choose another name");
    }
}
