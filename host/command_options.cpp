// SPDX-License-Identifier: Apache-2.0
#include "command_options.hpp"

#include <CLI/CLI.hpp>

#include <map>

namespace retort::host {

namespace {

using framework::LogLevel;

const std::map<std::string, LogLevel> log_levels{{"debug", LogLevel::debug},
                                                 {"info", LogLevel::info},
                                                 {"warning", LogLevel::warning},
                                                 {"error", LogLevel::error},
                                                 {"off", LogLevel::off}};

const std::map<std::string, sdk::Split> splits{
    {"train", sdk::Split::train}, {"validation", sdk::Split::validation}, {"test", sdk::Split::test}};

} // namespace

CommandOptions::CommandOptions(CLI::App &app, Arguments &arguments) : app_(app), arguments_(arguments) {}

void CommandOptions::add_all() {
    add_run();
    add_validate();
    add_lock();
    add_evaluate();
    add_predict();
    add_list();
    add_describe();
    add_schema();
    add_check();
    add_probe();
    add_doctor();
    add_new();
}

void CommandOptions::complete() {
    if (seed_)
        arguments_.set.push_back("/seed=" + std::to_string(*seed_));
    if (threads_)
        arguments_.set.push_back("/threads=" + std::to_string(*threads_));
    if (arguments_.resume)
        arguments_.manifest = (*arguments_.resume / "manifest.json").string();
    arguments_.split = splits.at(split_);
    arguments_.log_level = log_levels.at(log_level_);
}

CLI::App *CommandOptions::add(const std::string &name, Command command, const std::string &description) {
    CLI::App *sub = app_.add_subcommand(name, description);
    sub->parse_complete_callback([this, command] { arguments_.command = command; });
    return sub;
}

void CommandOptions::add_run() {
    CLI::App *run = add("run", Command::run, "Run the stages of a manifest.");
    CLI::Option *manifest = add_manifest(run)->required(false);
    auto *output = run->add_option("--output", arguments_.output,
                                   "Run directory: new, empty, or an earlier run, whose stages are loaded where "
                                   "nothing changed and replaced where something did. Default: runs/MANIFEST");
    auto *resume = run->add_option("--resume", arguments_.resume,
                                   "Go on with the interrupted run in this run directory, by its own manifest")
                       ->type_name("DIR");
    run->add_option("--force", arguments_.force, "Run this stage even though nothing changed; may be repeated")
        ->type_name("STAGE")
        ->allow_extra_args(false)
        ->excludes(resume);
    for (CLI::Option *changing : {manifest, output, run->get_option("--set")})
        changing->excludes(resume);
    run->final_callback([manifest, resume] {
        if (manifest->empty() && resume->empty())
            throw CLI::RequiredError("manifest (or --resume DIR)");
    });
    run->add_flag("--watch", arguments_.watch,
                  "Look at the manifest after each epoch: what was edited in the stage that runs changes while it "
                  "runs, as \"changes\" of the manifest do")
        ->excludes(resume);
    run->add_flag("--profile", arguments_.profile,
                  "Measure where the time goes: a table at the end, and profile.csv and a trace, profile.json, in the "
                  "run directory");
    run->add_option("--seed", seed_, "Same as --set /seed=N")->type_name("N")->excludes(resume);
    run->add_option("--threads", threads_, "Same as --set /threads=N; 0: all that the process may use")
        ->type_name("N")
        ->excludes(resume);
    run->add_option("--log-level", log_level_, "What is logged on stderr (the log file has everything)")
        ->check(CLI::IsMember(log_levels))
        ->type_name("debug|info|warning|error|off")
        ->capture_default_str();
    auto *quiet = run->add_flag("--quiet", arguments_.quiet, "Print errors only");
    add_json(run)->excludes(quiet);
}

void CommandOptions::add_validate() {
    CLI::App *validate = add("validate", Command::validate,
                             "Check a manifest, its plugins, and the headers of its data; train nothing.");
    add_manifest(validate);
    add_json(validate);
}

void CommandOptions::add_lock() {
    CLI::App *lock = add("lock", Command::lock,
                         "Pin the plugins that a manifest uses: write their digests into it, and change nothing "
                         "else.");
    lock->add_option("manifest", arguments_.manifest, "Manifest, a JSON file")->type_name("FILE")->required();
    add_plugin_path(lock);
    add_json(lock);
}

void CommandOptions::add_probe() {
    CLI::App *probe = add("probe", Command::probe,
                          "Tell everything about one plugin, or why it is refused, after it was tried in a process "
                          "of its own.");
    probe->add_option("plugin", arguments_.target, "Shared library")->type_name("FILE")->required();
    probe->add_option("--timeout", arguments_.timeout, "Seconds that the trial may take")
        ->type_name("SECONDS")
        ->check(CLI::Range(0.001, 86400.0))
        ->capture_default_str();
    probe->add_flag("--child", arguments_.child)->group(""); // how it calls itself
    add_allow_unsafe(probe);
    add_json(probe);
}

void CommandOptions::add_doctor() {
    CLI::App *doctor = add("doctor", Command::doctor,
                           "Tell where plugins are looked for, what was found there, and what is wrong with it.");
    add_plugin_path(doctor);
    add_json(doctor);
}

void CommandOptions::add_new() {
    CLI::App *make = add("new", Command::make_new,
                         "Write the project of a new plugin: source, test, manifest, and how to build it.");
    make->add_option("role", arguments_.role, "Such as discriminator or loss")->type_name("ROLE")->required();
    make->add_option("name", arguments_.name, "Of component, plugin and files")->type_name("NAME")->required();
    make->add_option("--directory", arguments_.directory, "Folder to write, new or empty. Default: ./NAME")
        ->type_name("DIR");
    add_plugin_path(make);
}

void CommandOptions::add_evaluate() {
    CLI::App *evaluate = add("evaluate", Command::evaluate,
                             "Count the errors of a run's weights again, or on other data; train nothing.");
    evaluate->add_option("weights", arguments_.target, "Run directory, or a file of weights in one")
        ->type_name("RUN|FILE")
        ->required();
    evaluate->add_option("--model", arguments_.model, "Only this model; for a file, the model that it is of")
        ->type_name("NAME");
    evaluate->add_option("--data", arguments_.data, "Dataset of the manifest. Default: the model's own")
        ->type_name("NAME");
    evaluate->add_option("--split", split_, "Which examples")
        ->check(CLI::IsMember(splits))
        ->type_name("train|validation|test")
        ->capture_default_str();
    add_manifest_option(evaluate, "Manifest with the model and the data");
    add_set(evaluate);
    add_plugin_path(evaluate);
    add_json(evaluate);
}

void CommandOptions::add_predict() {
    CLI::App *predict = add("predict", Command::predict,
                            "Predict the classes of examples in files: most probable class, probability of each, and "
                            "entropy in nats.");
    predict->add_option("run", arguments_.target, "Run directory, or a file of weights in one")
        ->type_name("RUN|WEIGHTS")
        ->required();
    predict
        ->add_option("inputs", arguments_.inputs,
                     "Examples: IDX of bytes, or NPY of uint8 or float32, plain or gzip; - is standard input")
        ->type_name("FILE")
        ->required();
    predict->add_option("--model", arguments_.model, "Of the run's models; for a file, the model that it is of")
        ->type_name("NAME");
    predict
        ->add_option("--weights", arguments_.weights,
                     "Which weights of a run directory, such as selected. Default: last, or those that were loaded")
        ->type_name("KIND");
    add_manifest_option(predict, "Manifest with the model");
    auto *output =
        predict->add_option("--output", arguments_.output, "File to write. Default: stdout")->type_name("FILE");
    auto *format =
        predict->add_option("--format", arguments_.format, "How to write. Default: by the ending of --output, else csv")
            ->check(CLI::IsMember({"csv", "jsonl", "npy"}))
            ->type_name("csv|jsonl|npy");
    auto *batch = predict->add_option("--batch", arguments_.batch, "Examples at a time")
                      ->check(CLI::Range(1, 65536))
                      ->type_name("N")
                      ->capture_default_str();
    auto *latency = predict->add_flag("--latency", arguments_.latency,
                                      "Write nothing; predict the examples one by one and tell how long one takes");
    for (CLI::Option *other : {output, format, batch})
        latency->excludes(other);
    add_set(predict);
    add_plugin_path(predict);
}

void CommandOptions::add_list() {
    CLI::App *list = add("list", Command::list, "List what plugins offer.");
    list->add_option("role", arguments_.role, "Only this role")->type_name("ROLE");
    add_plugin_path(list);
    add_json(list);
}

void CommandOptions::add_describe() {
    CLI::App *describe = add("describe", Command::describe, "Describe a component and all of its settings.");
    describe->add_option("component", arguments_.target, "As `retort list` names it: discriminator/mlp")
        ->type_name("ROLE/NAME")
        ->required();
    add_plugin_path(describe);
    add_json(describe);
}

void CommandOptions::add_schema() {
    CLI::App *schema = add("schema", Command::schema,
                           "Print the JSON Schema of manifests for the plugins present, for editors and other "
                           "programs.");
    add_plugin_path(schema);
}

void CommandOptions::add_check() {
    CLI::App *check = add("check", Command::check,
                          "Check that a plugin keeps the contract: gradients, state, bytes, memory, and more.");
    check->add_option("plugin", arguments_.plugin, "As `retort list` names it, or the path of a library")
        ->type_name("PLUGIN")
        ->required();
    check->add_option("component", arguments_.target, "Only this one of its components: discriminator/mlp")
        ->type_name("ROLE/NAME");
    check->add_option("--set", arguments_.set, "Give a setting, such as one that has no default: /directory=data")
        ->type_name("/SETTING=VALUE")
        ->allow_extra_args(false);
    check->add_option("--seed", arguments_.seed, "Of the random draws of settings and data")
        ->type_name("N")
        ->capture_default_str();
    check
        ->add_option("--timeout", arguments_.check_timeout,
                     "Seconds that one check may take with one choice of settings")
        ->type_name("SECONDS")
        ->check(CLI::Range(0.001, 86400.0))
        ->capture_default_str();
    check->add_option("--junit", arguments_.junit, "Write a JUnit report to this file")->type_name("FILE");
    add_plugin_path(check);
    add_json(check);
}

CLI::Option *CommandOptions::add_manifest(CLI::App *command) {
    CLI::Option *manifest =
        command->add_option("manifest", arguments_.manifest, "Manifest, a JSON file")->type_name("FILE")->required();
    add_set(command);
    add_plugin_path(command);
    return manifest;
}

void CommandOptions::add_manifest_option(CLI::App *command, const std::string &what) {
    command->add_option("--manifest", arguments_.manifest, what + ". Default: manifest.json of the run directory")
        ->type_name("FILE");
}

void CommandOptions::add_set(CLI::App *command) {
    command
        ->add_option("--set", arguments_.set,
                     "Change the manifest: a JSON pointer, in which list elements may go by their names, = a value")
        ->type_name("PATH=VALUE")
        ->allow_extra_args(false);
}

void CommandOptions::add_plugin_path(CLI::App *command) {
    command->add_option("--plugin-path", arguments_.plugin_path, "Look for plugins here first; may be repeated")
        ->type_name("DIR")
        ->allow_extra_args(false);
    add_allow_unsafe(command);
}

void CommandOptions::add_allow_unsafe(CLI::App *command) {
    command->add_flag("--allow-unsafe-plugins", arguments_.allow_unsafe_plugins,
                      "Load plugins that others can write or own, too");
}

CLI::Option *CommandOptions::add_json(CLI::App *command) {
    return command->add_flag("--json", arguments_.json, "Print JSON on stdout");
}

} // namespace retort::host
