using System.Numerics;
using System.Runtime.CompilerServices;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Protocol;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Tests.Models;
using PcActors.Tracing;
using PcActors.Tracing.Format;

namespace PcActors.Tests.Tracing;

/// <summary>Recorded contents are those that travelled.</summary>
public class TracePayloadProperties
{
    [Theory]
    [InlineData("mlp")]
    [InlineData("rnn")]
    [InlineData("residual")]
    public async Task Contents_have_their_hash_and_size_and_can_be_made_again(string model)
    {
        await Check<float>(model);
        await Check<double>(model);
    }

    // What a parameter sends at the second step is what it was told to begin with less what it was told to learn.
    [Fact]
    public async Task From_the_contents_a_parameters_update_can_be_worked_out()
    {
        var (header, records) = await Run<double>("mlp", new Sgd(0.5), steps: 2);
        var checkedParameters = 0;
        foreach (var parameter in header.Vertices.Where(v => v.RequiresError && v.Trainable))
        {
            var values = records.Where(r => r.Kind == MessageKind.Value.Name && r.From == parameter.Id).ToList();
            var gradient = new Tensor<double>(parameter.Shape);
            foreach (var error in records.Where(
                r => r.Kind == MessageKind.Error.Name && r.To == parameter.Id && r.Step == 1))
                error.Payload!.ToPullBack<double>(parameter.Shape).AddTo(gradient);
            var first = values.First(r => r.Step == 1).Payload!.ToTensor<double>(parameter.Shape);
            var second = values.First(r => r.Step == 2).Payload!.ToTensor<double>(parameter.Shape);
            var samples = records.First(r => r.BatchSize is not null).BatchSize!.Value;
            for (var i = 0; i < gradient.Length; i++)
                Assert.Equal(first.Span[i] - (0.5 / samples * gradient.Span[i]), second.Span[i], 12);
            checkedParameters++;
        }
        Assert.Equal(6, checkedParameters);
    }

    [Fact]
    public async Task Norms_are_those_of_what_is_carried_out()
    {
        var (_, records) = await Run<double>("mlp", new Sgd(0.5), steps: 1);
        var errors = records.Where(r => r.Kind == MessageKind.Error.Name).ToList();
        Assert.Contains(errors, r => r.Form == TraceForm.Factored);
        foreach (var error in errors)
        {
            var whole = new Tensor<double>(error.Shape!);
            error.Payload!.ToPullBack<double>(error.Shape!).WriteTo(whole);
            var square = 0.0;
            foreach (var x in whole.Span) square += x * x;
            Assert.Equal(Math.Sqrt(square), error.Norm!.Value, 12);
        }
    }

    private static async Task Check<T>(string model)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (_, records) = await Run<T>(model, new Adam(0.01), steps: 1);
        var withTensor = records.Where(r => r.Shape is not null).ToList();
        Assert.All(withTensor, r => Assert.NotNull(r.Payload));
        Assert.All(records.Except(withTensor), r => Assert.Null(r.Payload));
        foreach (var record in withTensor)
        {
            var payload = record.Payload!;
            Assert.Equal(record.Hash, TraceHash.Of(payload));
            Assert.Equal(record.Bytes,
                (payload.Whole?.Length ?? 0)
                    + payload.Products.Sum(p => p.Left.Elements.Length + p.Right.Elements.Length));
            var pullBack = payload.ToPullBack<T>(record.Shape!);
            Assert.Equal(record.Shape, pullBack.Shape);
            Assert.Equal(record.Hash, TraceHash.Of(pullBack));
            Assert.Equal(record.Form,
                pullBack.Whole is not null
                    ? TraceForm.Whole
                    : pullBack.Factors is not null ? TraceForm.Factored : TraceForm.Sum);
            if (record.Form == TraceForm.Whole) Assert.Equal(record.Shape!.Length * Unsafe.SizeOf<T>(), record.Bytes);
        }
        // A weight that is read at several levels has its errors summed along its identity chain.
        if (model is "rnn") Assert.Contains(withTensor, r => r.Form == TraceForm.Sum);
    }

    private static async Task<(TraceHeader Header, IReadOnlyList<TraceRecord> Records)> Run<T>(string model,
        Optimizer optimizer, int steps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var run = await TracedRun.Traced(
            SmallModels.Build<T>(model, 3),
            new NetworkOptions { Optimizer = optimizer },
            steps,
            new TraceOptions { Output = new MemoryStream(), Payloads = true, Norms = true });
        return run.Read();
    }
}
