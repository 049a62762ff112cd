// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/error.hpp>

#include <exception>
#include <new>
#include <string>
#include <string_view>

namespace retort::plugin_support {

/// Calls into a component that the caller owns. Whatever that throws leaves as an Error that points to `pointer`, its
/// place in the caller's own settings ("/losses/0"): not the caller is at fault, and who threw may not know where it
/// stands. [any thread]
template <class Call> decltype(auto) in_part(std::string_view pointer, Call &&call) {
    const auto fault = [&](const char *message) {
        return sdk::Error(sdk::ErrorKind::plugin, message, std::string(pointer), "");
    };
    try {
        return call();
    } catch (const sdk::Error &error) {
        throw sdk::Error(error.kind(), error.what(), std::string(pointer) + error.pointer(), error.plugin().c_str());
    } catch (const std::bad_alloc &) {
        throw fault("out of memory");
    } catch (const std::exception &error) {
        throw fault(error.what());
    } catch (...) {
        throw fault("threw something that is no std::exception");
    }
}

} // namespace retort::plugin_support
