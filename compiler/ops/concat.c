// concat: several values one behind the other along an axis.
//
// As values are stored, each of them is `outer` pieces of size * inner numbers, and the result takes them in turn: copies of
// whole pieces, no index arithmetic.
#include "op.h"

static bool infer(Call *call)
{
    Axis y[9];
    int rank = call_rank(call, "x"), axis = (int)call_int(call, "dim");
    long all = 0, outer = 1, inner = 1;
    if (axis < -rank || axis >= rank)
        return call_error(call, "dim", "the values have %d axes, and dim is %d", rank, axis);
    axis += axis < 0 ? rank : 0;
    if (rank == 0 || call_axis(call, "x", 0).value != 0)
        return call_error(call, NULL, "the values need an axis B");
    if (call_axis(call, "x", axis).value == 0)
        return call_error(call, "dim", "the batch is not an axis to concatenate along");
    for (int i = 0; i < call_inputs(call); i++) {
        if (call_input_rank(call, i) != rank)
            return call_error(call, NULL, "all values need as many axes: the first has %d, and number %d has %d", rank, i + 1,
                call_input_rank(call, i));
        for (int k = 0; k < rank; k++)
            if (k != axis && call_input_axis(call, i, k).value != call_axis(call, "x", k).value)
                return call_error(call, NULL, "the values must be alike but for axis %d: axis %d of the first is %ld, of number %d %ld",
                    axis, k, call_axis(call, "x", k).value, i + 1, call_input_axis(call, i, k).value);
        call_part(call, call_input_axis(call, i, axis).value, all);
        all += call_input_axis(call, i, axis).value;
    }
    bool last = rank > 2 && call_last_outermost(call);
    for (int k = 0; k < rank; k++) {
        y[k] = k == axis ? call_new_axis(call, all, "concat") : call_axis(call, "x", k);
        long size = y[k].value;
        bool before = k < axis && !(last && axis == rank - 1);
        if (k != axis && size > 0)
            *(before || (last && k == rank - 1) ? &outer : &inner) *= size;
    }
    call_size_of(call, "outer", outer);
    call_size_of(call, "inner", inner);
    call_size_of(call, "all", all);
    return call_output(call, "y", rank, y);
}

const Op op_concat = {
    .name = "concat",
    .kind = OP_STAGE,
    .doc = "The value from the left and all in the parentheses, one behind the other along an axis.",
    .args = {{"dim", ARG_INT, .doc = "the axis"}},
    .inputs = {{"x", "[...]", .many = true}},
    .outputs = {{"y"}},
    .infer = infer,
    .order = ORDER_ANY,
    .flops = "0",
    .forward = {{.call = {"put_part($outer, $size, $before, $all, $inner * B, $x, $y);"}, .formula = "y = x, one behind the other"}},
    .backward = {{"x", .call = {"take_part($outer, $size, $before, $all, $inner * B, $d_y, $d_x);"}, .formula = "dx = its part of dy"}},
    .pytorch = {{.value = "torch.cat(($x, $rest), $dim)"}},
    .examples = {
        {"x: [B, 5], z: [B, 3]", "h: concat(z, dim=1)", "[B, 8]"},
        {"x: [B, 2, 4, 3], z: [B, 5, 4, 3], w: [B, 1, 4, 3]", "h: concat(z, w, dim=1)", "[B, 8, 4, 3]"},
        {"x: [B, 2, 4, 3], z: [B, 2, 4, 2]", "h: concat(z, dim=-1)", "[B, 2, 4, 5]"},
        {"x: [B, 2, 4, 3], z: [B, 2, 1, 3]", "h: concat(z, x, dim=2)", "[B, 2, 9, 3]"},
        {"x: [B, 5], z: [B, 3]", "h: concat(z, dim=0)", .error = "the batch is not an axis"},
        {"x: [B, 5], z: [B, 3]", "h: concat(z, dim=2)", .error = "the values have 2 axes"},
        {"x: [B, 5, 2], z: [B, 3, 3]", "h: concat(z, dim=1)", .error = "the values must be alike but for axis 1"},
        {"x: [B, 5, 2], z: [B, 3]", "h: concat(z, dim=1)", .error = "all values need as many axes"},
    },
};

#ifdef MT_KERNELS
//@ kernel put_part
/* The part at `before` of whole[outer][all][inner] = part[outer][size][inner]; NULL: zeros */
static void put_part(
    int outer, int size, int before, int all, int inner, const real *part, real *whole)
{
    size_t count = (size_t)size * (size_t)inner;
    for (int o = 0; o < outer; o++) {
        real *to = whole + ((size_t)o * (size_t)all + (size_t)before) * (size_t)inner;
        if (part)
            memcpy(to, part + (size_t)o * count, count * sizeof *to);
        else
            memset(to, 0, count * sizeof *to);
    }
}

//@ kernel take_part
/* part[outer][size][inner] = the part at `before` of whole[outer][all][inner] */
static void take_part(
    int outer, int size, int before, int all, int inner, const real *whole, real *part)
{
    size_t count = (size_t)size * (size_t)inner;
    for (int o = 0; o < outer; o++)
        memcpy(part + (size_t)o * count,
            whole + ((size_t)o * (size_t)all + (size_t)before) * (size_t)inner,
            count * sizeof *part);
}
//@ end
#endif
