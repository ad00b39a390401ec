using PcActors.Cluster;
using PcActors.Training;

namespace PcNode.Configuration;

/// <summary>Settings of nodes and of what is saved.</summary>
internal static partial class SettingCatalogue
{
    public static Setting<int?> Nodes { get; } = new("nodes", ValueTypes.Count.OrAuto())
    {
        Description = "starts so many worker processes on this machine, runs on them and stops them; auto for none",
    };

    public static Setting<int?> InspectNodes { get; } = new("inspect.nodes", ValueTypes.Count.OrAuto())
    {
        OptionName = "--nodes",
        Description = "shows how the graph would be placed on so many nodes; auto for none",
    };

    public static Setting<IReadOnlyList<double>?> Weights { get; } = new("weights", ValueTypes.Weights.OrAutomatic())
    {
        ValueName = "W,W,...",
        Description = "relative capacities of the nodes of --nodes, one for each; auto for equal ones",
    };

    public static Setting<IReadOnlyList<string>?> Join { get; } = new("join", ValueTypes.Names.OrAutomatic())
    {
        ValueName = "HOST:PORT,...",
        Description = "runs on the workers of a cluster, of which these are nodes; auto for none",
    };

    public static Setting<int> MinNodes { get; } = new("min-nodes", ValueTypes.Count)
    {
        Description = "workers that are waited for, at the start and after a loss, with --join",
    };

    public static Setting<string?> Hostname { get; } = new("hostname", ValueTypes.Host.OrAutomatic())
    {
        ValueName = "HOST",
        Description = "name or address under which other nodes reach this one; auto: 127.0.0.1 among nodes of this machine, else its name",
    };

    public static Setting<string?> TlsCertificate { get; } = new("tls.certificate", ValueTypes.Text.OrAutomatic())
    {
        OptionName = "--tls-certificate",
        ValueName = "FILE",
        Description = "the cluster's certificate with its private key, *.pfx or *.pem: nodes without it are refused; auto: no encryption",
    };

    public static Setting<string?> TlsPasswordFile { get; } = new("tls.password-file", ValueTypes.Text.OrAutomatic())
    {
        OptionName = "--tls-password-file",
        ValueName = "FILE",
        Description = "a file whose first line is the private key's password; auto: the environment variable PCNODE_TLS_PASSWORD, or none",
    };

    public static Setting<bool> Insecure { get; } = new("insecure", ValueTypes.Switch)
    {
        Description = "lets a node that other machines can reach do without a certificate: nothing is encrypted, and whoever reaches it can use it",
    };

    public static Setting<int> NodePort { get; } = new("node.port", ValueTypes.Port)
    {
        OptionName = "--port",
        Description = "the node's port; 0 for any that is free",
    };

    public static Setting<IReadOnlyList<string>?> NodeSeed { get; } = new("node.seed", ValueTypes.Names.OrAutomatic())
    {
        OptionName = "--seed",
        ValueName = "HOST:PORT,...",
        Description = "nodes of the cluster to join; auto: the node begins one",
    };

    public static Setting<IReadOnlyList<string>> NodeRole { get; } = new("node.role", ValueTypes.SomeOf(NodeRoles.Worker, NodeRoles.Coordinator))
    {
        OptionName = "--role",
        ValueName = "worker,coordinator",
        Description = "one or both; worker: hosts vertices; coordinator: may have the cluster's coordinator",
    };

    public static Setting<double> NodeWeight { get; } = new("node.weight", ValueTypes.Rate)
    {
        OptionName = "--weight",
        ValueName = "W",
        Description = "the node's capacity, relative to that of others: how much of a graph it gets",
    };

    public static Setting<CheckpointInterval> CheckpointEvery { get; } = new("checkpoint.every", ValueTypes.Interval)
    {
        OptionName = "--checkpoint-every",
        ValueName = "N|Ns",
        Description = "steps, or seconds with an s behind them, after which --checkpoint saves",
    };

    public static Setting<int> CheckpointKeep { get; } = new("checkpoint.keep", ValueTypes.Count)
    {
        OptionName = "--keep",
        ValueName = "N",
        Description = "checkpoints that --checkpoint keeps, the last ones",
    };

    public static Setting<string?> CheckpointConnection { get; } = new("checkpoint.connection-string", ValueTypes.Text.OrAutomatic())
    {
        Description = "how the database of checkpoints is reached",
    };
}
