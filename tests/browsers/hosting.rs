//! The page under a strict policy, and without its server.
#![allow(clippy::print_stdout, reason = "each sentence is reported as it is checked")]

use crate::training::{SMALL, wait_for_the_end};
use anyhow::{Context, Result, ensure};
use std::path::PathBuf;
use vanishing_tests::engine::Engine;
use vanishing_tests::page::Page;
use xtask::publish::write_keeper;
use xtask::static_server::{Site, StaticServer, listen_anywhere, listen_on};
use xtask::workspace::files_below;

/// What a page must at least be allowed; `docs/embedding.md` tells it to those who serve it.
pub const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
    connect-src 'self'; font-src 'self'; worker-src 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'";

pub fn a_strict_policy_is_enough(page: &Page) -> Result<()> {
    let site = Site::new(page.dist()).under("/strict/").with_header("content-security-policy", POLICY);
    let server = StaticServer::start(site, listen_anywhere()?)?;
    page.go(&format!("{}?{SMALL}&lanes=1", server.address()))?;
    page.wait_until_live()?;
    page.evaluate::<()>(
        "window.violations = []; addEventListener('securitypolicyviolation', (event) => window.violations.push(event.violatedDirective + ' ' + event.blockedURI))",
        &[],
    )?;
    page.click_action("train-start")?;
    wait_for_the_end(page)?;
    let place = page.readouts()?.get("lab-where").cloned().unwrap_or_default();
    ensure!(place.starts_with("in workers"), "it trains {place}");
    page.click_action("table:gradient-norms")?;
    page.click_action("embed:gradient-norms")?;
    let (serif, violations): (bool, Vec<String>) =
        page.evaluate("return [getComputedStyle(document.body).fontFamily.includes('serif'), window.violations]", &[])?;
    ensure!(serif, "the page has no looks");
    ensure!(violations.is_empty(), "it was refused {violations:?}");
    page.go("about:blank")
}

/// Closes the window that shows the page, and gives the browser the time to notice. A page that some browsers keep for the way back
/// is still a window that shows it; one with such a listener is not kept.
fn close(page: &Page) -> Result<()> {
    page.evaluate::<()>("addEventListener('unload', () => {})", &[])?;
    page.go("about:blank")?;
    std::thread::sleep(std::time::Duration::from_millis(500));
    Ok(())
}

pub fn without_its_server_the_page_opens(page: &Page) -> Result<()> {
    let folder =
        std::env::temp_dir().join(format!("vanishing-offline-{}-{}", page.engine().name(), std::process::id()));
    let kept = Kept(folder);
    kept.copy(page.dist())?;
    let server = StaticServer::start(Site::new(&kept.0), listen_anywhere()?)?;
    let (address, port) = (server.address(), server.port());
    page.go(&address)?;
    page.wait_until_live()?;
    if !page.evaluate::<bool>("return 'serviceWorker' in navigator", &[])? {
        println!("{}: it keeps no pages (no service workers), so this was not tried", page.engine().name());
        return page.go("about:blank");
    }
    if let Err(error) = page.wait_until("the page is kept", "return 'offlineReady' in document.documentElement.dataset")
    {
        if page.engine() == Engine::WebKit {
            println!("{}: under automation it keeps no pages, so this was not tried", page.engine().name());
            return page.go("about:blank");
        }
        return Err(error);
    }
    drop(server);
    let query = format!("?{SMALL}&lanes=1");
    page.go(&format!("{address}{query}"))?;
    page.wait_until_live().context("without its server")?;
    page.click_action("train-start")?;
    wait_for_the_end(page).context("without its server")?;
    // A newer version is published: this window goes on with the old one, all of it, until it is closed.
    let index = kept.0.join("index.html");
    let text = std::fs::read_to_string(&index)?.replacen("<body>", "<body data-version=\"2\">", 1);
    std::fs::write(&index, text)?;
    write_keeper(&kept.0)?;
    let server = StaticServer::start(Site::new(&kept.0), listen_on(port)?)?;
    let version = || page.evaluate::<Option<String>>("return document.body.dataset.version ?? null", &[]);
    page.go(&address)?;
    page.wait_until_live()?;
    ensure!(version()?.is_none(), "a page was served from one version and its program from another");
    // A look that comes to nothing, as one right after a look that found no server may, is repeated every second.
    page.evaluate::<()>(
        "navigator.serviceWorker.getRegistration().then((found) => { window.found = found; window.looked = -Infinity; })",
        &[],
    )?;
    let waits = || {
        page.wait_until(
            "the newer version is fetched and waits",
            "const { found } = window;
             if (found && !found.waiting && !found.installing && performance.now() - window.looked > 1000) {
               window.looked = performance.now();
               found.update().catch(() => {});
             }
             return Boolean(found?.waiting)",
        )
    };
    // After a look that found no server Chromium may hold all others back for more than half a minute.
    for _ in 0..8 {
        if waits().is_ok() {
            break;
        }
    }
    waits()?;
    close(page)?;
    page.wait_for("the newer version takes its place", || {
        page.go(&address)?;
        page.wait_until_live()?;
        let found = version()?;
        if found.is_none() {
            close(page)?;
        }
        Ok(found.map(drop))
    })?;
    drop(server);
    page.go(&address)?;
    page.wait_until_live().context("the newer version without its server")?;
    ensure!(version()?.is_some(), "the older version came back");
    page.go("about:blank")
}

/// A copy of the built page, removed with this value.
pub struct Kept(PathBuf);

impl Kept {
    fn copy(&self, from: &std::path::Path) -> Result<()> {
        for file in files_below(from)? {
            let to = self.0.join(file.strip_prefix(from)?);
            if let Some(folder) = to.parent() {
                std::fs::create_dir_all(folder)?;
            }
            std::fs::copy(&file, &to)?;
        }
        Ok(())
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}
