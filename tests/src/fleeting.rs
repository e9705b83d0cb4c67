//! A server that can be cut off: it answers one request on each connection and closes it, so that nothing of it is left once
//! it has ended.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context, Result};
use xtask::static_server::content_type;

/// Serves a folder on a port of this machine, until it is dropped.
pub struct FleetingServer {
    address: SocketAddr,
    over: Arc<AtomicBool>,
    listening: Option<JoinHandle<()>>,
}

impl FleetingServer {
    /// On that port, or on any free one for 0.
    ///
    /// # Errors
    /// When the port is busy.
    pub fn start(folder: &Path, port: u16) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).with_context(|| format!("port {port} is busy"))?;
        let address = listener.local_addr().context("the server has no address")?;
        let over = Arc::new(AtomicBool::new(false));
        let (ended, folder) = (Arc::clone(&over), folder.to_owned());
        let listening = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::Relaxed) {
                    break;
                }
                let folder = folder.clone();
                // A browser that goes away meanwhile is no error.
                std::thread::spawn(move || stream.map(|stream| answer(stream, &folder)));
            }
        });
        Ok(Self { address, over, listening: Some(listening) })
    }

    /// The address to type into a browser, with a slash at its end.
    pub fn address(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }
}

impl Drop for FleetingServer {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        // Wakes the one that listens.
        drop(TcpStream::connect(self.address));
        drop(self.listening.take().map(JoinHandle::join));
    }
}

fn answer(mut stream: TcpStream, folder: &Path) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut request = Vec::new();
    let mut part = [0; 4096];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut part)? {
            0 => return Ok(()),
            count => request.extend_from_slice(&part[..count]),
        }
    }
    let text = String::from_utf8_lossy(&request);
    let path = text.split(' ').nth(1).unwrap_or("/").split(['?', '#']).next().unwrap_or("/").trim_start_matches('/');
    let name = if path.is_empty() { "index.html" } else { path };
    let file: PathBuf = folder.join(name);
    let kind = content_type(&file);
    let (status, content) = match std::fs::read(&file) {
        Ok(content) if !name.contains("..") => ("200 OK", content),
        _ => ("404 Not Found", Vec::new()),
    };
    let length = content.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nCache-Control: no-cache\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(&content)
}
