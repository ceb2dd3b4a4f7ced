// Suggestions: how far a word may be from a name, and what other systems call things.
#include "suggest.h"
#include <criterion/criterion.h>
#include <string.h>

static const char *const names[] = {"out_channels", "kernel_size", "stride", "padding", "dilation", "groups", "bias",
    "weight", "lr", NULL, "relu", "gelu", "abs"};
enum { COUNT = sizeof names / sizeof *names };

static void suggests(const char *word, const char *expected)
{
    const char *got = suggest(word, names, COUNT);
    cr_assert((got == NULL) == (expected == NULL) && (!got || strcmp(got, expected) == 0), "%s: %s", word,
        got ? got : "nothing");
}

Test(suggest, letters_inserted_left_out_replaced_exchanged)
{
    suggests("paddding", "padding");
    suggests("pading", "padding");
    suggests("pudding", "padding");
    suggests("apdding", "padding");
    suggests("strdie", "stride");
    suggests("kernelsize", "kernel_size");
    suggests("kernel_sz", "kernel_size");
}

Test(suggest, at_most_two_edits_and_a_third_of_the_word)
{
    suggests("kernl_siz", "kernel_size"); // 9 letters, 2 edits
    suggests("outchanls", NULL);          // 9 letters, 3 edits
    suggests("bais", "bias");             // an exchange is one edit
    suggests("beas", "bias");
    suggests("beads", NULL); // 5 letters: 1 edit
    suggests("bis", "bias"); // 3 letters: 1
    suggests("ab", NULL);    // 2 letters: none
    suggests("lt", NULL);
    suggests("x", NULL);
    suggests("", NULL);
}

Test(suggest, case_counts_nothing)
{
    suggests("ReLU", "relu");
    suggests("LR", "lr");
    suggests("KernelSize", "kernel_size");
}

Test(suggest, an_exchange_before_a_lost_letter_before_another_one)
{
    suggests("bas", "abs");   // and not bias
    suggests("elu", "relu");
    suggests("erlu", "relu"); // an exchange; `gelu` is two edits away
    static const char *const near[] = {"elu", "relu"};
    cr_assert_str_eq(suggest("rlu", near, 2), "relu");
    cr_assert_str_eq(suggest("erlu", near, 2), "relu");
    cr_assert_str_eq(suggest("rrelu", near, 2), "relu");
}

Test(suggest, the_first_of_the_nearest_and_never_the_word_itself)
{
    suggests("felu", "relu");
    suggests("helu", "relu");
    suggests("relu", "gelu"); // it is a name, but not legal there, or there would be no question
    cr_assert(suggest("relu", names, 0) == NULL);
}

Test(suggest, long_words_get_none)
{
    char word[200];
    memset(word, 'a', sizeof word - 1);
    word[sizeof word - 1] = 0;
    const char *const same[] = {word + 1};
    cr_assert(suggest(word, same, 1) == NULL);
    cr_assert(suggest(word + 199 - 64, (const char *const[]){word + 199 - 63}, 1) != NULL);
}

static void foreign(const char *word, const char *place, const char *expected)
{
    const Foreign *got = suggest_foreign(word, place);
    cr_assert(got != NULL, "%s in %s", word, place);
    cr_assert((got->ours == NULL) == (expected == NULL) && (!expected || strcmp(got->ours, expected) == 0), "%s", word);
}

Test(suggest, words_of_other_systems)
{
    foreign("epochs", "train", "run");
    foreign("num_epochs", "train", "run");
    foreign("max_iter", "train", "run");
    const char *sentence = suggest_foreign("epochs", "train")->sentence;
    cr_assert(strcmp(sentence, "the length of a run is one setting with its unit") == 0);
    foreign("batch_size", "data", "batch");
    foreign("learning_rate", "option", "lr");
    foreign("Dense", "layer", "linear");
    foreign("fc", "layer", "linear");
    foreign("InnerProduct", "layer", "linear");
    foreign("Conv2D", "layer", "conv2d");
    foreign("filters", "option", "out_channels");
    foreign("axis", "option", "dim");
    foreign("nn.ReLU()", "layer", "relu");
    foreign("torch.nn.functional.relu", "layer", "relu");
    foreign("F.gelu", "fn", "gelu");
    foreign("and", "syntax", "&&");
    foreign("in_channels", "option", NULL);
    cr_assert(suggest_foreign("epochs", "layer") == NULL);
    cr_assert(suggest_foreign("linear", "layer") == NULL);
    cr_assert(suggest_foreign("", "layer") == NULL);
    cr_assert(suggest_foreign("nn.", "layer") == NULL);
}

Test(suggest, among_the_names_that_are_legal)
{
    const char *const linear[] = {"out_features", "bias"}, *const lstm[] = {"hidden_size"};
    cr_assert(strcmp(suggest_foreign_among("num_output", "option", names, COUNT)->ours, "out_channels") == 0);
    cr_assert(strcmp(suggest_foreign_among("num_output", "option", linear, 2)->ours, "out_features") == 0);
    cr_assert(strcmp(suggest_foreign_among("units", "option", lstm, 1)->ours, "hidden_size") == 0);
    cr_assert(suggest_foreign_among("axis", "option", linear, 2) == NULL);
    cr_assert(suggest_foreign_among("axis", "option", NULL, 0) == NULL);
    cr_assert(suggest_foreign_among("in_channels", "option", NULL, 0) != NULL); // an entry without a word of ours
}
