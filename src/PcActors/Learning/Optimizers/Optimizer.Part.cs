using System.Numerics;
using PcActors.Tensors;

namespace PcActors.Learning.Optimizers;

/// <content>What an optimizer is given at a time.</content>
public abstract partial class Optimizer
{
    /// <summary>A stretch of a parameter, short enough to stay in the first-level cache.</summary>
    /// <param name="update">Number of the update.</param>
    /// <param name="rate">alpha at this step.</param>
    /// <param name="start">Where the stretch begins.</param>
    /// <param name="theta">The value.</param>
    /// <param name="gradient">The gradient, with lambda theta where <see cref="DecaysGradient"/>.</param>
    /// <param name="scratch">Room for intermediate results.</param>
    /// <param name="next">Receives the next value.</param>
    /// <param name="state">The whole parameter's state.</param>
    /// <param name="nextState">Receives the whole parameter's next state.</param>
    protected readonly ref struct Part<T>(
        long update, double rate, int start, ReadOnlySpan<T> theta, Span<T> gradient, Span<T> scratch, Span<T> next,
        ReadOnlySpan<Tensor<T>> state, ReadOnlySpan<Tensor<T>> nextState)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly ReadOnlySpan<Tensor<T>> _state = state;
        private readonly ReadOnlySpan<Tensor<T>> _nextState = nextState;
        private readonly int _start = start;

        /// <summary>Number of this update of the parameter, from 1.</summary>
        public long Number { get; } = update;

        /// <summary>alpha at this step: <see cref="LearningRate"/> times the schedule's factor.</summary>
        public double Rate { get; } = rate;

        /// <summary>The value.</summary>
        public ReadOnlySpan<T> Theta { get; } = theta;

        /// <summary>The gradient, with lambda theta where <see cref="DecaysGradient"/>; it may be written
        /// over.</summary>
        public Span<T> Gradient { get; } = gradient;

        /// <summary>Room for intermediate results.</summary>
        public Span<T> Scratch { get; } = scratch;

        /// <summary>Receives the next value.</summary>
        public Span<T> Next { get; } = next;

        /// <summary>One of the state tensors, as it was.</summary>
        public ReadOnlySpan<T> State(int index) => _state[index].Span.Slice(_start, Theta.Length);

        /// <summary>Receives one of the state tensors.</summary>
        public Span<T> NextState(int index) => _nextState[index].Writable.Slice(_start, Theta.Length);
    }
}
