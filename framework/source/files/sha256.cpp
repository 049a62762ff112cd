// SPDX-License-Identifier: Apache-2.0
#include "sha256.hpp"

#include <openssl/evp.h>

#include <fstream>

namespace retort::framework {

void Sha256::Free::operator()(evp_md_ctx_st *context) const {
    EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
    EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
}

void Sha256::update(const void *data, std::size_t size) {
    EVP_DigestUpdate(context_.get(), data, size);
}

Digest Sha256::finish() {
    Digest digest{};
    EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
    return digest;
}

std::string hexadecimal(const Digest &digest) {
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : digest)
        (text += digits[byte >> 4]) += digits[byte & 15];
    return text;
}

std::string sha256_of_text(std::string_view text) {
    Sha256 hash;
    hash.update(text.data(), text.size());
    return hexadecimal(hash.finish());
}

std::string sha256_of(const std::filesystem::path &file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return {};
    Sha256 hash;
    std::array<char, 65536> part{};
    while (stream.read(part.data(), part.size()) || stream.gcount() > 0)
        hash.update(part.data(), static_cast<std::size_t>(stream.gcount()));
    if (stream.bad()) // a folder can be opened, but not read
        return {};
    return hexadecimal(hash.finish());
}

} // namespace retort::framework
