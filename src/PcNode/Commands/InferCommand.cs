using PcNode.Checkpointing;
using PcNode.Configuration;
using PcNode.Experiments;
using PcNode.Inferring;
using PcNode.Output;

namespace PcNode.Commands;

/// <summary><c>pcnode infer [MODEL]</c>: lets a network's values settle with some of them clamped.</summary>
internal static class InferCommand
{
    public static ExampledCommand Create(Terminal terminal)
    {
        var command = new ExampledCommand(
            "infer",
            "Clamps vertices of a network to given arrays, lets all others settle, and writes the values that they "
            + "have "
            + "come to. Nothing is learnt.",
            "pcnode infer mlp --clamp input=x.npy --read output=y.npy                    what it predicts",
            "pcnode infer mlp --clamp output=labels.npy --free input --read input=x.npy  an image for a label",
            "pcnode infer --checkpoint run1 --clamp input=x.npy --mask input=known.npy --free input --read "
            + "input=whole.npy",
            "pcnode infer model.onnx --latents h1,h2 --clamp x=x.npy --clamp h2=h.npy --read h1=out.npy --json",
            "pcnode infer experiment.conf --rule langevin --inference-steps 1000 --clamp x=x.npy --read z=z.npy");
        var model = command.AddModels<string?>();
        var clamp = command.AddOption<string[]>(Heading.Run, InferRequest.ClampOption, "NAME=FILE.npy",
            "an array that a data leaf, a latent vertex or the root is clamped to, samples along the first axis; "
            + "repeatable. Of the root it is the target, in the loss's form");
        var mask = command.AddOption<string[]>(Heading.Run, InferRequest.MaskOption, "NAME=FILE.npy",
            "where that clamp holds: 1 there, and 0 where the value is free and begins at the array's; repeatable");
        var read = command.AddOption<string[]>(Heading.Output, InferRequest.ReadOption, "NAME=OUT.npy",
            "writes the value that a vertex has come to, of the root and of direct ones the prediction; repeatable");
        var energy = command.AddOption<string?>(Heading.Output, EnergyFile.Option, "FILE.csv", EnergyFile.Description);
        var checkpoint = command.AddOption<string?>(Heading.Checkpoints, "--checkpoint", "DIR",
            "takes the network of this run's last checkpoint, with its weights");
        var options = new CommandOptions(command,
            [.. SettingGroups.Network, SettingCatalogue.Rule, SettingCatalogue.Clock, .. SettingGroups.Inference,
                SettingCatalogue.Threads, .. SettingGroups.Cluster]);
        command.SetAction(async (result, cancellation) =>
        {
            var (name, given) = (result.GetValue(model), options.Given(result));
            var request = InferRequest.Read(result.GetValue(clamp) ?? [], result.GetValue(mask) ?? [],
                result.GetValue(read) ?? []);
            await using StoredNetwork? stored = result.GetValue(checkpoint) is not { } place ? null
                : await StoredNetwork.OpenAsync(place, Experiment.SettingsOf(name, given, command.Name), cancellation)
                    .ConfigureAwait(false);
            var experiment = stored is null
                ? Experiment.Create(name, given, command.Name, request.WithBatch)
                // Arrays by name are the data's, which are not read here.
                : stored.ExperimentOf(name, given, command.Name, request.WithBatch, SettingCatalogue.Data);
            Require(experiment, request);
            experiment.Logs = terminal.Logs?.Factory;
            using var energies = EnergyRequest.Of(result.GetValue(energy), experiment, terminal,
                [.. request.Reads.Values]);
            var run = new InferRun(experiment, request, stored, energies, terminal, cancellation);
            var made = await ElementTypes.RunAsync(experiment.DType, run).ConfigureAwait(false);
            Write(terminal, CommandOptions.IsJson(result), experiment, request, made);
            return energies?.HasFailed == true ? ExitCode.RunFailed : ExitCode.Done;
        });
        return command;
    }

    private static void Require(Experiment experiment, InferRequest request)
    {
        if (!experiment.Infers)
            throw new UsageException(
                $"{experiment.Settings.OriginOf(SettingCatalogue.Rule)}: under {experiment.Rule} values do not settle; "
                + $"infer takes {Experiment.InferringRules()}");
        foreach (var (name, path) in request.Reads)
        {
            experiment.RequireWritable(path, $"{InferRequest.ReadOption} {name}",
                others: request.Clamps.Values.Concat(request.Masks.Values).Select(a => a.Source));
            foreach (var other in request.Reads.Where(r => r.Key != name))
                AtomicFile.RequireOther(path, $"{InferRequest.ReadOption} {name}", other.Value);
        }
    }

    private static void Write(Terminal terminal, bool json, Experiment experiment, InferRequest request,
        InferResult made) => Facts.Write(
        terminal, json, "infer",
        [
            new("model", "model", experiment.Model),
            new("rule", "rule", experiment.Rule),
            new Fact("dtype", experiment.DType),
            new("samples", "samples", experiment.Batch),
            new Fact("latents", made.Latents.Choice),
            new("latentVertices", "latent vertices", made.Latents.Latents),
            new("freeEnergy", "free energy", made.Record.FreeEnergy, $"{made.Record.FreeEnergy:R}"),
            new("inferenceSteps", "timesteps", made.Record.Timesteps),
            new("converged", "converged", made.Record.Converged),
            new("messages", "messages", made.Messages),
            new Fact("read", request.Reads.Select(r => new (string, object?)[]
            {
                ("vertex", r.Key), ("shape", made.Shapes[r.Key].ToString()), ("file", r.Value),
            })),
            .. request.Reads.Select(r => new Fact(null, r.Key, null, $"{made.Shapes[r.Key]} in {r.Value}")),
        ]);
}
