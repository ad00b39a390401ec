using System.Globalization;
using PcActors.Data;
using PcActors.Extensions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Descriptions;
using PcActors.Models;
using PcActors.Onnx.Rewriting;
using PcActors.Training;

namespace PcNode.Configuration;

/// <summary>Reads a value from text.</summary>
/// <param name="Accepted">What is accepted, in words that complete "... is not".</param>
/// <param name="Read">The value that a text stands for, if it stands for one.</param>
/// <param name="Choices">The texts that are accepted, where there are only a few.</param>
internal sealed record ValueType<TValue>(string Accepted, Func<string, Maybe<TValue>> Read,
    IReadOnlyList<string>? Choices = null)
{
    /// <summary>Of a list that is not accepted, which of its entries is wrong, as the end of a sentence; null where
    /// there is only one.</summary>
    public Func<string, string?>? Fault { get; init; }
}

/// <summary>A value, or none. (A null would not do: some values are null, for "auto".)</summary>
internal readonly record struct Maybe<TValue>(bool IsSome, TValue Value)
{
    public static Maybe<TValue> Some(TValue value) => new(true, value);
}

/// <summary>How features are standardised.</summary>
/// <param name="Kind">The kind of numbers.</param>
/// <param name="Given">The numbers, where they are given; null for those of the training set.</param>
internal sealed record ChosenStandardization(StandardizationKind Kind, Standardization? Given);

/// <summary>The kinds of values that options and keys have.</summary>
internal static class ValueTypes
{
    public const string Auto = "auto";
    public const string AllRules = "all";
    public const string NoRules = "none";

    /// <summary>The name of data that are drawn at random.</summary>
    public const string RandomData = "random";

    /// <summary>Whether a name means a model file.</summary>
    public static bool IsModelFile(string name) => name.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);

    public static ValueType<string> Text { get; } = new("a text",
        text => text.Length > 0 ? Maybe<string>.Some(text) : default);

    public static ValueType<string> Host { get; } = new("a host's name or address", text =>
        Uri.CheckHostName(text) != UriHostNameType.Unknown ? Maybe<string>.Some(text) : default);

    public static ValueType<int> Count { get; } = new("a whole number from 1", text =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= 1
            ? Maybe<int>.Some(n)
            : default);

    public static ValueType<int> CountOrNone { get; } = new("a whole number from 0", text =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? Maybe<int>.Some(n) : default);

    public static ValueType<int> Port { get; } = new("a port, a whole number from 0 to 65535", text =>
        CountOrNone!.Read(text) is { IsSome: true, Value: <= 65_535 } port ? port : default);

    public static ValueType<ulong> Seed { get; } = new("a whole number from 0 to 2^64 - 1", text =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            ? Maybe<ulong>.Some(n)
            : default);

    public static ValueType<double> Rate { get; } = new("a positive, finite number", text =>
        Number(text) is { IsSome: true, Value: > 0 } rate ? rate : default);

    public static ValueType<double> Share { get; } = new("a share between 0 and 1, such as 0.1", text =>
        Rate!.Read(text) is { IsSome: true, Value: < 1 } share ? share : default);

    public static ValueType<IReadOnlyList<int>> Sizes { get; } = ListOf(Count,
        "a list of whole numbers from 1, such as 300,100", "such number");

    public static ValueType<IReadOnlyList<double>> Weights { get; } = ListOf(Rate,
        "a list of positive, finite numbers, such as 2,1,1", "such number");

    /// <summary>A built-in model's name, or a model file.</summary>
    public static ValueType<string> Model { get; } = OneOf([.. ModelCatalogue.Names]) switch
    {
        var name => name with
        {
            Accepted = $"{name.Accepted} or a model file, *.onnx",
            Read = text => IsModelFile(text) ? Maybe<string>.Some(text) : name.Read(text),
        },
    };

    public static ValueType<IReadOnlyList<string>> Names { get; } = ListOf(
        new ValueType<string>("", text => text.Length > 0 ? Maybe<string>.Some(text) : default),
        "a list of names, such as w1,w2", "name");

    /// <summary>Some of several names, one of them at least.</summary>
    public static ValueType<IReadOnlyList<string>> SomeOf(params string[] choices) =>
        new($"a list of {string.Join(", ", choices)}", text =>
    {
        var names = text.Split(',', StringSplitOptions.TrimEntries);
        return names.All(choices.Contains) && names.Distinct().Count() == names.Length
            ? Maybe<IReadOnlyList<string>>.Some(names)
            : default;
    }, choices)
        {
            Fault = text => ListFault.Of(text, entry => !choices.Contains(entry),
                entry => $"'{entry}' is none of these{Suggestion.For(entry, choices)}", entry => entry),
        };

    /// <summary>Rules by which a model file is rewritten: all, which is null, none, or some of them.</summary>
    public static ValueType<IReadOnlyList<string>?> Rewriting { get; } =
        SomeOf([.. OnnxRewriting.Rules.Select(rule => rule.Name)]) switch
        {
            var some => new($"{AllRules}, {NoRules} or {some.Accepted}", text => text switch
            {
                AllRules => Maybe<IReadOnlyList<string>?>.Some(null),
                NoRules => Maybe<IReadOnlyList<string>?>.Some([]),
                _ => some.Read(text) is { IsSome: true } read
                    ? Maybe<IReadOnlyList<string>?>.Some(read.Value)
                    : default,
            }, [AllRules, NoRules, .. some.Choices!])
            {
                Fault = text => ListFault.Of(text, entry => entry is AllRules or NoRules,
                    entry => $"'{entry}' stands alone") ?? some.Fault!(text),
            },
        };

    public static ValueType<IReadOnlyDictionary<string, int>> Extents { get; } = new(
        "a list of extents from 1, such as T=16,H=32", text =>
    {
        var extents = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (ExtentIn(entry) is not var (name, extent) || !extents.TryAdd(name, extent)) return default;
        }
        return Maybe<IReadOnlyDictionary<string, int>>.Some(extents);
    })
    {
        Fault = text => ListFault.Of(text, entry => ExtentIn(entry) is null, entry => $"'{entry}' is none",
            entry => ExtentIn(entry)?.Name ?? entry),
    };

    /// <summary>Steps, or seconds with an s behind them.</summary>
    public static ValueType<CheckpointInterval> Interval { get; } = new(
        "a number of steps from 1, such as 50, or of seconds, such as 30s", text =>
    {
        if (!text.EndsWith('s'))
            return Count!.Read(text) is { IsSome: true, Value: var steps }
                ? Maybe<CheckpointInterval>.Some(new(steps))
                : default;
        return Rate!.Read(text[..^1]) is { IsSome: true, Value: >= 0.001 and < 1e9 and var seconds }
            ? Maybe<CheckpointInterval>.Some(new(TimeSpan.FromSeconds(seconds)))
            : default;
    });

    public static ValueType<bool> Switch { get; } = Choice(("true", true), ("false", false));

    public static ValueType<TargetKind> TargetKind { get; } = Choice((Auto, PcActors.Data.TargetKind.Auto),
        ("classes", PcActors.Data.TargetKind.Classes), ("numbers", PcActors.Data.TargetKind.Numbers));

    public static ValueType<CsvHeader> Header { get; } = Choice(
        (Auto, CsvHeader.Auto), ("yes", CsvHeader.Yes), ("no", CsvHeader.No));

    public static ValueType<Clock> Clock { get; } = Choice(
        ("wavefront", PcActors.Learning.Clock.Wavefront), ("lockstep", PcActors.Learning.Clock.Lockstep));

    /// <summary>A kind, or the numbers themselves.</summary>
    public static ValueType<ChosenStandardization> Standardization { get; } = Choice(
        ("all", StandardizationKind.All), ("feature", StandardizationKind.Feature),
        ("none", StandardizationKind.None)) switch
    {
        var kind => new($"{kind.Accepted}, or a mean and a positive scale, such as 0.5,2", text =>
            kind.Read(text) is { IsSome: true } read ? Maybe<ChosenStandardization>.Some(new(read.Value, null))
            : text.Split(',', StringSplitOptions.TrimEntries) is [var mean, var scale]
                && Number(mean) is { IsSome: true } shift && Rate!.Read(scale) is { IsSome: true } factor
                ? Maybe<ChosenStandardization>.Some(new(StandardizationKind.All,
                    new Standardization(StandardizationKind.All, [shift.Value], [factor.Value], samples: 0)))
            : default, kind.Choices),
    };

    public static ValueType<Granularity> Granularity { get; } = Choice(
        ("tensor", PcActors.Graphs.Granularity.Tensor), ("unit", PcActors.Graphs.Granularity.Unit),
        ("scalar", PcActors.Graphs.Granularity.Scalar));

    /// <summary>The name of something that is described, or of another; behind a colon, values of its own.</summary>
    public static ValueType<string> Named<TKind>(Catalogue<TKind> catalogue, params string[] others)
        where TKind : class, IDescribed => new(
        $"one of {string.Join(", ", [.. catalogue.Names, .. others])}",
        text => others.Contains(text) || catalogue.Names.Contains(text.Split(':')[0])
            ? Maybe<string>.Some(text)
            : default,
        [.. catalogue.Names, .. others]);

    /// <summary>The value of a hyperparameter.</summary>
    public static ValueType<object> Of(Hyperparameter known) => new(known.Accepted, text =>
    {
        try
        {
            return Maybe<object>.Some(known.Read(text));
        }
        catch (ArgumentException)
        {
            return default;
        }
    });

    /// <summary>One of several names.</summary>
    public static ValueType<string> OneOf(params string[] names) => Choice([.. names.Select(n => (n, n))]);

    /// <summary>Also "auto", which is null.</summary>
    public static ValueType<TValue?> OrAuto<TValue>(this ValueType<TValue> type)
        where TValue : struct => new($"{Auto} or {type.Accepted}", text =>
            text == Auto ? Maybe<TValue?>.Some(null)
            : type.Read(text) is { IsSome: true } read ? Maybe<TValue?>.Some(read.Value) : default,
            WithAuto(type.Choices));

    /// <summary>Also "auto", which is null.</summary>
    public static ValueType<TValue?> OrAutomatic<TValue>(this ValueType<TValue> type)
        where TValue : class => new($"{Auto} or {type.Accepted}", text =>
            text == Auto ? Maybe<TValue?>.Some(null)
            : type.Read(text) is { IsSome: true } read ? Maybe<TValue?>.Some(read.Value) : default,
            WithAuto(type.Choices))
        {
            Fault = type.Fault is not { } fault ? null
                : text => ListFault.Of(text, entry => entry == Auto, entry => $"'{entry}' stands alone") ?? fault(text),
        };

    /// <summary>Several of a type, with commas between.</summary>
    /// <param name="type">The type.</param>
    /// <param name="accepted">What is accepted.</param>
    /// <param name="kind">What an entry that is not read is none of.</param>
    private static ValueType<IReadOnlyList<TValue>> ListOf<TValue>(ValueType<TValue> type, string accepted,
        string kind) => new(accepted, text =>
    {
        var values = text.Split(',', StringSplitOptions.TrimEntries).Select(type.Read).ToList();
        return values.TrueForAll(v => v.IsSome)
            ? Maybe<IReadOnlyList<TValue>>.Some([.. values.Select(v => v.Value)])
            : default;
    })
        {
            Fault = text => ListFault.Of(text, entry => !type.Read(entry).IsSome, entry => $"'{entry}' is no {kind}"),
        };

    private static (string Name, int Extent)? ExtentIn(string entry)
    {
        var at = entry.LastIndexOf('=');
        return at >= 1 && Count.Read(entry[(at + 1)..]) is { IsSome: true, Value: var extent }
            ? (entry[..at], extent) : null;
    }

    private static string[]? WithAuto(IReadOnlyList<string>? choices) => choices is null ? null : [Auto, .. choices];

    private static ValueType<TValue> Choice<TValue>(params (string Name, TValue Value)[] choices) => new(
        $"one of {string.Join(", ", choices.Select(c => c.Name))}",
        text => choices.Where(c => c.Name == text).Select(c => Maybe<TValue>.Some(c.Value)).FirstOrDefault(),
        [.. choices.Select(c => c.Name)]);

    private static Maybe<double> Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            ? Maybe<double>.Some(number)
            : default;
}
