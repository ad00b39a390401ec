namespace PcActors.Tests.Functions;

public static partial class FunctionCases
{
    private static string[] Transformations =>
        ["half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric",
            "tf_half_pixel_for_nn"];

    private static IEnumerable<FunctionCase> Resizing =>
    [
        .. Transformations.SelectMany(Transformed),
        .. Rounded("round_prefer_floor"),
        .. Rounded("round_prefer_ceil"),
        .. Rounded("floor"),
        .. Rounded("ceil"),
        new("Resize", "3x4", "scales=[1.0,1.0]"),
        new("Resize", "3x4", "sizes=[1,1] mode=linear coordinate_transformation_mode=pytorch_half_pixel"),
        new("Resize", "3x4", "sizes=[1,1] mode=linear coordinate_transformation_mode=align_corners"),
        new("Resize", "2x3x4x2", "sizes=[6,5] axes=[1,2] mode=linear"),
        new("Resize", "2x3x4x2", "scales=[2.0,0.5] axes=[-1,0] mode=cubic"),
        new("Resize", "3x4", "sizes=[7,9] keep_aspect_ratio_policy=not_larger mode=linear"),
        new("Resize", "3x4", "sizes=[7,9] keep_aspect_ratio_policy=not_smaller mode=linear"),
        new("Resize", "3x4", "sizes=[5,7] mode=cubic cubic_coeff_a=-0.5 exclude_outside=1"),
        new("Resize", "3x4", "sizes=[5,7] mode=linear exclude_outside=1"),
        new("Resize", "4x4",
            "sizes=[3,3] mode=linear coordinate_transformation_mode=tf_crop_and_resize roi=[0.4,0.6,0.6,0.8]"),
        new("Resize", "4x4",
            "sizes=[3,5] mode=linear coordinate_transformation_mode=tf_crop_and_resize roi=[-0.5,0.0,0.6,1.2] "
            + "extrapolation_value=10.0"),
        new("Resize", "4x4", "sizes=[4,1] coordinate_transformation_mode=tf_crop_and_resize roi=[0.0,0.25,1.0,0.5]"),
        new("Resize", "2x3x7", "scales=[1.0,1.0,0.4] mode=linear antialias=1"),
        new("Resize", "7x5", "sizes=[3,2] mode=cubic antialias=1"),
        new("Resize", "7x5", "sizes=[3,9] mode=cubic antialias=1 exclude_outside=1"),
        new("Resize", "7x5", "sizes=[3,2] mode=nearest antialias=1"),
        new("Resize", "0x4", "sizes=[0,7] mode=linear"),
        new("Resize", "3x4", "sizes=[0,7] mode=linear"),
    ];

    private static IEnumerable<FunctionCase> Transformed(string transformation) =>
    [
        new("Resize", "1x2x3x4", $"scales=[1.0,1.0,2.0,2.0] coordinate_transformation_mode={transformation}"),
        new("Resize", "1x2x3x4",
            $"scales=[1.0,1.0,1.7,0.6] coordinate_transformation_mode={transformation} mode=linear"),
        new("Resize", "1x1x5x6", $"sizes=[1,1,3,9] coordinate_transformation_mode={transformation} mode=cubic"),
    ];

    private static IEnumerable<FunctionCase> Rounded(string mode) =>
    [
        new("Resize", "3x4", $"sizes=[7,3] nearest_mode={mode}"),
        new("Resize", "2x5", $"scales=[2.0,0.5] nearest_mode={mode} coordinate_transformation_mode=asymmetric"),
    ];
}
