using PcActors.Functions;

namespace PcActors.Tests.Functions;

/// <summary>Golden: numbers of MT19937 that others publish.</summary>
public class MersenneTwisterGoldens
{
    [Fact]
    public void The_ten_thousandth_number_of_the_usual_seed_is_the_one_that_the_C_plus_plus_standard_demands()
    {
        var twister = new MersenneTwister(5489, new uint[MersenneTwister.Size]);
        for (var i = 1; i < 10000; i++) twister.NextUInt32();
        Assert.Equal(4123659995u, twister.NextUInt32());
    }

    [Fact]
    public void The_first_numbers_of_a_seed_are_those_that_NumPy_documents()
    {
        // numpy.random.seed(0); numpy.random.rand(3)
        var twister = new MersenneTwister(0, new uint[MersenneTwister.Size]);
        Assert.Equal(0.5488135, twister.NextDouble(), 5e-9);
        Assert.Equal(0.71518937, twister.NextDouble(), 5e-9);
        Assert.Equal(0.60276338, twister.NextDouble(), 5e-9);
    }
}
