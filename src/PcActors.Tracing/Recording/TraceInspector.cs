using System.Collections.Frozen;
using System.Linq.Expressions;
using System.Numerics;
using System.Reflection;
using Akka.Actor;
using PcActors.Learning;
using PcActors.Learning.Energies;
using PcActors.Learning.Protocol;
using PcActors.Learning.Vertices;
using PcActors.Runs;
using PcActors.Tensors;
using PcActors.Tensors.Kernels;
using PcActors.Tracing.Format;

namespace PcActors.Tracing.Recording;

/// <summary>Reads what a message is and carries.</summary>
internal abstract class TraceInspector
{
    /// <summary>Fills in a message's kind, step, place and content.</summary>
    public abstract void Inspect(object message, TraceRecord record);
}

/// <summary>Reads what messages with tensors of an element type are and carry.</summary>
/// <remarks>Of a message whose kind is known it copies each property that a record of a trace has too, by name
/// and type, and what it carries by type. That is compiled once for each kind, so that nothing is boxed or looked for
/// while messages are recorded.</remarks>
/// <param name="payloads">Whether elements are copied.</param>
/// <param name="norms">Whether norms are computed.</param>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class TraceInspector<T>(bool payloads, bool norms) : TraceInspector
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly FrozenDictionary<Type, Action<TraceInspector<T>, object, TraceRecord>> Known =
        MessageKind.All.Concat(RunKinds.All).ToFrozenDictionary(kind => kind.TypeOf<T>(), Compile);

    public override void Inspect(object message, TraceRecord record)
    {
        if (Known.TryGetValue(message.GetType(), out var inspect))
        {
            inspect(this, message, record);
            return;
        }
        // What the scheduler sends, for one. A wrapper of anybody else may hold more than it shows.
        if (message is IWrappedMessage { Message: { } wrapped }
            && message.GetType().Assembly == typeof(IWrappedMessage).Assembly)
        {
            Inspect(wrapped, record);
            return;
        }
        record.Kind = MessageKind.NameOf(message.GetType());
        if (message is not (IPossiblyHarmful or IAutoReceivedMessage)) FillAll(record, TensorFinder.Find<T>(message));
    }

    private static Action<TraceInspector<T>, object, TraceRecord> Compile(MessageKind kind)
    {
        var type = kind.TypeOf<T>();
        var (inspector, message, record) = (Expression.Parameter(typeof(TraceInspector<T>)),
            Expression.Parameter(typeof(object)), Expression.Parameter(typeof(TraceRecord)));
        List<Expression> steps = [
            Expression.Assign(Expression.Property(record, nameof(TraceRecord.Kind)), Expression.Constant(kind.Name))];
        foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            var value = Expression.Property(Expression.Convert(message, type), property);
            if (property.Name == nameof(ClampTarget<T>.Mask))
            {
                steps.Add(Expression.Call(inspector, nameof(FillMask), null, record, value));
                continue;
            }
            if (property.PropertyType == typeof(EnergySum))
            {
                steps.Add(Expression.Assign(Expression.Property(record, nameof(TraceRecord.Energy)),
                    Expression.Convert(Expression.Call(value, nameof(EnergySum.ToDouble), null), typeof(double?))));
                continue;
            }
            if (RecordedMessage<T>.KeyOf(property.Name, property.PropertyType) is { } key)
                steps.Add(
                    Expression.Assign(Expression.Property(record, key), Expression.Convert(value, key.PropertyType)));
            else if (typeof(TraceInspector<T>).GetMethod(nameof(Fill), BindingFlags.Instance | BindingFlags.NonPublic,
                [typeof(TraceRecord), property.PropertyType]) is { } fill)
                steps.Add(Expression.Call(inspector, fill, record, value));
        }
        return Expression.Lambda<Action<TraceInspector<T>, object, TraceRecord>>(Expression.Block(steps), inspector,
            message, record).Compile();
    }

    private void Fill(TraceRecord record, Tensor<T>? tensor)
    {
        if (tensor is null) return;
        record.Shape = tensor.Shape;
        record.Form = TraceForm.Whole;
        record.Bytes = tensor.Bytes;
        record.Hash = TraceHash.Of(tensor);
        if (norms) record.Norm = NormOf(tensor);
        if (payloads) record.Payload = TracePayload.Of(tensor);
    }

    private void FillMask(TraceRecord record, Tensor<T>? mask)
    {
        record.IsMasked = mask is not null;
        if (payloads && mask is not null) record.Mask = TracePayload.Of(mask);
    }

    private void Fill(TraceRecord record, PullBack<T> error)
    {
        if (error.Whole is { } whole)
        {
            Fill(record, whole);
            return;
        }
        record.Shape = error.Shape;
        record.Form = error.Factors is null ? TraceForm.Sum : TraceForm.Factored;
        record.Bytes = error.Bytes;
        record.Hash = TraceHash.Of(error);
        if (payloads) record.Payload = TracePayload.Of(error);
        if (!norms) return;
        var carriedOut = new Tensor<T>(error.Shape);
        error.WriteTo(carriedOut);
        record.Norm = NormOf(carriedOut);
    }

    private void Fill(TraceRecord record, ParameterSnapshot<T> snapshot)
    {
        Fill(record, snapshot.Value);
        record.Bytes = snapshot.Bytes;
        if (payloads && (snapshot.Updates > 0 || snapshot.OptimizerState.Count > 0))
            record.State = TraceState.Of(snapshot);
    }

    private void Fill(TraceRecord record, VertexDescription<T> vertex)
    {
        record.Vertex = vertex.Id;
        if (vertex.Start is { } start) Fill(record, start);
    }

    private void FillAll(TraceRecord record, IReadOnlyList<Tensor<T>> smuggled)
    {
        if (smuggled.Count == 0) return;
        var all = new Tensor<T>(new Shape(smuggled.Sum(t => t.Length)));
        var end = 0;
        foreach (var tensor in smuggled)
        {
            tensor.Span.CopyTo(all.Writable[end..]);
            end += tensor.Length;
        }
        Fill(record, smuggled is [var only] ? only : all);
    }

    private static double NormOf(Tensor<T> tensor) =>
        Math.Sqrt(double.CreateTruncating(Reductions.SumSquares(tensor.Span)));
}
