// SPDX-License-Identifier: Apache-2.0
#pragma once

// Everything that a plugin may use. Each header also stands alone.

#include <retort/sdk/arena.hpp>
#include <retort/sdk/augmentation.hpp>
#include <retort/sdk/batches.hpp>
#include <retort/sdk/bfloat16.hpp>
#include <retort/sdk/calibration.hpp>
#include <retort/sdk/detection.hpp>
#include <retort/sdk/evaluation.hpp>
#include <retort/sdk/finite.hpp>
#include <retort/sdk/names.hpp>
#include <retort/sdk/plugin.hpp>
#include <retort/sdk/profile.hpp>
#include <retort/sdk/replicas.hpp>
#include <retort/sdk/roles/dataset.hpp>
#include <retort/sdk/roles/discriminator.hpp>
#include <retort/sdk/roles/head.hpp>
#include <retort/sdk/roles/loss.hpp>
#include <retort/sdk/roles/model.hpp>
#include <retort/sdk/roles/objective.hpp>
#include <retort/sdk/roles/observer.hpp>
#include <retort/sdk/roles/optimizer.hpp>
#include <retort/sdk/roles/trainer.hpp>
#include <retort/sdk/training.hpp>
