// SPDX-License-Identifier: Apache-2.0
#include "weights.hpp"

#include <filesystem>

namespace retort::host {

namespace fs = std::filesystem;

namespace {

/// The run directory that `target` is, or lies in as a file of weights.
fs::path run_of(const fs::path &target) {
    return fs::is_directory(target) ? target : fs::absolute(target).parent_path().parent_path();
}

/// "student.last.safetensors" is of "student", "last".
framework::WeightsFile weights_file(const Arguments &arguments) {
    const std::string name = fs::path(arguments.target).stem().string();
    const std::size_t dot = name.find('.');
    const std::string kind = dot == name.npos ? std::string("file") : name.substr(dot + 1);
    return {arguments.model.empty() ? name.substr(0, dot) : arguments.model, kind, arguments.target};
}

} // namespace

Arguments with_manifest(Arguments arguments) {
    if (!fs::exists(arguments.target))
        throw framework::Error(framework::ErrorCode::data, arguments.target, "there is no such file or folder");
    if (arguments.manifest.empty())
        arguments.manifest = (run_of(arguments.target) / "manifest.json").string();
    if (!fs::exists(arguments.manifest))
        throw framework::Error(framework::ErrorCode::usage, arguments.target,
                               "it is not in a run directory, for there is no " + arguments.manifest +
                                   "; say which manifest describes the model, with --manifest");
    return arguments;
}

std::vector<framework::WeightsFile> weights_of(const Arguments &arguments, const framework::Plan &plan) {
    if (!fs::is_directory(arguments.target))
        return {weights_file(arguments)};
    std::vector<framework::WeightsFile> files;
    for (framework::WeightsFile &file : framework::weights_in(arguments.target, plan))
        if (arguments.model.empty() || file.model == arguments.model)
            files.push_back(std::move(file));
    if (files.empty())
        throw framework::Error(framework::ErrorCode::data, arguments.target,
                               "there are no weights" +
                                   (arguments.model.empty() ? std::string() : " of a model '" + arguments.model + "'") +
                                   " in this run directory");
    return files;
}

} // namespace retort::host
