// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dnnl.hpp>

#include <array>
#include <optional>
#include <plugins/shared/matmul.hpp>
#include <string>

namespace retort::plugin_support {

/// One matrix product of oneDNN's, with its memory objects, whose data pointers are exchanged before each execution. It
/// is built for as many threads as the calling thread may use (`omp_get_max_threads`), whatever the shape says of a
/// cut. Only its source file knows oneDNN's interface, which differs between versions 2 and 3. [one thread at a time]
class MatmulPrimitive {
  public:
    /// Errors: sdk::Error when oneDNN refuses the shape.
    explicit MatmulPrimitive(const MatmulShape &shape);

    // arguments_ has oneDNN's own handles, which moving the objects leaves as they are.
    MatmulPrimitive(MatmulPrimitive &&) = default;
    MatmulPrimitive &operator=(MatmulPrimitive &&) = default;

    /// What oneDNN calls its way to compute it.
    [[nodiscard]] const std::string &kernel() const { return kernel_; }

    /// As those of Matmul, without its types.
    void pack(const void *right);
    void operator()(const void *left, const void *right, void *result, const float *bias);

    struct Descriptors {
        dnnl::memory::desc left, right, result, bias;
    };

  private:
    MatmulPrimitive(const MatmulShape &shape, const Descriptors &all);
    MatmulPrimitive(const MatmulShape &shape, const Descriptors &all, const dnnl::matmul::primitive_desc &chosen);

    void execute(const dnnl::primitive &primitive, const dnnl_exec_arg_t *arguments, int count, const char *what) const;

    std::string kernel_;
    dnnl::matmul matmul_;
    dnnl::memory given_; ///< B as it is handed in
    dnnl::memory left_;
    dnnl::memory right_; ///< `given_`, or its packed copy
    dnnl::memory result_;
    dnnl::memory bias_;
    dnnl::stream stream_;
    std::array<dnnl_exec_arg_t, 4> arguments_;
    int argument_count_;
    std::optional<dnnl::reorder> packing_; ///< of `given_` into `right_`
    bool packed_ = false;
};

} // namespace retort::plugin_support
