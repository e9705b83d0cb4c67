//! The program's memory, asked of the browser once.
use std::hint::black_box;

/// What the page may come to need beyond its first pictures: five times what its largest settings take. Memory that is
/// never written to costs a reader next to nothing.
const ROOM: usize = 16 << 20;

/// Makes the memory grow now, so that it need not grow while the page is used. What is given back here stays with the
/// allocator, for WebAssembly cannot give memory back.
///
/// Growing exchanges the buffer under every view of it, beneath code that runs and code that is being compiled. Engines
/// have gone wrong there: WebKit since 26.2 has reported accesses out of bounds (emscripten issue 25905, with threads)
/// and ended pages (EmulatorJS issue 1143). Before the page is live little is compiled yet.
pub fn reserve() {
    drop(black_box(Vec::<u8>::with_capacity(ROOM)));
}
