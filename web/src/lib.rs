//! The page's shell: the only code that knows the DOM.
//!
//! What happens on the page becomes a [`vanishing_app::Msg`]; what the [`vanishing_app::Lab`] answers is performed. The
//! shell decides nothing and holds no formula.
//!
//! ```text
//! listeners, observers, workers --> inbox --> (one animation frame) --> Lab::update --> Effects --> perform
//! ```
//!
//! | module | does |
//! |---|---|
//! | `boot` | finds the slots of the page, makes controls and canvases, starts |
//! | `listeners` | one delegated listener for each kind of event, as messages |
//! | `inbox`, `queue` | what waits for the next frame; the newest position of a moving thing replaces the one before |
//! | `page` | the parts of the page, and the application |
//! | `perform` | Effects, one after the other, on the page |
//! | `shell` | the frame in which messages are dealt with |
//! | `controls`, `canvas`, `readouts`, `notices`, `address` | the parts of the page that effects speak of |
//! | `in_text`, `dragging` | numbers in sentences, and the hands on them |
//! | `memory` | what the program asks of the browser's memory |
//! | `equations` | passages of one choice, and the terms that a control changes |
//! | `folds` | what is folded away, and opened by links and for print |
//! | `workers` | who trains: threads of their own, or the page itself |
//! | `parent` | the page around this one, in a frame |
//! | `embed`, `embed_codes` | figures in somebody else's page, and the codes for it |
//! | `opened_network` | a network in a file that the reader opens |
//! | `reading` | a text of the reader's own, and how the networks look back at it |
//! | `transport` | the rows of buttons that play something |
//! | `laboratory` | remedies, lanes, pipeline and table of chapter 4 |
//! | `clipboard`, `timing`, `trouble`, `dom` | small doors to the browser |
mod address;
mod beside;
mod boot;
mod builder;
mod canvas;
mod chips;
mod clipboard;
mod controls;
mod dom;
mod dragging;
mod embed;
mod embed_codes;
mod equations;
mod folds;
mod handout;
mod in_text;
mod inbox;
mod laboratory;
mod lecture;
mod lending;
mod listeners;
mod memory;
mod notices;
mod opened_network;
mod own_picture;
mod page;
mod parent;
mod perform;
mod presenter;
mod queue;
mod reading;
mod readouts;
mod screen;
mod shell;
mod takeaway;
mod timing;
mod transport;
mod trouble;
mod workers;

use wasm_bindgen::prelude::*;

/// Starts the page.
///
/// # Errors
/// When the document has no window or no body, or its browser lacks an observer; the page then says so itself.
#[wasm_bindgen(start)]
pub fn start() -> Result<(), JsValue> {
    trouble::install();
    if web_sys::window().is_none() {
        // A worker of the page: it waits for orders.
        return Ok(());
    }
    memory::reserve();
    boot::boot()
}

/// A hash over studies of the core, as 16 hexadecimal digits: the same here as natively, bit for bit.
#[wasm_bindgen]
pub fn studies_hash() -> String {
    format!("{:016x}", vanishing_core::fingerprint::studies_hash())
}

/// Ends a worker of the page, as a browser may: for the tests.
#[wasm_bindgen]
pub fn kill_worker(number: usize) {
    if let Some(Some(msg)) = shell::with(|page| page.workers.kill(number)) {
        inbox::report(msg);
    }
}
