// Which word was meant: see suggest.h. The distance is Damerau's in its restricted form (optimal string alignment):
// insert, delete, replace, exchange two neighbours, and no letter is edited twice.
#include "suggest.h"
#include "base/text.h"
#include <limits.h>
#include <string.h>

enum { LONGEST = 64 }; // longer words get no suggestion

static int least(int a, int b) { return a < b ? a : b; }

// ASCII only, whatever the locale.
static int lower(char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c; }

static bool same(char a, char b) { return lower(a) == lower(b); }

// What an edit costs. Most letters are exchanged, lost or doubled in typing, and few are taken for others: between words
// that are equally many edits away this decides.
enum { EDIT = 16, EXCHANGE = EDIT + 1, INSERT = EDIT + 2, REPLACE = EDIT + 3 };

// Both at most LONGEST letters. Three rows of the table are enough: this one, the last, the one before for exchanges.
static int distance(const char *a, int a_length, const char *b, int b_length)
{
    int table[3][LONGEST + 1];
    int *before = table[0], *last = table[1], *row = table[2];
    for (int j = 0; j <= b_length; j++)
        last[j] = j * INSERT;
    for (int i = 1; i <= a_length; i++) {
        row[0] = i * INSERT;
        for (int j = 1; j <= b_length; j++) {
            int edits = last[j - 1] + (same(a[i - 1], b[j - 1]) ? 0 : REPLACE);
            edits = least(edits, least(last[j], row[j - 1]) + INSERT);
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
                edits = least(edits, before[j - 2] + EXCHANGE);
            row[j] = edits;
        }
        int *oldest = before;
        before = last;
        last = row;
        row = oldest;
    }
    return last[b_length];
}

const char *suggest(const char *word, const char *const *names, int count)
{
    size_t length = strlen(word);
    if (length == 0 || length > LONGEST)
        return NULL;
    int allowed = least(2, (int)length / 3), nearest = INT_MAX;
    const char *best = NULL;
    for (int k = 0; k < count; k++) {
        size_t n = names[k] ? strlen(names[k]) : 0;
        if (n == 0 || n > LONGEST || strcmp(names[k], word) == 0)
            continue;
        int edits = distance(word, (int)length, names[k], (int)n);
        if (edits / EDIT <= allowed && edits < nearest) {
            nearest = edits;
            best = names[k];
        }
    }
    return best;
}

#define INFERRED "input sizes are inferred and never written"
#define RUN "the length of a run is one setting with its unit"
#define LR "the learning rate is an option of the optimizer"

// Words are compared as they are written: `Linear` is PyTorch's class, `linear` is ours.
static const Foreign foreign[] = {
    {"layer", "Linear lin Dense dense fc FC InnerProduct FullyConnected fully_connected affine Gemm LazyLinear", "linear",
        NULL},
    {"layer", "Conv1d Conv1D Convolution1D", "conv1d", NULL},
    {"layer", "Conv2d Conv2D conv2D Conv conv Convolution convolution convolutional Convolution2D LazyConv2d", "conv2d",
        NULL},
    {"layer", "ConvTranspose2d Conv2DTranspose Deconvolution deconv deconv2d conv2d_transpose", "conv_transpose2d",
        NULL},
    {"layer", "MaxPool2d MaxPooling2D MaxPool maxpool max_pool max_pooling2d maxpool2d Pooling pool", "max_pool2d",
        NULL},
    {"layer", "AvgPool2d AveragePooling2D AveragePool avgpool avg_pool average_pool avgpool2d", "avg_pool2d", NULL},
    {"layer", "AdaptiveAvgPool2d GlobalAveragePooling2D GlobalAveragePool global_avg_pool gap", "adaptive_avg_pool2d",
        "`adaptive_avg_pool2d(1)` averages each channel"},
    {"layer", "BatchNorm2d BatchNormalization BatchNorm batchnorm batch_norm batchnorm2d bn SpatialBN", "batch_norm2d",
        NULL},
    {"layer", "BatchNorm1d batchnorm1d", "batch_norm1d", NULL},
    {"layer", "LayerNorm LayerNormalization layernorm", "layer_norm", NULL},
    {"layer", "GroupNorm GroupNormalization groupnorm", "group_norm", NULL},
    {"layer", "RMSNorm RMSNormalization rmsnorm", "rms_norm", NULL},
    {"layer", "Embedding embed lookup_table", "embedding", NULL},
    {"layer", "LSTM", "lstm", NULL},
    {"layer", "GRU", "gru", NULL},
    {"layer", "RNN SimpleRNN", "rnn", NULL},
    {"layer", "MultiheadAttention MultiHeadAttention mha", "multihead_attention", NULL},
    {"layer", "scaled_dot_product_attention sdpa", "attention", NULL},
    {"layer", "Dropout drop", "dropout", NULL},
    {"layer", "Dropout2d SpatialDropout2D", "dropout2d", NULL},
    {"layer", "Flatten", "flatten", NULL},
    {"layer", "Reshape view View Unflatten", "reshape", NULL},
    {"layer", "Permute permute", "transpose", NULL},
    {"layer", "cat Concat Concatenate concatenate hstack route", "concat", NULL},
    {"layer", "split", "chunk", NULL},
    {"layer", "Add shortcut Eltwise", "add", NULL},
    {"layer", "Upsample UpSampling2D interpolate", "upsample", NULL},
    {"layer", "ZeroPad2d ZeroPadding2D", "pad", NULL},
    {"layer", "Identity nop", "identity", NULL},
    {"layer", "Parameter parameter", "param", NULL},
    {"layer", "Softmax SoftMax", "softmax", NULL},
    {"layer", "LogSoftmax logsoftmax", "log_softmax", NULL},
    {"layer", "stop_gradient no_grad", "detach", NULL},

    {"layer fn", "ReLU Relu", "relu", NULL},
    {"layer fn", "LeakyReLU leakyrelu lrelu leaky", "leaky_relu", NULL},
    {"layer fn", "ELU", "elu", NULL},
    {"layer fn", "SELU", "selu", NULL},
    {"layer fn", "GELU", "gelu", NULL},
    {"layer fn", "SiLU swish Swish", "silu", NULL},
    {"layer fn", "Mish", "mish", NULL},
    {"layer fn", "Sigmoid logistic expit", "sigmoid", NULL},
    {"layer fn", "Tanh TanH", "tanh", NULL},
    {"layer fn", "Softplus SoftPlus", "softplus", NULL},
    {"layer fn", "Hardtanh HardTanh hard_tanh", "hardtanh", NULL},
    {"layer fn", "ReLU6", "relu6", NULL},
    {"layer fn", "Hardswish HardSwish hard_swish", "hardswish", NULL},
    {"layer fn", "Softsign SoftSign", "softsign", NULL},
    {"layer fn", "LogSigmoid logsigmoid", "log_sigmoid", NULL},
    {"layer fn", "maximum fmax", "max", NULL},
    {"layer fn", "minimum fmin", "min", NULL},
    {"layer fn", "clip clip_by_value", "clamp", NULL},
    {"layer fn", "fabs absolute", "abs", NULL},
    {"layer fn", "ln", "log", NULL},
    {"layer fn", "sign sgn", NULL, "the sign of x is `where(x > 0, 1, where(x < 0, -1, 0))`"},
    {"layer fn", "round trunc fix", NULL, "nothing rounds values: such a step has the derivative 0"},
    {"layer fn", "floor ceil ceiling", NULL,
        "`floor` and `ceil` are for constants; nothing rounds values: such a step has the derivative 0"},
    {"layer fn", "sinh cosh tan asin acos atan arctan", NULL, "known are `sin`, `cos` and `tanh`"},
    {"fn", "pow power", NULL, "a power is written `x ** y`"},

    {"option", "axis axes", "dim", NULL},
    {"option", "filters num_filters num_output out_planes channels nout ch_out", "out_channels", NULL},
    {"option", "units num_output num_hidden n_out output output_size output_dim out_dim", "out_features", NULL},
    {"option", "units hidden_dim hidden hidden_units num_units", "hidden_size", NULL},
    {"option", "in_channels in_features input_shape input_dim input_size in_planes normalized_shape num_features", NULL,
        INFERRED},
    {"option", "kernel ksize kernel_shape filter_size size pool_size", "kernel_size", NULL},
    {"option", "strides subsample", "stride", NULL},
    {"option", "pad pads border_mode", "padding", NULL},
    {"option", "dilation_rate dilations rate", "dilation", NULL},
    {"option", "group num_group", "groups", NULL},
    {"option", "use_bias bias_term with_bias no_bias", "bias", NULL},
    {"option", "rate prob drop_prob dropout_rate dropout_ratio", "p", NULL},
    {"option", "keep_prob", "p", "`p` is the probability to drop, 1 - keep_prob"},
    {"option", "alpha slope negative_slop", "negative_slope", NULL},
    {"option", "epsilon", "eps", NULL},
    {"option", "center scale", "affine", NULL},
    {"option", "num_embed vocab_size input_dim n_vocab", "num_embeddings", NULL},
    {"option", "embed_dim output_dim n_embd", "embedding_dim", NULL},
    {"option", "n_head n_heads nhead heads", "num_heads", NULL},
    {"option", "keepdims keep_dims keep_dim", "keepdim", NULL},
    {"option", "class_weight class_weights", "weight", NULL},
    {"option", "smoothing", "label_smoothing", NULL},
    {"option", "learning_rate learn_rate lr_rate base_lr eta", "lr", NULL},
    {"option", "wd decay l2 l2_regularization weight_decay_rate", "weight_decay", NULL},
    {"option", "beta1 beta2 beta_1 beta_2", "betas", "both are one option: `betas=[0.9, 0.999]`"},
    {"option", "rho", "alpha", NULL},
    {"option", "mu", "momentum", NULL},
    {"option", "use_nesterov", "nesterov", NULL},
    {"option", "Tmax t_max T_mult total_steps decay_steps", "T_max", NULL},
    {"option", "min_lr eta_minimum", "eta_min", NULL},

    {"optimizer", "SGD momentum Momentum gd", "sgd", NULL},
    {"optimizer", "Adam", "adam", NULL},
    {"optimizer", "AdamW", "adamw", NULL},
    {"optimizer", "RMSprop RMSProp rms_prop", "rmsprop", NULL},
    {"optimizer", "Adagrad AdaGrad", "adagrad", NULL},
    {"schedule", "StepLR step", "step_lr", NULL},
    {"schedule", "MultiStepLR multi_step_lr", "multistep_lr", NULL},
    {"schedule", "ExponentialLR exponential", "exponential_lr", NULL},
    {"schedule", "LinearLR warmup linear", "linear_lr", NULL},
    {"schedule", "CosineAnnealingLR cosine cosine_annealing CosineDecay cosine_lr", "cosine_annealing_lr", NULL},
    {"schedule", "OneCycleLR one_cycle", "one_cycle_lr", NULL},
    {"schedule", "ReduceLROnPlateau plateau", "reduce_lr_on_plateau", NULL},

    {"loss", "CrossEntropyLoss CrossEntropy categorical_crossentropy softmax_cross_entropy SoftmaxWithLoss "
             "sparse_categorical_crossentropy cross_entropy_loss ce", "cross_entropy", NULL},
    {"loss", "MSELoss mse MSE mean_squared_error EuclideanLoss l2_loss", "mse_loss", NULL},
    {"loss", "L1Loss mae MAE mean_absolute_error", "l1_loss", NULL},
    {"loss", "NLLLoss nll", "nll_loss", NULL},
    {"loss", "HuberLoss huber", "huber_loss", NULL},
    {"loss", "SmoothL1Loss smooth_l1", "smooth_l1_loss", NULL},
    {"loss", "BCELoss bce binary_crossentropy", "binary_cross_entropy", NULL},
    {"loss", "BCEWithLogitsLoss bce_with_logits SigmoidCrossEntropyLoss sigmoid_cross_entropy",
        "binary_cross_entropy_with_logits", NULL},
    {"loss", "KLDivLoss kl_divergence", "kl_div", NULL},
    {"metric", "acc Accuracy accuracy_score categorical_accuracy", "accuracy", NULL},
    {"metric", "BinaryAccuracy", "binary_accuracy", NULL},
    {"metric", "top_k_accuracy top5", "topk_accuracy", NULL},
    {"metric", "confusion_matrix", "confusion", NULL},

    {"train", "epochs epoch num_epochs n_epochs nb_epoch max_epochs max_epoch max_iter max_iters max_steps num_steps "
              "steps iterations n_iter train_steps", "run", RUN},
    {"train", "batch_size batchsize batch mini_batch minibatch", "batch", "`batch` is a setting of `data`"},
    {"train", "learning_rate lr base_lr", "lr", LR},
    {"train", "weight_decay wd momentum", NULL, "`weight_decay` and `momentum` are options of the optimizer"},
    {"train", "shuffle drop_last", NULL, "`shuffle` and `drop_last` are settings of `data`"},
    {"train", "gradient_accumulation_steps accumulate_grad_batches accumulation_steps grad_accum accum_iter iter_size",
        "accumulate", NULL},
    {"train", "random_seed random_state manual_seed", "seed", NULL},
    {"train", "grad_clip max_grad_norm clip_norm gradient_clip_val clip_gradients clip", "clip_grad_norm", NULL},
    {"train", "clip_value clipvalue", "clip_grad_value", NULL},
    {"train", "patience early_stopping", "early_stop", NULL},
    {"train", "ema_decay", "ema", NULL},
    {"train", "log_interval print_every print_freq display log_freq", "log_every", NULL},
    {"train", "eval_interval eval_freq test_interval val_every val_check_interval", "eval_every", NULL},
    {"train", "save_every save_interval snapshot save_freq", "checkpoint_every", NULL},
    {"train", "save_path checkpoint_path snapshot_prefix save", "checkpoint", NULL},

    {"data", "batch_size batchsize mini_batch minibatch BATCH_SIZE", "batch", NULL},
    {"data", "validation val dev eval", "valid", NULL},
    {"data", "training trainset train_data train_set", "train", NULL},
    {"data", "testing testset test_data test_set", "test", NULL},
    {"data", "random shuffle_data", "shuffle", NULL},
    {"data", "droplast drop_remainder drop_final", "drop_last", NULL},
    {"data", "rescale divide", "scale", NULL},
    {"data", "Normalize", "normalize", NULL},
    {"data", "zscore z_score StandardScaler whiten", "standardize", NULL},
    {"data", "to_categorical OneHot onehot", "one_hot", NULL},
    {"data", "mnist MNIST", "idx", "MNIST's files are read by `idx(image=\"...\", label=\"...\")`"},
    {"data", "cifar cifar10 CIFAR10 binary", "records",
        "CIFAR's binary files are read by `records(\"*.bin\", label=u8, image=u8[3, 32, 32])`"},
    {"data", "RandomCrop random_resized_crop", "random_crop", NULL},
    {"data", "RandomHorizontalFlip random_horizontal_flip random_flip hflip", "random_hflip", NULL},
    {"data", "RandomErasing cutout Cutout", "random_erasing", NULL},
    {"data", "GaussianNoise gaussian_noise", "random_noise", NULL},
    {"data", "clamp clip_by_value", "clip", NULL},
    {"field", "uint8 byte uchar bool", "u8", NULL},
    {"field", "int8 char", "i8", NULL},
    {"field", "uint16 ushort", "u16", NULL},
    {"field", "int16 short", "i16", NULL},
    {"field", "uint32 uint", "u32", NULL},
    {"field", "int32 int", "i32", NULL},
    {"field", "uint64", "u64", NULL},
    {"field", "int64 long", "i64", NULL},
    {"field", "float32 float", "f32", NULL},
    {"field", "float64 double", "f64", NULL},
    {"data", "read_csv tsv table", "csv", NULL},
    {"data", "numpy np load", "npy", NULL},
    {"data", "random_split train_test_split", "holdout", NULL},

    {"declaration", "network net module Module class Model Sequential", "model", NULL},
    {"declaration", "def func function fun lambda", "fn", NULL},
    {"declaration", "layer sub subnet", "block", NULL},
    {"declaration", "import include from load", "use", NULL},
    {"declaration", "let var define", "const", NULL},
    {"declaration", "dataset datasets input inputs", "data", NULL},
    {"declaration", "criterion objective", "loss", NULL},
    {"declaration", "metric", "metrics", NULL},
    {"declaration", "optim solver", "optimizer", NULL},
    {"declaration", "scheduler lr_scheduler lr_policy", "schedule", NULL},
    {"declaration", "trainer training fit", "train", NULL},
    {"declaration", "parameters weights", "params", NULL},

    {"unit", "iterations iteration iters iter its batches updates optimizer_steps", "steps", NULL},
    {"unit", "passes rounds eps", "epochs", NULL},

    {"syntax", "and", "&&", NULL},
    {"syntax", "or", "||", NULL},
    {"syntax", "not", "!", NULL},
    {"syntax", "True", "true", NULL},
    {"syntax", "False", "false", NULL},
};

// The word without the names of modules in front, and without an empty call behind.
static const char *bare(const char *word, size_t *length)
{
    *length = strlen(word);
    if (*length > 2 && strcmp(word + *length - 2, "()") == 0)
        *length -= 2;
    // In the order in which they stand: torch.nn.functional.relu.
    static const char *const modules[] = {"torch.", "tf.", "tensorflow.", "jax.", "flax.", "keras.", "layers.",
        "linen.", "nn.", "optim.", "lr_scheduler.", "functional.", "F.", "np.", "math."};
    for (size_t k = 0; k < sizeof modules / sizeof *modules; k++) {
        size_t n = strlen(modules[k]);
        if (*length > n && starts_with(word, modules[k])) {
            word += n;
            *length -= n;
        }
    }
    return word;
}

static bool among(const char *word, const char *const *names, int count)
{
    for (int k = 0; k < count; k++)
        if (names[k] && strcmp(names[k], word) == 0)
            return true;
    return false;
}

// A word with a module in front may be one of ours already: `F.relu`.
static bool is_ours(const Foreign *entry, const char *word, size_t length, bool stripped)
{
    return stripped && entry->ours && strlen(entry->ours) == length && memcmp(entry->ours, word, length) == 0;
}

static const Foreign *find(const char *word, const char *place, const char *const *names, int count)
{
    size_t length, place_length = strlen(place);
    const char *stripped = bare(word, &length);
    for (size_t k = 0; k < sizeof foreign / sizeof *foreign; k++) {
        const Foreign *entry = &foreign[k];
        if (!word_in(place, place_length, entry->place))
            continue;
        if (!word_in(stripped, length, entry->words) && !is_ours(entry, stripped, length, length != strlen(word)))
            continue;
        if (!names || !entry->ours || among(entry->ours, names, count))
            return entry;
    }
    return NULL;
}

const Foreign *suggest_foreign(const char *word, const char *place) { return find(word, place, NULL, 0); }

const Foreign *suggest_foreign_among(const char *word, const char *place, const char *const *names, int count)
{
    static const char *const none[] = {NULL};
    return find(word, place, names ? names : none, names ? count : 0);
}
