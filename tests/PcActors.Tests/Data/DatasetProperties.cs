using PcActors.Data;
using PcActors.Tensors;

namespace PcActors.Tests.Data;

public class DatasetProperties
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(6, 1)]
    [InlineData(7, 2)]
    [InlineData(1797, 300)]
    public void A_sixth_rounded_up_is_held_out(int count, int heldOut)
    {
        Assert.Equal(heldOut, HoldOut.CountOf(count));
        var (train, test) = HoldOut.Split(Numbered(count));
        Assert.Equal((count - heldOut, heldOut), (train.Count, test.Count));
    }

    [Fact]
    public void The_parts_of_a_split_are_disjoint_complete_and_in_order()
    {
        var (train, test) = Numbered(100).Split(30, seed: 4);
        Assert.Equal(Enumerable.Range(0, 100), Ids(train).Concat(Ids(test)).Order());
        Assert.Equal(Ids(train).Order(), Ids(train));
        Assert.Equal(Ids(test).Order(), Ids(test));
        Assert.All(new[] { train, test },
            part =>
                Assert.All(Ids(part).Zip(part.Labels.ToArray()), pair => Assert.Equal(pair.First % 3, pair.Second)));
    }

    [Fact]
    public void A_split_is_decided_by_its_seed()
    {
        var data = Numbered(100);
        Assert.Equal(Ids(data.Split(30, 4).Test), Ids(data.Split(30, 4).Test));
        Assert.NotEqual(Ids(data.Split(30, 4).Test), Ids(data.Split(30, 5).Test));
    }

    [Fact]
    public void The_first_samples_and_chosen_samples_keep_features_and_labels_together()
    {
        var data = Numbered(10);
        Assert.Equal([0, 1, 2], Ids(data.Take(3)));
        Assert.Equal([0, 1, 2], data.Take(3).Labels.ToArray());
        Assert.Equal([7, 0, 7], Ids(data.Select([7, 0, 7])));
        Assert.Equal([1, 0, 1], data.Select([7, 0, 7]).Labels.ToArray());
    }

    [Fact]
    public void Parts_that_there_are_not_are_refused()
    {
        var data = Numbered(10);
        Refusal.Of(() => data.Take(11), "numbers", "11", "there are 10");
        Refusal.Of(() => data.Take(0), "numbers");
        Refusal.Of(() => data.Select([10]), "numbers", "sample 10");
        Refusal.Of(() => data.Select([]), "numbers");
        Refusal.Of(() => data.Split(10, 1), "numbers", "10 of 10");
        Refusal.Of(() => data.Split(0, 1), "numbers", "0 of 10");
    }

    [Fact]
    public void What_does_not_fit_together_is_refused()
    {
        var two = new Tensor<float>(new Shape(2, 3));
        Refusal.Of(() => new Dataset<float>("d", Tensor<float>.Scalar(1), [0], 1), "d: ", "[]");
        Refusal.Of(() => new Dataset<float>("d", new Tensor<float>(new Shape(0, 3)), [], 1), "d: ", "[0, 3]");
        Refusal.Of(() => new Dataset<float>("d", new Tensor<float>(new Shape(2, 0)), [0, 0], 1), "d: ", "[2, 0]");
        Refusal.Of(() => new Dataset<float>("d", two, [0, 1, 0], 2), "d: ", "2 samples and 3 labels");
        Refusal.Of(() => new Dataset<float>("d", two, [0, 2], 2), "d: ", "sample 1", "label 2", "[0, 1]");
        Refusal.Of(() => new Dataset<float>("d", two, [0, -1], 2), "d: ", "label -1");
        Refusal.Of(() => new Dataset<float>("d", two, [0, 0], 0), "d: ", "0 classes");
        Refusal.Of(() => new Dataset<float>("d", two, [0, 0], 65_537), "d: ", "65537 classes");
        Refusal.Of(() => new Dataset<float>("d", Tensor<float>.From(new Shape(2, 2), [1, 2, 3, float.NaN]), [0, 0], 1),
            "element 1 of sample 1 is NaN");
        Refusal.Of(
            () => new Dataset<float>("d", Tensor<float>.From(new Shape(1, 2), [float.NegativeInfinity, 2]), [0], 1),
            "element 0 of sample 0 is -Infinity");
    }

    /// <summary>Samples [number, -number] with the label number mod 3.</summary>
    internal static Dataset<double> Numbered(int count)
    {
        var features = new Tensor<double>(new Shape(count, 2));
        var labels = new int[count];
        for (var i = 0; i < count; i++)
        {
            (features.Writable[2 * i], features.Writable[(2 * i) + 1]) = (i, -i);
            labels[i] = i % 3;
        }
        return new Dataset<double>("numbers", features, labels, 3);
    }

    private static int[] Ids(Dataset<double> data)
    {
        var ids = new int[data.Count];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = (int)data.Features.Span[2 * i];
            Assert.Equal(-ids[i], data.Features.Span[(2 * i) + 1]);
        }
        return ids;
    }
}
