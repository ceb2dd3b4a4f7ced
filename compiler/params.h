// params.h: the section `params`: rules that set how parameters start, whether and how fast they are trained.
#ifndef MT_PARAMS_H
#define MT_PARAMS_H

#include "graph.h"
#include "program.h"

// What a rule may set; for each the last rule that selects a parameter wins.
typedef enum { SET_INIT, SET_FROZEN, SET_LR_SCALE, SET_WEIGHT_DECAY, PARAM_SETTINGS } ParamSetting;

// selectors { settings }
struct ParamRule {
    const Ast *ast;
    const Scope *constants;         // what its values see: its own, those of the section and the program
    const Ast *init;                // the expression of `init`
    double number[PARAM_SETTINGS];  // of the others
    Span set[PARAM_SETTINGS];       // where each is set; to == 0: not by this rule
};

// The pass: rules to parameters. Input: program->graph and `params`. Output: init and group of every parameter.
void params(Program *program);


#endif
