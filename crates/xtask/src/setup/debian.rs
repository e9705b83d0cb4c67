//! What the tests need beside Rust, from Debian's packages: the browsers, what drives them, and Node.

use std::fs;
use std::process::Command;

use anyhow::{Context, bail};

use crate::{Outcome, process, programs};

/// Something the tests need, and the Debian package that has it.
struct Need {
    what: &'static str,
    package: &'static str,
    is_there: fn() -> bool,
}

/// What the browser tests need, one line for each thing.
const BROWSERS: [Need; 7] = [
    Need { what: "Chromium", package: "chromium", is_there: || programs::chromium().is_some() },
    Need { what: "ChromeDriver", package: "chromium-driver", is_there: || programs::find("chromedriver").is_some() },
    Need { what: "Firefox", package: "firefox-esr", is_there: || programs::firefox().is_some() },
    Need {
        what: "WebKit's driver",
        package: "webkit2gtk-driver",
        is_there: || programs::find("WebKitWebDriver").is_some(),
    },
    Need {
        what: "WebKit's MiniBrowser",
        // It is in the library that this package brings along, whose name changes between Debian's releases.
        package: "webkit2gtk-driver",
        is_there: || programs::webkit_mini_browser().is_some(),
    },
    Need { what: "the virtual display Xvfb", package: "xvfb", is_there: || programs::find("Xvfb").is_some() },
    Need { what: "a font", package: "fonts-dejavu-core", is_there: || fs::exists("/usr/share/fonts").unwrap_or(false) },
];

/// What the test of the JavaScript package outside a browser needs.
const NODE: [Need; 2] = [
    Need { what: "Node.js", package: "nodejs", is_there: || programs::node().is_some() },
    Need { what: "npm", package: "npm", is_there: || programs::find("npm").is_some() },
];

/// What the scripts of the figures are tried with.
const PYTHON: [Need; 1] =
    [Need { what: "NumPy", package: "python3-numpy", is_there: || programs::system_python_has("numpy") }];

/// What the environments of the Python package are made with.
const VENV: [Need; 1] =
    [Need { what: "Python 3 with venv", package: "python3-venv", is_there: || programs::python_with_venv().is_some() }];

/// Installs the missing browsers and drivers on Debian as root; elsewhere it says what to install.
///
/// # Errors
/// When something is missing and cannot be installed here.
pub fn ensure_browsers() -> Outcome {
    ensure(&BROWSERS, "the browser tests need")
}

/// Installs Node on Debian as root when it is missing; elsewhere it says what to install.
///
/// # Errors
/// When it is missing and cannot be installed here.
pub fn ensure_node() -> Outcome {
    ensure(&NODE, "the test of the JavaScript package in Node needs")
}

/// Installs Python and NumPy on Debian as root when they are missing; elsewhere it says what to install.
///
/// # Errors
/// When they are missing and cannot be installed here.
pub fn ensure_numpy() -> Outcome {
    ensure(&PYTHON, "the test of the figures' scripts needs")
}

/// Installs Python with venv on Debian as root when it is missing; elsewhere it says what to install.
///
/// # Errors
/// When it is missing and cannot be installed here.
pub fn ensure_venv() -> Outcome {
    ensure(&VENV, "the Python package needs")
}

fn ensure(needs: &[Need], who_needs: &str) -> Outcome {
    let missing = missing(needs);
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.iter().map(|need| need.what).collect::<Vec<_>>().join(", ");
    let mut packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    packages.dedup();
    let packages_line = packages.join(" ");
    if !is_debian() {
        bail!(
            "{who_needs} what is missing here: {names}. Install it (Debian has it in the packages \
             {packages_line}), or leave the browsers out with --no-browsers"
        );
    }
    if !is_root() {
        bail!(
            "{who_needs} what is missing here: {names}. Run these two commands, or leave the browsers out \
             with --no-browsers:\n  sudo apt-get update\n  sudo apt-get install -y --no-install-recommends {packages_line}"
        );
    }
    println!("Installing {names} from Debian's packages (a few minutes).");
    process::run(apt_get().arg("update")).context("Debian's list of packages could not be fetched")?;
    process::run(apt_get().args(["install", "-y", "--no-install-recommends"]).args(&packages))
        .context("the packages could not be installed")?;
    let still_missing: Vec<&str> = self::missing(needs).iter().map(|need| need.what).collect();
    if !still_missing.is_empty() {
        bail!("the packages are installed, yet these are not found: {}", still_missing.join(", "));
    }
    Ok(())
}

fn missing(needs: &[Need]) -> Vec<&Need> {
    needs.iter().filter(|need| !(need.is_there)()).collect()
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// Ubuntu calls itself like Debian and lacks these browsers as packages, so only Debian's own name counts.
fn is_debian() -> bool {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    release.lines().any(|line| line == "ID=debian") && programs::find("apt-get").is_some()
}

fn is_root() -> bool {
    process::output_of(Command::new("id").arg("-u")).is_some_and(|output| output.trim() == "0")
}
