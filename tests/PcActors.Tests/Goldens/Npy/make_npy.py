"""Writes the .npy and .npz files of this folder with NumPy; the tests know the formulas below.

Run with: python3 make_npy.py
"""
import numpy as np
from numpy.lib import format as npy

SHAPE = (2, 3, 4)
i = np.arange(24).reshape(SHAPE)
VALUES = {
    "b1": i % 3 == 0,
    "i1": 3 * i - 20, "i2": 1000 * i - 9000, "i4": 100_000_000 * i - 1_000_000_000, "i8": (i - 12) * (1 << 59),
    "u1": 11 * i, "u2": 2800 * i, "u4": 180_000_000 * i, "u8": i.astype(np.uint64) * np.uint64(1 << 59),
    "f2": i / 8 - 1, "f4": i / 8 - 1, "f8": i / 8 - 1,
}

arrays = {}
for code, values in VALUES.items():
    for order, name in (("<", "little"), (">", "big")):
        for layout in "CF":
            arrays[f"{code}_{name}_{layout}"] = np.asarray(values.astype(order + code), order=layout)
np.savez("types.npz", **arrays)
np.savez_compressed("types_compressed.npz", **arrays)

f4 = VALUES["f4"].astype("<f4")
for major in (1, 2, 3):
    with open(f"version{major}.npy", "wb") as file:
        npy.write_array(file, f4, version=(major, 0))
np.save("scalar.npy", np.float64(2.5))
np.save("vector.npy", np.array([1.5, -2.5], "<f8"))
np.save("empty.npy", np.zeros((0, 3), "<f4"))
np.save("complex.npy", np.zeros(2, "c8"))
np.save("text.npy", np.array(["a", "bc"]))
np.save("object.npy", np.array([{}], dtype=object), allow_pickle=True)
np.save("record.npy", np.zeros(2, [("shape", "<f4"), ("y", "<i4")]))

n = np.arange(6)
x = np.repeat(n, 4).reshape(6, 2, 2).astype(np.uint8) * 51
np.savez_compressed("keras.npz", x_train=x, y_train=(n % 3).reshape(6, 1).astype(np.uint8), x_test=x[:2], y_test=np.array([[3], [0]], "u1"))
np.savez("xy.npz", x=np.arange(24, dtype="f4").reshape(12, 2), y=np.arange(12) % 2, other=np.zeros(1))

# Data sets under other names: what is text, in column order, big-endian, of half precision, or no sample at all.
n = np.arange(12)
pixels = np.repeat(n, 18).reshape(12, 2, 3, 3)
words = np.array(["ähre", "cat", "dog"])[n % 3]
np.savez_compressed("named.npz", images=np.asfortranarray(pixels.astype(">f8")), labels=words.astype(">U7"),
    mask=n.reshape(12, 1) % 2 == 0, ids=np.repeat(n, 4).reshape(12, 4).astype(">i4"), note=np.array("text"), rate=np.float16(0.5))
utf8 = np.char.encode(words, "utf-8")
np.savez("parts.npz", X_train=pixels[:8].astype("f2"), y_train=utf8[:8], X_val=pixels[8:10].astype("f2"), y_val=utf8[8:10],
    X_test=pixels[10:].astype("f2"), y_test=utf8[10:])
np.savez("numbers.npz", x=pixels.astype("f4"), y=np.arange(24, dtype="f8").reshape(12, 2) / 4, hot=np.eye(3)[n % 3], prices=10_000 * n)
