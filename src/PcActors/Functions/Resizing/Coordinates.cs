namespace PcActors.Functions;

/// <summary>Where an element of a resized axis lies on the original one: ONNX Resize's coordinate_transformation_mode.</summary>
internal sealed class Coordinates
{
    private static readonly string[] Modes =
    [
        "half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric", "tf_half_pixel_for_nn", "tf_crop_and_resize",
    ];

    private readonly string _mode;

    /// <summary>The mode of the attributes.</summary>
    /// <exception cref="AttributeException">There is no such mode.</exception>
    public Coordinates(Attributes attributes)
    {
        _mode = attributes.Text("coordinate_transformation_mode", "half_pixel");
        if (!Modes.Contains(_mode, StringComparer.Ordinal))
            throw new AttributeException($"coordinate_transformation_mode is '{_mode}'; it can be {string.Join(", ", Modes)}");
    }

    /// <summary>Whether it looks at a region, outside of which there is a value of its own.</summary>
    public bool Crops => _mode == "tf_crop_and_resize";

    /// <summary>The place of an element.</summary>
    public double Of(in ResizedAxis axis, int element)
    {
        // The resized extent before it is made whole.
        var resized = axis.Scale * axis.Extent;
        var last = axis.Extent - 1.0;
        return _mode switch
        {
            "align_corners" => resized == 1 ? 0 : element * last / (resized - 1),
            "asymmetric" => element / axis.Scale,
            "tf_half_pixel_for_nn" => (element + 0.5) / axis.Scale,
            "pytorch_half_pixel" => axis.Resized == 1 ? 0 : HalfPixel(axis, element),
            "half_pixel_symmetric" => (axis.Extent / 2.0 * (1 - (axis.Resized / resized))) + HalfPixel(axis, element),
            "tf_crop_and_resize" => axis.Resized == 1
                ? 0.5 * (axis.Start + axis.End) * last
                : (axis.Start * last) + (element * (axis.End - axis.Start) * last / (axis.Resized - 1)),
            _ => HalfPixel(axis, element),
        };
    }

    private static double HalfPixel(in ResizedAxis axis, int element) => ((element + 0.5) / axis.Scale) - 0.5;
}
