namespace PcActors.Functions;

/// <summary>The elements of an axis that make up the value at a place on it, and their weights: ONNX Resize's mode.</summary>
/// <remarks>Attributes: mode (nearest, linear, cubic); nearest_mode (round_prefer_floor, round_prefer_ceil, floor, ceil);
/// cubic_coeff_a (-0.75); exclude_outside (0): whether elements outside of the axis have no weight, instead of being the one at
/// its edge. Cubic weights are Keys' (IEEE Trans. ASSP 29(6), 1981).</remarks>
internal sealed class Interpolation
{
    private readonly string _mode;
    private readonly string _nearest;
    private readonly double _a;
    private readonly bool _excludes;

    /// <summary>The mode of the attributes.</summary>
    /// <exception cref="AttributeException">There is no such mode.</exception>
    public Interpolation(Attributes attributes)
    {
        _mode = attributes.Text("mode", "nearest");
        _nearest = attributes.Text("nearest_mode", "round_prefer_floor");
        _a = attributes.Float("cubic_coeff_a", -0.75);
        _excludes = attributes.Flag("exclude_outside", false);
        if (_mode is not ("nearest" or "linear" or "cubic")) throw new AttributeException($"mode is '{_mode}'; it can be nearest, linear or cubic");
        if (_nearest is not ("round_prefer_floor" or "round_prefer_ceil" or "floor" or "ceil"))
            throw new AttributeException($"nearest_mode is '{_nearest}'; it can be round_prefer_floor, round_prefer_ceil, floor or ceil");
        if (attributes.Flag("antialias", false)) throw new AttributeException("antialias is 1, which is not supported; only 0 is");
    }

    /// <summary>How many elements make up a value.</summary>
    public int Taps => _mode switch
    {
        "nearest" => 1,
        "linear" => 2,
        _ => 4,
    };

    /// <summary>The elements at a place and their weights.</summary>
    /// <param name="place">The place.</param>
    /// <param name="extent">The axis's extent.</param>
    /// <param name="elements">Receives <see cref="Taps"/> elements.</param>
    /// <param name="weights">Receives their weights.</param>
    public void At(double place, int extent, Span<int> elements, Span<double> weights)
    {
        if (_mode == "nearest")
        {
            elements[0] = (int)Math.Clamp(Nearest(place), 0, extent - 1);
            weights[0] = 1;
            return;
        }
        var floor = double.Floor(place);
        var ratio = place - floor;
        if (_mode == "linear") (weights[0], weights[1]) = (1 - ratio, ratio);
        else Cubic(ratio, weights);
        var first = floor - (Taps / 2) + 1;
        if (_excludes) Exclude(first, extent, weights);
        for (var tap = 0; tap < Taps; tap++) elements[tap] = (int)Math.Clamp(first + tap, 0, extent - 1);
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

    private double Far(double distance) => (((((_a * distance) - (5 * _a)) * distance) + (8 * _a)) * distance) - (4 * _a);

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
