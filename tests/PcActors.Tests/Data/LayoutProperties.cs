using PcActors.Data;
using PcActors.Tensors;

namespace PcActors.Tests.Data;

/// <summary>Property: channels that come last are brought to the front, and nothing else changes.</summary>
public class LayoutProperties
{
    [Theory]
    [InlineData(2, 3, 4, 5)]
    [InlineData(1, 1, 7, 1)]
    [InlineData(3, 2, 1, 4)]
    public void Element_c_h_w_is_element_h_w_c(int count, int height, int width, int channels)
    {
        var samples = new Tensor<float>(new Shape(count, height, width, channels));
        for (var i = 0; i < samples.Length; i++) samples.Writable[i] = i;
        var first = Layouts.ChannelsFirst("d", samples);
        Assert.Equal([count, channels, height, width], first.Shape.Dimensions.ToArray());
        for (var i = 0; i < samples.Length; i++)
        {
            var (pixel, channel) = Math.DivRem(i, channels);
            var (sample, place) = Math.DivRem(pixel, height * width);
            Assert.Equal(i, first.Span[(((sample * channels) + channel) * height * width) + place]);
        }
    }

    [Fact]
    public void A_sample_without_channels_is_refused() =>
        Refusal.Of(() => Layouts.ChannelsFirst("d", new Tensor<float>(new Shape(2, 3))), "d: ", "[3]", "[H, W, C]");
}
