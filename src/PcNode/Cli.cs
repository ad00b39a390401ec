using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Microsoft.Extensions.Logging;
using PcActors.Checkpoints;
using PcActors.Cluster;
using PcActors.Data;
using PcActors.Extensions;
using PcActors.Graphs;
using PcActors.Onnx;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Tracing;
using PcNode.Commands;
using PcNode.Configuration;
using PcNode.Output;

namespace PcNode;

/// <summary>The command line: parses it, runs a command, and turns what goes wrong into one
/// line and an exit code.</summary>
internal static class Cli
{
    /// <summary>Runs a command.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static Task<int> RunAsync(
        IReadOnlyList<string> args, TextWriter output, TextWriter error, CancellationToken cancellation = default)
    {
        // Whoever asks for no more than the version does not wait for all that there is to ask for.
        if (args is not ["--version"] || !Logs.AreNowhereAskedFor)
            return RunAsync(args, new Terminal(output, error), cancellation);
        output.WriteLine(ThisProgram.Version);
        return Task.FromResult(ExitCode.Done);
    }

    /// <summary>Runs a command on a terminal.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal,
        CancellationToken cancellation)
    {
        var (output, error) = (terminal.Output, terminal.Error);
        try
        {
            Extensions.Load(args);
            var parsed = Root(terminal)
                .Parse(args, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
            // What a shell completes need not be whole.
            if (!parsed.Tokens.Any(t => t.Type == TokenType.Directive))
            {
                ParseErrors.Check(parsed);
                terminal.Logs = Logs.Open(parsed, error);
                terminal.Logs.Write(LogLevel.Information,
                    $"pcnode {ClusterNode.ThisVersion}: {string.Join(' ', args)}");
            }
            var configuration = new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(configuration, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Complain(terminal, "interrupted", ExitCode.Interrupted);
        }
        catch (Exception e)
        {
            terminal.Logs?.Write(LogLevel.Debug, "the command has ended with an exception", e);
            return e switch
            {
                UsageException or DataException or GraphException or ShapeException or OnnxException
                    or ExtensionException or TraceException or ClusterException
                    or CheckpointException => Complain(terminal, e.Message, ExitCode.BadInput),
                RunFailedException => Complain(terminal, e.Message, ExitCode.RunFailed),
                // Whoever writes a named file says which; what is left is standard output.
                IOException and not (FileNotFoundException or FileLoadException or EndOfStreamException) =>
                    Complain(terminal, $"the output cannot be written: {e.Message}", ExitCode.RunFailed),
                OutOfMemoryException =>
                    Complain(terminal, "there is not enough memory for this run", ExitCode.RunFailed),
                _ => Complain(terminal, $"unexpected {e.GetType().Name}: {e.Message}", ExitCode.RunFailed),
            };
        }
        finally
        {
            terminal.Logs?.Dispose();
        }
    }

    /// <summary>All commands.</summary>
    public static RootCommand Root(Terminal terminal)
    {
        var root = new RootCommand(
            "Trains and verifies neural networks whose vertices are actors that learn from their neighbours' "
            + "messages alone.");
        var help = new Help(
            terminal,
            "pcnode train                                      mlp on the embedded digits",
            "pcnode train mlp --data fashion-mnist --epochs 5  a folder with IDX files in MNIST's layout",
            "pcnode evaluate model.onnx --data digits         how well does it predict, class by class?",
            "pcnode verify                                     is Z-IL's update backpropagation's, bit for bit?",
            "pcnode verify model.onnx                          the same for a model file of your own",
            "pcnode step model.onnx --input x.npy --target y.npy --export new.onnx   one update on given arrays",
            "pcnode trace --out mlp.trace.gz --html mlp.html       every message of a training step, recorded and "
            + "audited",
            "pcnode train experiment.conf --seed 7             settings from a file, one of them overridden");
        root.Subcommands.Add(TrainCommand.Create(terminal));
        root.Subcommands.Add(VerifyCommand.Create(terminal));
        root.Subcommands.Add(StepCommand.Create(terminal));
        root.Subcommands.Add(PredictCommand.Create(terminal));
        root.Subcommands.Add(EvaluateCommand.Create(terminal));
        root.Subcommands.Add(InferCommand.Create(terminal));
        root.Subcommands.Add(DiagnoseCommand.Create(terminal));
        root.Subcommands.Add(TraceCommand.Create(terminal));
        root.Subcommands.Add(AuditCommand.Create(terminal));
        root.Subcommands.Add(InspectCommand.Create(terminal));
        root.Subcommands.Add(BenchCommand.Create(terminal));
        root.Subcommands.Add(PaperCommand.Create(terminal));
        root.Subcommands.Add(SuiteCommand.Create(terminal));
        root.Subcommands.Add(CheckpointsCommand.Create(terminal));
        root.Subcommands.Add(NodeCommand.Create(terminal));
        root.Subcommands.Add(ClusterCommand.Create(terminal));
        root.Subcommands.Add(HelpCommand.Create(help));
        root.Options.Clear();
        root.Options.Add(CommandOptions.NewJson());
        root.Options.Add(CommandOptions.NewExtension());
        Logs.AddTo(root);
        root.Options.Add(new HelpOption { Description = "show this help", Action = help });
        root.Options.Add(
            new Option<bool>("--version") { Description = "show the version", Action = new ShowVersion(terminal) });
        root.Action = help;
        return root;
    }

    private static int Complain(Terminal terminal, string message, int exitCode)
    {
        terminal.Complain(message);
        return exitCode;
    }
}
