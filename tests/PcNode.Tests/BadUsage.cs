using PcNode.Tests.Harness;

namespace PcNode.Tests;

/// <summary>Mistakes on the command line end with 2 and one line that names the option, what was found and
/// what would be right.</summary>
public sealed class BadUsage
{
    [Theory]
    [InlineData("trian", "unknown command 'trian'; did you mean 'train'?")]
    [InlineData("help trian", "unknown command 'trian'; did you mean 'train'?")]
    [InlineData("--epochs 3 train",
        "the option '--epochs' is one of the command's: it stands behind it, 'pcnode train --epochs ...'")]
    [InlineData("--epochs",
        "the option '--epochs' belongs to a command and stands behind it, such as 'pcnode train --epochs ...'")]
    [InlineData("frobnicate", "unknown command 'frobnicate'; known are train, verify")]
    [InlineData("train mpl", "unknown model 'mpl'; did you mean 'mlp'?")]
    [InlineData("verify mlp residul", "unknown model 'residul'; did you mean 'residual'?")]
    [InlineData("train mlp residual", "'residual' is one argument too many")]
    [InlineData("train --lerning-rate 0.1", "unknown option '--lerning-rate'; did you mean '--learning-rate'?")]
    [InlineData("train mlp --bach 3", "unknown option '--bach'; did you mean '--batch'?")]
    [InlineData("train --verbose", "unknown option '--verbose'")]
    [InlineData("train --epochs", "--epochs")]
    [InlineData("train --rule zill",
        "--rule: 'zill' is not one of zil, il, ipc, epc, pc-alm, langevin, bp; did you mean 'zil'?")]
    [InlineData("train --optimizer addam",
        "--optimizer: 'addam' is not one of sgd, momentum, adam, adamw; did you mean 'adam'?")]
    [InlineData("train --schedule cosin",
        "--schedule: 'cosin' is not one of constant, warm-up, step, cosine; did you mean 'cosine'?")]
    [InlineData("train --schedule cosine:lenght=3",
        "--schedule: cosine has no lenght; it has steps, floor, warmUp, start")]
    [InlineData("train --schedule cosine:warmUp", "--schedule: 'warmUp' in 'cosine:warmUp' gives no value")]
    [InlineData("train --schedule cosine:floor=2", "--schedule: floor is '2'; it must be a number from 0 to 1")]
    [InlineData("train --schedule step:every=0", "--schedule: every is '0'; it must be a whole number from 1")]
    [InlineData("train --schedule cosine:steps=5,warmUp=5",
        "--schedule: warmUp is 5, and the schedule has 5 steps; it must be less than these")]
    [InlineData("train --epochs 1 --schedule cosine:warmUp=46",
        "--schedule: warmUp is 46, and the schedule has 46 steps; it must be less than these")]
    [InlineData("verify mlp --schedule cosine",
        "--schedule: cosine takes the length of the run from train alone; give cosine:steps=N")]
    [InlineData("train --optimizer adma:beta1=0.9", "did you mean 'adam'?")]
    [InlineData("train --rule ZIL", "'ZIL' is not one of zil, il, ipc, epc, pc-alm, langevin, bp; did you mean 'zil'?")]
    [InlineData("train MLP", "unknown model 'MLP'; did you mean 'mlp'?")]
    [InlineData("node --role worker,coordinater",
        "--role: 'worker,coordinater' is not a list of worker, coordinator; 'coordinater' is none of these; "
        + "did you mean 'coordinator'?")]
    [InlineData("node --role worker,worker", "; 'worker' stands twice")]
    [InlineData("train --hidden 30,x,20", "such as 300,100; 'x' is no such number")]
    [InlineData("train --hidden 30,auto", "; 'auto' stands alone")]
    [InlineData("train --weights 2,x --nodes 2", "x")]
    [InlineData("inspect --nodes 2 --weights 2,x", "such as 2,1,1; 'x' is no such number")]
    [InlineData("train --rule il --free input,", "such as w1,w2; '' is no name")]
    [InlineData("suite --study MUPC --out s", "there is no study 'MUPC'; did you mean 'mupc'?")]
    [InlineData("train --micro 5",
        "--batch (32 by default): a batch of 32 samples cannot be cut into 5 equal micro-batches (--micro)")]
    [InlineData("train --samples 20",
        "--batch (32 by default): a batch of 32 samples is larger than the training set, digits, which has 20")]
    [InlineData("predict mlp --data digits --samples 20 --micro 3", "unknown option '--micro'")]
    [InlineData("train --clock lockstop",
        "--clock: 'lockstop' is not auto or one of wavefront, lockstep; did you mean 'lockstep'?")]
    [InlineData("train --loss l2", "--loss: 'l2' is not one of squared-error, cross-entropy")]
    [InlineData("train --dtype f16", "--dtype: 'f16' is not one of f32, f64")]
    [InlineData("train --learning-rate -1", "--learning-rate: '-1' is not auto or a positive, finite number")]
    [InlineData("train --learning-rate 0", "--learning-rate: '0' is not")]
    [InlineData("train --learning-rate NaN", "--learning-rate: 'NaN' is not")]
    [InlineData("train --learning-rate Infinity", "--learning-rate: 'Infinity' is not")]
    [InlineData("train --learning-rate 1e999", "--learning-rate: '1e999' is not")]
    [InlineData("train --learning-rate fast", "--learning-rate: 'fast' is not")]
    [InlineData("train --weight-decay -0.1", "--weight-decay: '-0.1' is not auto or a finite number from 0")]
    [InlineData("train --optimizer momentum --momentum 1",
        "--momentum: '1' is not auto or a number from 0 to less than 1")]
    [InlineData("train --optimizer sgd --momentum 0.5",
        "--momentum: it is for --optimizer momentum, and the optimizer is sgd")]
    [InlineData("train --rule il --inference-rate -0.1",
        "--inference-rate: '-0.1' is not auto or a positive, finite number")]
    [InlineData("train --rule il --inference-steps 0", "--inference-steps: '0' is not auto or a whole number from 1")]
    [InlineData("train --inference-rate 0.5",
        "--inference-rate: it is for --rule il, ipc, epc, pc-alm")]
    [InlineData("train --rule il --clock wavefront",
        "--clock: the wavefront clock serves the rule zil only; il needs lockstep")]
    [InlineData("train --batch 0", "--batch: '0' is not a whole number from 1")]
    [InlineData("train --batch 2.5", "--batch: '2.5' is not a whole number from 1")]
    [InlineData("train --batch 30 --micro 4",
        "--batch: a batch of 30 samples cannot be cut into 4 equal micro-batches (--micro)")]
    [InlineData("train --batch 1498",
        "--batch: a batch of 1498 samples is larger than the training set, digits, which has 1497")]
    [InlineData("train --batch 2000000000", "--batch: a batch of 2000000000 samples is larger")]
    [InlineData("train --epochs -1", "--epochs: '-1' is not a whole number from 0")]
    [InlineData("train --early-stopping 0", "--early-stopping: '0' is not auto or a whole number from 1")]
    [InlineData("train --early-stopping soon", "--early-stopping: 'soon' is not auto or a whole number from 1")]
    [InlineData("verify mlp --keep-best", "unknown option '--keep-best'")]
    [InlineData("train --seed -1", "--seed: '-1' is not a whole number")]
    [InlineData("train --hidden 30,x", "--hidden: '30,x' is not auto or a list of whole numbers from 1")]
    [InlineData("train --hidden 30,0", "--hidden: '30,0' is not")]
    [InlineData("train residual --hidden 3,4", "--hidden: the model 'residual' takes 1 number of hidden units")]
    [InlineData("train --hidden 2147483647", "--hidden")]
    [InlineData("train --blocks 0", "--blocks: '0' is not auto or a whole number from 1")]
    [InlineData("verify --granularity scaler",
        "--granularity: 'scaler' is not one of tensor, unit, scalar; did you mean 'scalar'?")]
    [InlineData("verify mlp --granularity unit --blocks 2",
        "--blocks: it is for the granularity tensor, and --granularity is unit")]
    [InlineData("verify cnn --granularity scalar",
        "cnn: the vertex 'conv1' (Conv) does not come apart into products, sums and functions of one number")]
    [InlineData("inspect transformer --granularity scalar", "does not come apart")]
    [InlineData("inspect mlp --granularity scalar --hidden 20000",
        "would have 3,020,086 vertices; the most is 2,000,000")]
    [InlineData("train --threads -2", "--threads: '-2' is not a whole number from 0")]
    [InlineData("train --batch 3 --batch 4", "--batch")]
    [InlineData("verify --rule bp", "--rule: bp is what a rule is compared with")]
    [InlineData("verify --ablate leveling",
        "--ablate: 'leveling' is not one of forward-init, update-time, inference-rate, levelling; did you mean 'levelling'?")]
    [InlineData("verify --rule il --ablate levelling",
        "--ablate: it leaves a condition of Z-IL out, and the rule is il")]
    [InlineData("verify --steps 0", "--steps: '0' is not a whole number from 1")]
    [InlineData("verify --clock wavefront --ablate update-time", "--clock")]
    public Task A_mistake_is_named_in_one_line(string commandLine, string words) =>
        Pcnode.RefusesAsync(ExitCode.BadInput, [words], commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public async Task An_empty_value_is_refused() =>
        await Pcnode.RefusesAsync(ExitCode.BadInput, ["--data", "''"], "train", "--data", "");

    [Fact]
    public async Task A_picture_that_cannot_be_written_is_named()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("file", "x");
        var path = Path.Combine(file, "below", "mlp.svg");
        await Pcnode.RefusesAsync(ExitCode.BadInput, [path], "inspect", "--svg", path);
    }
}
