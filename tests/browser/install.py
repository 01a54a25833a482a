"""Make sure that the browser tests have a Chromium: the system's, Debian's package, or Playwright's own."""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import sync_playwright


def main() -> int:
    if os.environ.get("RBFSCOPE_CHROMIUM") or shutil.which("chromium"):
        return 0
    with sync_playwright() as playwright:
        if os.path.exists(playwright.chromium.executable_path):
            return 0
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("installing Chromium from the distribution's packages")
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        install = ["apt-get", "install", "-y", "-qq", "chromium"]
        return subprocess.run(install, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, check=False).returncode
    print("installing Playwright's own Chromium")
    return subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
