// Who makes and removes the files of a capture that is being written: this program itself, or
// another one that still has the right to.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include <sys/types.h>

#include "captures/bytes.h"
#include "captures/file_owner.h"
#include "captures/output_file.h"

namespace tapdeck {

class CaptureFolder {
 public:
  CaptureFolder() = default;
  CaptureFolder(const CaptureFolder&) = delete;
  CaptureFolder& operator=(const CaptureFolder&) = delete;
  virtual ~CaptureFolder() = default;

  /// A descriptor, the caller's from now on, of a file that begins with `start` and will be written
  /// on behind it. Nobody ever sees a new file without its start: what is called `path` is a
  /// capture from its first moment. What has that name already is written to as it is: a file,
  /// which is emptied and stays whose it is, a device, a pipe, or what a link leads to; and so is
  /// "-", standard output. Throws Failure(unwritable_output, or no_permission).
  [[nodiscard]] virtual int create(const std::string& path, Bytes start) = 0;

  /// As write_octets, for a file that create() made. If another process does it, this one can be
  /// killed at any moment without a cut in what it hands over.
  [[nodiscard]] virtual ssize_t append(int descriptor, Bytes octets) = 0;

  /// That it isn't there any more is no failure.
  virtual void remove(const std::string& path) = 0;
};

/// What takes rights of all this.
enum class FolderStep : std::uint8_t {
  make,      // a new file, under a name of its own; EEXIST: something has the path's name already
  open,      // what has that name; EAGAIN: it is a pipe that nobody reads
  publish,   // gives the one made for it the path's name
  withdraw,  // removes it instead
  remove,    // the file of that name
};

/// Who has the rights takes the steps, for several threads, and remembers what it made and hasn't
/// published yet.
class FolderSteps {
 public:
  /// What is new belongs to `owner`.
  explicit FolderSteps(const std::optional<FileOwner>& owner) : x_owner(owner) {}

  /// A descriptor for `make` and `open`, else 0; or a negated errno.
  [[nodiscard]] int take(FolderStep step, const std::string& path);

 private:
  [[nodiscard]] int make(const std::string& path);
  [[nodiscard]] int open_existing(const std::string& path) const;

  std::optional<FileOwner> x_owner;
  std::mutex x_mutex;
  std::map<std::string, std::string> x_first_names;  // by path
  unsigned x_made = 0;
};

/// Made step by step.
class SteppedFolder : public CaptureFolder {
 public:
  [[nodiscard]] int create(const std::string& path, Bytes start) override;
  [[nodiscard]] ssize_t append(int descriptor, Bytes octets) override {
    return write_octets(descriptor, octets);
  }
  void remove(const std::string& path) override;

 private:
  /// As FolderSteps::take.
  [[nodiscard]] virtual int take(FolderStep step, const std::string& path) = 0;

  [[nodiscard]] int begin_new(const std::string& path, int descriptor, Bytes start);
};

/// With the rights that this process has.
class OwnCaptureFolder final : public SteppedFolder {
 private:
  [[nodiscard]] int take(FolderStep step, const std::string& path) override {
    return x_steps.take(step, path);
  }

  FolderSteps x_steps{std::nullopt};
};

}  // namespace tapdeck
