//! A small server for the built page: one folder, on 127.0.0.1 only, always fresh.

use std::convert::Infallible;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use anyhow::{Context, bail};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::Outcome;

/// What is served, and under which path.
#[derive(Clone, Debug)]
pub struct Site {
    folder: PathBuf,
    prefix: String,
    head_insert: String,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Site {
    /// All files of `folder`, at the root of the server.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), prefix: "/".to_owned(), head_insert: String::new(), headers: Vec::new() }
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

    /// Sends a header with every file.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((HeaderName::from_static(name), HeaderValue::from_static(value)));
        self
    }

    /// The file that `url` asks for; nothing when `url` leads out of the folder.
    fn file_for(&self, url: &str) -> Option<PathBuf> {
        let path = url.split(['?', '#']).next().unwrap_or_default();
        let path = percent_decode(path.strip_prefix(self.prefix.as_str())?)?;
        let relative = Path::new(&path);
        let is_inside = relative.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if !is_inside {
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

/// A running server; when this value is dropped it stops, and cuts off whoever is still connected.
pub struct StaticServer {
    address: SocketAddr,
    prefix: String,
    stop: Option<oneshot::Sender<()>>,
    serving: Option<JoinHandle<()>>,
}

impl StaticServer {
    /// Serves `site` on `listener`.
    ///
    /// # Errors
    /// When the listener cannot be used.
    pub fn start(site: Site, listener: TcpListener) -> Outcome<Self> {
        let address = listener.local_addr().context("the server has no address")?;
        let prefix = site.prefix.clone();
        listener.set_nonblocking(true).context("the server did not start")?;
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_io().build().context("the server did not start")?;
        let (stop, stopped) = oneshot::channel();
        let serving = std::thread::spawn(move || serve(&runtime, Arc::new(site), listener, stopped));
        Ok(Self { address, prefix, stop: Some(stop), serving: Some(serving) })
    }

    /// The address to type into a browser, with a slash at its end.
    pub fn address(&self) -> String {
        format!("http://{}{}", self.address, self.prefix)
    }

    /// The port that it listens on, which the system may have chosen.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Serves until the process ends.
    pub fn wait(mut self) {
        drop(self.serving.take().map(JoinHandle::join));
    }
}

impl Drop for StaticServer {
    fn drop(&mut self) {
        drop(self.stop.take());
        drop(self.serving.take().map(JoinHandle::join));
    }
}

/// Answers until `stopped`; the connections end with this function. Each is a task of its own, so that none waits for
/// another: browsers keep theirs open, and open some on which they never ask.
fn serve(runtime: &Runtime, site: Arc<Site>, listener: TcpListener, stopped: oneshot::Receiver<()>) {
    runtime.block_on(async {
        let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
        tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else { continue };
                let site = Arc::clone(&site);
                let service = service_fn(move |request: Request<_>| {
                    let answer = response_to(&site, request.method(), &request.uri().to_string());
                    async { Ok::<_, Infallible>(answer) }
                });
                // A browser that goes away meanwhile is no error.
                tokio::spawn(async move {
                    drop(http1::Builder::new().serve_connection(TokioIo::new(stream), service).await)
                });
            }
        });
        drop(stopped.await);
    });
}

/// A listener on `first_port`, or on the next free one after it.
///
/// # Errors
/// When none of the next twenty ports is free.
pub fn listen_from(first_port: u16) -> Outcome<TcpListener> {
    let last_port = first_port.saturating_add(20);
    if let Some(listener) = (first_port..=last_port).find_map(|port| listen_on(port).ok()) {
        return Ok(listener);
    }
    bail!("the ports {first_port} to {last_port} of 127.0.0.1 are all busy; name another one with --port")
}

/// A listener on that port.
///
/// # Errors
/// When it is busy.
pub fn listen_on(port: u16) -> Outcome<TcpListener> {
    TcpListener::bind(("127.0.0.1", port)).with_context(|| format!("port {port} of 127.0.0.1 is busy"))
}

/// A listener on any free port.
///
/// # Errors
/// When the machine has no free port.
pub fn listen_anywhere() -> Outcome<TcpListener> {
    TcpListener::bind(("127.0.0.1", 0)).context("127.0.0.1 has no free port")
}

fn response_to(site: &Site, method: &Method, url: &str) -> Response<Full<Bytes>> {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return message(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD are answered here");
    }
    // Relative addresses on a page only work below its folder, so the folder's name is completed with its slash.
    if format!("{url}/") == site.prefix {
        let mut response = message(StatusCode::PERMANENT_REDIRECT, "the page is one slash further");
        response.headers_mut().extend(HeaderValue::from_str(&site.prefix).map(|prefix| (LOCATION, prefix)));
        return response;
    }
    let found = site.file_for(url).and_then(|file| site.content_of(&file).ok().map(|content| (file, content)));
    let Some((file, content)) = found else {
        return message(StatusCode::NOT_FOUND, &format!("there is no {url} here"));
    };
    let mut response = fresh(content);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type(&file)));
    response.headers_mut().extend(site.headers.iter().cloned());
    response
}

fn message(status: StatusCode, text: &str) -> Response<Full<Bytes>> {
    let mut response = fresh(text.to_owned());
    *response.status_mut() = status;
    response
}

/// `no-cache`: a browser asks again every time, so a rebuilt page is seen at once.
fn fresh(content: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(content.into()));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
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
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::time::Duration;

    use super::*;

    /// The folder of this crate stands for a built page.
    fn site() -> Site {
        Site::new(env!("CARGO_MANIFEST_DIR"))
    }

    fn status_of(site: &Site, url: &str) -> u16 {
        response_to(site, &Method::GET, url).status().as_u16()
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
        assert_eq!(response_to(&site(), &Method::POST, "/Cargo.toml").status(), StatusCode::METHOD_NOT_ALLOWED);
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

    /// A browser opens connections in a burst, also ones on which it never asks, and keeps them: none may wait for another.
    #[test]
    fn many_connections_that_stay_open_are_all_answered() -> Outcome {
        const BURSTS: usize = 20;
        const CONNECTIONS: usize = 12;
        for _ in 0..BURSTS {
            let server = StaticServer::start(site(), listen_anywhere()?)?;
            let connections: Vec<_> =
                (0..CONNECTIONS).map(|_| TcpStream::connect(server.address)).collect::<Result<_, _>>()?;
            for mut connection in connections.iter().skip(1).step_by(2) {
                connection.write_all(b"GET /Cargo.toml HTTP/1.1\r\nHost: here\r\n\r\n")?;
            }
            for mut connection in connections.iter().skip(1).step_by(2) {
                connection.set_read_timeout(Some(Duration::from_secs(3)))?;
                let mut start = [0; 12];
                connection.read_exact(&mut start).context("a connection was left waiting")?;
                assert_eq!(&start, b"HTTP/1.1 200");
            }
        }
        Ok(())
    }

    #[test]
    fn a_server_that_ends_cuts_its_connections_and_frees_its_port() -> Outcome {
        let server = StaticServer::start(site(), listen_anywhere()?)?;
        let mut connection = TcpStream::connect(server.address)?;
        connection.write_all(b"GET /Cargo.toml HTTP/1.1\r\nHost: here\r\n\r\n")?;
        connection.read_exact(&mut [0; 12])?;
        let address = server.address;
        drop(server);
        connection.set_read_timeout(Some(Duration::from_secs(3)))?;
        connection.read_to_end(&mut Vec::new()).context("the connection stayed open")?;
        assert!(TcpStream::connect(address).is_err());
        drop(TcpListener::bind(address).context("the port stayed busy")?);
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
