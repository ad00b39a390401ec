using PcNode;
using PcNode.Cluster;
using PcNode.Output;

using var interruption = new Interruption(args.Contains(LocalWorkers.FollowOption));
var result = await Cli.RunAsync(args, Console.Out, Console.Error, interruption.Token).ConfigureAwait(false);
return result == ExitCode.Interrupted ? interruption.ExitCode : result;
