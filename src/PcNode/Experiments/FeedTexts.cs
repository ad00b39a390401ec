using PcActors.Data;
using PcActors.Learning.Losses;
using PcNode.Configuration;

namespace PcNode.Experiments;

/// <summary>Reads which arrays vertices get.</summary>
internal static class FeedTexts
{
    private static readonly string[] FilesWithNames = [".npz", ".csv", ".csv.gz", ".tsv", ".tsv.gz"];

    /// <summary>The array of each vertex that is named.</summary>
    /// <exception cref="UsageException">A text is none, or names an array that data do not have.</exception>
    public static IReadOnlyDictionary<string, string> InputsOf(Settings settings)
    {
        var (given, origin) = (settings.Get(SettingCatalogue.Inputs) ?? [], settings.OriginOf(SettingCatalogue.Inputs));
        var arrays = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in given)
        {
            var at = text.LastIndexOf('=');
            if (at < 1)
                throw new UsageException(
                    $"{origin}: '{text}' is not NAME=ARRAY, such as input={Feed.Labels}, NAME being a vertex");
            var (name, array) = (text[..at], text[(at + 1)..]);
            if (!Feed.Arrays.Contains(array) && !HasNames(settings))
                throw new UsageException(
                    $"{origin}: '{name}' is to get '{array}', which is no array of a data set"
                    + $"{Suggestion.For(array, Feed.Arrays)}; there are {string.Join(", ", Feed.Arrays)}");
            if (!arrays.TryAdd(name, array))
                throw new UsageException($"{origin}: '{name}' gets two arrays, {arrays[name]} and {array}");
        }
        return arrays;
    }

    /// <summary>What the root gets.</summary>
    /// <exception cref="UsageException">Data do not have it, or the loss takes none.</exception>
    public static string TargetOf(Settings settings, Loss loss)
    {
        var (target, origin) = (settings.Get(SettingCatalogue.Target), settings.OriginOf(SettingCatalogue.Target));
        string[] known = [Feed.Labels, Feed.Features, Feed.Zeros];
        if (!known.Contains(target) && !HasNames(settings))
            throw new UsageException(
                $"{origin}: '{target}' is not one of {string.Join(", ", known)}{Suggestion.For(target, known)}");
        if (loss.TakesTarget) return target;
        if (settings.IsOnCommandLine(SettingCatalogue.Target))
            throw new UsageException(
                $"{origin}: the loss {loss.Name} is what the network computes, and takes no target");
        return Feed.Zeros;
    }

    /// <summary>Whether the data are a file whose arrays or columns may have names.</summary>
    private static bool HasNames(Settings settings)
    {
        var data = settings.Get(SettingCatalogue.Data);
        return FilesWithNames.Any(e => data.EndsWith(e, StringComparison.OrdinalIgnoreCase));
    }
}
