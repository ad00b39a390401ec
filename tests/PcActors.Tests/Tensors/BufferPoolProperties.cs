using PcActors.Tensors;

namespace PcActors.Tests.Tensors;

/// <summary>Memory is let to one at a time, and nobody can use what was given back.</summary>
public class BufferPoolProperties
{
    private static readonly Shape Square = new(4, 4);

    private readonly BufferPool<float> _pool = new(poisons: true, leastBytes: 1);

    [Fact]
    public void Memory_that_came_back_is_let_again_and_no_other_is()
    {
        var (first, second) = (Rent(Square), Rent(Square));
        Assert.False(first.SharesStorageWith(second));
        first.Release();
        var third = Rent(new Shape(16));
        Assert.True(third.SharesStorageWith(first));
        Assert.Equal((2 * 64, 2 * 64, 2 * 64), (_pool.RentedBytes, _pool.PeakBytes, _pool.MadeBytes));
        third.Release();
        second.Release();
        Assert.Equal((0, 2 * 64, 2 * 64), (_pool.RentedBytes, _pool.PeakBytes, _pool.MadeBytes));
    }

    [Fact]
    public void What_was_given_back_can_neither_be_read_nor_written_nor_held_nor_released()
    {
        var tensor = Rent(Square);
        tensor.Release();
        // Let to somebody else it is no more the first one's than before.
        for (var let = 0; let < 2; let++)
        {
            Assert.Throws<InvalidOperationException>(() => tensor.Span.Length);
            Assert.Throws<InvalidOperationException>(() => tensor.Writable.Length);
            Assert.Throws<InvalidOperationException>(() => tensor.Reshape(new Shape(16)).Span.Length);
            Assert.Throws<InvalidOperationException>(tensor.Hold);
            Assert.Throws<InvalidOperationException>(tensor.Release);
            Rent(Square);
        }
    }

    [Fact]
    public void It_comes_back_with_the_last_holder_whichever_view_that_has()
    {
        var tensor = Rent(Square);
        var view = tensor.Reshape(new Shape(2, 8));
        Assert.True(tensor.IsHeldAlone);
        view.Hold();
        Assert.False(tensor.IsHeldAlone);
        tensor.Release();
        Assert.True(view.IsHeldAlone);
        Assert.Equal(64, _pool.RentedBytes);
        view.Rows(0, 1).Release();
        Assert.Equal(0, _pool.RentedBytes);
        Assert.Throws<InvalidOperationException>(() => view.Span.Length);
    }

    [Fact]
    public void What_comes_back_is_poisoned()
    {
        var tensor = Rent(Square);
        var span = tensor.Writable;
        span.Clear();
        tensor.Release();
        Assert.All(span.ToArray(), element => Assert.True(float.IsNaN(element)));
    }

    [Fact]
    public void Short_tensors_are_not_rented()
    {
        var pool = new BufferPool<float>(leastBytes: 64);
        Assert.Null(pool.Rent(new Shape(15)));
        Assert.NotNull(pool.Rent(Square));
    }

    [Fact]
    public void A_tensor_of_nobodys_pool_is_held_and_released_as_one_likes()
    {
        var tensor = Tensor<float>.Scalar(3);
        tensor.Release();
        tensor.Release();
        Assert.False(tensor.IsHeldAlone);
        Assert.Equal(3, tensor.Span[0]);
    }

    [Fact]
    public void No_two_threads_ever_have_the_same_memory()
    {
        Parallel.For(0, 4, thread =>
        {
            var random = new SeededRandom((ulong)thread, "threads");
            var held = new List<(Tensor<float> Tensor, float Mark)>();
            for (var turn = 0; turn < 20_000; turn++)
            {
                if (held.Count < 8 && random.NextInt(2) == 0)
                {
                    var mark = (thread * 100_000) + turn;
                    var tensor = Rent(new Shape(1 + random.NextInt(3)));
                    tensor.Writable.Fill(mark);
                    held.Add((tensor, mark));
                }
                else if (held.Count > 0)
                {
                    var (tensor, mark) = held[random.NextInt(held.Count)];
                    foreach (var element in tensor.Span) Assert.Equal(mark, element);
                    held.Remove((tensor, mark));
                    tensor.Release();
                }
            }
            foreach (var (tensor, _) in held) tensor.Release();
        });
        Assert.Equal(0, _pool.RentedBytes);
    }

    private Tensor<float> Rent(Shape shape) => _pool.Rent(shape)!;
}
