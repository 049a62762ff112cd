// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/augmentation.hpp>
#include <retort/sdk/roles/dataset.hpp>
#include <retort/sdk/roles/discriminator.hpp>
#include <retort/sdk/roles/head.hpp>
#include <retort/sdk/roles/loss.hpp>
#include <retort/sdk/roles/model.hpp>
#include <retort/sdk/roles/objective.hpp>
#include <retort/sdk/roles/optimizer.hpp>
#include <retort/sdk/schedule.hpp>
#include <retort/sdk/settings.hpp>

#include <cstdint>
#include <optional>
#include <plugins/trainers/adversarial_distillation/alarm_settings.hpp>
#include <string>
#include <vector>

namespace retort::trainer_adversarial_distillation {

struct ConditionSettings {
    std::string tap;
    sdk::ComponentSpec<sdk::Head> head{"random_projection"};

    void fields(sdk::Fields &field) {
        field.required("tap", tap, "The teacher's tap that tells the discriminator which example it sees.");
        field("head", head, "What is made of that tap: fitted before training, never trained.");
    }
};

struct PairSettings {
    std::string teacher_tap = "logits";
    std::string student_tap = "logits";
    sdk::ComponentSpec<sdk::Head> teacher_head{"point"};
    sdk::ComponentSpec<sdk::Head> student_head{"point"};
    std::optional<ConditionSettings> condition;

    void fields(sdk::Fields &field) {
        field("teacher_tap", teacher_tap, "The teacher's representation h_t.");
        field("student_tap", student_tap, "The student's representation h_s.");
        field("teacher_head", teacher_head, "Makes q_t(z|x) of h_t. It has nothing to train.");
        field("student_head", student_head, "Makes q_s(z|x) of h_s, in the teacher head's space.");
        field("condition", condition, "What discriminators on this pair are conditioned on, if they need it.");
    }
};

struct AdversarySettings {
    std::string name;
    std::string pair;
    sdk::ComponentSpec<sdk::Discriminator> discriminator;
    sdk::ComponentSpec<sdk::Objective> objective{"expected_probability"};
    sdk::Schedule lambda = 1.0;
    sdk::Schedule class_weight = 1.0;
    double balance = 0.0;
    std::uint64_t discriminator_steps = 1;
    double until_accuracy = 0.0;
    bool fresh_batches = false;
    sdk::ComponentSpec<sdk::Optimizer> optimizer{"adam"};

    void fields(sdk::Fields &field) {
        field.required("name", name, "Names the adversary in metrics, figures and paths.");
        field.required("pair", pair, "Which of the stage's pairs it plays on.");
        field.required("discriminator", discriminator, "Tells the teacher's samples from the student's.");
        field("objective", objective, "The game between discriminator and student.");
        field("lambda", lambda, "Factor of the student's adversarial loss in the sum that is minimised.", {0.0, 1e6});
        field("class_weight", class_weight,
              "Factor of the cross-entropy of the labels by the discriminator's class logits, beside the score's loss, "
              "in the discriminator's step and, with lambda, in the student's. Without class logits there is none.",
              {0.0, 1e6});
        field("balance", balance,
              "Norm of the adversary's gradient at the student's tap, in units of that of the losses at the same tap: "
              "the gradient is scaled to it by running means over some 100 steps, before lambda. 0: it is as it is.",
              {0.0, 1e6});
        field("discriminator_steps", discriminator_steps, "Steps of the discriminator per step of the student.",
              {1, 1000});
        field("until_accuracy", until_accuracy,
              "A step of the discriminator after the first is taken only while its accuracy on the batch, before the "
              "last one, was less than this. 0: all are taken.",
              {0.0, 1.0});
        field("fresh_batches", fresh_batches,
              "Whether discriminator steps after the first take other batches, or new samples on the same one.");
        field("optimizer", optimizer, "Of the discriminator.");
    }
};

struct LossSettings {
    sdk::ComponentSpec<sdk::Loss> loss;
    sdk::Schedule weight = 1.0;
    std::string pair;

    void fields(sdk::Fields &field) {
        field.required("", loss, "A loss on labels, on both models' logits, or on a pair's distributions.");
        field("weight", weight, "Factor of this loss in the sum that is minimised.", {0.0, 1e6});
        field("pair", pair, "The pair whose distributions it compares; empty for losses on labels or logits.");
    }
};

struct Settings {
    sdk::Reference<sdk::Model> teacher;
    sdk::Reference<sdk::Model> student;
    sdk::Reference<sdk::Dataset> data;
    std::uint64_t epochs = 20;
    std::uint64_t batch = 250;
    sdk::Augmentation augmentation;
    sdk::ComponentSpec<sdk::Optimizer> optimizer{"adam"};
    sdk::Map<PairSettings> pairs;
    std::vector<AdversarySettings> adversaries;
    std::vector<LossSettings> losses{{sdk::ComponentSpec<sdk::Loss>("cross_entropy"), 1.0, {}}};
    std::uint64_t teacher_cache = 256;
    std::uint64_t telemetry_every = 100;
    AlarmSettings alarms;
    OnAlarm on_alarm = OnAlarm::log;

    void fields(sdk::Fields &field) {
        field.required("teacher", teacher, "The model to learn from. Its weights stay as they are.");
        field.required("student", student, "The model to train.");
        field.required("data", data, "The dataset to train on.");
        field("epochs", epochs, "How often every training example is seen.", {1, 1e6});
        field("batch", batch, "Examples per step; the last batch of an epoch may be short.", {1, 1e6});
        field("augmentation", augmentation, "How far each image is moved, at random and anew in every epoch.");
        field("optimizer", optimizer, "Of the student and its heads.");
        field("pairs", pairs, "Where teacher and student meet: one tap of each, with heads over one space.");
        field("adversaries", adversaries, "Discriminators, each with its game. None: the losses alone.");
        field("losses", losses, "What is minimised besides: a weighted sum.");
        field("teacher_cache", teacher_cache,
              "MiB of the teacher's outputs to keep in memory, those of each of its members where it is an ensemble. "
              "With more of them, or with augmentation, the teacher runs on every batch.",
              {0, 1e6});
        field("telemetry_every", telemetry_every,
              "Steps from one measurement of each term's gradient with respect to the student's weights to the next. "
              "0: there is none.",
              {0, 1e9});
        field("alarms", alarms, "When training is told to have gone wrong.");
        field("on_alarm", on_alarm,
              "What follows an alarm: a line in the log and an event, or besides, the end of the run with exit code 6 "
              "and "
              "the student's weights of the last window without an alarm.");
    }
};

} // namespace retort::trainer_adversarial_distillation
