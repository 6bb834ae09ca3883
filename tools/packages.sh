# shellcheck shell=bash disable=SC2034
# The Debian packages that each job needs, and how they are installed. Sourced by the scripts beside it.

# netbase knows the ports and protocols that a filter may name ("port http").
build_packages=(
  cmake g++ libboost-program-options-dev libcap-ng-dev libfmt-dev liblz4-dev libncurses-dev
  libpcap-dev libseccomp-dev libxxhash-dev libzstd-dev make netbase nettle-dev ninja-build pkg-config
  rapidjson-dev zlib1g-dev
)

# What the tests link with, what they run, and what checks the sources.
test_packages=(
  clang-format ethtool git iproute2 iputils-ping libcap2-bin libgtest-dev lz4 net-tools nginx-light procps
  shellcheck socat tcpdump tmux tshark wireshark-common zstd
)

tidy_packages=(clang-tidy-16 libgtest-dev)

say() { printf '== %s\n' "$*"; }

fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

missing_packages() { # PACKAGE...
  local package
  for package in "$@"; do
    [[ $(dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ||
      printf '%s\n' "$package"
  done
}

# Installs those of the packages that are missing; needs no network when none is.
install_missing() { # PACKAGE...
  local missing=() as_root=()
  if ! command -v dpkg-query apt-get >/dev/null; then
    say "this is no Debian: make sure that the equivalents of these are there: $*"
    return
  fi
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]} > 0)) || return 0
  say "installing ${missing[*]}"
  if ((EUID != 0)); then
    command -v sudo >/dev/null ||
      fail "packages are missing and there is no sudo; as root: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  "${as_root[@]}" apt-get update --quiet </dev/null ||
    say "the package lists could not be renewed; trying with those that are there"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet \
    --no-install-recommends --option DPkg::Lock::Timeout=300 "${missing[@]}" </dev/null ||
    fail "apt-get could not install ${missing[*]}"
}

# Configures and builds a preset of CMakePresets.json, through ccache where there is one.
build_preset() { # PRESET [TARGET...]
  local preset=$1 launcher=() targets=()
  shift
  ! command -v ccache >/dev/null || launcher=(-D CMAKE_CXX_COMPILER_LAUNCHER=ccache)
  (($# == 0)) || targets=(--target "$@")
  say "building preset $preset"
  cmake --preset "$preset" "${launcher[@]}" --log-level=WARNING || fail "cmake could not configure"
  cmake --build --preset "$preset" "${targets[@]}" || fail "the build failed"
}

# The files of the project that match, one a line, whether committed yet or not.
project_files() { # PATTERN...
  git -c safe.directory='*' ls-files --cached --others --exclude-standard --deduplicate -- "$@" |
    while IFS= read -r file; do [[ ! -f $file ]] || printf '%s\n' "$file"; done
}
