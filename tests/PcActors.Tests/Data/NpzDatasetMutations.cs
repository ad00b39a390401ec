using System.IO.Compression;
using PcActors.Data;
using PcActors.Data.Npy;
using PcActors.Tensors;

namespace PcActors.Tests.Data;

public class NpzDatasetMutations
{
    [Fact]
    public void A_data_set_in_Keras_layout_has_bytes_as_they_are_and_its_own_test_part()
    {
        var (train, test) = DatasetLoader.Load<double>(Golden.Npy("keras.npz"));
        Assert.Equal([6, 2, 2], train.Features.Shape.Dimensions.ToArray());
        Assert.Equal(Enumerable.Range(0, 24).Select(i => i / 4 * 51.0), train.Features.Span.ToArray());
        Assert.Equal([0, 1, 2, 0, 1, 2], train.Labels.ToArray());
        Assert.Equal([3, 0], test.Labels.ToArray());
        Assert.Equal((4, 4), (train.ClassCount, test.ClassCount));
    }

    [Fact]
    public void Features_and_labels_alone_are_split_and_floating_point_features_are_not_scaled()
    {
        var (train, test) = DatasetLoader.Load<float>(Golden.Npy("xy.npz"));
        Assert.Equal((10, 2), (train.Count, test.Count));
        float[] all = [.. train.Features.Span, .. test.Features.Span];
        Array.Sort(all);
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (float)i), all);
    }

    [Fact]
    public void Labels_may_be_floating_point_if_they_are_integers()
    {
        using var folder = new TemporaryFolder();
        var path = Archive(folder, ("x_train", Array2(2)), ("y_train", Doubles(1, 0)), ("x_test", Array2(1)),
            ("y_test", Doubles(1)));
        Assert.Equal([1, 0], DatasetLoader.Load<float>(path).Train.Labels.ToArray());
    }

    [Fact]
    public void What_is_wrong_is_named_with_file_and_array()
    {
        using var folder = new TemporaryFolder();
        Refused(["no features", "x_train"], ("a", Array2(2)));
        Refused(["no array y_train"], ("x_train", Array2(2)));
        Refused(["no array x"], ("y", Doubles(1, 0)));
        Refused(["no array x_test"], ("x_train", Array2(2)), ("y_train", Doubles(1, 0)), ("y_test", Doubles(1)));
        Refused(["array y:", "[3]", "[2, 1]"], ("x", Array2(2)), ("y", Doubles(0, 1, 0)));
        Refused(["array x:", "[]"], ("x", (Shape.Scalar, [1.0])), ("y", Doubles(0, 1)));
        Refused(["array x:", "[0, 1]"], ("x", Array2(0)), ("y", Doubles()));
        Refused(["array y:", "element 1 is 0.5", "integers"], ("x", Array2(2)), ("y", Doubles(0, 0.5)));
        Refused(["array y:", "element 0 is NaN"], ("x", Array2(2)), ("y", Doubles(double.NaN, 0)));
        Refused(["array y:", "element 0 is -1"], ("x", Array2(2)), ("y", Doubles(-1, 0)));
        Refused(["element 0 of sample 1 is NaN", "finite"], ("x", Array2(2, double.NaN)), ("y", Doubles(0, 1)));
        Refused(["array x:", "element 1 is 1E+300", "Single"], ("x", Array2(2, 1e300)), ("y", Doubles(0, 1)));
        Refused(["label 1", "two classes"], ("x", Array2(3)), ("y", Doubles(1, 1, 1)));

        void Refused(string[] words, params (string Name, (Shape Shape, double[] Elements) Array)[] arrays)
        {
            var path = Archive(folder, arrays);
            Refusal.Of(() => DatasetLoader.Load<float>(path), [path, .. words]);
        }
    }

    [Fact]
    public void An_archive_that_is_none_is_refused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a.npz", "this is text");
        Refusal.Of(() => DatasetLoader.Load<float>(path), path, "damaged or cut short");
        Refusal.Of(() => DatasetLoader.Load<float>(folder.Write("b.npz", "")), "b.npz", "empty");
        Refusal.Of(() => DatasetLoader.Load<float>(folder.PathOf("c.npz")), "c.npz", "no such file");
    }

    private static (Shape Shape, double[] Elements) Doubles(params double[] elements) =>
        (new Shape(elements.Length), elements);

    private static (Shape Shape, double[] Elements) Array2(int count, double last = 1)
    {
        var elements = new double[count];
        if (count > 0) elements[^1] = last;
        return (new Shape(count, 1), elements);
    }

    private static string Archive(TemporaryFolder folder,
        params (string Name, (Shape Shape, double[] Elements) Array)[] arrays)
    {
        var path = folder.PathOf("a.npz");
        File.Delete(path);
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, (shape, elements)) in arrays)
        {
            using var entry = archive.CreateEntry($"{name}.npy").Open();
            NpyFile.Write<double>(entry, shape, elements);
        }
        return path;
    }
}
