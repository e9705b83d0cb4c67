//! The core computes the same bits as WebAssembly and as native code, so a link shows everyone the same picture.
//!
//! `cargo xtask test` builds the module and says where it is in `VANISHING_FINGERPRINT`.

use std::time::Instant;

use anyhow::{Context, Result};
use wasmi::{Engine, Linker, Module, Store};

#[test]
fn the_studies_computed_as_webassembly_equal_the_native_ones_in_every_bit() -> Result<()> {
    let path = std::env::var("VANISHING_FINGERPRINT")
        .context("VANISHING_FINGERPRINT must name the built module; `cargo xtask test` sets it")?;
    let module = std::fs::read(&path).with_context(|| format!("could not read {path}"))?;

    let start = Instant::now();
    let in_wasm = interpreted_hash(&module)?;
    println!("interpreted in {:.1} s", start.elapsed().as_secs_f64());
    let native = vanishing_core::fingerprint::studies_hash();
    assert_eq!(format!("{in_wasm:016x}"), format!("{native:016x}"), "WebAssembly (left) and native (right) differ");
    Ok(())
}

/// Calls `studies_hash` of the module in an interpreter.
fn interpreted_hash(module: &[u8]) -> Result<u64> {
    let engine = Engine::default();
    let module = Module::new(&engine, module).context("the module is not valid WebAssembly")?;
    let mut store = Store::new(&engine, ());
    let instance = Linker::new(&engine)
        .instantiate_and_start(&mut store, &module)
        .context("the module does not start on its own: has the core come to import something?")?;
    let studies_hash = instance
        .get_typed_func::<(), u64>(&store, "studies_hash")
        .context("the module does not export studies_hash() -> u64")?;
    studies_hash.call(&mut store, ()).context("studies_hash trapped")
}
