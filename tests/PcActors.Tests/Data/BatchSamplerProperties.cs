using PcActors.Data;
using PcActors.Tensors;

namespace PcActors.Tests.Data;

public class BatchSamplerProperties
{
    private const int Count = 50;
    private readonly Dataset<double> _data = DatasetProperties.Numbered(Count);

    [Fact]
    public void Every_epochs_order_is_a_permutation_and_differs_from_the_others()
    {
        var sampler = new BatchSampler<double>(_data, 8, seed: 1);
        var orders = new HashSet<string>();
        for (var epoch = 0; epoch < 100; epoch++)
        {
            sampler.BeginEpoch(epoch);
            Assert.Equal(Enumerable.Range(0, Count), sampler.Order.ToArray().Order());
            Assert.True(orders.Add(string.Join(',', sampler.Order.ToArray())));
        }
    }

    [Fact]
    public void The_order_depends_on_seed_and_epoch_alone()
    {
        var walked = new BatchSampler<double>(_data, 8, seed: 1);
        for (var epoch = 0; epoch <= 7; epoch++) walked.BeginEpoch(epoch);
        var resumed = new BatchSampler<double>(_data, 5, seed: 1);
        resumed.BeginEpoch(7);
        Assert.Equal(walked.Order.ToArray(), resumed.Order.ToArray());
        Assert.Equal(7, resumed.Epoch);
        walked.BeginEpoch(0);
        Assert.Equal(new BatchSampler<double>(_data, 8, seed: 1).Order.ToArray(), walked.Order.ToArray());
        Assert.NotEqual(new BatchSampler<double>(_data, 8, seed: 2).Order.ToArray(), walked.Order.ToArray());
    }

    [Fact]
    public void An_epochs_batches_are_full_and_disjoint_and_leave_the_remainder_out()
    {
        var sampler = new BatchSampler<double>(_data, 8, seed: 1);
        Assert.Equal(6, sampler.BatchCount);
        var samples = Enumerable.Range(0, 6).SelectMany(batch => sampler.SamplesOf(batch).ToArray()).ToArray();
        Assert.Equal(48, samples.Length);
        Assert.Distinct(samples);
        Assert.Throws<ArgumentOutOfRangeException>(() => sampler.SamplesOf(6).Length);
    }

    [Fact]
    public void Samples_left_out_of_an_epoch_come_back()
    {
        var sampler = new BatchSampler<double>(_data, 30, seed: 1);
        var seen = new HashSet<int>();
        for (var epoch = 0; epoch < 20; epoch++)
        {
            sampler.BeginEpoch(epoch);
            seen.UnionWith(sampler.SamplesOf(0).ToArray());
        }
        Assert.Equal(Count, seen.Count);
    }

    [Theory]
    [InlineData(TargetEncoding.OneHot)]
    [InlineData(TargetEncoding.ClassIndex)]
    public void A_filled_batch_holds_its_samples_and_their_labels(TargetEncoding encoding)
    {
        var sampler = new BatchSampler<double>(_data, 8, seed: 1);
        var features = new Tensor<double>(new Shape(8, 1, 2));
        var target = Tensor<double>.From(Targets.ShapeOf(encoding, 8, 3),
            Enumerable.Repeat(9.0, Targets.ShapeOf(encoding, 8, 3).Length).ToArray());
        for (var batch = 0; batch < sampler.BatchCount; batch++)
        {
            sampler.Fill(batch, features, encoding, target);
            var samples = sampler.SamplesOf(batch).ToArray();
            Assert.Equal(samples.SelectMany(sample => new double[] { sample, -sample }), features.Span.ToArray());
            Assert.Equal(Targets.Encode<double>(encoding, [.. samples.Select(sample => sample % 3)], 3).Span.ToArray(),
                target.Span.ToArray());
        }
    }

    [Fact]
    public void Micro_batches_are_the_batchs_rows()
    {
        var sampler = new BatchSampler<double>(_data, 8, seed: 1);
        var (whole, target) = (new Tensor<double>(new Shape(8, 2)), new Tensor<double>(new Shape(8)));
        sampler.Fill(2, whole, TargetEncoding.ClassIndex, target);
        var (part, partTarget) = (new Tensor<double>(new Shape(3, 2)), new Tensor<double>(new Shape(3)));
        sampler.Fill(2, part, TargetEncoding.ClassIndex, partTarget, firstRow: 5);
        Assert.Equal(whole.Rows(5, 3).Span.ToArray(), part.Span.ToArray());
        Assert.Equal(target.Rows(5, 3).Span.ToArray(), partTarget.Span.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(
            () => sampler.Fill(2, part, TargetEncoding.ClassIndex, partTarget, firstRow: 6));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => sampler.Fill(2, part, TargetEncoding.ClassIndex, partTarget, firstRow: -1));
    }

    [Fact]
    public void Filling_a_batch_allocates_nothing()
    {
        var sampler = new BatchSampler<double>(_data, 8, seed: 1);
        var (features, target) = (new Tensor<double>(new Shape(8, 2)), new Tensor<double>(new Shape(8, 3)));
        sampler.Fill(0, features, TargetEncoding.OneHot, target);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var batch = 0; batch < sampler.BatchCount; batch++)
            sampler.Fill(batch, features, TargetEncoding.OneHot, target);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Batches_and_tensors_that_do_not_fit_are_refused()
    {
        Refusal.Of(() => new BatchSampler<double>(_data, 51, 1), "numbers", "51 samples from 50", "[1, 50]");
        Refusal.Of(() => new BatchSampler<double>(_data, 0, 1), "numbers", "[1, 50]");
        var sampler = new BatchSampler<double>(_data, 8, 1);
        var eight = new Tensor<double>(new Shape(8, 2));
        var labels = new Tensor<double>(new Shape(8));
        Assert.Throws<ShapeException>(
            () => sampler.Fill(0, new Tensor<double>(new Shape(8, 3)), TargetEncoding.ClassIndex, labels));
        Assert.Throws<ShapeException>(
            () => sampler.Fill(0, Tensor<double>.Scalar(1), TargetEncoding.ClassIndex, labels));
        Assert.Throws<ShapeException>(() => sampler.Fill(0, eight, TargetEncoding.OneHot, labels));
        Assert.Throws<ShapeException>(
            () => sampler.Fill(0, eight, TargetEncoding.ClassIndex, new Tensor<double>(new Shape(7))));
        Assert.Throws<ArgumentOutOfRangeException>(() => sampler.Fill(6, eight, TargetEncoding.ClassIndex, labels));
        Assert.Throws<ArgumentOutOfRangeException>(() => sampler.BeginEpoch(-1));
    }
}
