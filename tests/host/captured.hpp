// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iostream>
#include <sstream>
#include <string>

namespace retort::test {

/// While it lives, what goes to std::cout and std::cerr is caught.
class Captured {
  public:
    Captured() = default;
    Captured(const Captured &) = delete;
    Captured &operator=(const Captured &) = delete;

    ~Captured() {
        std::cout.rdbuf(kept_out_);
        std::cerr.rdbuf(kept_err_);
    }

    [[nodiscard]] std::string out() const { return out_.str(); }

    [[nodiscard]] std::string err() const { return err_.str(); }

  private:
    std::ostringstream out_;
    std::ostringstream err_;
    std::streambuf *kept_out_ = std::cout.rdbuf(out_.rdbuf());
    std::streambuf *kept_err_ = std::cerr.rdbuf(err_.rdbuf());
};

} // namespace retort::test
