using PcActors.Data;
using PcActors.Tensors;

namespace PcActors.Tests.Data;

public class TargetsProperties
{
    [Fact]
    public void One_hot_rows_are_1_at_the_label()
    {
        var target = Targets.Encode<float>(TargetEncoding.OneHot, [2, 0], 3);
        Assert.Equal(new Shape(2, 3), target.Shape);
        Assert.Equal([0, 0, 1, 1, 0, 0], target.Span.ToArray());
    }

    [Fact]
    public void Class_indices_are_the_labels()
    {
        var target = Targets.Encode<float>(TargetEncoding.ClassIndex, [2, 0, 65_535], 65_536);
        Assert.Equal(new Shape(3), target.Shape);
        Assert.Equal([2, 0, 65_535], target.Span.ToArray());
    }
}
