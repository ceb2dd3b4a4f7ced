// batch_norm1d: every feature, or every channel of a sequence, brought to mean 0 and variance 1 over the batch (and the
// places of the sequence), as PyTorch's BatchNorm1d. The kernels, and what is to be said of them, stand in batch_norm2d.c.
#include "op.h"

// `...` is there or one axis: no type says that.
static bool infer(Call *call)
{
    Axis y[3];
    int rank = call_rank(call, "x");
    if (rank > 3)
        return call_error(call, "x", "batch_norm1d needs x: [B, C] or [B, C, L]%s",
            rank == 4 ? ", batch_norm2d takes images" : "");
    for (int k = 0; k < rank; k++)
        y[k] = call_axis(call, "x", k);
    return call_output(call, "y", rank, y);
}

const Op op_batch_norm1d = {
    .name = "batch_norm1d",
    .kind = OP_STAGE,
    .doc = "Mean 0 and variance 1 for every feature or channel over the batch, then a scale and a shift for each.",
    .selector = "norm",
    .args = {
        {"eps", ARG_REAL, "1e-5", "added to the variance"},
        {"momentum", ARG_REAL, "0.1", "weight of a new batch in the running statistics"},
        {"affine", ARG_BOOL, "true", "whether scale and shift are learned"},
        {"track_running_stats", ARG_BOOL, "true", "whether evaluation uses running statistics"},
    },
    .inputs = {{"x", "[B, C, ...]", .doc = "features, or channels of a sequence"}},
    .outputs = {{"y"}},
    .infer = infer,
    .temporaries = {
        {"mean", "[C]", .doc = "of the batch"},
        {"inv_std", "[C]", .doc = "1 / sqrt(variance of the batch + eps)"},
    },
    .parameters = {
        {"weight", "[C]", "ones", .when = "affine", .doc = "w"},
        {"bias", "[C]", "zeros", .when = "affine", .doc = "b"},
    },
    .buffers = {
        {"running_mean", "[C]", "zeros", .when = "track_running_stats"},
        {"running_var", "[C]", "ones", .when = "track_running_stats", .doc = "unbiased"},
    },
    .checks = {
        {"eps > 0", "eps must be above 0", "eps"},
        {"momentum >= 0 && momentum <= 1", "momentum must lie from 0 to 1", "momentum"},
    },
    .order = ORDER_BATCH_LAST,
    .flops = "4 * C * P",
    .forward = {
        {.when = "train || !track_running_stats",
            .call = {"batch_norm($C, $P, $n, $eps, $momentum, $x, $weight, $bias, $running_mean, $running_var, $mean, "
                     "$inv_std, $y);"},
            .formula = "y = w h + b,  h = (x - mean) inv_std"},
        {.call = {"batch_norm_running($C, $P, $eps, $running_mean, $running_var, $x, $weight, $bias, $y);"},
            .formula = "y = w (x - running_mean) / sqrt(running_var + eps) + b"},
    },
    .backward = {
        {"x weight bias",
            .call = {"batch_norm_backward($C, $P, $n, $x, $mean, $inv_std, $weight, $d_y, $d_weight, $d_bias, $d_x);"},
            .formula = "dw += sum h dy,  db += sum dy,  dx = w inv_std (dy - mean(dy) - h mean(h dy))"},
    },
    .pytorch = {{.value = "nn.BatchNorm1d($C, $args)"}},
    .examples = {
        {"x: [B, 7]", "bn: batch_norm1d", "[B, 7]"},
        {"x: [B, 3, 5]", "bn: batch_norm1d", "[B, 3, 5]"},
        {"x: [B, 1]", "bn: batch_norm1d(momentum=0.3, eps=0.001)", "[B, 1]"},
        {"x: [B, 4]", "bn: batch_norm1d(affine=false)", "[B, 4]"},
        {"x: [B, 2, 9]", "bn: batch_norm1d(track_running_stats=false)", "[B, 2, 9]"},
        {"x: [B]", "bn: batch_norm1d", .error = "batch_norm1d needs x: [B, C, ...]"},
        {"x: [B, 3, 4, 5]", "bn: batch_norm1d", .error = "batch_norm1d needs x: [B, C] or [B, C, L], batch_norm2d takes"},
        {"x: [B, 3]", "bn: batch_norm1d(eps=0)", .error = "eps must be above 0"},
    },
};
