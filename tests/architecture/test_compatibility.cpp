// SPDX-License-Identifier: Apache-2.0
// The versions that docs/11_compatibility.md tells are those of the stamp.
#include <retort/sdk/stamp.hpp>

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>
#include <regex>
#include <string>

BOOST_AUTO_TEST_SUITE(test_compatibility)

namespace {

/// "contract_1__dataset_1...": the rows "| `field` | ... | version |" of the page, in its order.
std::string versions_told() {
    std::ifstream in(RETORT_SOURCE_DIRECTORY "/docs/11_compatibility.md", std::ios::binary);
    const std::string page{std::istreambuf_iterator<char>(in), {}};
    const std::regex row(R"(\n\| `([a-z]+)` \|.*\| (\d+) \|)");
    std::string told;
    for (std::sregex_iterator found(page.begin(), page.end(), row); found != std::sregex_iterator(); ++found)
        told += (*found)[1].str() + "_" + (*found)[2].str() + "__";
    return told;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_page_tells_the_versions_of_the_stamp) {
    const std::string begin = "retort_stamp__" + versions_told() + "library_";
    BOOST_TEST(std::string(RETORT_STAMP_STRING).substr(0, begin.size()) == begin);
}

BOOST_AUTO_TEST_SUITE_END()
