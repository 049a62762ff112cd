// SPDX-License-Identifier: Apache-2.0
#include "processor_shares.hpp"

#include <retort/mpi/mpi_link.hpp>

#include <boost/mpi/collectives.hpp>
#include <boost/mpi/communicator.hpp>
#include <boost/mpi/environment.hpp>
#include <boost/mpi/inplace.hpp>
#include <boost/mpi/nonblocking.hpp>
#include <boost/mpi/request.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

namespace retort::mpi {

namespace {

/// So many values are sent whole: one exchange is faster than two of parts.
constexpr std::size_t few = 512;

/// Room that is kept from sum to sum.
template <class Number> class Room {
  public:
    std::span<Number> of(std::size_t size) {
        values_.resize(std::max(values_.size(), size));
        return std::span(values_).first(size);
    }

  private:
    std::vector<Number> values_;
};

class MpiLink final : public framework::ReplicaLink {
  public:
    MpiLink() : environment_(boost::mpi::threading::serialized, false) {
        if (boost::mpi::environment::thread_level() < boost::mpi::threading::serialized)
            throw std::runtime_error("MPI was initialised for the main thread alone");
        threads_ = shared_threads();
    }

    ~MpiLink() override {
        if (lost_)
            boost::mpi::environment::abort(1);
    }

    [[nodiscard]] std::size_t count() const override { return static_cast<std::size_t>(world_.size()); }

    [[nodiscard]] std::size_t index() const override { return static_cast<std::size_t>(world_.rank()); }

    [[nodiscard]] std::size_t threads() const override { return threads_; }

    void sum(std::span<float> values) override {
        reaching([&] { add(values, floats_); });
    }

    void sum(std::span<double> values) override {
        reaching([&] { add(values, doubles_); });
    }

    void maximum(std::span<std::int64_t> values) override {
        reaching([&] {
            boost::mpi::all_reduce(world_, boost::mpi::inplace(values.data()), to_int(values.size()),
                                   boost::mpi::maximum<std::int64_t>());
        });
    }

    void copy(std::span<char> bytes, std::size_t from) override {
        reaching([&] { boost::mpi::broadcast(world_, bytes.data(), to_int(bytes.size()), to_int(from)); });
    }

  private:
    static int to_int(std::size_t size) {
        if (size > static_cast<std::size_t>(std::numeric_limits<int>::max()))
            throw std::length_error("more numbers than MPI counts");
        return static_cast<int>(size);
    }

    template <class Call> void reaching(Call &&call) {
        try {
            call();
        } catch (...) {
            lost_ = true;
            throw;
        }
    }

    /// Threads for this process, as the processors of its machine are shared.
    [[nodiscard]] std::size_t shared_threads() const {
        MPI_Comm machine{};
        MPI_Comm_split_type(world_, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine);
        const boost::mpi::communicator local(machine, boost::mpi::comm_take_ownership);
        cpu_set_t own;
        CPU_ZERO(&own);
        (void)sched_getaffinity(0, sizeof(own), &own); // with more processors than it knows: one thread
        std::vector<cpu_set_t> masks(static_cast<std::size_t>(local.size()));
        boost::mpi::all_gather(local, reinterpret_cast<const char *>(&own), sizeof(own),
                               reinterpret_cast<char *>(masks.data()));
        return threads_of_share(masks, static_cast<std::size_t>(local.rank()));
    }

    /// Sums in the order of the replicas, so that neither timing nor MPI's choice of an algorithm changes a bit. Each
    /// replica sums one part and gives it to the others: 2 (N - 1) / N of the bytes go out of each, as with a ring.
    template <class Number> void add(std::span<Number> values, Room<Number> &room) {
        if (values.size() <= few)
            return add_whole(values, room.of(count() * values.size()));
        const std::span<Number> own = part(values, index());
        const std::span<Number> parts = room.of(count() * own.size());
        exchange([&](std::size_t other) { return part(values, other); },
                 [&](std::size_t other) { return parts.subspan(other * own.size(), own.size()); });
        std::copy(own.begin(), own.end(), parts.begin() + static_cast<std::ptrdiff_t>(index() * own.size()));
        add_up(parts, own);
        exchange([&](std::size_t) { return own; }, [&](std::size_t other) { return part(values, other); });
    }

    template <class Number> void add_whole(std::span<Number> values, std::span<Number> all) {
        boost::mpi::all_gather(world_, values.data(), to_int(values.size()), all.data());
        add_up(all, values);
    }

    /// `parts` holds one after the other what each replica has.
    template <class Number> static void add_up(std::span<Number> parts, std::span<Number> sum) {
        std::copy_n(parts.begin(), sum.size(), sum.begin());
        for (parts = parts.subspan(sum.size()); !parts.empty(); parts = parts.subspan(sum.size()))
            for (std::size_t i = 0; i < sum.size(); ++i)
                sum[i] += parts[i];
    }

    template <class Number> [[nodiscard]] std::span<Number> part(std::span<Number> values, std::size_t of) const {
        const std::size_t begin = of * values.size() / count();
        return values.subspan(begin, (of + 1) * values.size() / count() - begin);
    }

    /// Sends every other replica what `sent` says, and puts what comes from it where `received` says.
    template <class Sent, class Received> void exchange(Sent &&sent, Received &&received) {
        requests_.clear();
        for (std::size_t step = 1; step < count(); ++step) { // each begins with its neighbour: no one is flooded
            const std::size_t from = (index() + count() - step) % count();
            const auto place = received(from);
            requests_.push_back(world_.irecv(to_int(from), 0, place.data(), to_int(place.size())));
        }
        for (std::size_t step = 1; step < count(); ++step) {
            const std::size_t to = (index() + step) % count();
            const auto values = sent(to);
            requests_.push_back(world_.isend(to_int(to), 0, values.data(), to_int(values.size())));
        }
        boost::mpi::wait_all(requests_.begin(), requests_.end());
    }

    boost::mpi::environment environment_;
    boost::mpi::communicator world_;
    std::size_t threads_ = 1;
    bool lost_ = false;
    Room<float> floats_;
    Room<double> doubles_;
    std::vector<boost::mpi::request> requests_;
};

} // namespace

std::unique_ptr<framework::ReplicaLink> make_link() {
    return std::make_unique<MpiLink>();
}

} // namespace retort::mpi
