// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/random.hpp>
#include <retort/sdk/roles/dataset.hpp>
#include <retort/sdk/services.hpp>
#include <retort/sdk/settings.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <numbers>
#include <span>
#include <string>

// Images that are moved at random, so that a network sees more of them than there are.
namespace retort::sdk {

/// How one image is moved: turned and scaled about its middle, then shifted.
struct Motion {
    std::ptrdiff_t right = 0; ///< columns; negative: left
    std::ptrdiff_t down = 0;  ///< rows; negative: up
    double angle = 0.0;       ///< clockwise, in radians
    double factor = 1.0;      ///< of lengths, above 0
};

/// Settings of a stage: how far each image is moved at most.
struct Augmentation {
    std::uint64_t shift = 0; ///< pixels
    double rotation = 0.0;   ///< degrees
    double scale = 0.0;      ///< relative

    void fields(Fields &field) {
        field("shift", shift, "Each image is moved by up to this many whole pixels in both directions.", {0, 1e4});
        field("rotation", rotation, "Each image is turned about its middle by up to this many degrees, either way.",
              {0.0, 180.0});
        field("scale", scale, "Each image's lengths are multiplied by 1 - scale to 1 + scale.", {0.0, 0.9});
    }

    [[nodiscard]] bool resamples() const { return rotation > 0.0 || scale > 0.0; }

    [[nodiscard]] bool active() const { return shift > 0 || resamples(); }

    /// A motion, each of its numbers uniform in its range and independent of the others. [any thread]
    [[nodiscard]] Motion draw(Random random) const {
        const auto whole = [&](std::uint64_t index) {
            return static_cast<std::ptrdiff_t>(random.below(index, 2 * shift + 1)) - static_cast<std::ptrdiff_t>(shift);
        };
        const auto symmetric = [&](std::uint64_t block, double most) {
            return most * (2.0 * Random::unit(random.block(block)[0]) - 1.0);
        };
        return {whole(0), whole(1), symmetric(2, rotation * std::numbers::pi / 180.0), 1.0 + symmetric(3, scale)};
    }
};

/// Moves an image in place by `right` columns and `down` rows (negative: left, up); what comes in from outside is the
/// background. `image` holds shape.channels * shape.height * shape.width numbers. [any thread]
inline void shift_image(std::span<float> image, const ImageShape &shape, std::ptrdiff_t right, std::ptrdiff_t down) {
    const auto height = static_cast<std::ptrdiff_t>(shape.height);
    const auto width = static_cast<std::ptrdiff_t>(shape.width);
    const std::ptrdiff_t first = std::clamp(right, std::ptrdiff_t{0}, width); // columns that keep something
    const std::ptrdiff_t last = std::clamp(width + right, std::ptrdiff_t{0}, width);
    for (std::size_t channel = 0; channel < shape.channels; ++channel) {
        float *const plane = image.data() + channel * shape.height * shape.width;
        for (std::ptrdiff_t i = 0; i < height; ++i) {
            const std::ptrdiff_t y = down > 0 ? height - 1 - i : i; // a row is read before it is overwritten
            float *const row = plane + y * width;
            if (y - down < 0 || y - down >= height || first >= last) {
                std::fill(row, row + width, shape.background);
                continue;
            }
            const float *const source = row - down * width;
            std::memmove(row + first, source + first - right, static_cast<std::size_t>(last - first) * sizeof(float));
            std::fill(row, row + first, shape.background);
            std::fill(row + last, row + width, shape.background);
        }
    }
}

/// `image` moved, into `result`, another place; both hold shape.channels * shape.height * shape.width numbers. With c
/// the image's middle and t the shift, the pixel at p is what stands at c + R(-angle) (p - c - t) / factor, bilinear
/// between the four pixels around that; outside of the image is background.
inline void move_image(std::span<const float> image, std::span<float> result, const ImageShape &shape,
                       const Motion &motion) {
    const auto height = static_cast<std::ptrdiff_t>(shape.height);
    const auto width = static_cast<std::ptrdiff_t>(shape.width);
    const float middle_x = 0.5F * static_cast<float>(width - 1);
    const float middle_y = 0.5F * static_cast<float>(height - 1);
    const auto cosine = static_cast<float>(std::cos(motion.angle) / motion.factor);
    const auto sine = static_cast<float>(std::sin(motion.angle) / motion.factor);
    for (std::size_t channel = 0; channel < shape.channels; ++channel) {
        const float *const plane = image.data() + channel * shape.height * shape.width;
        float *to = result.data() + channel * shape.height * shape.width;
        const auto at = [&](std::ptrdiff_t y, std::ptrdiff_t x) {
            return y >= 0 && y < height && x >= 0 && x < width ? plane[y * width + x] : shape.background;
        };
        for (std::ptrdiff_t y = 0; y < height; ++y) {
            const float dy = static_cast<float>(y - motion.down) - middle_y;
            for (std::ptrdiff_t x = 0; x < width; ++x) {
                const float dx = static_cast<float>(x - motion.right) - middle_x;
                // From -1 on, where nothing of the image is left, so that what is cut off below is the fraction.
                const float from_x = std::clamp(middle_x + cosine * dx + sine * dy, -1.0F, static_cast<float>(width));
                const float from_y = std::clamp(middle_y - sine * dx + cosine * dy, -1.0F, static_cast<float>(height));
                const auto left = static_cast<std::ptrdiff_t>(from_x + 1.0F) - 1;
                const auto above = static_cast<std::ptrdiff_t>(from_y + 1.0F) - 1;
                const float part_x = from_x - static_cast<float>(left);
                const float part_y = from_y - static_cast<float>(above);
                const float upper = at(above, left) + part_x * (at(above, left + 1) - at(above, left));
                const float lower = at(above + 1, left) + part_x * (at(above + 1, left + 1) - at(above + 1, left));
                *to++ = upper + part_y * (lower - upper);
            }
        }
    }
}

/// Reports what makes it impossible for examples of that shape: that they are no images ("/augmentation"), or a shift
/// beyond their edge ("/augmentation/shift").
inline void check_augmentation(const Augmentation &augmentation, const ImageShape &shape, Problems &problems) {
    if (!augmentation.active())
        return;
    if (shape.channels == 0)
        problems.add(
            "/augmentation",
            "the dataset's examples are no images and cannot be moved; allowed: a shift, rotation and scale of 0");
    else if (augmentation.shift >= std::min(shape.height, shape.width))
        problems.add("/augmentation/shift", "a shift by " + std::to_string(augmentation.shift) +
                                                " leaves nothing of an image of " + std::to_string(shape.height) +
                                                " by " + std::to_string(shape.width) +
                                                "; allowed: less than its smaller side");
}

} // namespace retort::sdk
