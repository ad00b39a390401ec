using System.Runtime.InteropServices;
using PcNode;
using PcNode.Cluster;

// The first signal asks the run to end after the steps at hand; the second one ends the process as it would have at once.
using var cancellation = new CancellationTokenSource();
var exitCode = ExitCode.Interrupted;
void Cancel(PosixSignalContext context, int code)
{
    if (cancellation.IsCancellationRequested) return;
    context.Cancel = true;
    // Ctrl-C reaches the workers of a run, too; they end when the run does.
    if (code == ExitCode.Interrupted && args.Contains(LocalWorkers.FollowOption)) return;
    exitCode = code;
    cancellation.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Cancel(context, ExitCode.Interrupted));
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Cancel(context, ExitCode.Terminated));

var result = await Cli.RunAsync(args, Console.Out, Console.Error, cancellation.Token).ConfigureAwait(false);
return result == ExitCode.Interrupted ? exitCode : result;
