using PcActors.Data;
using PcActors.Graphs;
using PcActors.Learning;
using PcActors.Learning.Losses;
using PcActors.Runs;
using PcActors.Tensors;

namespace PcNode.Suite;

/// <summary>What a network makes of the labels of all classes, beside the means of the classes' training
/// images.</summary>
/// <param name="Error">The mean squared difference between test images and what is made for their class, pixels in [0,
/// 1].</param>
/// <param name="ErrorOfMeans">The same of the means.</param>
/// <param name="Picture">The name of the picture of both.</param>
internal sealed record GeneratedImages(double Error, double ErrorOfMeans, string Picture)
{
    /// <summary>Generates an image for each class.</summary>
    /// <param name="graph">A network whose batch is one label of each class, whose root is an image of standardized
    /// pixels.</param>
    /// <param name="data">The images, standardized.</param>
    /// <param name="request">What is asked for.</param>
    public static async Task<GeneratedImages> OfAsync(
        Graph<float> graph, DataSplit<float> data, StudyRequest request)
    {
        var options = new NetworkOptions { Rule = LearningRule.Zil, Loss = Loss.SquaredError };
        await using var network = await Network<float>.StartAsync(graph, options, null, request.Cancellation)
            .ConfigureAwait(false);
        var batch = network.NewBatch();
        var classes = data.Train.ClassCount;
        for (var c = 0; c < classes; c++) batch.Inputs[0].Writable[(c * classes) + c] = 1;
        var made = await network.PredictAsync(batch).WaitAsync(request.Cancellation).ConfigureAwait(false);
        var (images, means) = (Pixels(made.Span, made.Shape), Means(data.Train));
        var picture = $"{request.Row.Replace(' ', '-')}-{request.Seed}.png";
        StudyPictures.Save(request, picture, data.Train.SampleShape, 2, images, means);
        return new GeneratedImages(ErrorOf(images, data.Test), ErrorOf(means, data.Test), picture);
    }

    private static double ErrorOf(Tensor<float> images, Dataset<float> test)
    {
        var shown = Pixels(test.Features.Span, new Shape(test.Count, test.SampleShape.Length));
        return Enumerable.Range(0, test.Count)
            .Average(i => StudyPictures.SquaredError(images.Rows(test.Labels[i], 1), shown.Rows(i, 1)));
    }

    private static Tensor<float> Means(Dataset<float> train)
    {
        var length = train.SampleShape.Length;
        var (sums, counts) = (new double[train.ClassCount * length], new int[train.ClassCount]);
        for (var i = 0; i < train.Count; i++)
        {
            counts[train.Labels[i]]++;
            for (var p = 0; p < length; p++)
                sums[(train.Labels[i] * length) + p] += train.Features.Span[(i * length) + p];
        }
        float[] means = [.. sums.Select((sum, i) => (float)(sum / Math.Max(1, counts[i / length])))];
        return Pixels(means, new Shape(train.ClassCount, length));
    }

    private static Tensor<float> Pixels(ReadOnlySpan<float> standardized, Shape shape)
    {
        var pixels = new Tensor<float>(shape);
        for (var i = 0; i < pixels.Length; i++)
            pixels.Writable[i] = (standardized[i] * StudyImages.Deviation) + StudyImages.Mean;
        return pixels;
    }
}
