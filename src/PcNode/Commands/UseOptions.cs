using System.CommandLine;
using PcNode.Configuration;
using PcNode.Using;

namespace PcNode.Commands;

/// <summary>What <c>predict</c> and <c>evaluate</c> have in common: which network they use, on which part of the
/// data.</summary>
internal sealed class UseOptions
{
    private readonly ExampledCommand _command;
    private readonly Argument<string?> _model;
    private readonly Option<string?> _checkpoint;
    private readonly Option<long?> _step;
    private readonly Option<string?> _part;
    private readonly CommandOptions _options;

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="part">The part of the data that it uses by default.</param>
    public UseOptions(ExampledCommand command, DataPart part)
    {
        _command = command;
        _model = command.AddModels<string?>();
        _model.Description += "; or the folder of a run's checkpoints, or one of them";
        _part = command.AddOption<string?>(Heading.Data, "--part", string.Join('|', Names),
            $"the part of the data set that is used: what training tests on, what it learns from, or all of it in its "
            + $"order; the default is {NameOf(part)}");
        _part.CompletionSources.Add(Names);
        _checkpoint = command.AddOption<string?>(Heading.Checkpoints, "--checkpoint", "DIR",
            "takes the network of this run's last checkpoint, with its weights and what it did to features");
        _step = command.AddOption<long?>(Heading.Checkpoints, "--step", "N", "the checkpoint of this step");
        _options = new CommandOptions(command, SettingGroups.Use);
        Default = part;
    }

    private static string[] Names { get; } = [.. Enum.GetValues<DataPart>().Select(NameOf)];

    private DataPart Default { get; }

    /// <summary>The network that is asked for.</summary>
    /// <exception cref="UsageException">It does not go together, or there is no such network.</exception>
    public Task<UseRequest> OpenAsync(ParseResult result, CancellationToken cancellation) => UseRequest.OpenAsync(
        result.GetValue(_model), result.GetValue(_checkpoint), result.GetValue(_step), _options.Given(result),
        _command.Name, cancellation);

    /// <summary>The part of the data.</summary>
    /// <exception cref="UsageException">There is no such part.</exception>
    public DataPart PartOf(ParseResult result)
    {
        if (result.GetValue(_part) is not { } name) return Default;
        var at = Array.IndexOf(Names, name);
        return at >= 0 ? (DataPart)at : throw new UsageException(
            $"--part: '{name}' is not one of {string.Join(", ", Names)}{Suggestion.For(name, Names)}");
    }

    /// <summary>Refuses options that say which samples of a data set are used, where arrays are given.</summary>
    /// <exception cref="UsageException">There is one.</exception>
    public void RequireNoDataSet(UseRequest request, ParseResult result) =>
        request.RequireNoDataSet(_options.Given(result).Select(g => g.Setting), result.GetValue(_part) is not null);

    /// <summary>What the command line calls a part.</summary>
    public static string NameOf(DataPart part) => $"{part}".ToLowerInvariant();
}
