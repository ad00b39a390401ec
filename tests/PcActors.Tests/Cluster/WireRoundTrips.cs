using System.Collections;
using System.Numerics;
using System.Reflection;
using PcActors.Cluster.Coordination;
using PcActors.Cluster.Wire;
using PcActors.Extensions;
using PcActors.Functions;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Energies;
using PcActors.Learning.Instruments;
using PcActors.Learning.Losses;
using PcActors.Learning.Optimizers;
using PcActors.Learning.Protocol;
using PcActors.Learning.Schedules;
using PcActors.Learning.Vertices;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Tests.Models;

namespace PcActors.Tests.Cluster;

/// <summary>Every message of the protocol comes out as it went in, and nothing else is taken. What
/// damage does: <see cref="WireProperties"/>.</summary>
public sealed class WireRoundTrips
{
    private static readonly StepId Step = new(3, 1L << 40);

    public static TheoryData<string> Manifests => [.. WireFormat<float>.Entries.Select(e => e.Manifest)];

    [Fact]
    public void Every_message_that_a_vertex_or_the_coordinator_sends_has_a_form()
    {
        // All records of the protocol's two files, whatever they are called.
        var files = new[] { typeof(BeginStep), typeof(ValueMessage<>) };
        var protocol = typeof(BeginStep).Assembly.GetTypes()
            .Where(t => t.Namespace == files[0].Namespace && t.IsClass && t.IsSealed && !t.IsNested
                && (t.Name.Split('`')[0] is var name)
                && (name.EndsWith("Message", StringComparison.Ordinal)
                    || name.EndsWith("Report", StringComparison.Ordinal)
                    || name.StartsWith("Clamp", StringComparison.Ordinal)
                    || name.StartsWith("Request", StringComparison.Ordinal)
                    || name is "BeginStep" or "Advance"))
            .Select(t => t.IsGenericTypeDefinition ? t.MakeGenericType(typeof(float)) : t);
        Assert.All(protocol, type => Assert.Contains(WireFormat<float>.Entries, e => e.Type == type));
    }

    [Theory]
    [MemberData(nameof(Manifests))]
    public void A_message_comes_out_as_it_went_in(string manifest)
    {
        Check<float>(manifest);
        Check<double>(manifest);
    }

    [Fact]
    public void A_tensor_of_another_size_than_it_says_is_refused_before_anything_is_allocated()
    {
        // The step's run, number, prediction and whether it infers, the micro-batch, the time and the edge; bytes of an
        // element, rank, extents of 2^15.
        byte[] value = [2, 2, 0, 0, 0, 0, 0, 4, 2, 0x80, 0x80, 4, 0x80, 0x80, 4, .. new byte[64]];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var refusal = Assert.Throws<WireException>(() => WireFormat<float>.Read("value", value));
        Assert.Contains("[32768, 32768]", refusal.Message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void Another_element_type_is_refused()
    {
        var (manifest, payload) = WireFormat<double>.Write(
            new ValueMessage<double>(Step, 0, 0, 1, Tensor<double>.Scalar(2)));
        Assert.Throws<WireException>(() => WireFormat<float>.Read(manifest, payload));
    }

    [Fact]
    public void What_is_no_message_of_the_protocol_is_refused()
    {
        Assert.Throws<WireException>(() => WireFormat<float>.Write(new Uri("http://example.org")));
        Assert.Throws<WireException>(() => WireFormat<float>.Read("System.Exception", default));
    }

    [Theory]
    [InlineData("mlp")]
    [InlineData("cnn")]
    [InlineData("alexnet")]
    [InlineData("lstm")]
    [InlineData("resnet18")]
    [InlineData("transformer")]
    public void Every_function_of_a_network_is_made_again_from_its_operator_and_attributes(string model)
    {
        var graph = Levelling.Level(SmallModels.Build<float>(model, 4));
        foreach (var vertex in graph.Vertices)
        {
            var plan = PlanOf(graph, vertex.Id);
            var (manifest, payload) = WireFormat<float>.Write(plan);
            var read = (VertexPlan<float>)WireFormat<float>.Read(manifest, payload);
            Assert.Equal(vertex.Function?.OperatorType, read.Description.Function?.OperatorType);
            Assert.Equal(payload, WireFormat<float>.Write(read).Payload);
        }
    }

    private static VertexPlan<T> PlanOf<T>(Graph<T> graph, int id)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(
        VertexDescription<T>.Of(graph, id),
        [.. graph.Inputs(id).Select(e => new Place(e.From, 1 + (e.From % 3)))],
        [.. graph.Consumers(id).Select(e => new Place(e.To, 1 + (e.To % 3)))]);

    private static void Check<T>(string manifest)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var samples = Samples<T>().Where(s => WireFormat<T>.Write(s).Manifest == manifest).ToList();
        Assert.NotEmpty(samples);
        foreach (var sample in samples)
        {
            var read = WireFormat<T>.Read(manifest, WireFormat<T>.Write(sample).Payload);
            Assert.IsType(sample.GetType(), read);
            AssertSame(sample, read);
        }
    }

    /// <summary>Property by property, down to elements.</summary>
    internal static void AssertSame(object? expected, object? found)
    {
        if (expected is null || found is null || expected is string || expected.GetType().IsPrimitive
            || expected.GetType().IsEnum || expected is Shape)
        {
            Assert.Equal(expected, found);
            return;
        }
        if (expected is not IEnumerable) Assert.Equal(expected.GetType(), found.GetType());
        if (expected is Tensor<float> floats)
        {
            Assert.Equal(floats.Shape, ((Tensor<float>)found).Shape);
            Assert.Equal(floats.Span.ToArray().Select(BitConverter.SingleToInt32Bits),
                ((Tensor<float>)found).Span.ToArray().Select(BitConverter.SingleToInt32Bits));
            return;
        }
        if (expected is Tensor<double> doubles)
        {
            Assert.Equal(doubles.Shape, ((Tensor<double>)found).Shape);
            Assert.Equal(doubles.Span.ToArray().Select(BitConverter.DoubleToInt64Bits),
                ((Tensor<double>)found).Span.ToArray().Select(BitConverter.DoubleToInt64Bits));
            return;
        }
        if (expected is ReadOnlyMemory<byte> bytes)
        {
            Assert.Equal(bytes.ToArray(), ((ReadOnlyMemory<byte>)found).ToArray());
            return;
        }
        if (expected is IEnumerable items)
        {
            object?[] left = [.. items];
            object?[] right = [.. (IEnumerable)found];
            Assert.Equal(left.Length, right.Length);
            for (var i = 0; i < left.Length; i++) AssertSame(left[i], right[i]);
            return;
        }
        foreach (var property in expected.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(p => p.GetIndexParameters().Length == 0))
        {
            if (property.Name is "EqualityContract" or "Function" or "Attributes") continue;
            AssertSame(property.GetValue(expected), property.GetValue(found));
        }
    }

    private static IEnumerable<object> Samples<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tensor = Tensor<T>.From(new Shape(2, 3),
            [T.One, -T.Zero, T.NaN, T.PositiveInfinity, T.Epsilon, T.CreateChecked(-2.5)]);
        var other = Tensor<T>.From(new Shape(2, 4), [.. Enumerable.Range(1, 8).Select(i => T.CreateChecked(i))]);
        var product = new FactoredProduct<T>(tensor, 2, true, other, 2, false, new Shape(3, 4));
        var sum = FactoredSum<T>.Join(
            [new PullBack<T>(new Tensor<T>(new Shape(3, 4)), null), new PullBack<T>(null, product),
                new PullBack<T>(null, product)])!.Value.Sum!;
        var snapshot = new ParameterSnapshot<T>(tensor, 7, [tensor, tensor]);
        yield return new ValueMessage<T>(Step, ValueMessage<T>.AllMicroBatches, 2, 5, tensor);
        yield return new ValueMessage<T>(Step, 1, 0, 5, Tensor<T>.Scalar(T.One));
        yield return new ErrorMessage<T>(Step, 1, 2, 5, new PullBack<T>(tensor, null));
        yield return new ErrorMessage<T>(Step, 1, 2, 5, new PullBack<T>(null, product));
        yield return new ErrorMessage<T>(Step, 1, 2, 5, new PullBack<T>(null, null, sum));
        yield return new ErrorMessage<T>(Step, 1, 2, 5,
            new PullBack<T>(null, null, FactoredSum<T>.Of(null, [product, product])));
        yield return new BeginStep(Step, null, 32);
        yield return new BeginStep(Step, new StepId(1, 2), 1);
        yield return new ClampData<T>(Step, 1, tensor);
        yield return new ClampTarget<T>(Step, 1, tensor, 64);
        yield return new RequestPrediction(Step, 1);
        yield return new Advance(Step, 4);
        yield return new RequestParameter(Step);
        yield return new RequestParameter(null);
        yield return new Advance(Step, 4, TimestepPurpose.Learn);
        yield return new ClampData<T>(Step, 1, null);
        yield return new ClampData<T>(Step with { Prediction = 1, Infers = true }, 1, tensor, tensor);
        yield return new ClampTarget<T>(Step, 1, null, 64, tensor);
        yield return new RequestValue(3);
        yield return new RequestCounters();
        yield return new RequestFiniteness();
        yield return new RequestSnapshot();
        yield return new LossReport(Step, 1, double.NaN);
        yield return new ForwardReport(Step, 1, 2);
        yield return new PredictionReport<T>(Step, 1, tensor);
        yield return new UpdateReport(Step, 9);
        yield return new AdvanceReport(Step, 4, 9);
        yield return new AdvanceReport(Step, 4, 9, default(EnergySum).Add(-1.5));
        yield return new ValueReport<T>(7, 9, tensor);
        yield return new ValueReport<T>(7, 9, null);
        yield return new ParameterReport<T>(7, 9, tensor);
        yield return new CountersReport(7, 9, 1L << 33, 4);
        yield return new FinitenessReport(7, 9, true);
        yield return new SnapshotReport<T>(7, 9, snapshot);
        foreach (var optimizer in new Optimizer[] { new Sgd(0.1, 0.2), new Momentum(0.1, 0.5, 0.2),
            new Adam(0.1, 0.8, 0.9, 1e-5, 0.2), new AdamW(0.1, 0.8, 0.9, 1e-5, 0.2) })
            yield return new RunOptions(
                new VertexOptions(LearningRule.Il(5, 0.25), Clock.Lockstep, Loss.SquaredError, optimizer, 3, 5)
                { Schedule = new Cosine(90, 0.1, 9, 0.5) });
        var graph = Levelling.Level(SmallModels.Build<T>("residual", 4));
        yield return PlanOf(graph, graph.RootId);
        yield return PlanOf(graph, graph.Parameters.First().Id);
        yield return new SpawnVertices(12);
        yield return new VerticesSpawned(2);
        yield return new VertexFault("v", "why");
        yield return new NodeFault(1, "why");
        yield return new RunOptions(
            new VertexOptions(LearningRule.Il(5, 0.25), Clock.Lockstep, Loss.SquaredError, new Sgd(0.1), 1, 5)
            {
                Sweeps = 2,
                Codings = [new("h", Catalogues.Energies.Parse("laplace:scale=2"), 0.5), new("i")],
            });
        yield return new RunTerms(
            "residual", new VertexOptions(LearningRule.Zil, Clock.Wavefront, Loss.CrossEntropy, new Sgd(0.1), 2, 5),
            new RetryPolicy(TimeSpan.FromSeconds(1.5), 3), 4, 2, TimeSpan.FromSeconds(60), "1.2.3", 9, 1L << 40, true);
        foreach (var vertex in RunPlan<T>.Describe(graph, new Dictionary<int, ParameterSnapshot<T>>()))
            yield return vertex;
        yield return new Work<T>(1 << 16, 2, WorkKind.Step, [tensor, other], tensor);
        yield return new Work<T>(1 << 16, 3, WorkKind.Prediction, [tensor], null);
        yield return new Work<T>(1 << 16, 4, WorkKind.States, [], null) { WithEnergies = true };
        yield return new Work<T>(1 << 16, 5, WorkKind.Inference, [], null)
        {
            Inference = new InferenceWork<T>(
                [new ClampedVertex<T>(3, [new Clamp<T>(tensor, other), new Clamp<T>(null)])], [4, 5], 6),
        };
        yield return new TermBegun(1 << 16, 3, 50);
        yield return new TermEnded(1 << 16, "why");
        yield return new WorkDone<T>(1 << 16, 2, new StepResult(1L << 40, double.Epsilon, 2));
        yield return new WorkDone<T>(1 << 16, 3, tensor);
        yield return new WorkDone<T>(1 << 16, 4, new MessageCounts(1L << 33, 4));
        yield return new WorkDone<T>(1 << 16, 5, new InferenceDone<T>(
            [new VertexValue<T>(4, tensor)],
            new InferenceRecord(7, true, [1.5, 0.5]) { ByVertex = [new VertexEnergy(1, 2, 0.25)] },
            new MessageCounts(8, 9)));
        yield return new StateCollected<T>(1 << 16, 9, snapshot);
        yield return new RunBroken("why", "v", 1L << 40);
        yield return new RunBroken("why");
        yield return new RunBroken("why", "v", 3, new DivergedInference("step 3", 5, 0.25));
    }
}
