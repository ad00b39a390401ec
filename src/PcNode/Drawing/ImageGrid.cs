namespace PcNode.Drawing;

/// <summary>Pictures of one size in rows, such as what was stored, what was shown and what was recalled.</summary>
internal static class ImageGrid
{
    private const byte Paper = 255;

    /// <summary>All rows as one picture; a row may be shorter than others.</summary>
    /// <param name="rows">The pictures, all of one size; at least one. Grey ones may stand beside coloured
    /// ones.</param>
    /// <param name="zoom">Side of the square that a point becomes, from 1.</param>
    /// <param name="gap">Points of paper between pictures and around them.</param>
    /// <exception cref="ArgumentException">There are no pictures, or they are of several sizes.</exception>
    public static Picture Of(IReadOnlyList<IReadOnlyList<Picture>> rows, int zoom = 4, int gap = 4)
    {
        var all = rows.SelectMany(row => row).ToList();
        if (all.Count == 0) throw new ArgumentException("there are no pictures", nameof(rows));
        var (width, height) = (all[0].Width * zoom, all[0].Height * zoom);
        if (all.Find(p => (p.Width * zoom, p.Height * zoom) != (width, height)) is { } other)
        {
            throw new ArgumentException(
                $"a picture of {other.Width} x {other.Height} stands beside one of {all[0].Width} x {all[0].Height}",
                nameof(rows));
        }
        var channels = all.Max(p => p.Channels);
        var (across, down) = (rows.Max(row => row.Count), rows.Count);
        var whole = new Picture(gap + (across * (width + gap)), gap + (down * (height + gap)), channels, []);
        var points = new byte[whole.Width * whole.Height * channels];
        points.AsSpan().Fill(Paper);
        foreach (var (r, row) in rows.Index())
        {
            foreach (var (c, picture) in row.Index())
                Place(picture, zoom, points, whole, gap + (c * (width + gap)), gap + (r * (height + gap)));
        }
        return whole with { Points = points };
    }

    private static void Place(Picture picture, int zoom, byte[] points, Picture whole, int left, int top)
    {
        for (var y = 0; y < picture.Height * zoom; y++)
        {
            for (var x = 0; x < picture.Width * zoom; x++)
            {
                var from = ((y / zoom * picture.Width) + (x / zoom)) * picture.Channels;
                var to = (((top + y) * whole.Width) + left + x) * whole.Channels;
                for (var channel = 0; channel < whole.Channels; channel++)
                    points[to + channel] = picture.Points[from + (picture.Channels == 1 ? 0 : channel)];
            }
        }
    }
}
