using PcActors.Functions;
using static PcActors.Functions.OperatorAttribute;
using static PcActors.Functions.OperatorInput;

namespace PcActors.Onnx;

/// <summary>Operators that the import composes of those of the catalogue.</summary>
internal static class ComposedOperators
{
    private const string Known = "what chooses must be known when the model is read";
    private const string StraightThrough =
        "composed; what is rounded passes its error on, what is cut off none; whole numbers are held in floats";

    public static Operator[] All =>
    [
        new("AffineGrid") { Inputs = ["theta", Of(Integers("size"))], Since = 20, Remark = "composed" },
        new("Attention")
        {
            Inputs = ["Q", "K", "V", "attn_mask?", "past_key?", "past_value?", Indices("nonpad_kv_seqlen")], Since = 23,
            Remark = "composed; further outputs: present_key, present_value, qk_matmul_output",
        },
        new("CausalConvWithState")
        {
            Inputs = ["input", "weight", "bias?", "past_state?"], Since = 27,
            Remark = "composed; further outputs: present_state",
        },
        new("CenterCropPad") { Inputs = ["input_data", Of(Integers("shape"))], Since = 18, Remark = "composed" },
        new("Col2Im")
        {
            Inputs = ["input", Of(Integers("image_shape")), Of(Integers("block_shape"))], Since = 18,
            Remark = "composed",
        },
        new("Compress") { Inputs = ["input", Of(Integers("condition"))], Since = 9, Remark = Known },
        new("ConvInteger")
        {
            Inputs = [Indices("x"), Indices("w"), Indices("x_zero_point"), Indices("w_zero_point")], Since = 10,
            Remark = "composed; whole numbers are held in floats",
        },
        new("DFT")
        {
            Inputs = ["input", Of(Integer("dft_length")), Of(Axis("axis"), since: 20)], Since = 17,
            Remark = "composed: a product with a matrix",
        },
        new("DeformConv")
        {
            Inputs = ["X", "W", "offset", "B?", "mask?"], Since = 19, Remark = "composed; pictures",
        },
        new("DequantizeLinear")
        {
            Inputs = ["x", Setting("x_scale"), Setting("x_zero_point?")], Since = 10,
            Remark = "composed; whole numbers are held in floats",
        },
        new("DynamicQuantizeLinear")
        {
            Inputs = ["x"], Since = 11, Remark = $"{StraightThrough}; further outputs: y_scale, y_zero_point",
        },
        new("GlobalLpPool") { Remark = "composed" },
        new("Hardmax") { Inputs = [Indices("input")], Remark = "composed; nothing is pulled back" },
        new("LinearAttention")
        {
            Inputs = ["query", "key", "value", "past_state?", "decay?", "beta?"], Since = 27,
            Remark = "composed, a few vertices for each step; further outputs: present_state",
        },
        new("MatMulInteger")
        {
            Inputs = [Indices("A"), Indices("B"), Indices("a_zero_point"), Indices("b_zero_point")], Since = 10,
            Remark = "composed; whole numbers are held in floats",
        },
        new("MaxUnpool")
        {
            Inputs = ["X", Indices("I"), Of(Integers("output_shape"))], Since = 9, Remark = "composed",
        },
        new("NonMaxSuppression")
        {
            Inputs =
            [
                Of(Floats("boxes")), Of(Floats("scores")), Of(Integer("max_output_boxes_per_class")),
                Of(Float("iou_threshold", 0)), Of(Float("score_threshold", 0)),
            ],
            Output = OutputKind.Indices, Since = 10, Remark = "must be known when the model is read",
        },
        new("QLinearConv")
        {
            Inputs =
            [
                Indices("x"), Setting("x_scale"), Setting("x_zero_point"), Indices("w"), Setting("w_scale"),
                Setting("w_zero_point"), Setting("y_scale"), Setting("y_zero_point"), Indices("B"),
            ],
            Since = 10, Remark = StraightThrough,
        },
        new("QLinearMatMul")
        {
            Inputs =
            [
                Indices("a"), Setting("a_scale"), Setting("a_zero_point"), Indices("b"), Setting("b_scale"),
                Setting("b_zero_point"), Setting("y_scale"), Setting("y_zero_point"),
            ],
            Since = 10, Remark = StraightThrough,
        },
        new("QuantizeLinear")
        {
            Inputs = ["x", Setting("y_scale"), Setting("y_zero_point?")], Since = 10, Remark = StraightThrough,
        },
        new("RandomNormal") { Inputs = [], Remark = "drawn as Dropout's mask is; nothing is pulled back" },
        new("RandomUniform") { Inputs = [], Remark = "drawn as Dropout's mask is; nothing is pulled back" },
        new("ReverseSequence") { Inputs = ["input", Indices("sequence_lens")], Since = 10, Remark = "composed" },
        new("RotaryEmbedding")
        {
            Inputs = ["X", Setting("cos_cache"), Setting("sin_cache"), Indices("position_ids")], Since = 23,
            Remark = "composed",
        },
        new("STFT")
        {
            Inputs = ["signal", Of(Integer("frame_step")), Setting("window?"), Of(Integer("frame_length"))], Since = 17,
            Remark = "composed: a product with a matrix",
        },
        new("SwiGLU") { Inputs = ["A", "B"], Since = 28, Remark = "composed" },
        new("TensorScatter")
        {
            Inputs = ["past_cache", "update", Of(Integers("write_indices"))], Since = 24, Remark = Known,
        },
        new("Unique")
        {
            Inputs = [Of(Floats("X"))], Since = 11,
            Remark = "must be known when the model is read; further outputs: indices, inverse_indices, counts",
        },
        .. ((string[])["BlackmanWindow", "HammingWindow", "HannWindow"]).Select(window => new Operator(window)
        {
            Inputs = [Of(Integer("size"))], Since = 17, Remark = "must be known when the model is read",
        }),
    ];
}
