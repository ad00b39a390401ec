using System.Runtime.CompilerServices;

namespace PcActors.Tensors.Kernels.Sharing;

/// <summary>How many threads may work at a kernel that is large enough to be shared out. Each thread is told how many
/// its kernels may have; one that was told nothing carries them out alone.</summary>
/// <remarks>Parts write elements of their own, or terms of sums that are added in order when all are there: no bit
/// depends on how many threads there are, and on which one does what.</remarks>
internal static class KernelThreads
{
    // Multiply-adds, or elements that are read and written, for which it pays to wake another thread, and to fetch what
    // this one had in its cache: some 10 us of work.
    private const long OperationsOfPart = 900_000;
    private const int ElementsOfPart = 131_072;

    // Operations in wide registers that take as long as reading or writing an element, and those that one in a register
    // of a single number stands for.
    private const int OperationsOfElement = 4;
    private const int OperationsOfScalar = 16;

    // A larger kernel is cut into more parts than there are threads, for one that comes late or is slower.
    private const int PartsOfThread = 4;
    private const int Line = 64;

    [ThreadStatic]
    private static int _count;

    [ThreadStatic]
    private static KernelHelpers? _helpers;

    [ThreadStatic]
    private static int _place;

    [ThreadStatic]
    private static int _places;

    /// <summary>How many threads the calling thread's kernels may have.</summary>
    public static int Count => Math.Max(1, Math.Abs(_count));

    /// <summary>Lets kernels that the calling thread carries out have so many threads, itself included.</summary>
    /// <returns>How many it could have before; 0 or 1 for itself alone.</returns>
    public static int Use(int count)
    {
        var before = _count;
        _count = count;
        return before;
    }

    /// <summary>From now on the calling thread's kernels are offered to the other threads of a run; those of other
    /// threads are shared out to the process's pool.</summary>
    /// <param name="helpers">The run's threads.</param>
    /// <param name="place">The calling thread's place among them, from 0.</param>
    public static void Join(KernelHelpers helpers, int place) =>
        (_helpers, _place, _places) = (helpers, place, helpers.Threads);

    /// <summary>The calling thread's place among a run's threads; -1 if it is none of them.</summary>
    public static int PlaceAmong(KernelHelpers helpers) => ReferenceEquals(_helpers, helpers) ? _place : -1;

    /// <summary>As <see cref="Use"/>, and kernels of any size are shared out: where it is the bits that count, and not
    /// the time.</summary>
    public static int UseForAll(int count) => Use(-count);

    /// <summary>Into how many parts, of <paramref name="most"/> at most, it pays to cut a kernel of so many
    /// multiply-adds.</summary>
    public static int PartsOf(long operations, int most) => Parts(operations / OperationsOfPart, most);

    /// <summary>Into how many parts, of <paramref name="most"/> at most, it pays to cut a kernel that goes through so
    /// many elements.</summary>
    public static int PartsOfElements(long elements, int most) => Parts(elements / ElementsOfPart, most);

    /// <summary>Into how many parts, of <paramref name="most"/> at most, it pays to cut a function of each element.
    /// </summary>
    /// <param name="operations">Its operations for each element, where memory is not counted.</param>
    /// <param name="tensors">How many elements are read and written for each.</param>
    /// <param name="elements">How many elements.</param>
    /// <param name="most">The most parts.</param>
    /// <param name="isScalar">Whether it is carried out on one number at a time, and not on registers full.</param>
    public static int PartsOfFunction<T>(long operations, int tensors, long elements, int most, bool isScalar = false)
        where T : unmanaged
    {
        var size = Unsafe.SizeOf<T>() / sizeof(float);
        return PartsOfElements(
            (tensors + (operations * (isScalar ? OperationsOfScalar : 1) / OperationsOfElement)) * size * elements,
            most);
    }

    /// <summary>Carries out the parts from 0 on, each once, on this thread and on those that have nothing else to do,
    /// and returns when all are done.</summary>
    /// <param name="parts">How many there are.</param>
    /// <param name="work">One part. It writes nothing that another part reads or writes.</param>
    public static void Run(int parts, Action<int> work)
    {
        var threads = Math.Min(Math.Abs(_count), parts);
        if (threads <= 1)
        {
            for (var part = 0; part < parts; part++) work(part);
            return;
        }
        var shared = new SharedWork(parts, work, Math.Max(threads, _places));
        var helpers = _helpers;
        // Who comes late finds nothing left to do.
        if (helpers is not null) helpers.Offer(_place, shared, threads - 1);
        else for (var i = 1; i < threads; i++) ThreadPool.UnsafeQueueUserWorkItem(shared, preferLocal: false);
        shared.Execute(_place);
        helpers?.Withdraw(_place);
        shared.Wait();
    }

    /// <summary>Where a part of <paramref name="length"/> equal things begins; parts begin at multiples of
    /// <paramref name="unit"/>.</summary>
    public static int Start(int part, int parts, int length, int unit = 1)
    {
        var units = ((long)length + unit - 1) / unit;
        return (int)Math.Min(length, units * part / parts * unit);
    }

    /// <summary>A part of <paramref name="length"/> elements in a row, of whole lines of the cache.</summary>
    public static Range RangeOf(int part, int parts, int length) =>
        Start(part, parts, length, Line)..Start(part + 1, parts, length, Line);

    private static int Parts(long parts, int most)
    {
        if (_count < 0) return Math.Clamp(most, 1, Math.Min(PartsOfThread * -_count, SharedWork.MostParts));
        if (_count < 2 || parts < 2 || most < 2) return 1;
        var wanted = Math.Clamp(parts / PartsOfThread, 1, PartsOfThread) * _count;
        return (int)Math.Min(parts, Math.Min(most, Math.Min(wanted, SharedWork.MostParts)));
    }
}
