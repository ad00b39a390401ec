"""Prints the expectations of SeededRandomGoldens: the generator again, from its papers, in Python's integers.

Run with: python3 seeded_random.py
"""
import math

MASK = (1 << 64) - 1


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def fnv1a(text):
    h = 0xCBF29CE484222325
    for byte in text.encode():
        h = ((h ^ byte) * 0x100000001B3) & MASK
    return h


def rotl(x, k):
    return ((x << k) | (x >> (64 - k))) & MASK


def xoshiro256starstar(s):
    while True:
        yield (rotl((s[1] * 5) & MASK, 7) * 9) & MASK
        t = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotl(s[3], 45)


def seeded(seed):
    return xoshiro256starstar([mix((seed + k * 0x9E3779B97F4A7C15) & MASK) for k in range(1, 5)])


def derived(seed, purpose, index):
    return seeded(mix((mix((mix(seed) + fnv1a(purpose)) & MASK) + index) & MASK))


def gaussian(bits):
    while True:
        u, v = (2 * ((next(bits) >> 11) / (1 << 53)) - 1 for _ in range(2))
        s = u * u + v * v
        if 0 < s < 1:
            return u * math.sqrt(-2 * math.log(s) / s)


print("splitmix64(1234567)", [mix((1234567 + k * 0x9E3779B97F4A7C15) & MASK) for k in range(1, 6)])
bits = seeded(42)
print("seed 42", [next(bits) for _ in range(3)])
bits = derived(42, "epoch", 7)
print("seed 42, epoch 7", [next(bits) for _ in range(3)])
bits = seeded(42)
print("doubles of 42", [(next(bits) >> 11) / (1 << 53) for _ in range(3)])
bits = seeded(42)
print("gaussians of 42", [gaussian(bits) for _ in range(4)])
bits = xoshiro256starstar([1, 2, 3, 4])
print("state 1 2 3 4", [next(bits) for _ in range(10)])
