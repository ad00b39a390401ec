namespace PcActors.Tests.Learning;

/// <summary>A network of two layers, softmax(tanh(x V + a) W + b), and its gradients by the
/// formulas of a textbook: loops over plain arrays, nothing of the library.</summary>
internal sealed class NaiveNetwork(double[,] v, double[] a, double[,] w, double[] b)
{
    public (double Loss, double[,] V, double[] A, double[,] W, double[] B) Gradients(double[,] x, int[] labels)
    {
        var (samples, inputs, hidden, classes) = (x.GetLength(0), v.GetLength(0), a.Length, b.Length);
        var (dv, da, dw, db) = (new double[inputs, hidden], new double[hidden], new double[hidden, classes],
            new double[classes]);
        var loss = 0.0;
        for (var n = 0; n < samples; n++)
        {
            var h = new double[hidden];
            for (var j = 0; j < hidden; j++)
            {
                var sum = a[j];
                for (var i = 0; i < inputs; i++) sum += x[n, i] * v[i, j];
                h[j] = Math.Tanh(sum);
            }
            var z = new double[classes];
            for (var k = 0; k < classes; k++)
            {
                z[k] = b[k];
                for (var j = 0; j < hidden; j++) z[k] += h[j] * w[j, k];
            }
            var total = z.Sum(Math.Exp);
            loss -= Math.Log(Math.Exp(z[labels[n]]) / total) / samples;

            var delta = new double[classes];
            for (var k = 0; k < classes; k++)
                delta[k] = ((Math.Exp(z[k]) / total) - (k == labels[n] ? 1 : 0)) / samples;
            for (var j = 0; j < hidden; j++)
            {
                var back = 0.0;
                for (var k = 0; k < classes; k++)
                {
                    dw[j, k] += h[j] * delta[k];
                    back += w[j, k] * delta[k];
                }
                back *= 1 - (h[j] * h[j]);
                da[j] += back;
                for (var i = 0; i < inputs; i++) dv[i, j] += x[n, i] * back;
            }
            for (var k = 0; k < classes; k++) db[k] += delta[k];
        }
        return (loss, dv, da, dw, db);
    }
}
