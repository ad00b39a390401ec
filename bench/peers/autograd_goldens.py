#!/usr/bin/python3
"""Writes the golden files of AutogradGoldens: networks of many kinds exported to ONNX in float64, and PyTorch's gradients.

    autograd_goldens.py FOLDER [NETWORK...]    writes them
    autograd_goldens.py --open FOLDER OUT      unpacks them, for the command line: NAME.onnx, NAME/INPUT.npy, NAME/target.npy

For each network NETWORK.onnx.gz and NETWORK.npz. The parameters are float64 whose values have 5 significant bits, so that
the file is small; all arithmetic is float64. The npz holds the inputs as input/NAME, the `target`, whether the loss
`isCrossEntropy` or else half the squared error of a sample, its value `loss`, and for each parameter its gradient of the
mean over samples: grad/NAME, whole, in float32, where it has at most 256 elements; else projections/NAME, 8 sums of its
elements with signs by a generator (`signs`) and the largest magnitude of them, in float64.
Noise in a graph is what the vertex draws in step 1 of seed 0.
"""

import argparse
import gzip
import io
import pathlib
import sys
import warnings

import numpy
import torch
from torch.nn import functional

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from networks import generative, graphs, language, others, pictures, speech  # noqa: E402
from noise import vertex_noise  # noqa: E402

NETWORKS = {k: v for m in (pictures, language, speech, graphs, generative, others) for k, v in m.NETWORKS.items()}
WHOLE, PROJECTIONS = 256, 8
OUTPUT = "output"


def signs(count, number):
    """+1 or -1 for each of count elements, by the highest bit of splitmix64's finaliser of (number + 1) 2^32 + element."""
    with numpy.errstate(over="ignore"):
        z = numpy.arange(count, dtype=numpy.uint64) + numpy.uint64((number + 1) << 32)
        z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        z = z ^ (z >> numpy.uint64(31))
    return 1 - 2 * (z >> numpy.uint64(63)).astype(numpy.float64)


def shorten(network):
    """Parameters and buffers of 5 significant bits. Equal ones are moved: the exporter would merge them."""
    with torch.no_grad():
        for parameter in network.parameters():
            if (parameter == parameter.flatten()[0]).all():
                parameter += 0.2 * torch.randn_like(parameter)
        for name, buffer in network.named_buffers():
            if name.endswith("running_mean"):
                buffer.normal_(0, 0.1)
            elif name.endswith("running_var"):
                buffer.uniform_(0.5, 1.5)
        for tensor in (*network.parameters(), *network.buffers()):
            if tensor.is_floating_point():
                fraction, exponent = torch.frexp(tensor)
                tensor.copy_(torch.ldexp((fraction * 32).round() / 32, exponent))


def squared_error(prediction, target):
    return 0.5 * torch.sum((prediction - target) ** 2) / len(prediction)


def export(network, case, inputs):
    file = io.BytesIO()
    torch.onnx.export(
        network, tuple(inputs.values()), file, input_names=list(inputs), output_names=[OUTPUT], opset_version=case.opset,
        dynamic_axes=case.dynamic or None, do_constant_folding=False, training=torch.onnx.TrainingMode.PRESERVE)
    return file.getvalue()


def write(name, folder):
    case = NETWORKS[name]
    torch.manual_seed(sum(name.encode()))
    torch.set_default_dtype(torch.float32)
    network = case.make()
    network.double().train(case.training)
    for layer in network.modules():
        if isinstance(layer, torch.nn.Dropout):
            layer.p = 0.0
    shorten(network)
    inputs = {k: v.double() if v.is_floating_point() else v for k, v in case.inputs().items()}
    inputs = {k: v.float().double() if v.is_floating_point() else v for k, v in inputs.items()}
    before = {k: v.clone() for k, v in network.state_dict().items()}
    model = export(network, case, inputs)
    for key, value in network.state_dict().items():
        value.copy_(before[key])

    with vertex_noise():
        prediction = network(*inputs.values())
        if case.loss == "cross-entropy":
            target = torch.randint(prediction.shape[1], (len(prediction),))
            loss = functional.cross_entropy(prediction, target)
        else:
            target = torch.randn_like(prediction).float().double()
            loss = squared_error(prediction, target)
    loss.backward()
    arrays = {f"input/{k}": v.numpy() if not v.is_floating_point() else v.float().numpy() for k, v in inputs.items()}
    arrays["target"] = target.numpy() if case.loss == "cross-entropy" else target.float().numpy()
    arrays["isCrossEntropy"] = numpy.array([case.loss == "cross-entropy"])
    arrays["loss"] = numpy.array([loss.item()])
    count = 0
    for key, parameter in network.named_parameters():
        if parameter.grad is None:  # The prediction does not depend on it.
            continue
        gradient = parameter.grad.numpy().flatten()
        count += gradient.size
        if gradient.size <= WHOLE:
            arrays[f"grad/{key}"] = gradient.astype(numpy.float32).reshape(parameter.shape)
        else:
            sums = [signs(gradient.size, p) @ gradient for p in range(PROJECTIONS)]
            arrays[f"projections/{key}"] = numpy.array([*sums, numpy.abs(gradient).max()])
    numpy.savez_compressed(folder / f"{name}.npz", **arrays)
    (folder / f"{name}.onnx.gz").write_bytes(gzip.compress(model, 9, mtime=0))
    sizes = [(folder / f"{name}{end}").stat().st_size for end in (".onnx.gz", ".npz")]
    print(f"{name}: opset {case.opset}{', training' if case.training else ''}, {count} parameters, loss {loss.item():.6g}, {sizes} bytes",
          flush=True)


def unpack(folder, out):
    for file in sorted(folder.glob("*.npz")):
        name = file.stem
        (out / name).mkdir(parents=True, exist_ok=True)
        (out / f"{name}.onnx").write_bytes(gzip.decompress((folder / f"{name}.onnx.gz").read_bytes()))
        for key, array in numpy.load(file).items():
            if key == "target" or key.startswith("input/"):
                numpy.save(out / name / f"{key.removeprefix('input/')}.npy", array)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--open", action="store_true")
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("networks", nargs="*")
    options = arguments.parse_args()
    if options.open:
        return unpack(options.folder, pathlib.Path(options.networks[0]))
    warnings.simplefilter("ignore")
    options.folder.mkdir(parents=True, exist_ok=True)
    failed = []
    for name in options.networks or NETWORKS:
        try:
            write(name, options.folder)
        except Exception as error:  # The others are written all the same; what is missing is said.
            failed.append(name)
            print(f"{name}: {type(error).__name__}: {str(error)[:600]}", file=sys.stderr, flush=True)
    return f"not written: {', '.join(failed)}" if failed else None


if __name__ == "__main__":
    sys.exit(main())
