"""Torchvision's networks for pictures, by their own constructors and blocks, with few channels and few layers.

Swin v2 is not among them: PyTorch 1.13 does not export what it does to a bias in place (aten::zero).
"""

from functools import partial

import torch
from torch import nn
from torchvision import models
from torchvision.models import convnext, densenet, efficientnet, maxvit, mobilenetv3, regnet
from torchvision.models.segmentation import deeplabv3, fcn, lraspp
from torchvision.models.video import mvit, resnet as resnet3d
from torchvision.ops import Conv2dNormActivation

from .case import Case, narrow


def picture(size, batch=2, channels=3):
    return lambda: {"x": torch.randn(batch, channels, size, size)}


def clip(frames, size):
    return lambda: {"x": torch.randn(2, 3, frames, size, size)}


def inverted(kind):
    return mobilenetv3.InvertedResidualConfig(*kind, width_mult=1)


def mobilenet_v3():
    settings = [inverted(s) for s in (
        (8, 3, 8, 8, True, "RE", 2, 1), (8, 3, 24, 8, False, "RE", 1, 1), (8, 5, 32, 16, True, "HS", 2, 1),
        (16, 5, 48, 16, True, "HS", 1, 1))]
    return models.MobileNetV3(settings, 32, num_classes=5, dropout=0)


def efficientnet_b0():
    block = efficientnet.MBConvConfig
    settings = [block(1, 3, 1, 8, 8, 1, 1, 1), block(3, 3, 2, 8, 8, 2, 1, 1), block(3, 5, 2, 8, 16, 2, 1, 1)]
    return models.EfficientNet(settings, dropout=0, stochastic_depth_prob=0, num_classes=5, last_channel=32)


def efficientnet_v2():
    fused, block = efficientnet.FusedMBConvConfig, efficientnet.MBConvConfig
    settings = [fused(1, 3, 1, 8, 8, 1), fused(2, 3, 2, 8, 8, 2), block(3, 3, 2, 8, 16, 2)]
    return models.EfficientNet(
        settings, dropout=0, stochastic_depth_prob=0, num_classes=5, norm_layer=partial(nn.BatchNorm2d, eps=1e-3), last_channel=32)


def convnext_tiny():
    block = convnext.CNBlockConfig
    return models.ConvNeXt([block(8, 16, 1), block(16, 24, 2), block(24, None, 1)], 0, 0.5, num_classes=5)


def vit_b_16():
    return models.VisionTransformer(16, 4, num_layers=2, num_heads=2, hidden_dim=16, mlp_dim=32, num_classes=5)


def swin_t():
    return models.SwinTransformer([2, 2], 12, [2, 2], [2, 4], [4, 4], stochastic_depth_prob=0, num_classes=5)


def maxvit_t():
    return maxvit.MaxVit((32, 32), 8, 4, [8, 16], [1, 1], 4, 0, num_classes=5)


def regnet_y():
    parameters = regnet.BlockParams.from_init_params(depth=4, w_0=16, w_a=8, w_m=2, group_width=8, se_ratio=0.25)
    return models.RegNet(parameters, num_classes=5, stem_width=8)


def densenet121():
    return models.DenseNet(4, (2, 3, 2), 8, bn_size=2, num_classes=5)


def shufflenet():
    return models.ShuffleNetV2([2, 2, 2], [8, 16, 24, 32, 32], num_classes=5)


def mobilenet_v2():
    return models.MobileNetV2(
        5, inverted_residual_setting=[[1, 16, 1, 1], [3, 16, 2, 2], [3, 24, 2, 2]], width_mult=0.5, round_nearest=8, dropout=0)


def mnasnet():
    return narrow(models.MNASNet(0.5, num_classes=5, dropout=0), 8)


def pooled(network, features):
    """The whole picture is pooled into one place: the exporter knows no other extents that do not divide the picture's."""
    network.avgpool = nn.AdaptiveAvgPool2d(1)
    first = next(i for i, layer in enumerate(network.classifier) if isinstance(layer, nn.Linear))
    network.classifier[first] = nn.Linear(features, network.classifier[first].out_features)
    return narrow(network, 32)


def r3d():
    return narrow(resnet3d.VideoResNet(
        resnet3d.BasicBlock, [resnet3d.Conv3DSimple] * 4, [1, 1, 1, 1], resnet3d.BasicStem, num_classes=5), 32)


def mvit_s():
    """Pooled attention over frames, with relative positions."""
    block = partial(
        mvit.MSBlockConfig, num_heads=1, input_channels=8, output_channels=8, kernel_q=[3, 3, 3], kernel_kv=[3, 3, 3], stride_q=[1, 1, 1])
    return mvit.MViT(
        (16, 16), 4, [block(stride_kv=[1, 2, 2]), block(stride_kv=[1, 2, 2])], residual_pool=True, residual_with_cls_embed=False,
        rel_pos_embed=True, proj_after_attn=True, dropout=0, num_classes=5, patch_embed_kernel=(3, 7, 7), patch_embed_stride=(2, 4, 4))


class Segmentation(nn.Module):
    """A backbone whose last stage keeps its extents, a head, and back to the picture's extents."""

    def __init__(self, backbone, head):
        super().__init__()
        self.backbone, self.head = backbone, head

    def forward(self, x):
        y = self.head(self.backbone(x))
        return nn.functional.interpolate(y, size=x.shape[-2:], mode="bilinear", align_corners=False)


def backbone(width):
    return nn.Sequential(
        Conv2dNormActivation(3, 8, 3, 2), Conv2dNormActivation(8, width, 3, 2), Conv2dNormActivation(width, width, 3, dilation=2))


class Lraspp(nn.Module):
    def __init__(self):
        super().__init__()
        self.low, self.high = Conv2dNormActivation(3, 8, 3, 2), Conv2dNormActivation(8, 16, 3, 2)
        self.head = lraspp.LRASPPHead(8, 16, 4, 8)

    def forward(self, x):
        low = self.low(x)
        y = self.head({"low": low, "high": self.high(low)})
        return nn.functional.interpolate(y, size=x.shape[-2:], mode="bilinear", align_corners=False)


def deeplab():
    return Segmentation(backbone(16), narrow(deeplabv3.DeepLabHead(16 * 32, 4), 32))


def inception_v3():
    return narrow(models.Inception3(5, aux_logits=False, init_weights=False, dropout=0), 16)


def googlenet():
    return narrow(models.GoogLeNet(5, aux_logits=False, init_weights=False, dropout=0), 8)


def resnet(block, layers, factor, **options):
    return narrow(models.ResNet(block, layers, num_classes=5, **options), factor)


BASIC, BOTTLENECK = models.resnet.BasicBlock, models.resnet.Bottleneck

NETWORKS = {
    "alexnet": Case(lambda: pooled(models.AlexNet(5, dropout=0), 256), picture(64), opset=13),
    "convnext": Case(convnext_tiny, picture(32), opset=16),
    "deeplabv3": Case(deeplab, picture(16), "squared-error", 14, True),
    "densenet121": Case(densenet121, picture(32), opset=13),
    "densenet121-training": Case(densenet121, picture(32, 4), opset=15, training=True),
    "efficientnet-b0": Case(efficientnet_b0, picture(32), opset=17),
    "efficientnet-b0-training": Case(efficientnet_b0, picture(32, 4), opset=17, training=True),
    "efficientnet-v2": Case(efficientnet_v2, picture(32), opset=14),
    "fcn": Case(lambda: Segmentation(backbone(16), fcn.FCNHead(16, 4)), picture(16), "squared-error", 13),
    "googlenet": Case(googlenet, picture(64), opset=15),
    "inception-v3": Case(inception_v3, picture(80), opset=14),
    "lraspp": Case(Lraspp, picture(32), "squared-error", 16),
    "maxvit": Case(maxvit_t, picture(32), opset=16),
    "mnasnet": Case(mnasnet, picture(32, 4), opset=14, training=True),
    "mobilenet-v2": Case(mobilenet_v2, picture(32), opset=13),
    "mobilenet-v3": Case(mobilenet_v3, picture(32), opset=14),
    "mobilenet-v3-training": Case(mobilenet_v3, picture(32, 4), opset=15, training=True),
    "mvit": Case(mvit_s, clip(4, 16), opset=17),
    "r3d-18": Case(r3d, clip(4, 16), opset=15),
    "regnet-y": Case(regnet_y, picture(32), opset=16),
    "resnet18-training": Case(lambda: resnet(BASIC, [1, 1, 1, 1], 16), picture(32, 4), opset=14, training=True),
    "resnext50": Case(lambda: resnet(BOTTLENECK, [1, 1, 1, 1], 16, groups=4, width_per_group=16), picture(32), opset=17),
    "shufflenet-v2": Case(shufflenet, picture(32), opset=15),
    "squeezenet": Case(lambda: narrow(models.SqueezeNet("1_1", 5, 0), 8), picture(48), opset=16),
    "swin-t": Case(swin_t, picture(16), opset=15),
    "vgg11-bn": Case(lambda: pooled(models.vgg11_bn(num_classes=5, dropout=0), 512), picture(32, 4), opset=16, training=True),
    "vit-b-16": Case(vit_b_16, picture(16), opset=14, dynamic={"x": {0: "batch"}}),
}
