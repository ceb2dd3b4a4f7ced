// Editions are compared as texts.
#include "edition.h"
#include <criterion/criterion.h>

Test(edition, what_a_compiler_of_1_0_takes)
{
    static const char *const known[] = {"1", "1.0"};
    static const char *const later[] = {"1.1", "1.3", "1.10", "1.99999999999999999999999"};
    static const char *const unknown[] = {"2", "0", "0.9", "10", "11", "1.00", "1.01", "01", "1e0", "1.0e1", ".1", "1.",
        "1.0.0", "", "-1", "1 ", "2.0", "99999999999999999999"};
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        cr_expect_eq(edition_of(known[k], "1.0"), EDITION_KNOWN, "%s", known[k]);
    for (size_t k = 0; k < sizeof later / sizeof *later; k++)
        cr_expect_eq(edition_of(later[k], "1.0"), EDITION_LATER, "%s", later[k]);
    for (size_t k = 0; k < sizeof unknown / sizeof *unknown; k++)
        cr_expect_eq(edition_of(unknown[k], "1.0"), EDITION_UNKNOWN, "`%s`", unknown[k]);
}

Test(edition, later_compilers_take_what_came_before_them)
{
    cr_expect_eq(edition_of("1.9", "1.10"), EDITION_KNOWN);
    cr_expect_eq(edition_of("1.10", "1.9"), EDITION_LATER);
    cr_expect_eq(edition_of("1.10", "1.10"), EDITION_KNOWN);
    cr_expect_eq(edition_of("1.2", "1.10"), EDITION_KNOWN);
    cr_expect_eq(edition_of("1", "2.3"), EDITION_UNKNOWN);
    cr_expect_eq(edition_of("2", "2.3"), EDITION_KNOWN);
}
