using PcNode;
using PcNode.Cluster;
using PcNode.Commands;
using PcNode.Output;

// A node is there until it is asked to leave, so that is no failure.
using var interruption = new Interruption(
    args.Contains(LocalWorkers.FollowOption), args.FirstOrDefault(a => !a.StartsWith('-')) == NodeCommand.Name ? ExitCode.Done : null);
var result = await Cli.RunAsync(args, Console.Out, Console.Error, interruption.Token).ConfigureAwait(false);
return result == ExitCode.Interrupted ? interruption.ExitCode : result;
