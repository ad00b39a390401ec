"""Transformers: encoders on ids and mask, causal and encoder-decoder language models, with every kind of positions."""

import math

import torch
from torch import nn
from torch.nn import functional

from .case import Case


def ids(count, *shape):
    return torch.randint(count, shape)


def lengths_mask(batch, length):
    """1 for the tokens of sequences of different lengths, 0 for what fills them up."""
    return (torch.arange(length)[None] < torch.arange(length, length - batch, -1)[:, None]).long()


class Attention(nn.Module):
    def __init__(self, width, heads, bias=True):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.out = (nn.Linear(width, width, bias) for _ in range(4))

    def split(self, x):
        return x.view(x.size(0), x.size(1), self.heads, -1).permute(0, 2, 1, 3)

    def forward(self, x, context, bias, scale=None, turn=lambda x: x):
        q, k, v = turn(self.split(self.query(x))), turn(self.split(self.key(context))), self.split(self.value(context))
        scores = torch.matmul(q, k.transpose(-1, -2)) * (scale or 1 / math.sqrt(q.size(-1))) + bias
        mixed = torch.matmul(functional.softmax(scores, dim=-1), v).permute(0, 2, 1, 3).contiguous()
        return self.out(mixed.view(mixed.size(0), mixed.size(1), -1))


class BertLayer(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.attention, self.norm1, self.norm2 = Attention(width, 2), nn.LayerNorm(width, 1e-12), nn.LayerNorm(width, 1e-12)
        self.up, self.down = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)

    def forward(self, x, bias):
        x = self.norm1(x + self.attention(x, x, bias))
        return self.norm2(x + self.down(functional.gelu(self.up(x))))


class Bert(nn.Module):
    """Ids, segments and a mask that becomes a bias of the scores; positions and segments in tables; a pooler."""

    def __init__(self, width=16, vocabulary=20, tokens=7):
        super().__init__()
        self.words, self.positions = nn.Embedding(vocabulary, width, padding_idx=0), nn.Embedding(tokens + 5, width)
        self.segments, self.norm = nn.Embedding(2, width), nn.LayerNorm(width, 1e-12)
        self.layers = nn.ModuleList(BertLayer(width) for _ in range(2))
        self.pooler, self.classes = nn.Linear(width, width), nn.Linear(width, 3)
        self.register_buffer("position_ids", torch.arange(tokens + 5).expand(1, -1))

    def forward(self, ids, mask, segments):
        x = self.words(ids) + self.segments(segments) + self.positions(self.position_ids[:, : ids.size(1)])
        x = self.norm(x)
        bias = (1.0 - mask[:, None, None, :].to(x.dtype)) * torch.finfo(torch.float32).min
        for layer in self.layers:
            x = layer(x, bias)
        return self.classes(torch.tanh(self.pooler(x[:, 0])))


class Gpt(nn.Module):
    """A causal mask in a buffer that is sliced and chosen by, a positional table, GELU's tanh form, tied logits."""

    def __init__(self, width=16, vocabulary=17, context=12):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(vocabulary, width), nn.Embedding(context, width)
        self.heads = 2
        self.register_buffer("bias", torch.tril(torch.ones(context, context, dtype=torch.uint8)).view(1, 1, context, context))
        self.register_buffer("masked_bias", torch.tensor(-1e4))
        self.c_attn, self.c_proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.ln_1, self.ln_2, self.ln_f = nn.LayerNorm(width), nn.LayerNorm(width), nn.LayerNorm(width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def attend(self, x):
        q, k, v = (p.view(p.size(0), p.size(1), self.heads, -1).permute(0, 2, 1, 3) for p in self.c_attn(x).split(x.size(-1), dim=2))
        weights = torch.matmul(q, k.transpose(-1, -2)) / (v.size(-1) ** 0.5)
        length = k.size(-2)
        mask = self.bias[:, :, k.size(-2) - q.size(-2) : length, :length].to(torch.bool)
        weights = torch.where(mask, weights, self.masked_bias.to(weights.dtype))
        y = torch.matmul(weights.softmax(-1), v).permute(0, 2, 1, 3).contiguous()
        return self.c_proj(y.view(y.size(0), y.size(1), -1))

    def forward(self, ids):
        positions = torch.arange(0, ids.size(-1), dtype=torch.long, device=ids.device).unsqueeze(0)
        x = self.wte(ids) + self.wpe(positions)
        x = x + self.attend(self.ln_1(x))
        h = self.up(self.ln_2(x))
        h = 0.5 * h * (1.0 + torch.tanh(math.sqrt(2.0 / math.pi) * (h + 0.044715 * torch.pow(h, 3.0))))
        x = self.ln_f(x + self.down(h))
        return functional.linear(x, self.wte.weight).view(-1, self.wte.num_embeddings)


class RmsNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return self.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6))


class Llama(nn.Module):
    """Rotary positions, RMS normalisation, a SwiGLU, grouped keys and values, a mask made in the graph."""

    def __init__(self, width=16, vocabulary=17):
        super().__init__()
        self.embed, self.heads, self.groups = nn.Embedding(vocabulary, width), 4, 2
        self.q, self.k, self.v, self.o = (nn.Linear(width, n, bias=False) for n in (width, width // 2, width // 2, width))
        self.gate, self.up, self.down = nn.Linear(width, 24, False), nn.Linear(width, 24, False), nn.Linear(24, width, False)
        self.norm1, self.norm2, self.norm3 = RmsNorm(width), RmsNorm(width), RmsNorm(width)
        self.head = nn.Linear(width, vocabulary, bias=False)
        self.register_buffer("inv_freq", 1.0 / (100 ** (torch.arange(0, 4, 2).float() / 4)))

    def turn(self, x):
        angles = torch.einsum("i,j->ij", torch.arange(x.size(2)).to(self.inv_freq.dtype), self.inv_freq)
        angles = torch.cat((angles, angles), dim=-1)
        half = x.shape[-1] // 2
        return x * angles.cos() + torch.cat((-x[..., half:], x[..., :half]), dim=-1) * angles.sin()

    @staticmethod
    def repeat(x):
        b, groups, n, depth = x.shape
        return x[:, :, None].expand(b, groups, 2, n, depth).reshape(b, 2 * groups, n, depth)

    def forward(self, ids):
        x = self.embed(ids)
        b, n, width = x.shape
        h = self.norm1(x)
        q = self.turn(self.q(h).view(b, n, self.heads, -1).transpose(1, 2))
        k = self.repeat(self.turn(self.k(h).view(b, n, self.groups, -1).transpose(1, 2)))
        v = self.repeat(self.v(h).view(b, n, self.groups, -1).transpose(1, 2))
        mask = torch.full((n, n), float("-inf"), dtype=x.dtype).triu(1)
        x = x + self.o(((q @ k.transpose(2, 3) / 2.0 + mask).softmax(-1) @ v).transpose(1, 2).reshape(b, n, width))
        h = self.norm2(x)
        x = x + self.down(functional.silu(self.gate(h)) * self.up(h))
        return self.head(self.norm3(x)).flatten(0, 1)


class T5(nn.Module):
    """Encoder and decoder with relative positions in buckets, RMS normalisation, no scale, tied logits."""

    def __init__(self, width=16, vocabulary=15, heads=2):
        super().__init__()
        self.shared, self.relative = nn.Embedding(vocabulary, width), nn.Embedding(8, heads)
        self.relative_decoder = nn.Embedding(8, heads)
        self.encode, self.decode, self.cross = (Attention(width, heads, False) for _ in range(3))
        self.norms = nn.ModuleList(RmsNorm(width) for _ in range(6))
        self.wi, self.wo = nn.Linear(width, 24, False), nn.Linear(24, width, False)
        self.width = width

    @staticmethod
    def bucket(distance, both):
        """T5's buckets, of which 8 reach to a distance of 16."""
        buckets, count = 0, 8
        if both:
            count //= 2
            buckets += (distance > 0).to(torch.long) * count
            distance = torch.abs(distance)
        else:
            distance = -torch.min(distance, torch.zeros_like(distance))
        exact = count // 2
        far = exact + (torch.log(distance.float() / exact) / math.log(16 / exact) * (count - exact)).to(torch.long)
        far = torch.min(far, torch.full_like(far, count - 1))
        return buckets + torch.where(distance < exact, distance, far)

    def bias(self, table, length, both):
        places = torch.arange(length)
        return table(self.bucket(places[None, :] - places[:, None], both)).permute(2, 0, 1).unsqueeze(0)

    def forward(self, ids, mask, targets):
        x = self.shared(ids)
        padding = (1.0 - mask[:, None, None, :].to(x.dtype)) * -1e9
        h = self.norms[0](x)
        x = x + self.encode(h, h, self.bias(self.relative, ids.size(1), True) + padding, 1)
        x = self.norms[2](x + self.wo(functional.relu(self.wi(self.norms[1](x)))))
        y = self.shared(targets)
        length = targets.size(1)
        places = torch.arange(length)
        causal = (1.0 - (places[None, :] <= places[:, None])[None, None].to(x.dtype)) * -1e9
        h = self.norms[3](y)
        y = y + self.decode(h, h, self.bias(self.relative_decoder, length, False) + causal, 1)
        y = y + self.cross(self.norms[4](y), x, padding, 1)
        return functional.linear(self.norms[5](y) * self.width ** -0.5, self.shared.weight).flatten(0, 1)


class Translation(nn.Module):
    """PyTorch's own Transformer with its padding and causal masks, sines for positions."""

    def __init__(self, width=16, vocabulary=13):
        super().__init__()
        self.source, self.target = nn.Embedding(vocabulary, width), nn.Embedding(vocabulary, width)
        self.transformer = nn.Transformer(width, 2, 1, 1, 24, 0, batch_first=True, norm_first=True)
        self.out = nn.Linear(width, vocabulary)
        places, rates = torch.arange(9).unsqueeze(1), torch.exp(torch.arange(0, width, 2) * (-math.log(10000.0) / width))
        table = torch.zeros(9, width)
        table[:, 0::2], table[:, 1::2] = torch.sin(places * rates), torch.cos(places * rates)
        self.register_buffer("pe", table)

    def forward(self, source, target):
        padding = source == 0
        causal = torch.full((target.size(1), target.size(1)), float("-inf"), dtype=self.pe.dtype).triu(1)
        x, y = self.source(source) + self.pe[: source.size(1)], self.target(target) + self.pe[: target.size(1)]
        y = self.transformer(x, y, tgt_mask=causal, src_key_padding_mask=padding, memory_key_padding_mask=padding)
        return self.out(y).flatten(0, 1)


class Alibi(nn.Module):
    """Linear biases for positions, attention that multiplies queries and keys of two halves, ReLU squared."""

    def __init__(self, width=16, vocabulary=11):
        super().__init__()
        self.embed, self.attention, self.norm = nn.Embedding(vocabulary, width), Attention(width, 2), nn.LayerNorm(width)
        self.register_buffer("slopes", torch.tensor([0.5, 0.25]))
        self.up, self.down, self.out = nn.Linear(width, 24), nn.Linear(24, width), nn.Linear(width, 3)

    def forward(self, ids):
        x = self.embed(ids)
        places = torch.arange(ids.size(1))
        distance = (places[None, :] - places[:, None]).to(x.dtype)
        bias = (self.slopes.view(-1, 1, 1) * distance).masked_fill(distance > 0, -1e9)
        x = x + self.attention(self.norm(x), self.norm(x), bias[None])
        x = x + self.down(functional.relu(self.up(x)).square())
        return self.out(x.amax(1))


class LinearAttention(nn.Module):
    """Attention by elu + 1 and sums over what came before."""

    def __init__(self, width=12, vocabulary=11):
        super().__init__()
        self.embed, self.qkv, self.out = nn.Embedding(vocabulary, width), nn.Linear(width, 3 * width), nn.Linear(width, 3)

    def forward(self, ids):
        q, k, v = self.qkv(self.embed(ids)).chunk(3, -1)
        q, k = functional.elu(q) + 1, functional.elu(k) + 1
        memory = torch.einsum("bnd,bne->bnde", k, v).cumsum(1)
        weight = (q * k.cumsum(1)).sum(-1, keepdim=True)
        return self.out((torch.einsum("bnd,bnde->bne", q, memory) / (weight + 1e-6)).mean(1))


def pair(length, vocabulary):
    return {"ids": ids(vocabulary, 2, length), "mask": lengths_mask(2, length)}


NETWORKS = {
    "alibi": Case(Alibi, lambda: {"ids": ids(11, 3, 6)}, opset=14),
    "bert": Case(
        Bert, lambda: {**pair(7, 20), "segments": ids(2, 2, 7)}, opset=14,
        dynamic={name: {0: "batch", 1: "length"} for name in ("ids", "mask", "segments")}),
    "gpt": Case(Gpt, lambda: {"ids": ids(17, 2, 6)}, opset=13),
    "linear-attention": Case(LinearAttention, lambda: {"ids": ids(11, 3, 5)}, opset=15),
    "llama": Case(Llama, lambda: {"ids": ids(17, 2, 5)}, opset=15),
    "t5": Case(T5, lambda: {**pair(6, 15), "targets": ids(15, 2, 4)}, opset=16),
    "translation": Case(
        Translation, lambda: {"source": ids(12, 2, 6) * lengths_mask(2, 6) + lengths_mask(2, 6), "targets": ids(13, 2, 5)}, opset=17),
}
