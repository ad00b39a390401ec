namespace PcActors.Learning.Vertices;

/// <summary>Slots in an order. Nearly everywhere it is 0, 1, 2 and so on, which needs no list.</summary>
internal readonly struct SlotOrder
{
    private readonly int _count;
    private readonly int[]? _slots;

    public SlotOrder(int[] slots)
    {
        _count = slots.Length;
        for (var place = 0; place < slots.Length; place++)
        {
            if (slots[place] != place) _slots = slots;
        }
    }

    public Enumerator GetEnumerator() => new(this);

    public struct Enumerator(SlotOrder order)
    {
        private int _place = -1;

        public readonly int Current => order._slots is { } slots ? slots[_place] : _place;

        public bool MoveNext() => ++_place < order._count;
    }
}
