using PcActors.Cluster.Status;
using PcNode.Cluster;
using PcNode.Configuration;
using PcNode.Output;
using PcNode.Reports;

namespace PcNode.Commands;

/// <summary><c>pcnode cluster --join HOST:PORT</c>: how a cluster is.</summary>
internal static class ClusterCommand
{
    public static ExampledCommand Create(Terminal terminal)
    {
        var command = new ExampledCommand(
            "cluster",
            "Shows a cluster's nodes, their vertices and traffic, and the runs on it. It asks from outside and joins "
            + "nothing.",
            "pcnode cluster --join worker1:4053",
            "pcnode cluster --join worker1:4053 --json");
        var options = new CommandOptions(command,
            [SettingCatalogue.Join, SettingCatalogue.Hostname, .. SettingGroups.Tls]);
        command.SetAction(async (result, cancellation) =>
        {
            var settings = Settings.Reference.Under(options.Given(result));
            var seeds = settings.Get(SettingCatalogue.Join)
                ?? throw new UsageException(
                    $"{SettingCatalogue.Join.OptionName}: it is missing; give a node of the cluster, HOST:PORT");
            var inquiry = NodeSettings.Read(settings, seeds, terminal) with { JoinTimeout = TimeSpan.FromSeconds(10) };
            var status = await ClusterInquiry.AskAsync(inquiry, cancellation).ConfigureAwait(false);
            ClusterReport.Write(terminal, status, CommandOptions.IsJson(result));
            return ExitCode.Done;
        });
        return command;
    }
}
