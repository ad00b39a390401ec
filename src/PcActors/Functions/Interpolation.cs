namespace PcActors.Functions;

/// <summary>Where an element of a resized axis lies on the original one: ONNX Resize's
/// coordinate_transformation_mode.</summary>
internal sealed class Coordinates(OperatorSettings settings)
{
    private readonly string _mode = settings.Text("coordinate_transformation_mode");

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

/// <summary>The elements of an axis that make up the value at a place on it, and their weights:
/// ONNX Resize's mode.</summary>
/// <remarks>Attributes: mode (nearest, linear, cubic); nearest_mode (round_prefer_floor,
/// round_prefer_ceil, floor, ceil); cubic_coeff_a (-0.75); exclude_outside (0): whether elements outside of the axis
/// have no weight, instead of being the one at its edge; antialias (0): whether linear and cubic weights are stretched
/// over as many elements as come to one of the output, where there are fewer of these. Cubic weights are Keys' (IEEE
/// Trans. ASSP 29(6), 1981).</remarks>
internal sealed class Interpolation
{
    private readonly string _mode;
    private readonly string _nearest;
    private readonly double _a;
    private readonly bool _excludes;
    private readonly bool _stretches;

    /// <summary>The mode of the settings.</summary>
    /// <exception cref="AttributeException">There is no such mode.</exception>
    public Interpolation(OperatorSettings settings)
    {
        _mode = settings.Text("mode");
        _nearest = settings.Text("nearest_mode");
        _a = settings.Float("cubic_coeff_a");
        _excludes = settings.Flag("exclude_outside");
        _stretches = settings.Flag("antialias") && _mode != "nearest";
    }

    // How far weights reach to either side.
    private int Reach => _mode == "linear" ? 1 : 2;

    /// <summary>How many elements make up a value of an axis that is resized by a scale.</summary>
    public int Taps(double scale) => _mode == "nearest" ? 1
        : _stretches && scale < 1 ? checked(2 * (int)double.Ceiling(Reach / scale))
        : 2 * Reach;

    /// <summary>The elements at a place and their weights.</summary>
    /// <param name="place">The place.</param>
    /// <param name="extent">The axis's extent.</param>
    /// <param name="scale">How much larger it becomes.</param>
    /// <param name="elements">Receives <see cref="Taps"/> elements.</param>
    /// <param name="weights">Receives their weights.</param>
    public void At(double place, int extent, double scale, Span<int> elements, Span<double> weights)
    {
        if (_mode == "nearest")
        {
            elements[0] = (int)Math.Clamp(Nearest(place), 0, extent - 1);
            weights[0] = 1;
            return;
        }
        var floor = double.Floor(place);
        var ratio = place - floor;
        var first = floor - (weights.Length / 2) + 1;
        if (_stretches && scale < 1) Stretch(first - place, scale, weights);
        else if (_mode == "linear") (weights[0], weights[1]) = (1 - ratio, ratio);
        else Cubic(ratio, weights);
        if (_excludes) Exclude(first, extent, weights);
        for (var tap = 0; tap < weights.Length; tap++) elements[tap] = (int)Math.Clamp(first + tap, 0, extent - 1);
    }

    private double Nearest(double place) => _nearest switch
    {
        "floor" => double.Floor(place),
        "ceil" => double.Ceiling(place),
        "round_prefer_ceil" => double.Floor(place + 0.5),
        _ => double.Ceiling(place - 0.5),
    };

    private void Cubic(double ratio, Span<double> weights)
    {
        weights[0] = Far(1 + ratio);
        weights[1] = Near(ratio);
        weights[2] = Near(1 - ratio);
        weights[3] = Far(2 - ratio);
    }

    private double Near(double distance) => ((((_a + 2) * distance) - (_a + 3)) * distance * distance) + 1;

    private double Far(double distance) =>
        (((((_a * distance) - (5 * _a)) * distance) + (8 * _a)) * distance) - (4 * _a);

    /// <summary>Weights of elements from a distance on, by their distances in the output, which sum to 1.</summary>
    private void Stretch(double distance, double scale, Span<double> weights)
    {
        var sum = 0.0;
        for (var tap = 0; tap < weights.Length; tap++)
        {
            var away = Math.Abs(distance + tap) * scale;
            weights[tap] = away >= Reach ? 0 : _mode == "linear" ? 1 - away : away <= 1 ? Near(away) : Far(away);
            sum += weights[tap];
        }
        foreach (ref var weight in weights) weight /= sum;
    }

    private static void Exclude(double first, int extent, Span<double> weights)
    {
        var sum = 0.0;
        for (var tap = 0; tap < weights.Length; tap++)
        {
            if (first + tap < 0 || first + tap >= extent) weights[tap] = 0;
            sum += weights[tap];
        }
        foreach (ref var weight in weights) weight /= sum;
    }
}
