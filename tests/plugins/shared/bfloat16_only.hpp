// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/test/unit_test.hpp>

#include <plugins/shared/matmul.hpp>
#include <support/context.hpp>

namespace retort::test {

/// Decorates a test case that is skipped, and said to be, where the processor does not multiply bfloat16.
inline boost::unit_test::precondition bfloat16_only() {
    return boost::unit_test::precondition([](boost::unit_test::test_unit_id) {
        FakeServices services;
        services.asked_precision = sdk::Precision::bf16;
        return boost::test_tools::assertion_result(plugin_support::usable_precision(services) == sdk::Precision::bf16);
    });
}

} // namespace retort::test
