// SPDX-License-Identifier: Apache-2.0
#include <retort/sdk/random.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstring>
#include <elf.h>
#include <exception>
#include <framework/source/loader/elf.hpp>
#include <framework/source/registry/stamp.hpp>
#include <fstream>
#include <support/temporary_folder.hpp>
#include <sys/resource.h>

namespace test_elf {

using namespace retort;
using framework::library_symbols;

const std::filesystem::path plugins = RETORT_FIXTURE_PLUGINS;

struct Scratch {
    test::TemporaryFolder folder;
    std::string good = test::read_file(plugins / "fixture_good.so");

    std::string reason(std::string_view bytes) const {
        const std::filesystem::path file = folder.path() / "changed.so";
        test::write_file(file, bytes);
        try {
            (void)library_symbols(file);
        } catch (const std::exception &error) {
            return error.what();
        }
        return {};
    }

    template <class T> std::string with(std::size_t offset, T value) const {
        std::string bytes = good;
        std::memcpy(bytes.data() + offset, &value, sizeof(T));
        return bytes;
    }
};

/// While it lives this process can take no more than so many bytes.
class LimitedMemory {
  public:
    explicit LimitedMemory(std::size_t more) {
        ::getrlimit(RLIMIT_AS, &kept_);
        if (framework::own_stamp().find("__sanitizer_none__") == std::string_view::npos)
            return; // its shadow takes terabytes
        std::ifstream pages("/proc/self/statm");
        std::size_t now = 0;
        pages >> now;
        const struct rlimit limit { now * 4096 + more, kept_.rlim_max };
        ::setrlimit(RLIMIT_AS, &limit);
    }

    LimitedMemory(const LimitedMemory &) = delete;
    LimitedMemory &operator=(const LimitedMemory &) = delete;

    ~LimitedMemory() { ::setrlimit(RLIMIT_AS, &kept_); }

  private:
    struct rlimit kept_ {};
};

bool exports(const std::filesystem::path &file, const std::string &name) {
    const std::vector<std::string> symbols = library_symbols(file);
    return std::count(symbols.begin(), symbols.end(), name) == 1;
}

} // namespace test_elf

BOOST_FIXTURE_TEST_SUITE(test_elf, Scratch)

BOOST_AUTO_TEST_CASE(symbols_are_read_with_and_without_the_full_table) {
    BOOST_TEST(exports(plugins / "fixture_good.so", "retort_plugin_fixture_good"));
    BOOST_TEST(exports(plugins / "fixture_good_stripped.so", "retort_plugin_fixture_good"));
}

BOOST_AUTO_TEST_CASE(what_is_no_library_for_this_machine_is_refused) {
    BOOST_CHECK_EXCEPTION((void)library_symbols(folder.path()), std::runtime_error,
                          [](const auto &error) { return std::string(error.what()) == "it is no regular file"; });
    BOOST_TEST(reason("") == "it is empty");
    BOOST_TEST(reason("\x7f"
                      "ELF") == "it is truncated: 4 bytes are too few");
    BOOST_TEST(reason(std::string(1000, 'x')) == "it is no ELF file");
    BOOST_TEST(reason(with(offsetof(Elf64_Ehdr, e_machine), std::uint16_t{EM_AARCH64})) ==
               "it was built for another machine: ELF machine 183, class 2; x86-64 is 62, class 2");
    BOOST_TEST(reason(with(EI_CLASS, std::uint8_t{ELFCLASS32})) ==
               "it was built for another machine: ELF machine 62, class 1; x86-64 is 62, class 2");
    BOOST_TEST(reason(with(EI_DATA, std::uint8_t{ELFDATA2MSB})) ==
               "it was built for another machine: its numbers are big-endian, not little-endian");
    BOOST_TEST(reason(with(offsetof(Elf64_Ehdr, e_type), std::uint16_t{ET_REL})) ==
               "it is no shared library: ELF type 1, must be 3");
    BOOST_TEST(reason(with(offsetof(Elf64_Ehdr, e_shnum), std::uint16_t{0})) ==
               "it has no section table, so its stamp cannot be read");
    BOOST_TEST(reason(with(offsetof(Elf64_Ehdr, e_shoff), ~std::uint64_t{0})) ==
               "it is truncated or damaged: the section table lies outside the file");
}

BOOST_AUTO_TEST_CASE(a_segment_beyond_the_end_is_noticed_even_if_the_section_table_is_whole) {
    Elf64_Ehdr header;
    std::memcpy(&header, good.data(), sizeof header);
    for (std::size_t i = 0; i < header.e_phnum; ++i) {
        Elf64_Phdr segment;
        const std::size_t place = header.e_phoff + i * sizeof segment;
        std::memcpy(&segment, good.data() + place, sizeof segment);
        if (segment.p_type != PT_LOAD)
            continue;
        BOOST_TEST(reason(with(place + offsetof(Elf64_Phdr, p_filesz), std::uint64_t{good.size() + 1})) ==
                   "it is truncated or damaged: a segment lies outside the file");
    }
}

BOOST_AUTO_TEST_CASE(every_truncation_is_noticed) {
    for (std::size_t size = 0; size < good.size(); size += 1 + good.size() / 300)
        BOOST_TEST(reason(good.substr(0, size)) != "", "cut to " << size << " of " << good.size() << " bytes");
}

BOOST_AUTO_TEST_CASE(overlapping_names_cannot_exhaust_memory) {
    // All symbols share one string that is most of the file: read naively, their names would be many times as much.
    Elf64_Ehdr header;
    std::memcpy(&header, good.data(), sizeof header);
    std::string bytes = good;
    const std::size_t text = bytes.size();
    bytes.append(std::size_t{1} << 24, 'a');
    for (std::size_t i = 0; i < header.e_shnum; ++i) {
        Elf64_Shdr section;
        char *place = bytes.data() + header.e_shoff + i * sizeof section;
        std::memcpy(&section, place, sizeof section);
        if (section.sh_type == SHT_STRTAB && i != header.e_shstrndx) {
            section.sh_offset = text;
            section.sh_size = std::size_t{1} << 24;
            std::memcpy(place, &section, sizeof section);
        }
    }
    BOOST_TEST(reason(bytes) == "it is damaged: its symbols' names overlap, and are larger than the file");
}

BOOST_AUTO_TEST_CASE(random_damage_does_no_harm) {
    // Whether damaged bytes are refused or read, the process survives: in the headers and tables, where it matters.
    Elf64_Ehdr header;
    std::memcpy(&header, good.data(), sizeof header);
    const sdk::Random random = sdk::Random{5}.at("damage");
    std::size_t refused = 0;
    const LimitedMemory limit(std::size_t{64} << 20);
    for (std::uint64_t round = 0; round < 500; ++round) {
        std::string bytes = good;
        const sdk::Random stream = random.at(round);
        for (std::uint64_t change = 0; change < 1 + stream.below(1000, 8); ++change) {
            const bool in_header = stream.below(3 * change, 2) == 0;
            const std::size_t begin = in_header ? 0 : header.e_shoff;
            const std::size_t size = in_header ? sizeof header : header.e_shnum * sizeof(Elf64_Shdr);
            bytes[begin + stream.below(3 * change + 1, size)] = static_cast<char>(stream.bits(12 * change + 8));
        }
        const std::string found = reason(bytes);
        BOOST_TEST(found != "std::bad_alloc");
        refused += found.empty() ? 0 : 1;
    }
    BOOST_TEST(refused > 250U);
}

BOOST_AUTO_TEST_SUITE_END()
