//! Products of row-major matrices that are added to what is there.
//!
//! ```text
//! c_ij ← (...((c_ij + a_i0 b_0j) + a_i1 b_1j) + ...) + a_i(k-1) b_(k-1)j
//! ```
//!
//! Every element is summed in this order whatever the shape of the matrices, so the bits are those of three plain
//! loops. What is gained lies in doing many elements at once: a block of C is held in registers, four rows of two
//! vectors, while the index of the sum runs. Each vector of B that is loaded then serves four times, each number of A
//! for two vectors (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", 2008). The piece of A
//! that belongs to a block is first copied so that it lies in the order in which it is read; pieces are short enough to
//! stay in the nearest cache, and a sum longer than a piece is taken up again where it was left. Rows that fill no
//! block, above all the only row of a single sequence, go through wide strips of B instead.
//!
//! Of the other blocks that were tried in WebAssembly (2 by 16, 6 by 8, 8 by 4, 8 by 8 and 4 by 16 numbers of f32),
//! only 2 by 16 is as quick: the larger ones do not fit the sixteen registers of x86-64, and 8 by 4 loads more than it
//! multiplies.
use crate::real::Real;

/// Rows of a block.
const ROWS: usize = 4;
/// Longest part of a sum that is done at once.
const DEPTH: usize = 64;

/// C += A B, where A has m rows and k columns and B has k rows and n columns.
pub fn add_product<R: Real>(a: &[R], b: &[R], c: &mut [R], m: usize, k: usize, n: usize) {
    debug_assert_eq!((a.len(), b.len(), c.len()), (m * k, k * n, m * n));
    if m == 0 || k == 0 || n == 0 {
        return;
    }
    if k == 1 {
        return add_outer(a, b, c, n);
    }
    let (blocks, rest) = c.split_at_mut((m - m % ROWS) * n);
    let mut panel = [[R::ZERO; ROWS]; DEPTH];
    for from in (0..k).step_by(DEPTH) {
        let depth = DEPTH.min(k - from);
        let b = &b[from * n..(from + depth) * n];
        for (c, a) in blocks.chunks_exact_mut(ROWS * n).zip(a.chunks_exact(ROWS * k)) {
            let [first, second, third, fourth]: [&[R]; ROWS] = std::array::from_fn(|i| &a[i * k + from..][..depth]);
            let rows = first.iter().zip(second).zip(third.iter().zip(fourth));
            for (column, ((first, second), (third, fourth))) in panel[..depth].iter_mut().zip(rows) {
                *column = [*first, *second, *third, *fourth];
            }
            add_panel(&panel[..depth], b, c, n);
        }
    }
    for (c, a) in rest.chunks_exact_mut(n).zip(a[(m - m % ROWS) * k..].chunks_exact(k)) {
        add_row(a, b, c, n);
    }
}

/// C += Aᵀ B, where A has k rows and m columns and B has k rows and n columns.
///
/// A wide C is quick, a narrow one slow: where n is 1 or 2, Cᵀ += Bᵀ A, which is the same with `a` and `b` (and m
/// and n) exchanged, takes a third of the time.
pub fn add_transposed_product<R: Real>(a: &[R], b: &[R], c: &mut [R], m: usize, k: usize, n: usize) {
    debug_assert_eq!((a.len(), b.len(), c.len()), (k * m, k * n, m * n));
    if m == 0 || k == 0 || n == 0 {
        return;
    }
    if m == 1 {
        // A column and a row lie the same way.
        return add_row(a, b, c, n);
    }
    let (blocks, rest) = c.split_at_mut((m - m % ROWS) * n);
    let mut panel = [[R::ZERO; ROWS]; DEPTH];
    let mut column = [R::ZERO; DEPTH];
    for (a, b) in a.chunks(DEPTH * m).zip(b.chunks(DEPTH * n)) {
        let depth = b.len() / n;
        for (block, c) in blocks.chunks_exact_mut(ROWS * n).enumerate() {
            for (column, a) in panel.iter_mut().zip(a.chunks_exact(m)) {
                column.copy_from_slice(&a[block * ROWS..][..ROWS]);
            }
            add_panel(&panel[..depth], b, c, n);
        }
        for (c, row) in rest.chunks_exact_mut(n).zip(m - m % ROWS..) {
            for (x, a) in column.iter_mut().zip(a.chunks_exact(m)) {
                *x = a[row];
            }
            add_row(&column[..depth], b, c, n);
        }
    }
}

/// As [`add_transposed_product`], the rows of A and B being taken in blocks of `block` rows from the last block to the
/// first, and within a block from its first row to its last: the order in which a gradient meets the time steps. A sum
/// that is cut at the edge of a block and taken up again later has the same bits.
pub fn add_transposed_product_backwards<R: Real>(
    a: &[R],
    b: &[R],
    c: &mut [R],
    [m, k, n]: [usize; 3],
    block: usize,
    turned: &mut Vec<R>,
) {
    debug_assert_eq!((a.len(), b.len(), c.len(), k % block.max(1)), (k * m, k * n, m * n, 0));
    if m == 0 || k == 0 || n == 0 {
        return;
    }
    if m == 1 {
        // A column and a row lie the same way, and so does each block of them.
        a.rchunks_exact(block).zip(b.rchunks_exact(block * n)).for_each(|(a, b)| add_row(a, b, c, n));
        return;
    }
    let (blocks, rest) = c.split_at_mut((m - m % ROWS) * n);
    let mut panel = [[R::ZERO; ROWS]; DEPTH];
    let mut column = [R::ZERO; DEPTH];
    // The rows in the order of the sum.
    let mut order = (0..k / block).rev().flat_map(|number| number * block..(number + 1) * block);
    let mut rows = [0; DEPTH];
    for from in (0..k).step_by(DEPTH) {
        let depth = DEPTH.min(k - from);
        let rows = &mut rows[..depth];
        rows.iter_mut().zip(&mut order).for_each(|(row, next)| *row = next);
        turned.clear();
        for row in &*rows {
            turned.extend_from_slice(&b[row * n..][..n]);
        }
        for (index, c) in blocks.chunks_exact_mut(ROWS * n).enumerate() {
            for (column, row) in panel.iter_mut().zip(&*rows) {
                column.copy_from_slice(&a[row * m + index * ROWS..][..ROWS]);
            }
            add_panel(&panel[..depth], turned, c, n);
        }
        for (c, last) in rest.chunks_exact_mut(n).zip(m - m % ROWS..) {
            for (x, row) in column.iter_mut().zip(&*rows) {
                *x = a[row * m + last];
            }
            add_row(&column[..depth], turned, c, n);
        }
    }
}

/// C += a bᵀ: every row of C gets a multiple of b.
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
fn add_outer<R: Real>(a: &[R], b: &[R], c: &mut [R], n: usize) {
    for (c, a) in c.chunks_exact_mut(n).zip(a) {
        for (c, b) in c.iter_mut().zip(b) {
            *c += *a * *b;
        }
    }
}

/// C += A B for ROWS rows, where `panel` holds the columns of A.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
fn add_panel<R: Real>(panel: &[[R; ROWS]], b: &[R], c: &mut [R], n: usize) {
    // Two vectors of 128 bits; other types have none.
    match size_of::<R>() {
        4 => add_blocks::<R, 8>(panel, b, c, n),
        8 => add_blocks::<R, 4>(panel, b, c, n),
        _ => add_blocks::<R, 1>(panel, b, c, n),
    }
}

/// ROWS rows of C, in blocks as wide as they fit.
#[inline(always)]
fn add_blocks<R: Real, const COLUMNS: usize>(panel: &[[R; ROWS]], b: &[R], c: &mut [R], n: usize) {
    let mut column = 0;
    while column + COLUMNS <= n {
        add_block::<R, COLUMNS>(panel, b, c, n, column);
        column += COLUMNS;
    }
    while column < n {
        add_block::<R, 1>(panel, b, c, n, column);
        column += 1;
    }
}

/// ROWS by COLUMNS numbers of C.
#[inline(always)]
fn add_block<R: Real, const COLUMNS: usize>(panel: &[[R; ROWS]], b: &[R], c: &mut [R], n: usize, column: usize) {
    let mut sums = [[R::ZERO; COLUMNS]; ROWS];
    for (sums, c) in sums.iter_mut().zip(c.chunks_exact(n)) {
        sums.copy_from_slice(&c[column..column + COLUMNS]);
    }
    for (a, b) in panel.iter().zip(b.chunks_exact(n)) {
        let b = &b[column..column + COLUMNS];
        for i in 0..ROWS {
            for j in 0..COLUMNS {
                sums[i][j] += a[i] * b[j];
            }
        }
    }
    for (sums, c) in sums.iter().zip(c.chunks_exact_mut(n)) {
        c[column..column + COLUMNS].copy_from_slice(sums);
    }
}

/// c += Bᵀ a: one row of C.
#[inline(never)]
#[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
fn add_row<R: Real>(a: &[R], b: &[R], c: &mut [R], n: usize) {
    // Eight vectors of 128 bits, so that the sums wait for each other as little as they do in a block; then two.
    match size_of::<R>() {
        4 => add_strips::<R, 32, 8>(a, b, c, n),
        8 => add_strips::<R, 16, 4>(a, b, c, n),
        _ => add_strips::<R, 1, 1>(a, b, c, n),
    }
}

/// A row of C, in strips as wide as they fit.
#[inline(always)]
fn add_strips<R: Real, const WIDE: usize, const NARROW: usize>(a: &[R], b: &[R], c: &mut [R], n: usize) {
    let mut column = 0;
    while column + WIDE <= n {
        add_strip::<R, WIDE>(a, b, c, n, column);
        column += WIDE;
    }
    while column + NARROW <= n {
        add_strip::<R, NARROW>(a, b, c, n, column);
        column += NARROW;
    }
    while column < n {
        add_strip::<R, 1>(a, b, c, n, column);
        column += 1;
    }
}

/// COLUMNS numbers of a row of C.
#[inline(always)]
fn add_strip<R: Real, const COLUMNS: usize>(a: &[R], b: &[R], c: &mut [R], n: usize, column: usize) {
    let mut sums = [R::ZERO; COLUMNS];
    sums.copy_from_slice(&c[column..column + COLUMNS]);
    for (a, b) in a.iter().zip(b.chunks_exact(n)) {
        let b = &b[column..column + COLUMNS];
        for j in 0..COLUMNS {
            sums[j] += *a * b[j];
        }
    }
    c[column..column + COLUMNS].copy_from_slice(&sums);
}

/// out = Aᵀ, where A has that many rows and columns.
pub fn transpose<R: Real>(a: &[R], rows: usize, columns: usize, out: &mut [R]) {
    debug_assert_eq!((a.len(), out.len()), (rows * columns, rows * columns));
    if columns == 0 {
        return;
    }
    for (i, a) in a.chunks_exact(columns).enumerate() {
        for (j, a) in a.iter().enumerate() {
            out[j * rows + i] = *a;
        }
    }
}

/// out_j += Σ_i a_ij, blocks of `block` rows from the last to the first, within a block from its first row on.
pub fn add_column_sums_backwards<R: Real>(a: &[R], rows: usize, columns: usize, block: usize, out: &mut [R]) {
    debug_assert_eq!((a.len(), out.len()), (rows * columns, columns));
    if columns == 0 || block == 0 {
        return;
    }
    for a in a.rchunks_exact(block * columns) {
        for a in a.chunks_exact(columns) {
            for (out, a) in out.iter_mut().zip(a) {
                *out += *a;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;
    use crate::scaled::Wide;

    /// Shapes on both sides of every edge of a block, of a strip and of a piece of the sum, and the smallest ones.
    const SIZES: [usize; 12] = [0, 1, 2, 3, 4, 5, 7, 8, 13, 33, 64, 130];

    fn random<R: Real>(length: usize, stream: &mut Stream) -> Vec<R> {
        (0..length).map(|_| R::from_f64(stream.normal())).collect()
    }

    fn three_loops<R: Real>(a: impl Fn(usize, usize) -> R, b: &[R], c: &mut [R], m: usize, k: usize, n: usize) {
        for i in 0..m {
            for j in 0..n {
                for p in 0..k {
                    c[i * n + j] += a(i, p) * b[p * n + j];
                }
            }
        }
    }

    fn compare<R: Real>(m: usize, k: usize, n: usize) {
        let mut stream = Stream::new(1, "test");
        let (a, b) = (random::<R>(m * k, &mut stream), random::<R>(k * n, &mut stream));
        let start = random::<R>(m * n, &mut stream);
        let (mut found, mut wanted) = (start.clone(), start.clone());
        add_product(&a, &b, &mut found, m, k, n);
        three_loops(|i, p| a[i * k + p], &b, &mut wanted, m, k, n);
        assert_eq!(found, wanted, "A B: {m} {k} {n}");
        let (mut found, mut wanted) = (start.clone(), start);
        add_transposed_product(&a, &b, &mut found, m, k, n);
        three_loops(|i, p| a[p * m + i], &b, &mut wanted, m, k, n);
        assert_eq!(found, wanted, "Aᵀ B: {m} {k} {n}");
    }

    #[test]
    fn products_of_every_shape_are_those_of_three_loops_in_every_bit() {
        for m in SIZES {
            for k in SIZES {
                for n in SIZES {
                    compare::<f32>(m, k, n);
                    compare::<f64>(m, k, n);
                }
            }
        }
    }

    #[test]
    fn products_of_numbers_beyond_f64_are_those_of_three_loops() {
        for (m, k, n) in [(1, 3, 5), (4, 130, 1), (5, 2, 9), (7, 7, 7)] {
            compare::<Wide>(m, k, n);
        }
    }

    #[test]
    fn a_worked_product() {
        let (a, b) = ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [1.0, -1.0, 0.5]);
        let mut c = [100.0, 200.0];
        add_product(&a, &b, &mut c, 2, 3, 1);
        assert_eq!(c, [100.5, 202.0]);
        let mut c = [0.0, 0.0];
        add_transposed_product(&a, &b, &mut c, 2, 3, 1);
        assert_eq!(c, [0.5, 1.0]);
    }

    #[test]
    fn transposing_twice_gives_the_matrix_back() {
        let mut stream = Stream::new(1, "test");
        for (rows, columns) in [(0, 3), (3, 0), (1, 5), (7, 3), (16, 20), (33, 9)] {
            let a = random::<f64>(rows * columns, &mut stream);
            let (mut once, mut twice) = (vec![0.0; a.len()], vec![0.0; a.len()]);
            transpose(&a, rows, columns, &mut once);
            for i in 0..rows {
                for j in 0..columns {
                    assert_eq!(once[j * rows + i], a[i * columns + j]);
                }
            }
            transpose(&once, columns, rows, &mut twice);
            assert_eq!(twice, a);
        }
    }

    #[test]
    fn columns_are_summed_block_by_block_from_the_last() {
        let column = [1e8f32, 1.0, -1e8, 2.0, 1.0, 3.0];
        let of = |block| {
            let mut sums = [1.0f32, 0.0];
            add_column_sums_backwards(&column, 3, 2, block, &mut sums);
            sums
        };
        assert_eq!((of(3), of(1)), ([1.0, 6.0], [0.0, 6.0]));
        add_column_sums_backwards::<f32>(&[], 3, 0, 1, &mut []);
    }

    #[test]
    fn a_sum_from_the_last_block_on_may_be_cut_at_any_block_and_is_that_of_the_turned_rows() {
        let mut stream = Stream::new(9, "backwards");
        for (m, blocks, block, n) in [(5, 7, 3, 9), (8, 40, 5, 16), (1, 6, 1, 1), (3, 2, 70, 33)] {
            let k = blocks * block;
            let (a, b) = (random::<f32>(k * m, &mut stream), random::<f32>(k * n, &mut stream));
            let start = random::<f32>(m * n, &mut stream);
            let turn =
                |x: &[f32], width: usize| -> Vec<f32> { x.rchunks_exact(block * width).flatten().copied().collect() };
            let mut expected = start.clone();
            add_transposed_product(&turn(&a, m), &turn(&b, n), &mut expected, m, k, n);
            for cut in 0..=blocks {
                let (mut found, at) = (start.clone(), cut * block);
                let mut turned = Vec::new();
                let mut add = |a: &[f32], b: &[f32], k: usize| {
                    add_transposed_product_backwards(a, b, &mut found, [m, k, n], block, &mut turned);
                };
                add(&a[at * m..], &b[at * n..], k - at);
                add(&a[..at * m], &b[..at * n], at);
                assert_eq!(found, expected, "{m} {blocks} {block} {n}, cut at {cut}");
            }
        }
    }
}
