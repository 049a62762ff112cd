// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/arena.hpp>
#include <retort/sdk/trainable.hpp>

#include <boost/test/unit_test.hpp>

#include <vector>

BOOST_AUTO_TEST_SUITE(test_trainable)

using namespace retort::sdk;

namespace {

class Scalar final : public Trainable {
  public:
    explicit Scalar(bool trained) {
        if (trained)
            arena_.add("value", {1}, false);
        arena_.allocate();
    }

    Parameters parameters() override { return arena_.parameters(); }

    void initialise(Random random) override { arena_.values(0)[0] = random.uniform(0); }

    void parameters_changed(Change change) override { changes.push_back(change); }

    std::vector<Change> changes;

  private:
    Arena arena_;
};

class Names final : public StateVisitor {
  public:
    using StateVisitor::array;

    void array(std::string_view name, std::span<float> values) override { note(name, values.size()); }

    void array(std::string_view name, std::span<double> values) override { note(name, values.size()); }

    void array(std::string_view name, std::span<std::uint64_t> values) override { note(name, values.size()); }

    void child(std::string_view name, Component &) override { note(name, 0); }

    std::string text;

  private:
    void note(std::string_view name, std::size_t size) { text += std::string(name) + ":" + std::to_string(size) + " "; }
};

} // namespace

BOOST_AUTO_TEST_CASE(the_state_of_a_trainable_is_its_arena) {
    Names names;
    Scalar(true).visit_state(names);
    Scalar(false).visit_state(names);
    BOOST_TEST(names.text == "parameters:16 ");
}

BOOST_AUTO_TEST_CASE(a_restored_state_refreshes_copies_without_a_step) {
    Scalar scalar(true);
    scalar.state_restored();
    BOOST_TEST((scalar.changes == std::vector<Change>{Change::restore}));
}

BOOST_AUTO_TEST_SUITE_END()
