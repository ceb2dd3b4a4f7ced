// chunk: a value in equal parts along an axis, each with a name: q, k, v = qkv -> chunk(3, dim=-1). As torch.chunk where the
// axis divides; where it does not, the language asks for slices. (The kernels stand in concat.c.)
#include "op.h"

static bool infer(Call *call)
{
    Axis y[9];
    int rank = call_rank(call, "x"), axis = (int)call_int(call, "dim");
    long chunks = call_int(call, "chunks"), outer = 1, inner = 1;
    if (axis < -rank || axis >= rank)
        return call_error(call, "dim", "the value has %d axes, and dim is %d", rank, axis);
    axis += axis < 0 ? rank : 0;
    if (rank == 0 || call_axis(call, "x", 0).value != 0)
        return call_error(call, NULL, "the value needs an axis B");
    long all = call_axis(call, "x", axis).value;
    if (all == 0)
        return call_error(call, "dim", "the batch is not an axis to cut");
    if (all % chunks != 0)
        return call_error(call, "chunks", "axis %d is %ld, which does not split into %ld equal parts", axis, all, chunks);
    if (chunks > 63)
        return call_error(call, "chunks", "at most 63 parts");
    bool last = rank > 2 && call_last_outermost(call);
    for (int k = 0; k < rank; k++) {
        y[k] = k == axis ? call_new_axis(call, all / chunks, "%ld / %ld", all, chunks) : call_axis(call, "x", k);
        bool before = k < axis && !(last && axis == rank - 1);
        if (k != axis && y[k].value > 0)
            *(before || (last && k == rank - 1) ? &outer : &inner) *= y[k].value;
    }
    call_size_of(call, "outer", outer);
    call_size_of(call, "inner", inner);
    call_size_of(call, "all", all);
    for (long k = 0; k < chunks; k++) {
        call_part(call, all / chunks, k * (all / chunks));
        call_output(call, "y", rank, y);
    }
    return true;
}

const Op op_chunk = {
    .name = "chunk",
    .kind = OP_STAGE,
    .doc = "A value in equal parts along an axis; a row names them all: a, b = x -> chunk(2, dim=1).",
    .args = {
        {"chunks", ARG_SIZE, .doc = "how many parts"},
        {"dim", ARG_INT, "0", "the axis (PyTorch's default, 0, is the batch and refused)"},
    },
    .positional = 1,
    .inputs = {{"x", "[...]"}},
    .outputs = {{"y", .many = true}},
    .infer = infer,
    .order = ORDER_ANY,
    .flops = "0",
    .forward = {{.call = {"take_part($outer, $size, $before, $all, $inner * B, $x, $y);"}, .formula = "y = a part of x"}},
    .backward = {{"x", .call = {"put_part($outer, $size, $before, $all, $inner * B, $d_y, $d_x);"}, .formula = "the part of dx = dy"}},
    .pytorch = {{.value = "torch.chunk($x, $chunks, $dim)[-1]"}},
    .examples = { // the result is the last part
        {"x: [B, 6]", "h: chunk(2, dim=1)", "[B, 3]"},
        {"x: [B, 3, 5, 4]", "h: chunk(3, dim=-3)", "[B, 1, 5, 4]"},
        {"x: [B, 3, 6, 4]", "h: chunk(2, dim=2)", "[B, 3, 3, 4]"},
        {"x: [B, 3, 8]", "h: chunk(chunks=4, dim=-1)", "[B, 3, 2]"},
        {"x: [B, 5]", "h: chunk(2, dim=1)", .error = "does not split into 2 equal parts"},
        {"x: [B, 6]", "h: chunk(2)", .error = "the batch is not an axis to cut"},
        {"x: [B, 6]", "h: chunk(2, dim=2)", .error = "the value has 2 axes"},
    },
};
