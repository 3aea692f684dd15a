# shellcheck shell=bash
# Packages of any Debian suite, downloaded and unpacked into a folder. Nothing is installed, no script of a package
# runs, the machine's own package sources stay as they are.

# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# debian_mirror [debian|debian-security]: the mirror that this machine's apt already uses.
debian_mirror() {
  local mirror
  # shellcheck disable=SC2016  # $(REPO_URI) is apt's
  mirror=$(apt-get indextargets --format '$(REPO_URI)' | sed -n "s#\(.*/${1:-debian}\)/*\$#\1#p" | sed -n 1p)
  if [ -z "$mirror" ]; then
    # apt only tells once it has lists
    apt-get update -qq >&2
    # shellcheck disable=SC2016
    mirror=$(apt-get indextargets --format '$(REPO_URI)' | sed -n "s#\(.*/${1:-debian}\)/*\$#\1#p" | sed -n 1p)
  fi
  printf '%s\n' "$mirror"
}

# debian_apt_open SUITE FOLDER: a private apt in FOLDER that knows SUITE alone and no installed package; for this shell.
# The suite's signature is checked, its age is not: a mirror may stand still.
debian_apt_open() {
  local suite=$1 apt=$2 mirror
  local key='signed-by=/usr/share/keyrings/debian-archive-keyring.gpg'
  mirror=$(debian_mirror debian)
  [ -n "$mirror" ] || die "apt knows no Debian mirror"
  mkdir -p "$apt"/lists/partial "$apt"/cache/archives/partial
  : >"$apt/status"
  echo "deb [$key] $mirror $suite main" >"$apt/sources.list"
  if [ "$suite" = bookworm ]; then
    mirror=$(debian_mirror debian-security)
    [ -z "$mirror" ] || echo "deb [$key] $mirror bookworm-security main" >>"$apt/sources.list"
  fi
  cat >"$apt/apt.conf" <<CONF
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State::lists "$apt/lists";
Dir::State::status "$apt/status";
Dir::State::extended_states "$apt/extended_states";
Dir::Cache "$apt/cache";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::Check-Valid-Until "false";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
CONF
  export APT_CONFIG=$apt/apt.conf
  apt-get update -qq
}

# debian_download SUITE FOLDER PACKAGE…: just these packages → FOLDER/*.deb
debian_download() {
  local suite=$1 dir=$2
  shift 2
  (
    debian_apt_open "$suite" "$dir/apt"
    cd "$dir"
    apt-get download -qq "$@"
  )
  rm -rf "$dir/apt"
}

# debian_download_all SUITE FOLDER PACKAGE…: these packages and all they depend on → FOLDER/*.deb
debian_download_all() {
  local suite=$1 dir=$2
  shift 2
  (
    debian_apt_open "$suite" "$dir/apt"
    apt-get install -y -qq --download-only "$@" >"$dir/log" 2>&1 </dev/null || die_with_log "$dir/log" "could not download: $*"
    mv "$dir"/apt/cache/archives/*.deb "$dir/"
  )
  rm -rf "$dir/apt"
}

# debian_download_data SUITE FOLDER PACKAGE…: as debian_download_all, but of it only what is the same on every machine
# (scripts, pictures), no programs.
debian_download_data() {
  local suite=$1 dir=$2
  shift 2
  (
    debian_apt_open "$suite" "$dir/apt"
    apt-get install -y -qq --print-uris "$@" >"$dir/apt/wanted"
    cd "$dir"
    # a line is: 'address' file size hash, the file's name package_version_architecture.deb
    awk '$2 ~ /_all\.deb$/ { sub(/_.*/, "", $2); print $2 }' apt/wanted | xargs apt-get download -qq
  )
  rm -rf "$dir/apt"
}

# debian_unpack FOLDER ROOT [TAR ARGUMENT…]: unpacks FOLDER/*.deb into ROOT, without documentation.
debian_unpack() {
  local dir=$1 root=$2 deb
  shift 2
  for deb in "$dir"/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$root" --keep-directory-symlink \
      --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' --exclude='./usr/share/locale/*' "$@"
  done
}
