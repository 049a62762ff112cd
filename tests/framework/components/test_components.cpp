// SPDX-License-Identifier: Apache-2.0
#include <retort/framework/safetensors.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <framework/source/components/components.hpp>
#include <stdexcept>
#include <support/context.hpp>
#include <support/fake_plan.hpp>
#include <support/temporary_folder.hpp>

BOOST_AUTO_TEST_SUITE(test_components)

using namespace retort;
using framework::Components;
using sdk::Split;

namespace {

/// The components of a plan, on services of their own.
struct Fixture {
    explicit Fixture(framework::Plan all, const std::string &directory = {}) : plan(std::move(all)) {
        components.emplace(plan, services, directory);
    }

    framework::Plan plan;
    test::FakeServices services;
    std::optional<Components> components;
};

/// What is wrong with a plan, a mistake a line.
std::string mistakes_of(const framework::Plan &plan) {
    try {
        const Fixture fixture(plan);
        return {};
    } catch (const framework::Error &error) {
        return error.what();
    }
}

std::vector<float> values_of(sdk::Model &model) {
    const auto values = model.parameters().values;
    return {values.begin(), values.end()};
}

auto unknown(const std::string &message) {
    return [message](const sdk::Error &error) {
        BOOST_TEST(error.what() == message);
        return error.kind() == sdk::ErrorKind::plugin;
    };
}

/// A plan with a second model.
framework::Plan plan_with(test::FakePlan &fakes, const std::string &name, const std::string &initialise_as) {
    framework::Plan plan = fakes.plan();
    plan.models.push_back(plan.models[0]);
    plan.models[1].name = name;
    plan.models[1].initialise_as = initialise_as;
    return plan;
}

} // namespace

BOOST_AUTO_TEST_CASE(everything_is_built_for_what_it_depends_on) {
    test::FakePlan fakes;
    std::string told;
    fakes.make_model = [&](const sdk::ModelContext &context) {
        told = std::to_string(context.input_width) + " " + std::to_string(context.classes);
        return std::make_unique<test::FakeModel>();
    };
    fakes.make_observer = [&](const sdk::ObserverContext &context) {
        told += " " + context.directory;
        return std::make_unique<sdk::Observer>();
    };
    Fixture fixture(fakes.plan(), "/run");
    BOOST_TEST(told == "2 2 /run");
    BOOST_TEST(fixture.components->datasets.size() == 1U);
    BOOST_TEST(&fixture.components->model("net") == fixture.components->models[0].component.get());
    BOOST_TEST(fixture.components->model_origin("net").pointer == "/models/net");
    BOOST_TEST(fixture.components->trainers[0].component->trains() == "net");
    BOOST_TEST(fixture.components->trainers[0].origin.stage == "teach");
    BOOST_TEST(fixture.components->observers.size() == 1U);
    BOOST_TEST(!fakes.dataset->loaded);
    BOOST_TEST(fakes.dataset->test_reads == 0U);
}

BOOST_AUTO_TEST_CASE(an_observer_stands_after_those_whose_files_it_reads) {
    struct Reader final : sdk::Observer {
        [[nodiscard]] std::span<const std::string_view> reads() const override {
            static constexpr std::string_view wanted[] = {"tables"};
            return wanted;
        }
    };
    test::FakePlan fakes;
    const auto plan_of = [&](const std::vector<std::string> &names) {
        framework::Plan plan = fakes.plan();
        const auto planned = plan.observers[0];
        plan.observers.assign(names.size(), planned);
        for (std::size_t i = 0; i < names.size(); ++i) {
            plan.observers[i].name = names[i];
            plan.observers[i].pointer = "/observers/" + std::to_string(i);
        }
        return plan;
    };
    std::size_t made = 0;
    std::size_t reader = 0;
    fakes.make_observer = [&](const auto &) -> std::unique_ptr<sdk::Observer> {
        if (made++ == reader)
            return std::make_unique<Reader>();
        return std::make_unique<sdk::Observer>();
    };
    const auto mistakes = [&](const std::vector<std::string> &names, std::size_t place) {
        made = 0;
        reader = place;
        return mistakes_of(plan_of(names));
    };
    BOOST_TEST(mistakes({"tables", "reader"}, 1) == "");
    BOOST_TEST(mistakes({"tables@mine", "other", "reader"}, 2) == "");
    BOOST_TEST(mistakes({"reader"}, 0) ==
               "/observers/0: it reads the files of the observer \"tables\"; found before it: "
               "none; allowed: \"tables\" before it [plugin fake_observer]");
    BOOST_TEST(
        mistakes({"table", "reader", "tables"}, 1) ==
        "/observers/1: it reads the files of the observer \"tables\"; found before it: table; allowed: \"tables\" "
        "before it [plugin fake_observer]");
}

BOOST_AUTO_TEST_CASE(trainers_see_a_dataset_without_its_test_split) {
    test::FakePlan fakes;
    Fixture fixture(fakes.plan());
    BOOST_TEST(&fixture.components->whole_dataset("toy") == fakes.dataset);
    const sdk::Dataset &seen = fixture.components->dataset("toy");
    BOOST_TEST(seen.size(Split::train) == 8U);
    const std::uint64_t rows[] = {0};
    const sdk::MatrixBuffer inputs(1, 2);
    BOOST_CHECK_NO_THROW(seen.read(Split::train, rows, inputs.view(), {}));
    BOOST_CHECK_THROW(seen.read(Split::test, rows, inputs.view(), {}), sdk::Error);
}

BOOST_AUTO_TEST_CASE(data_to_be_told_apart_must_fit_every_model_and_be_tested) {
    test::FakePlan fakes;
    framework::Plan plan = fakes.plan();
    std::size_t width = 2;
    std::size_t tests = 1;
    fakes.make_dataset = [&](const auto &) {
        struct Other final : test::FakeDataset {
            [[nodiscard]] std::size_t width() const override { return width_; }

            std::size_t width_ = 0;
        };
        auto made = std::make_unique<Other>();
        made->width_ = width;
        made->test = tests;
        return made;
    };
    plan.datasets.push_back(fakes.plan().datasets[0]);
    plan.datasets[1].name = "other";
    plan.report.out_of_distribution = {"toy", "other"};
    BOOST_TEST(mistakes_of(plan) == "");
    tests = 0;
    BOOST_TEST(mistakes_of(plan) == "/report/out_of_distribution/1: \"other\" has no test examples; allowed: a dataset "
                                    "that has some");
    tests = 1;
    width = 3;
    BOOST_TEST(mistakes_of(plan) == "/report/out_of_distribution/1: an example of \"other\" is 3 numbers, and model "
                                    "\"net\" takes 2; allowed: a dataset of that width");
}

BOOST_AUTO_TEST_CASE(unknown_names_are_errors) {
    test::FakePlan fakes;
    Fixture fixture(fakes.plan());
    Components &components = *fixture.components;
    const auto model = unknown("there is no model 'none' in the manifest");
    const auto dataset = unknown("there is no dataset 'none' in the manifest");
    BOOST_CHECK_EXCEPTION((void)components.model("none"), sdk::Error, model);
    BOOST_CHECK_EXCEPTION((void)components.model_origin("none"), sdk::Error, model);
    BOOST_CHECK_EXCEPTION((void)components.dataset("none"), sdk::Error, dataset);
    BOOST_CHECK_EXCEPTION((void)components.whole_dataset("none"), sdk::Error, dataset);
}

BOOST_AUTO_TEST_CASE(each_name_has_its_own_random_numbers) {
    test::FakePlan fakes;
    Fixture one(fakes.plan());
    Fixture other(fakes.plan());
    other.plan.seed = 8;
    other.components.emplace(other.plan, other.services, "");
    Components &components = *one.components;
    BOOST_TEST((components.dataset_random("toy") == components.dataset_random("toy")));
    BOOST_TEST(!(components.dataset_random("toy") == components.dataset_random("toys")));
    BOOST_TEST(!(components.dataset_random("toy") == other.components->dataset_random("toy")));
}

BOOST_AUTO_TEST_CASE(models_begin_with_the_values_of_their_stream) {
    const auto two_models = [](const std::string &name, const std::string &initialise_as) {
        test::FakePlan fakes;
        Fixture fixture(plan_with(fakes, name, initialise_as));
        fixture.components->initialise_models();
        auto &second = static_cast<test::FakeModel &>(fixture.components->model(name));
        BOOST_CHECK(second.changes == std::vector{sdk::Change::restore});
        return std::pair(values_of(fixture.components->model("net")), values_of(second));
    };
    const auto [net, copy] = two_models("copy", "net");
    BOOST_TEST(net == copy, boost::test_tools::per_element());
    const auto [again, other] = two_models("other", "other");
    BOOST_TEST(net == again, boost::test_tools::per_element());
    BOOST_TEST((net != other));
}

BOOST_AUTO_TEST_CASE(models_are_built_after_those_that_they_are_made_of) {
    test::FakePlan fakes;
    fakes.make_model = [](const sdk::ModelContext &context) {
        BOOST_TEST(context.data->size(Split::train) == 8U);
        return std::make_unique<test::FakeModel>();
    };
    framework::Plan plan = plan_with(fakes, "all", "all");
    plan.models[1].models = {"net"};
    std::swap(plan.models[0], plan.models[1]);
    Fixture fixture(plan);
    BOOST_TEST_REQUIRE(fixture.components->models.size() == 2U);
    BOOST_TEST(fixture.components->models[0].name == "net");
    BOOST_TEST(fixture.components->models[1].name == "all");
}

BOOST_AUTO_TEST_CASE(what_is_made_of_a_model_that_could_not_be_built_is_left_out) {
    test::FakePlan fakes;
    std::size_t made = 0;
    fakes.make_model = [&](const auto &) -> std::unique_ptr<sdk::Model> {
        ++made;
        throw sdk::Error(sdk::ErrorKind::settings, "never", "/width");
    };
    framework::Plan plan = plan_with(fakes, "all", "all");
    plan.models[1].models = {"net"};
    BOOST_TEST(mistakes_of(plan) == "/models/net/width: never [plugin fake_model]");
    BOOST_TEST(made == 1U);
}

BOOST_AUTO_TEST_CASE(what_a_stage_trains_is_no_part_of_what_it_uses) {
    test::FakePlan fakes;
    framework::Plan plan = plan_with(fakes, "all", "all");
    plan.models[1].models = {"net"};
    BOOST_TEST(mistakes_of(plan).empty()); // it does not use it
    plan.stages[0].models = {"net", "all"};
    BOOST_TEST(mistakes_of(plan) == "/stages/teach: it trains \"net\", and uses \"all\", which is made of it; allowed: "
                                    "models that the stage leaves as they are [plugin fake_trainer, stage teach]");
}

BOOST_AUTO_TEST_CASE(what_has_nothing_to_train_is_not_trained) {
    struct Fixed : test::FakeModel {
        sdk::Parameters parameters() override { return {}; }
    };
    test::FakePlan fakes;
    fakes.make_model = [](const auto &) { return std::make_unique<Fixed>(); };
    BOOST_TEST(mistakes_of(fakes.plan()) ==
               "/stages/teach: the model \"net\" has nothing to train; allowed: models with "
               "parameters [plugin fake_trainer, stage teach]");
}

BOOST_AUTO_TEST_CASE(models_begin_with_the_values_of_their_file) {
    const test::TemporaryFolder folder;
    test::FakeModel saved;
    std::fill_n(saved.arena.values(0).begin(), 4, 0.5F);
    test::FakePlan fakes;
    fakes.weights = (folder.path() / "net.safetensors").string();
    framework::write_safetensors(fakes.weights, saved.parameters());
    Fixture fixture(fakes.plan());
    fixture.components->initialise_models();
    BOOST_TEST(values_of(*fakes.model) == values_of(saved), boost::test_tools::per_element());
    BOOST_CHECK(fakes.model->changes == std::vector{sdk::Change::restore});
}

BOOST_AUTO_TEST_CASE(a_file_that_does_not_fit_is_a_mistake_of_construction) {
    test::FakePlan fakes;
    fakes.weights = "/nowhere/net.safetensors";
    const std::string mistakes = mistakes_of(fakes.plan());
    BOOST_TEST(mistakes.starts_with("/models/net/weights: /nowhere/net.safetensors: the file cannot be read"),
               mistakes);
}

BOOST_AUTO_TEST_CASE(what_depends_on_what_failed_is_left_out) {
    test::FakePlan fakes;
    fakes.make_dataset = [](const auto &) -> std::unique_ptr<sdk::Dataset> { throw std::runtime_error("no files"); };
    fakes.make_model = [](const auto &) -> std::unique_ptr<sdk::Model> { throw std::logic_error("unreached"); };
    fakes.make_observer = [](const auto &) -> std::unique_ptr<sdk::Observer> { throw std::runtime_error("no room"); };
    BOOST_TEST(mistakes_of(fakes.plan()) ==
               "/data/toy: no files [plugin fake_data]\n/observers/0: no room [plugin fake_observer]");
}

BOOST_AUTO_TEST_CASE(data_that_cannot_be_loaded_names_its_place) {
    struct Damaged : test::FakeDataset {
        void load() override { throw sdk::Error(sdk::ErrorKind::data, "damaged", "/file"); }
    };
    test::FakePlan fakes;
    Fixture fine(fakes.plan());
    fine.components->load_data();
    BOOST_TEST(fakes.dataset->loaded);
    fakes.make_dataset = [](const auto &) { return std::make_unique<Damaged>(); };
    Fixture damaged(fakes.plan());
    BOOST_CHECK_EXCEPTION(damaged.components->load_data(), framework::Error, [](const framework::Error &error) {
        return error.what() == std::string("/data/toy/file: damaged [plugin fake_data]") &&
               error.code() == framework::ErrorCode::data;
    });
}

BOOST_AUTO_TEST_SUITE_END()
