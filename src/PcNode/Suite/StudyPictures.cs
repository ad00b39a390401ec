using PcActors.Tensors;
using PcNode.Drawing;

namespace PcNode.Suite;

/// <summary>Images that a network has made, as pictures and as errors.</summary>
internal static class StudyPictures
{
    /// <summary>Saves rows of images as one picture.</summary>
    /// <param name="request">Says where.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="sample">The shape of an image.</param>
    /// <param name="zoom">Side of the square that a pixel becomes.</param>
    /// <param name="rows">Images, [N, pixels] each, pixels in [0, 1].</param>
    public static void Save(
        StudyRequest request, string name, Shape sample, int zoom, params IReadOnlyList<Tensor<float>> rows) =>
        request.Save(name, stream => Png.Write(stream, ImageGrid.Of([.. rows.Select(images => (IReadOnlyList<Picture>)
        [
            .. Enumerable.Range(0, images.Shape[0]).Select(
                i => Picture.Of(images.Rows(i, 1).Span, sample, 0, 1)),
        ])], zoom)));

    /// <summary>The mean over all pixels of the squared difference.</summary>
    public static double SquaredError(Tensor<float> a, Tensor<float> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            var difference = a.Span[i] - (double)b.Span[i];
            sum += difference * difference;
        }
        return sum / a.Length;
    }
}
