//! A small server for the built page: one folder, on 127.0.0.1 only, always fresh.

use std::fs;
use std::io::Cursor;
use std::net::{SocketAddr, TcpListener};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use anyhow::{Context, anyhow, bail};
use tiny_http::{Header, Method, Request, Response, Server};

use crate::Outcome;

/// Requests answered at once; a browser asks for a few files in parallel.
const WORKERS: usize = 4;

/// What is served, and under which path.
#[derive(Clone, Debug)]
pub struct Site {
    folder: PathBuf,
    prefix: String,
    head_insert: String,
    headers: Vec<(String, String)>,
    left_out: Vec<String>,
}

impl Site {
    /// All files of `folder`, at the root of the server.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            prefix: "/".to_owned(),
            head_insert: String::new(),
            headers: Vec::new(),
            left_out: Vec::new(),
        }
    }

    /// The same files below `path`, as a project page of a shared host has them: `under("/some/path/")`.
    #[must_use]
    pub fn under(mut self, path: &str) -> Self {
        self.prefix = match path.trim_matches('/') {
            "" => "/".to_owned(),
            inner => format!("/{inner}/"),
        };
        self
    }

    /// Puts `html` at the start of every page's head, before the page's own scripts.
    #[must_use]
    pub fn with_head_insert(mut self, html: &str) -> Self {
        html.clone_into(&mut self.head_insert);
        self
    }

    /// Serves all but this file.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.left_out.push(name.to_owned());
        self
    }

    /// Sends a header with every file.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The file that `url` asks for; nothing when `url` leads out of the folder.
    fn file_for(&self, url: &str) -> Option<PathBuf> {
        let path = url.split(['?', '#']).next().unwrap_or_default();
        let path = percent_decode(path.strip_prefix(self.prefix.as_str())?)?;
        let relative = Path::new(&path);
        let is_inside = relative.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if !is_inside || self.left_out.contains(&path) {
            return None;
        }
        let file = self.folder.join(relative);
        Some(if file.is_dir() { file.join("index.html") } else { file })
    }

    /// The bytes to send for `file`.
    fn content_of(&self, file: &Path) -> std::io::Result<Vec<u8>> {
        let content = fs::read(file)?;
        if self.head_insert.is_empty() || content_type(file) != HTML {
            return Ok(content);
        }
        let page = String::from_utf8_lossy(&content);
        Ok(insert_into_head(&page, &self.head_insert).into_bytes())
    }
}

/// A running server; it stops when this value is dropped.
pub struct StaticServer {
    address: SocketAddr,
    prefix: String,
    server: Arc<Server>,
    workers: Vec<JoinHandle<()>>,
}

impl StaticServer {
    /// Serves `site` on `listener`.
    ///
    /// # Errors
    /// When the listener cannot be used.
    pub fn start(site: Site, listener: TcpListener) -> Outcome<Self> {
        let address = listener.local_addr().context("the server has no address")?;
        let server =
            Server::from_listener(listener, None).map_err(|error| anyhow!("the server did not start: {error}"))?;
        let server = Arc::new(server);
        let site = Arc::new(site);
        let prefix = site.prefix.clone();
        let workers = (0..WORKERS)
            .map(|_| {
                let (server, site) = (Arc::clone(&server), Arc::clone(&site));
                std::thread::spawn(move || {
                    while let Ok(request) = server.recv() {
                        answer(&site, request);
                    }
                })
            })
            .collect();
        Ok(Self { address, prefix, server, workers })
    }

    /// The address to type into a browser, with a slash at its end.
    pub fn address(&self) -> String {
        format!("http://{}{}", self.address, self.prefix)
    }

    /// Serves until the process ends.
    pub fn wait(mut self) {
        for worker in self.workers.drain(..) {
            drop(worker.join());
        }
    }
}

impl Drop for StaticServer {
    fn drop(&mut self) {
        for _ in &self.workers {
            self.server.unblock();
        }
        for worker in self.workers.drain(..) {
            drop(worker.join());
        }
    }
}

/// A listener on `first_port`, or on the next free one after it.
///
/// # Errors
/// When none of the next twenty ports is free.
pub fn listen_from(first_port: u16) -> Outcome<TcpListener> {
    let last_port = first_port.saturating_add(20);
    for port in first_port..=last_port {
        if let Ok(listener) = TcpListener::bind(("127.0.0.1", port)) {
            return Ok(listener);
        }
    }
    bail!("the ports {first_port} to {last_port} of 127.0.0.1 are all busy; name another one with --port")
}

/// A listener on any free port.
///
/// # Errors
/// When the machine has no free port.
pub fn listen_anywhere() -> Outcome<TcpListener> {
    TcpListener::bind(("127.0.0.1", 0)).context("127.0.0.1 has no free port")
}

/// One request, answered; a browser that went away meanwhile is no error.
fn answer(site: &Site, request: Request) {
    let response = response_to(site, request.method(), request.url());
    drop(request.respond(response));
}

fn response_to(site: &Site, method: &Method, url: &str) -> Response<Cursor<Vec<u8>>> {
    if !matches!(method, Method::Get | Method::Head) {
        return message(405, "only GET and HEAD are answered here");
    }
    // Relative addresses on a page only work below its folder, so the folder's name is completed with its slash.
    if format!("{url}/") == site.prefix {
        return with_header(message(308, "the page is one slash further"), "Location", &site.prefix);
    }
    let found = site.file_for(url).and_then(|file| site.content_of(&file).ok().map(|content| (file, content)));
    let Some((file, content)) = found else {
        return message(404, &format!("there is no {url} here"));
    };
    // `no-cache`: a browser asks again every time, so a rebuilt page is seen at once.
    let response = with_header(Response::from_data(content), "Content-Type", content_type(&file));
    let response = with_header(response, "Cache-Control", "no-cache");
    site.headers.iter().fold(response, |response, (name, value)| with_header(response, name, value))
}

fn message(status: u16, text: &str) -> Response<Cursor<Vec<u8>>> {
    with_header(Response::from_string(text).with_status_code(status), "Cache-Control", "no-cache")
}

fn with_header(mut response: Response<Cursor<Vec<u8>>>, name: &str, value: &str) -> Response<Cursor<Vec<u8>>> {
    if let Ok(header) = Header::from_bytes(name, value) {
        response.add_header(header);
    }
    response
}

const HTML: &str = "text/html; charset=utf-8";

/// The type of a file, by its ending.
pub fn content_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => HTML,
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("woff2") => "font/woff2",
        Some("txt" | "md") => "text/plain; charset=utf-8",
        Some("csv") => "text/csv; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// `page` with `html` as the first thing in its head, or before everything when it has no head.
fn insert_into_head(page: &str, html: &str) -> String {
    let head_end = page.find("<head").and_then(|start| page[start..].find('>').map(|length| start + length + 1));
    let (before, after) = page.split_at(head_end.unwrap_or(0));
    format!("{before}{html}{after}")
}

/// `a b` for `a%20b`; nothing when it is not UTF-8.
fn percent_decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The folder of this crate stands for a built page.
    fn site() -> Site {
        Site::new(env!("CARGO_MANIFEST_DIR"))
    }

    fn status_of(site: &Site, url: &str) -> u16 {
        response_to(site, &Method::Get, url).status_code().0
    }

    #[test]
    fn files_are_found_with_and_without_a_query() {
        assert_eq!(status_of(&site(), "/Cargo.toml"), 200);
        assert_eq!(status_of(&site(), "/src/lib.rs?seed=7"), 200);
        assert_eq!(status_of(&site(), "/src%2Flib.rs"), 200);
        assert_eq!(status_of(&site(), "/no-such-file"), 404);
    }

    #[test]
    fn nothing_outside_the_folder_is_served() {
        for url in ["/../core/Cargo.toml", "/%2e%2e/core/Cargo.toml", "//etc/passwd", "/src/../../core/Cargo.toml"] {
            assert_eq!(status_of(&site(), url), 404, "{url}");
        }
    }

    #[test]
    fn a_site_below_a_path_answers_only_there() {
        let site = site().under("some/path");
        assert_eq!(status_of(&site, "/some/path/Cargo.toml"), 200);
        assert_eq!(status_of(&site, "/some/path"), 308);
        assert_eq!(status_of(&site, "/Cargo.toml"), 404);
    }

    #[test]
    fn only_reading_is_answered() {
        assert_eq!(response_to(&site(), &Method::Post, "/Cargo.toml").status_code().0, 405);
    }

    #[test]
    fn wasm_has_the_type_that_browsers_compile_while_it_arrives() {
        assert_eq!(content_type(Path::new("a/b-1234_bg.wasm")), "application/wasm");
        assert_eq!(content_type(Path::new("index.html")), HTML);
        assert_eq!(content_type(Path::new("LICENSE")), "application/octet-stream");
    }

    #[test]
    fn an_insert_comes_before_everything_else_in_the_head() {
        assert_eq!(insert_into_head("<html><head lang=en><title>", "<i>"), "<html><head lang=en><i><title>");
        assert_eq!(insert_into_head("no head", "<i>"), "<i>no head");
    }

    #[test]
    fn percent_codes_are_decoded_and_broken_ones_refused() {
        assert_eq!(percent_decode("a%20b").as_deref(), Some("a b"));
        assert_eq!(percent_decode("a%2"), None);
        assert_eq!(percent_decode("%ff"), None);
    }

    #[test]
    fn a_server_says_its_address_and_stops() -> Outcome {
        let server = StaticServer::start(site().under("x"), listen_anywhere()?)?;
        assert!(server.address().starts_with("http://127.0.0.1:"), "{}", server.address());
        assert!(server.address().ends_with("/x/"), "{}", server.address());
        drop(server);
        Ok(())
    }

    #[test]
    fn a_busy_port_is_stepped_over() -> Outcome {
        let taken = listen_anywhere()?;
        let port = taken.local_addr()?.port();
        let next = listen_from(port)?;
        assert_ne!(next.local_addr()?.port(), port);
        Ok(())
    }
}
