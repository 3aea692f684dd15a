# shellcheck shell=bash
# Go: the sidecar's program and the tools that look after its source.

# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

GOFUMPT_VERSION=v0.12.0
GOLANGCI_LINT_VERSION=v2.15.0

# need_go: a Go that is new enough for go.mod; it is never downloaded.
need_go() {
  local have want
  need_packages ca-certificates   # modules come over https
  has_command go || PATH=$PATH:/usr/local/go/bin
  has_command go || die "Go is missing"
  want=$(awk '$1 == "go" { print $2 }' "$REPO/go.mod")
  have=$(GOTOOLCHAIN=local GOFLAGS='' go env GOVERSION)
  have=${have#go}
  printf '%s\n' "$want" "${have%% *}" | sort -V -C || die "Go $want is needed, here is $have"
  export GOTOOLCHAIN=local
}

# build_sidecar FILE [GO BUILD ARGUMENT…]: builds the program, without C, so that it runs on any Linux, and without a
# look at git, which may be missing.
build_sidecar() {
  local out=$1
  shift
  need_go
  out=$(readlink -m "$out")
  (cd "$REPO" && CGO_ENABLED=0 go build -trimpath -buildvcs=false -o "$out" "$@" ./sidecar)
}

# gofumpt_path, golangci_lint_path: print the path of the tool. golangci-lint takes some minutes to build the first time.
gofumpt_path() { go_tool gofumpt "mvdan.cc/gofumpt@$GOFUMPT_VERSION"; }
golangci_lint_path() {
  go_tool golangci-lint "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$GOLANGCI_LINT_VERSION"
}

# go_tool NAME MODULE@VERSION: prints the path of a Go program in the cache. A linter must be built with a Go that is not
# older than the source it reads, so the Go's version is part of what is cached.
go_tool() {
  local dir
  need_go
  dir=$(cached "$1" build_go_tool "$2" "$(go env GOVERSION)")
  echo "$dir/$1"
}

# build_go_tool FOLDER MODULE@VERSION GOVERSION: leaves nothing but the program.
build_go_tool() {
  local dir=$1 module=$2
  step "building $module"
  (
    cd "$dir"
    export CGO_ENABLED=0 GOFLAGS=-modcacherw GOBIN=$dir GOCACHE=$dir/cache GOPATH=$dir/path GOWORK=off
    go install -trimpath -ldflags='-s -w' "$module" >log 2>&1 || die_with_log log "$module does not build"
  )
  rm -rf "$dir/cache" "$dir/path" "$dir/log"
}
