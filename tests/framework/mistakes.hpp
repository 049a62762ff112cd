// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace retort::test {

struct Mistake {
    std::string_view found; ///< in the good manifest
    std::string_view replacement;
    std::string_view complaint;   ///< of the reader; empty: it is right
    std::string_view beyond = {}; ///< why no JSON Schema can refuse it, if so
};

inline constexpr std::string_view point_zero = "to a schema 7.0 and 7 are one number";
inline constexpr std::string_view elsewhere = "a schema cannot look up the name elsewhere in the manifest";
inline constexpr std::string_view same_twice = "a schema compares whole elements, not one member of each";
inline constexpr std::string_view comes_to = "a schema does not compute what a schedule comes to";

inline constexpr Mistake mistakes[] = {
    // numbers
    {R"("dropout": 0.5)", R"("dropout": 1.5)",
     R"(/models/teacher/dropout: 1.5 is out of range; allowed: 0 to 0.95 (default 0))"},
    {R"("dropout": 0.5)", R"("dropout": -1)",
     R"(/models/teacher/dropout: -1 is out of range; allowed: 0 to 0.95 (default 0))"},
    {R"("dropout": 0.5)", R"("dropout": "half")",
     R"(/models/teacher/dropout: found the text "half"; allowed: a number, 0 to 0.95 (default 0))"},
    {R"("dropout": 0.5)", R"("dropout": null)",
     R"(/models/teacher/dropout: found null; allowed: a number, 0 to 0.95 (default 0))"},
    {R"("seed": 7)", R"("seed": 7.0)",
     R"(/seed: found 7.0; allowed: a whole number, 0 to 9007199254740992 (default 0))", point_zero},
    {R"("seed": 7)", R"("seed": -7)", R"(/seed: -7 is out of range; allowed: 0 to 9007199254740992 (default 0))"},
    {R"("seed": 7)", R"("seed": 1e3)",
     R"(/seed: found 1000.0; allowed: a whole number, 0 to 9007199254740992 (default 0))", point_zero},
    {R"("seed": 7)", R"("seed": 18446744073709551615)",
     R"(/seed: 18446744073709551615 is out of range; allowed: 0 to 9007199254740992 (default 0))"},
    {R"("seed": 7)", R"("seed": 9007199254740993)",
     R"(/seed: 9007199254740993 is out of range; allowed: 0 to 9007199254740992 (default 0))"},
    {R"("hidden": [12, 12])", R"("hidden": [12, 0, "x", 70000])",
     R"(/models/teacher/hidden/1: 0 is out of range; allowed: 1 to 4096
/models/teacher/hidden/2: found the text "x"; allowed: a whole number, 1 to 4096
/models/teacher/hidden/3: 70000 is out of range; allowed: 1 to 4096)"},
    {R"("hidden": [12, 12])", R"("hidden": 12)", R"(/models/teacher/hidden: found 12; allowed: an array)"},
    {R"({"width": 32})", R"({"width": 4294967296})",
     R"(/stages/1/pairs/logits/condition/width: 4294967296 is out of range; allowed: 1 to 4096 (default 64))"},
    {R"("dropout": 0.5)", R"("bias": 1)", R"(/models/teacher/bias: found 1; allowed: true or false (default true))"},
    {R"("type": "network"})", R"("type": "other", "depth": 0})",
     R"(/models/student/depth: 0 is out of range; allowed: at least 1 (default 1))"},
    {R"("type": "network"})", R"("type": "other", "depth": 18446744073709551615})",
     R"(/models/student/depth: 18446744073709551615 is too large; allowed: up to 9223372036854775807 (default 1))"},
    // choices and texts
    {R"("dropout": 0.5)", R"("activation": "rel")",
     R"(/models/teacher/activation: "rel" is none of the values; did you mean "relu"? Allowed: relu, leaky_relu, tanh (default relu))"},
    {R"("dropout": 0.5)", R"("activation": "softmax")",
     R"(/models/teacher/activation: "softmax" is none of the values. Allowed: relu, leaky_relu, tanh (default relu))"},
    {R"("dropout": 0.5)", R"("activation": 3)",
     R"(/models/teacher/activation: found 3; allowed: relu, leaky_relu, tanh (default relu))"},
    {R"("directory": "files")", R"("directory": ["files"])",
     R"(/data/mnist/directory: found an array; allowed: a text)"},
    {R"("directory": "files")", R"("validation": 10)",
     R"(/data/mnist/directory: is required and missing; allowed: a text)"},
    // keys
    {R"("dropout": 0.5)", R"("dropuot": 0.5)",
     R"(/models/teacher/dropuot: there is no setting "dropuot"; did you mean "dropout"? Available: type, hidden, dropout, activation, bias, weights, initialise_as)"},
    {R"("dropout": 0.5)", R"("momentum": 0.5)",
     R"(/models/teacher/momentum: there is no setting "momentum". Available: type, hidden, dropout, activation, bias, weights, initialise_as)"},
    {R"("seed": 7)", R"("sead": 7)", R"(/sead: there is no setting "sead"; did you mean "seed"?)"},
    {R"("name": "learn")", R"("name": "learn", "learning_rate": 0.1)",
     R"(/stages/0/learning_rate: there is no setting "learning_rate"; did you mean "optimizer/learning_rate"? Available: name, type, model, data, epochs, optimizer)"},
    {R"("seed": 7)", R"("$schema": "retort.schema.json")", ""},
    {R"("seed": 7)", R"("$schema": 7)", R"(/$schema: found 7; allowed: a text (default ""))"},
    {R"("format": 1,)", "", R"(/format: is required and missing; allowed: 1)"},
    {R"("format": 1)", R"("format": 2)", R"(/format: 2 is out of range; allowed: 1)"},
    {R"("weight": 2)", R"("wieght": 2)",
     R"(/stages/1/losses/0/wieght: there is no setting "wieght"; did you mean "weight"? Available: type, temperature, weight)"},
    {R"("lambda": 0.1)", R"("a/b~c": 0.1)",
     R"(/stages/1/adversaries/0/a~1b~0c: there is no setting "a/b~c". Available: name, discriminator, objective, lambda)"},
    // components
    {R"({"type": "point"})", R"({"type": "pont"})",
     R"(/stages/1/pairs/logits/teacher_head/type: there is no head "pont"; did you mean "point"? Available: point, random_projection)"},
    {R"({"type": "point"})", R"("point")",
     R"(/stages/1/pairs/logits/teacher_head: found the text "point"; allowed: an object with the "type" of a head, such as {"type": "point"})"},
    {R"({"type": "point"})", R"("pont")",
     R"(/stages/1/pairs/logits/teacher_head: found the text "pont"; allowed: an object with the "type" of a head)"},
    {R"({"type": "point"})", R"({"type": 3})",
     R"(/stages/1/pairs/logits/teacher_head/type: found 3; allowed: point, random_projection)"},
    {R"({"type": "point"})", R"(null)",
     R"(/stages/1/pairs/logits/teacher_head: found null; allowed: an object with the "type" of a head)"},
    {R"({"type": "network"})", R"("network")",
     R"(/models/student: found the text "network"; allowed: an object, such as {"type": "network"})"},
    {R"({"type": "soft", "weight": 2})", R"("soft")",
     R"(/stages/1/losses/0: found the text "soft"; allowed: an object, such as {"type": "soft"})"},
    {R"({"type": "soft", "weight": 2})", R"("hard")",
     R"(/stages/1/losses/0: found the text "hard"; allowed: an object)"},
    {R"("type": "network"})", R"("hidden": [4]})",
     R"(/models/student/type: is required and missing; allowed: network, other)"},
    {R"("discriminator": {"type": "deep", "hidden": [6]}, )", "",
     R"(/stages/1/adversaries/0/discriminator: is required and missing; allowed: an object with the "type" of a discriminator)"},
    {R"("type": "soft")", R"("type": "sofft", "temperature": 0)",
     R"(/stages/1/losses/0/type: there is no loss "sofft"; did you mean "soft"? Available: entropy, soft)"},
    {R"("type": "teach")", R"("type": "clashing")",
     R"(/stages/0/name: "name" is declared twice for this object: one of the two must be renamed in its plugin
/stages/0/model: there is no setting "model". Available: name, type
/stages/0/data: there is no setting "data". Available: name, type)"},
    // references
    {R"("teacher": "teacher")", R"("teacher": "teachr")",
     R"(/stages/1/teacher: there is no model "teachr"; did you mean "teacher"? Available: teacher, student)",
     elsewhere},
    {R"("teacher": "teacher")", R"("teacher": "mnist")",
     R"(/stages/1/teacher: there is no model "mnist". Available: teacher, student)", elsewhere},
    {R"("teacher": "teacher")", R"("teacher": 1)", R"(/stages/1/teacher: found 1; allowed: the name of a model)"},
    {R"("teacher": "teacher")", R"("teacher": "")",
     R"(/stages/1/teacher: there is no model "". Available: teacher, student)"},
    {R"("teacher": "teacher",)", "", R"(/stages/1/teacher: is required and missing; allowed: the name of a model)"},
    {R"("teacher": "teacher")", R"("teacher": "teacher", "unlabelled": "minst")",
     R"(/stages/1/unlabelled: there is no dataset "minst"; did you mean "mnist"? Available: mnist)", elsewhere},
    {R"("teacher": "teacher")", R"("teacher": "teacher", "unlabelled": 3)",
     R"(/stages/1/unlabelled: found 3; allowed: the name of a dataset, or null)"},
    {R"("type": "network"})", R"("type": "network", "initialise_as": "nobody"})",
     R"(/models/student/initialise_as: there is no model "nobody". Available: teacher, student)", elsewhere},
    // names
    {R"("name": "learn")", R"("name": "distil")",
     R"(/stages/1/name: "distil" names an earlier element too; names are unique)", same_twice},
    {R"("name": "learn")", R"("name": 12)", R"(/stages/0/name: found 12; allowed: a text)"},
    {R"("name": "learn")", R"("name": "12")",
     R"(/stages/0/name: "12" cannot be a name; allowed: letters, digits, _ and -, but not digits alone)"},
    {R"("name": "learn")", R"("name": "a/b")",
     R"(/stages/0/name: "a/b" cannot be a name; allowed: letters, digits, _ and -, but not digits alone)"},
    {R"("name": "learn")", R"("name": "")",
     R"(/stages/0/name: "" cannot be a name; allowed: letters, digits, _ and -, but not digits alone)"},
    {R"("name": "learn", )", "", R"(/stages/0/name: is required and missing; allowed: a text)"},
    {R"({"logits": {)", R"({"0": {)",
     R"(/stages/1/pairs/0: "0" cannot be a name; allowed: letters, digits, _ and -, but not digits alone)"},
    {R"("student": {"type)", R"("../student": {"type)",
     R"(/models/..~1student: "../student" cannot be a name; allowed: letters, digits, _ and -, but not digits alone
/stages/1/student: there is no model "student"; did you mean "../student"? Available: teacher, ../student)"},
    // records, maps, schedules
    {R"({"width": 32})", R"(32)", R"(/stages/1/pairs/logits/condition: found 32; allowed: an object, or null)"},
    {R"("observers": [{"type": "rows"}])", R"("observers": {"type": "rows"})",
     R"(/observers: found an object; allowed: an array)"},
    {R"("observers": [{"type": "rows"}])", R"("observers": [{"type": "rows"}, {"type": "rows"}])",
     R"(/observers/1: "rows" observes already, at /observers/0; allowed: each type once)"},
    {R"("observers": [{"type": "rows"}])", R"("observers": ["rows"])",
     R"(/observers/0: found the text "rows"; allowed: an object with the "type" of an observer, such as {"type": "rows"})"},
    {R"("observers": [{"type": "rows"}])", R"("observers": [{"type": "rows", "columns": ["a"]}])",
     R"(/observers/0/columns: found an array; allowed: an object of names and values)"},
    {R"("observers": [{"type": "rows"}])", R"("observers": [{"type": "rows", "columns": {"a": 1}}])",
     R"(/observers/0/columns/a: found 1; allowed: a text)"},
    {R"("hidden": [6])", R"("noise": 11)",
     R"(/stages/1/adversaries/0/discriminator/noise: 11 is out of range; allowed: 0 to 10 (default {"schedule": "linear", "value": 0.1, "final": 0, "warm_up": 0}))"},
    {R"("hidden": [6])", R"("noise": "linear")",
     R"(/stages/1/adversaries/0/discriminator/noise: found the text "linear"; allowed: a number, 0 to 10, or an object such as {"schedule": "cosine", "value": 0.001} (default {"schedule": "linear", "value": 0.1, "final": 0, "warm_up": 0}))"},
    {R"("hidden": [6])", R"("noise": {"schedule": "cosin", "value": 11, "warm_up": 2, "last": 0})",
     R"(/stages/1/adversaries/0/discriminator/noise/schedule: "cosin" is none of the values; did you mean "cosine"? Allowed: constant, step, linear, cosine (default linear)
/stages/1/adversaries/0/discriminator/noise/value: 11 is out of range; allowed: 0 to 10 (default 0.1)
/stages/1/adversaries/0/discriminator/noise/warm_up: 2 is out of range; allowed: 0 to 1 (default 0)
/stages/1/adversaries/0/discriminator/noise/last: there is no setting "last". Available: schedule, value, final, warm_up, every, factor)"},
    {R"({"type": "soft", "weight": 2})",
     R"({"type": "soft", "temperature": {"schedule": "linear", "value": 50, "warm_up": 0.1}})",
     R"(/stages/1/losses/0/temperature/warm_up: 0.1 is out of range; allowed: 0 (default 0)
/stages/1/losses/0/temperature/final: missing, and its default 0 is out of range; allowed: a number, 1 to 100)"},
    {R"({"type": "soft", "weight": 2})", R"({"type": "soft", "temperature": {"schedule": "step", "value": 50}})",
     R"(/stages/1/losses/0/temperature/factor: missing, and its default 0.1 every 0.3 of the stage makes 0.05 of 50 in the end; allowed: what leaves 1 to 100)",
     comes_to},
    {R"({"type": "soft", "weight": 2})",
     R"({"type": "soft", "temperature": {"schedule": "step", "value": 50, "every": 0.5, "factor": 0}})",
     R"(/stages/1/losses/0/temperature/factor: 0 every 0.5 of the stage makes 0 of 50 in the end; allowed: what leaves 1 to 100)",
     comes_to},
    {R"({"type": "soft", "weight": 2})", R"({"type": "soft", "temperature": {"schedule": "step", "value": 500}})",
     R"(/stages/1/losses/0/temperature/value: 500 is out of range; allowed: 1 to 100 (default 4))"},
    // what the report says
    {R"("seed": 7)", R"("report": {"out_of_distribution": ["mnist"], "predictions": true})", ""},
    {R"("seed": 7)", R"("report": {"out_of_distribution": ["minst"]})",
     R"(/report/out_of_distribution/0: there is no dataset "minst"; did you mean "mnist"? Available: mnist)",
     elsewhere},
    {R"("seed": 7)", R"("report": {"out_of_distribution": ["mnist", "mnist"]})",
     R"(/report/out_of_distribution/1: "mnist" is named before; allowed: each dataset once)"},
    {R"("seed": 7)", R"("report": {"out_of_distribution": [null, 3]})",
     R"(/report/out_of_distribution/0: found null; allowed: the name of a dataset
/report/out_of_distribution/1: found 3; allowed: the name of a dataset)"},
    {R"("seed": 7)", R"("report": {"out_of_distribution": "mnist"})",
     R"(/report/out_of_distribution: found the text "mnist"; allowed: an array)"},
    {R"("seed": 7)", R"("report": {"predictions": "csv"})",
     R"(/report/predictions: found the text "csv"; allowed: true or false (default false))"},
    {R"("seed": 7)", R"("report": {"prediction": true})",
     R"(/report/prediction: there is no setting "prediction"; did you mean "predictions"? Available: out_of_distribution, predictions)"},
    {R"("seed": 7)", R"("report": ["mnist"])", R"(/report: found an array; allowed: an object)"},
    // models that refer to models, and data that they are for
    {R"("type": "network"})", R"("type": "network", "initialise_as": "teacher"}, "third": {"type": "other"})", ""},
    {R"({"mnist": {"type": "table", "directory": "files"}},)",
     R"({"mnist": {"type": "table", "directory": "f"}, "more": {"type": "table", "directory": "g"}},)", ""},
    {R"("type": "network"})", R"("type": "network", "initialise_as": "student"})", ""},
    {R"("type": "network"})",
     R"("type": "network", "initialise_as": "third"}, "third": {"type": "other", "initialise_as": "teacher"})",
     R"(/models/student/initialise_as: "third" is itself initialised as "teacher"; allowed: a model that is not)",
     elsewhere},
};

} // namespace retort::test
