//! The core's fingerprint as a WebAssembly module without any import, for an interpreter outside a browser.

#![allow(unsafe_code, reason = "a function exported under its own name is declared with an unsafe attribute")]

/// See [`vanishing_core::fingerprint::studies_hash`].
#[unsafe(no_mangle)]
pub extern "C" fn studies_hash() -> u64 {
    vanishing_core::fingerprint::studies_hash()
}
