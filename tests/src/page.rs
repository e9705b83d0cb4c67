//! One browser with the page in it, as a test sees it: blocking calls, real input, clear failures.

use std::cell::Cell;
use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::de::DeserializeOwned;
use serde_json::Value;
use thirtyfour::common::command::{Actions, Command};
use thirtyfour::{Capabilities, WebDriver};
use tokio::runtime::Runtime;
use xtask::static_server::{StaticServer, listen_anywhere};

use crate::display::Display;
use crate::engine::Engine;
use crate::pointer::{self, Point};
use crate::site;
use crate::supervised::Supervised;

/// How long anything the page should do may take on a slow machine.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a driver may take to start, and a browser to answer one request.
const DRIVER_PATIENCE: Duration = Duration::from_secs(60);

/// Frames of this page that can be looked into and began to load.
const SETTLED: &str = "
    return [...document.querySelectorAll('iframe')].every((frame) => {
        const inside = frame.contentDocument;
        return !inside || inside.URL === 'about:blank' || inside.documentElement?.dataset.ready === 'true'
            || !inside.querySelector('script[type=module]') && inside.readyState === 'complete';
    })";
/// Between two looks at something awaited.
const POLL: Duration = Duration::from_millis(25);

/// A browser with the built page; everything it started ends when this value is dropped.
pub struct Page {
    engine: Engine,
    site: StaticServer,
    dist: PathBuf,
    reports: PathBuf,
    opened: Cell<bool>,
    runtime: Runtime,
    session: Option<WebDriver>,
    /// These are dropped, and so ended, in this order: the driver with its browser, the screen they are on, their files.
    _driver: Supervised,
    _display: Option<Display>,
    _home: Home,
}

/// A folder for whatever a browser writes, removed with this value.
struct Home(PathBuf);

impl Home {
    /// In the folder for temporary files, for browsers make sockets in it and their paths must be short.
    fn create(engine: Engine) -> Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name =
            format!("vanishing-{}-{}-{}", engine.name(), std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).with_context(|| format!("could not make the folder {}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

impl Page {
    /// Serves the built page in `dist` and starts `engine` with an empty window. Logs go to `browser-tests` beside it.
    ///
    /// # Errors
    /// When the browser or its driver is missing or does not start.
    pub fn start(engine: Engine, dist: &Path) -> Result<Self> {
        let site = site::serve(dist)?;
        let reports = dist.parent().unwrap_or(dist).join("browser-tests");
        fs::create_dir_all(&reports).with_context(|| format!("could not make the folder {}", reports.display()))?;
        let home = Home::create(engine)?;
        let capabilities = engine.capabilities()?;

        let display = match engine.needs_display() {
            true => Some(Display::start(&reports.join(format!("{}-display.log", engine.name())))?),
            false => None,
        };
        let port = listen_anywhere()?.local_addr().context("the free port has no number")?.port();
        let mut command = engine.driver(port, &home.0)?;
        if let Some(display) = &display {
            command.env("DISPLAY", display.name());
        }
        let log = reports.join(format!("{}.log", engine.name()));
        let driver = Supervised::start(&command, &log)?;
        wait_for_port(port).with_context(|| failed_start(engine, &log))?;

        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("no runtime")?;
        let Value::Object(capabilities) = capabilities else { bail!("capabilities are an object") };
        let session = runtime
            .block_on(
                WebDriver::builder(format!("http://127.0.0.1:{port}"), Capabilities::from(capabilities))
                    .request_timeout(DRIVER_PATIENCE)
                    .connect(),
            )
            .with_context(|| failed_start(engine, &log))?;
        let opened = Cell::new(false);
        Ok(Self {
            engine,
            site,
            dist: dist.to_owned(),
            reports,
            opened,
            runtime,
            session: Some(session),
            _driver: driver,
            _display: display,
            _home: home,
        })
    }

    /// Ends the browser and starts another one, empty.
    ///
    /// # Errors
    /// When it does not start.
    pub fn restart(&mut self) -> Result<()> {
        *self = Self::start(self.engine, &self.dist.clone())?;
        Ok(())
    }

    /// The engine that shows the page.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Opens the page with a query such as `?seed=7` (or an empty one) and waits until it is live.
    ///
    /// # Errors
    /// When it does not become live.
    pub fn open(&self, query: &str) -> Result<()> {
        let address = format!("{}{query}", self.site.address());
        self.block_on(self.session()?.goto(address))
            .with_context(|| format!("could not open the page with `{query}`"))?;
        self.opened.set(true);
        self.wait_until_live()
    }

    /// Opens a page beside it, which says nothing of being live.
    ///
    /// # Errors
    /// When the browser does not.
    pub fn open_other(&self, path: &str) -> Result<()> {
        self.go(&format!("{}{path}", self.site.address()))
    }

    /// Looks into a frame of the page, and returns.
    ///
    /// # Errors
    /// When there is no such frame, or what is done there fails.
    pub fn in_frame<T>(&self, index: u16, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.block_on(self.session()?.enter_frame(index)).context("there is no such frame")?;
        let done = work();
        self.block_on(self.session()?.enter_default_frame()).context("the page is gone")?;
        done
    }

    /// The folder of the built page.
    pub fn dist(&self) -> &Path {
        &self.dist
    }

    /// Goes to any address.
    ///
    /// # Errors
    /// When the browser does not.
    pub fn go(&self, address: &str) -> Result<()> {
        if self.opened.get() {
            // A page that was never live, or is gone, has nothing to wait for.
            let _ = self.settle_frames();
        }
        self.block_on(self.session()?.goto(address)).with_context(|| format!("could not go to {address}"))
    }

    /// Waits until the page's frames are live, those that began to load: WebKitGTK 2.50.6 may never answer again once a frame
    /// is taken away while it fetches a module.
    ///
    /// # Errors
    /// When one does not become live.
    pub fn settle_frames(&self) -> Result<()> {
        self.wait_until("the frames are live", SETTLED)
    }

    /// Waits until the page says that it is live, as it must after it is opened.
    ///
    /// # Errors
    /// When it does not; the sentence has what the console said.
    pub fn wait_until_live(&self) -> Result<()> {
        let live = self.wait_until("the page becomes live", "return document.documentElement.dataset.ready === 'true'");
        live.with_context(|| format!("its console says: {:?}", self.console().unwrap_or_default()))
    }

    /// Runs the body of a function in the page; it reads `arguments[0]` and so on, and returns its value.
    ///
    /// # Errors
    /// When the script throws or its value has another form.
    pub fn evaluate<T: DeserializeOwned>(&self, script: &str, arguments: &[&str]) -> Result<T> {
        let arguments: Vec<Value> = arguments.iter().map(|&argument| Value::from(argument)).collect();
        let result =
            self.block_on(self.session()?.execute(script, arguments)).context("a script of the test failed")?;
        result.convert().context("a script of the test returned something else than expected")
    }

    /// Waits until the script returns `true`.
    ///
    /// # Errors
    /// When it does not in time; `what` says what was awaited.
    pub fn wait_until(&self, what: &str, script: &str) -> Result<()> {
        self.wait_for(what, || self.evaluate::<bool>(script, &[]).map(|is_so| is_so.then_some(())))
    }

    /// Waits until `look` finds something.
    ///
    /// # Errors
    /// When it does not in time; `what` says what was awaited.
    pub fn wait_for<T>(&self, what: &str, look: impl Fn() -> Result<Option<T>>) -> Result<T> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look()? {
                return Ok(found);
            }
            if Instant::now() > deadline {
                bail!("waited {} s in vain until {what}", PATIENCE.as_secs());
            }
            std::thread::sleep(POLL);
        }
    }

    /// Drags with the mouse from one point of the window to another, one move a frame.
    ///
    /// # Errors
    /// When the browser refuses.
    pub fn drag(&self, from: Point, to: Point, moves: u32) -> Result<()> {
        self.perform(pointer::drag(from, to, moves)).context("could not drag")
    }

    /// Drags with the mouse as [`Page::drag`] does, and keeps hold.
    ///
    /// # Errors
    /// When the browser refuses.
    pub fn hold(&self, from: Point, to: Point, moves: u32) -> Result<()> {
        self.perform(pointer::hold(from, to, moves)).context("could not drag")
    }

    /// Lets go of what the mouse holds.
    ///
    /// # Errors
    /// When the browser refuses.
    pub fn let_go(&self) -> Result<()> {
        self.perform(pointer::let_go()).context("could not let go")
    }

    /// Clicks with the mouse.
    ///
    /// # Errors
    /// When the browser refuses.
    pub fn click(&self, at: Point) -> Result<()> {
        self.perform(pointer::click(at)).context("could not click")
    }

    /// Presses keys one after another where the focus is; special keys are characters such as [`keys::ARROW_RIGHT`].
    ///
    /// # Errors
    /// When the browser refuses.
    pub fn press(&self, keys: &str) -> Result<()> {
        self.perform(pointer::press(keys)).context("could not press keys")
    }

    /// The browser's back button.
    ///
    /// # Errors
    /// When the browser refuses.
    pub fn back(&self) -> Result<()> {
        self.block_on(self.session()?.back()).context("could not go back")
    }

    /// The browser's forward button.
    ///
    /// # Errors
    /// When the browser refuses.
    pub fn forward(&self) -> Result<()> {
        self.block_on(self.session()?.forward()).context("could not go forward")
    }

    /// Everything the console has said since the browser was started: errors, warnings, uncaught errors, failed
    /// downloads. Ordinary messages do not count.
    ///
    /// # Errors
    /// When the browser refuses.
    pub fn console(&self) -> Result<Vec<String>> {
        if !self.opened.get() {
            return Ok(Vec::new());
        }
        self.evaluate("return JSON.parse(sessionStorage.getItem('harness-console') ?? '[]')", &[])
    }

    /// Writes a picture of the window to the folder of the reports and returns its path.
    ///
    /// # Errors
    /// When the browser refuses or the file cannot be written.
    pub fn screenshot(&self, name: &str) -> Result<PathBuf> {
        let path = self.reports.join(format!("{}-{name}.png", self.engine.name()));
        let picture = self.block_on(self.session()?.screenshot_as_png()).context("could not take a picture")?;
        fs::write(&path, picture).with_context(|| format!("could not write {}", path.display()))?;
        Ok(path)
    }

    /// A command of the Chrome DevTools Protocol; only Chromium understands it.
    ///
    /// # Errors
    /// When the browser refuses.
    pub fn devtools(&self, method: &str, parameters: Value) -> Result<Value> {
        self.block_on(self.session()?.cdp().send_raw(method, parameters)).with_context(|| format!("{method} failed"))
    }

    fn perform(&self, gesture: Value) -> Result<()> {
        self.block_on(self.session()?.cmd(Command::PerformActions(Actions::from(gesture))))?;
        Ok(())
    }

    fn session(&self) -> Result<&WebDriver> {
        self.session.as_ref().context("the browser has been ended")
    }

    fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        if let Some(session) = self.session.take() {
            // The polite way first: the driver removes the browser's profile. What does not end so is ended by force.
            let handle = session.clone();
            let quit = async move { tokio::time::timeout(Duration::from_secs(10), session.quit()).await };
            if !matches!(self.runtime.block_on(quit), Ok(Ok(()))) {
                drop(handle.leak());
            }
        }
    }
}

/// Keys that are no characters, in the standard's own numbers.
pub mod keys {
    /// The arrow to the left.
    pub const ARROW_LEFT: &str = "\u{e012}";
    /// The arrow upwards.
    pub const ARROW_UP: &str = "\u{e013}";
    /// The arrow to the right.
    pub const ARROW_RIGHT: &str = "\u{e014}";
    /// The arrow downwards.
    pub const ARROW_DOWN: &str = "\u{e015}";
    /// From one control to the next.
    pub const TAB: &str = "\u{e004}";
    /// Enter.
    pub const ENTER: &str = "\u{e007}";
    /// Escape.
    pub const ESCAPE: &str = "\u{e00c}";
    /// One screen up; a remote control's way back.
    pub const PAGE_UP: &str = "\u{e00e}";
    /// One screen down; a remote control's way on.
    pub const PAGE_DOWN: &str = "\u{e00f}";
    /// F5.
    pub const F5: &str = "\u{e035}";
}

fn wait_for_port(port: u16) -> Result<()> {
    let deadline = Instant::now() + DRIVER_PATIENCE;
    while Instant::now() < deadline {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Ok(());
        }
        std::thread::sleep(POLL);
    }
    bail!("nothing listened on its port for {} s", DRIVER_PATIENCE.as_secs())
}

fn failed_start(engine: Engine, log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let last_lines = lines[lines.len().saturating_sub(8)..].join("\n");
    format!("{} did not start; the last lines of {}:\n{last_lines}", engine.name(), log.display())
}
