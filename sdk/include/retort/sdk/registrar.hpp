// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <retort/sdk/settings.hpp>

#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

namespace retort::sdk {

/// The settings of one component, their type known to its plugin only.
class RETORT_VISIBLE AnySettings {
  public:
    virtual ~AnySettings() = default;
    virtual void fields(Fields &fields) = 0;
};

/// What is common to the factories of all roles.
class RETORT_VISIBLE AnyFactory {
  public:
    virtual ~AnyFactory() = default;

    /// Settings with every member at its default. [any thread]
    [[nodiscard]] virtual std::unique_ptr<AnySettings> make_settings() const = 0;
};

/// Makes components of one role from settings that this factory made. [any thread]
template <class Role> class RETORT_VISIBLE Factory : public AnyFactory {
  public:
    [[nodiscard]] virtual std::unique_ptr<Role> build(const AnySettings &settings,
                                                      const typename Role::Context &context) const = 0;
};

namespace detail {

struct NoSettings {
    void fields(Fields &) {}
};

template <class T, class = void> struct SettingsOf { using type = NoSettings; };

template <class T> struct SettingsOf<T, std::void_t<typename T::Settings>> { using type = typename T::Settings; };

template <class Settings> class TypedSettings final : public AnySettings {
  public:
    void fields(Fields &fields) override { settings.fields(fields); }

    Settings settings;
};

template <class Role, class T> class ClassFactory final : public Factory<Role> {
    using Settings = typename SettingsOf<T>::type;

  public:
    [[nodiscard]] std::unique_ptr<AnySettings> make_settings() const override {
        return std::make_unique<TypedSettings<Settings>>();
    }

    [[nodiscard]] std::unique_ptr<Role> build(const AnySettings &settings,
                                              const typename Role::Context &context) const override {
        const Settings &typed = static_cast<const TypedSettings<Settings> &>(settings).settings;
        if constexpr (std::is_constructible_v<T, const Settings &, const typename Role::Context &>)
            return std::make_unique<T>(typed, context);
        else
            return std::make_unique<T>(context);
    }
};

template <class Role, class Make> class CallableFactory final : public Factory<Role> {
  public:
    explicit CallableFactory(Make make) : make_(std::move(make)) {}

    [[nodiscard]] std::unique_ptr<AnySettings> make_settings() const override {
        return std::make_unique<TypedSettings<NoSettings>>();
    }

    [[nodiscard]] std::unique_ptr<Role> build(const AnySettings &,
                                              const typename Role::Context &context) const override {
        return make_(context);
    }

  private:
    Make make_;
};

} // namespace detail

/// Where a plugin names what it offers. Handed to the plugin's entry; not kept.
class RETORT_VISIBLE Registrar {
  public:
    /// Offers class T as `name` in a role: `registrar.add<Discriminator, Mlp>("mlp", "What it is, in a sentence.")`.
    /// T is constructible from (const T::Settings&, const Role::Context&); T::Settings has `void fields(Fields&)`.
    /// A T without settings has no nested Settings and is constructible from (const Role::Context&).
    /// `name`: lower case letters, digits and underscores, beginning with a letter. Errors: ErrorKind::plugin when the
    /// name is malformed or taken.
    template <class Role, class T> void add(std::string_view name, std::string_view documentation) {
        add_factory(Role::role, name, documentation, std::make_unique<detail::ClassFactory<Role, T>>());
    }

    /// Offers what `make(const Role::Context&)` returns, a std::unique_ptr<Role>. For objects of an application.
    template <class Role, class Make> void add(std::string_view name, std::string_view documentation, Make make) {
        add_factory(Role::role, name, documentation,
                    std::make_unique<detail::CallableFactory<Role, Make>>(std::move(make)));
    }

  protected:
    Registrar() = default;
    ~Registrar() = default;
    Registrar(const Registrar &) = default;
    Registrar &operator=(const Registrar &) = default;

    virtual void add_factory(std::string_view role, std::string_view name, std::string_view documentation,
                             std::unique_ptr<AnyFactory> factory) = 0;
};

} // namespace retort::sdk
