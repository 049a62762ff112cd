// SPDX-License-Identifier: Apache-2.0
#include "elf.hpp"

#include "refused.hpp"

#include <boost/dll/library_info.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <elf.h>
#include <fstream>
#include <string_view>

namespace retort::framework {

namespace {

constexpr std::uint64_t largest_file = std::uint64_t{1} << 30;
constexpr std::uint64_t most_names = 4; // times the file's size: those of real libraries are less than half of it
constexpr std::size_t most_tables = 16;

[[noreturn]] void refuse(Refusal refusal, const std::string &reason) {
    throw Refused(refusal, reason);
}

/// Reads parts of a file and nothing beyond its end.
class Reader {
  public:
    explicit Reader(const std::filesystem::path &file)
        : size_(std::filesystem::file_size(file)), stream_(file, std::ios::binary) {
        if (!stream_)
            refuse(Refusal::unreadable, "it cannot be read");
    }

    [[nodiscard]] std::uint64_t size() const { return size_; }

    void check(std::uint64_t offset, std::uint64_t length, const char *what) const {
        if (offset > size_ || length > size_ - offset)
            refuse(Refusal::truncated, std::string("it is truncated or damaged: ") + what + " lies outside the file");
    }

    template <class T> std::vector<T> read(std::uint64_t offset, std::uint64_t count, const char *what) {
        check(offset, count * sizeof(T), what);
        std::vector<T> result(count);
        stream_.seekg(static_cast<std::streamoff>(offset));
        if (!stream_.read(reinterpret_cast<char *>(result.data()), static_cast<std::streamsize>(count * sizeof(T))))
            refuse(Refusal::unreadable, "it cannot be read");
        return result;
    }

  private:
    std::uint64_t size_;
    std::ifstream stream_;
};

Elf64_Ehdr read_header(Reader &reader) {
    if (reader.size() == 0)
        refuse(Refusal::empty, "it is empty");
    if (reader.size() > largest_file)
        refuse(Refusal::too_large, "it is larger than 1 GiB");
    constexpr std::string_view magic(ELFMAG, SELFMAG);
    const std::uint64_t begin = std::min<std::uint64_t>(reader.size(), SELFMAG);
    const std::vector<char> first = reader.read<char>(0, begin, "the header");
    if (std::string_view(first.data(), first.size()) != magic)
        refuse(Refusal::no_elf, "it is no ELF file");
    if (reader.size() < sizeof(Elf64_Ehdr))
        refuse(Refusal::truncated, "it is truncated: " + std::to_string(reader.size()) + " bytes are too few");
    const Elf64_Ehdr header = reader.read<Elf64_Ehdr>(0, 1, "the header").front();
    if (header.e_ident[EI_DATA] == ELFDATA2MSB)
        refuse(Refusal::other_machine,
               "it was built for another machine: its numbers are big-endian, not little-endian");
    if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
        header.e_machine != EM_X86_64)
        refuse(Refusal::other_machine,
               "it was built for another machine: ELF machine " + std::to_string(header.e_machine) + ", class " +
                   std::to_string(header.e_ident[EI_CLASS]) + "; x86-64 is " + std::to_string(EM_X86_64) + ", class 2");
    if (header.e_type != ET_DYN)
        refuse(Refusal::no_library,
               "it is no shared library: ELF type " + std::to_string(header.e_type) + ", must be 3");
    return header;
}

void check_segments(Reader &reader, const Elf64_Ehdr &header) {
    if (header.e_phentsize != sizeof(Elf64_Phdr))
        refuse(Refusal::damaged, "it is damaged: its program headers have an unknown size");
    for (const Elf64_Phdr &segment : reader.read<Elf64_Phdr>(header.e_phoff, header.e_phnum, "a program header"))
        if (segment.p_type == PT_LOAD)
            reader.check(segment.p_offset, segment.p_filesz, "a segment");
}

/// What library_info will allocate for names: strings may overlap, so many symbols could share one huge name.
void check_names(Reader &reader, const std::vector<Elf64_Shdr> &symbol_tables,
                 const std::vector<Elf64_Shdr> &string_tables) {
    std::uint64_t total = 0;
    for (const Elf64_Shdr &strings : string_tables) {
        std::vector<char> text = reader.read<char>(strings.sh_offset, strings.sh_size, "a string table");
        text.push_back('\0');
        for (const Elf64_Shdr &table : symbol_tables)
            for (const Elf64_Sym &symbol :
                 reader.read<Elf64_Sym>(table.sh_offset, table.sh_size / sizeof(Elf64_Sym), "the symbol table")) {
                if (symbol.st_name < text.size())
                    total += std::strlen(&text[symbol.st_name]);
                if (total > most_names * reader.size())
                    refuse(Refusal::damaged, "it is damaged: its symbols' names overlap, and are larger than the file");
            }
    }
}

/// Checks every section header that library_info follows; it trusts them all.
void check_sections(Reader &reader, const Elf64_Ehdr &header) {
    if (header.e_shnum == 0 || header.e_shentsize != sizeof(Elf64_Shdr) || header.e_shstrndx >= header.e_shnum)
        refuse(Refusal::damaged, "it has no section table, so its stamp cannot be read");
    const auto sections = reader.read<Elf64_Shdr>(header.e_shoff, header.e_shnum, "the section table");
    const Elf64_Shdr &names = sections[header.e_shstrndx];
    reader.check(names.sh_offset, names.sh_size, "the table of section names");
    std::vector<Elf64_Shdr> symbol_tables;
    std::vector<Elf64_Shdr> string_tables;
    for (const Elf64_Shdr &section : sections) {
        if (section.sh_type == SHT_SYMTAB || section.sh_type == SHT_DYNSYM)
            symbol_tables.push_back(section);
        else if (section.sh_type == SHT_STRTAB)
            string_tables.push_back(section);
        else
            continue;
        reader.check(section.sh_offset, section.sh_size, "a symbol or string table");
    }
    if (symbol_tables.size() + string_tables.size() > most_tables)
        refuse(Refusal::damaged, "it is damaged: it has more symbol and string tables than a shared library needs");
    const auto odd = [](const Elf64_Shdr &table) { return table.sh_size == 0 || table.sh_size % sizeof(Elf64_Sym); };
    if (std::any_of(symbol_tables.begin(), symbol_tables.end(), odd))
        refuse(Refusal::damaged, "it is damaged: a symbol table's size is no multiple of a symbol's");
    check_names(reader, symbol_tables, string_tables);
}

} // namespace

std::vector<std::string> library_symbols(const std::filesystem::path &file) {
    const auto status = std::filesystem::status(file);
    if (!std::filesystem::exists(status))
        refuse(Refusal::no_file, "there is no such file");
    if (!std::filesystem::is_regular_file(status))
        refuse(Refusal::no_regular_file, "it is no regular file");
    Reader reader(file);
    const Elf64_Ehdr header = read_header(reader);
    check_segments(reader, header);
    check_sections(reader, header);
    return boost::dll::library_info(file).symbols();
}

} // namespace retort::framework
