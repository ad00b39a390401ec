using System.CommandLine;
using Microsoft.Extensions.Logging;
using PcActors.Cluster;
using PcNode.Cluster;
using PcNode.Configuration;
using PcNode.Output;

namespace PcNode.Commands;

/// <summary><c>pcnode node</c>: a node of a cluster, which hosts vertices.</summary>
internal static class NodeCommand
{
    /// <summary>What may be set, by options, a file or the environment.</summary>
    public static Setting[] OfNode { get; } =
    [
        SettingCatalogue.Hostname, SettingCatalogue.NodePort, SettingCatalogue.NodeSeed, SettingCatalogue.NodeRole,
        SettingCatalogue.NodeWeight,
        SettingCatalogue.Threads, .. SettingGroups.Tls,
    ];

    public static ExampledCommand Create(Terminal terminal)
    {
        var command = new ExampledCommand(
            "node",
            "Runs a node of a cluster, which hosts vertices for pcnode train --join.",
            "pcnode node --port 4053                                        the first node of a cluster",
            "pcnode node --hostname worker2 --port 4053 --seed worker1:4053",
            "pcnode node worker.conf                                        with settings from a file",
            "pcnode train --join worker1:4053 --min-nodes 2                 trains on them");
        var file = command.AddArgument("FILE", "settings, *.conf");
        var options = new CommandOptions(command, OfNode);
        var follow = new Option<bool>(
            LocalWorkers.FollowOption)
        {
            Description =
                "for a worker of one run: ends with standard input, and with the run",
            Hidden = true
        };
        command.Options.Add(follow);
        command.SetAction(async (result, cancellation) =>
        {
            Interruption.IsNoFailure();
            var settings = (result.GetValue(file) is { } path
                ? Settings.Reference.Under(ConfigurationFile.Load(path))
                : Settings.Reference)
                .For("node").UnderEnvironment(OfNode).Under(options.Given(result));
            Extensions.Load(settings);
            var node = NodeSettings.Read(settings, settings.Get(SettingCatalogue.NodeSeed), terminal) with
            {
                Port = settings.Get(SettingCatalogue.NodePort),
                Roles = settings.Get(SettingCatalogue.NodeRole),
                Weight = settings.Get(SettingCatalogue.NodeWeight),
                Threads = settings.Get(SettingCatalogue.Threads),
                FollowsCoordinator = result.GetValue(follow),
            };
            return await RunAsync(node, terminal, CommandOptions.IsJson(result), cancellation).ConfigureAwait(false);
        });
        return command;
    }

    private static async Task<int> RunAsync(NodeOptions options, Terminal terminal, bool json,
        CancellationToken cancellation)
    {
        if (options.FollowsCoordinator) _ = Task.Run(EndWithInput, CancellationToken.None);
        await using var node = await ClusterNode.JoinAsync(options, cancellation).ConfigureAwait(false);
        if (json)
            JsonLines.Write(terminal.Output, ("event", "node"), ("address", node.Address), ("roles", options.Roles),
                ("version", options.Version));
        else terminal.Say($"{string.Join(" and ", options.Roles)} at {node.Address}");
        var interrupted = new TaskCompletionSource();
        await using var registration = cancellation.Register(interrupted.SetResult).ConfigureAwait(false);
        // To leave when it is asked to is all that a node is for.
        if (await Task.WhenAny(node.Ended, interrupted.Task).ConfigureAwait(false) == interrupted.Task)
            return ExitCode.Done;
        terminal.Say("pcnode: the node was removed from the cluster", LogLevel.Error);
        return ExitCode.RunFailed;
    }

    // Whoever started the worker holds the other end, and lets go of it however he ends.
    private static void EndWithInput()
    {
        try
        {
            while (Console.In.Read() >= 0)
            {
            }
        }
        finally
        {
            Environment.Exit(ExitCode.Done);
        }
    }
}
