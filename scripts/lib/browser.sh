# shellcheck shell=bash
# A real browser: Debian's Chromium, driven by playwright-core from npm.
#
#   browser tests/login.js "$(wp_url blog)"
#
# The script is CommonJS: const { launch, openPage } = require('launch');  see browser/launch.js.

# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=scripts/lib/npm.sh
. "$LIB/npm.sh"

# need_browser: Chromium, a font, Node.
need_browser() {
  need_packages fonts-dejavu-core
  need_commands chromium:chromium
  need_node
}

# get_playwright: prints the folder with node_modules; browser/package-lock.json says which version.
get_playwright() { get_npm browser; }

# browser SCRIPT.js [ARGUMENT…]: runs a script that uses the browser.
browser() {
  local playwright
  need_browser
  playwright=$(get_playwright)
  mkdir -p "$WORK/tmp"
  NODE_PATH=$playwright/node_modules:$LIB/browser CHROMIUM=$(command -v chromium) TMPDIR=$WORK/tmp node "$@"
}
