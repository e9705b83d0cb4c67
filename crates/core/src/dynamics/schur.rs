//! The real Schur form of a square matrix, A = Z T Zᵀ, without Z: eigenvalues and the departure from normality.
//!
//! Householder reflections to Hessenberg form, then Francis's implicit double shifts, with the shifts, the exceptional
//! shifts and the test for small subdiagonals of LAPACK's `dlahqr` (Ahues and Tisseur 1997 for the last). T has blocks of
//! size 1 and 2 on its diagonal. Difference from the source: it always ends. Where the steps of one eigenvalue are used
//! up, the smallest subdiagonal entry of the active block is taken for zero.
use super::kernels::{add_multiple, dot};
use crate::math;
use crate::spectral::euclidean_norm;

/// Steps for one eigenvalue; three are usual. Every tenth has exceptional shifts.
const MAX_STEPS: usize = 300;

/// What is computed of T.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The diagonal blocks.
    Eigenvalues,
    /// T with everything above its diagonal blocks: for the departure from normality.
    Whole,
}

/// The real Schur form, or its diagonal blocks.
#[derive(Clone, Debug)]
pub(super) struct Schur {
    n: usize,
    /// T by rows, n² numbers; of [`Part::Eigenvalues`] only the diagonal blocks are right.
    entries: Vec<f64>,
}

/// What a diagonal block says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Block {
    /// A block of one row: a real eigenvalue.
    Single(f64),
    /// Two real eigenvalues.
    Real(f64, f64),
    /// Real part and positive imaginary part of a conjugate pair.
    Conjugate(f64, f64),
}

/// The computation of a Schur form, a piece at a time.
#[derive(Clone, Debug)]
pub(super) struct Computation {
    schur: Schur,
    part: Part,
    /// The column of the Hessenberg form that is next.
    column: usize,
    /// What the reduction to Hessenberg form sums up in.
    along: Vec<f64>,
    /// The rows from here on are done.
    end: usize,
}

impl Computation {
    /// Of the matrix given by rows: finite and of moderate size.
    pub fn new(n: usize, entries: Vec<f64>, part: Part) -> Self {
        Self { schur: Schur { n, entries }, part, column: 0, along: vec![0.0; n], end: n }
    }

    /// Makes a column of the Hessenberg form, or takes a block off at the end; `false`: there was nothing left to do.
    pub fn advance(&mut self) -> bool {
        let n = self.schur.n;
        if self.column + 2 < n {
            reduce_column(&mut self.schur.entries, n, self.column, &mut self.along);
            self.column += 1;
            return true;
        }
        if self.end > 0 {
            self.end = self.schur.deflate(self.end, self.part);
        }
        self.end > 0
    }

    /// The share of the work that is done, about.
    pub fn progress(&self) -> f64 {
        // A column costs what is left of the matrix; the blocks together cost several times as much.
        let (n, left) = (self.schur.n.max(1) as f64, self.end as f64);
        let columns = (self.column as f64 / n).min(1.0);
        let done = 1.0 - left * left / (n * n);
        0.2 * columns + 0.8 * done
    }

    /// The whole form; what is left is done.
    pub fn finish(mut self) -> Schur {
        while self.advance() {}
        self.schur
    }
}

impl Schur {
    /// Of the matrix given by rows: finite and of moderate size.
    pub fn new(n: usize, entries: Vec<f64>, part: Part) -> Self {
        Computation::new(n, entries, part).finish()
    }

    fn at(&self, row: usize, column: usize) -> f64 {
        self.entries[row * self.n + column]
    }

    /// The diagonal blocks from the top, each with the index of its first row.
    pub fn blocks(&self) -> Vec<(usize, Block)> {
        let (mut blocks, mut row) = (Vec::new(), 0);
        while row < self.n {
            if row + 1 < self.n && self.at(row + 1, row) != 0.0 {
                blocks.push((row, block_of(self.corner(row))));
                row += 2;
            } else {
                blocks.push((row, Block::Single(self.at(row, row))));
                row += 1;
            }
        }
        blocks
    }

    fn corner(&self, row: usize) -> [f64; 4] {
        [self.at(row, row), self.at(row, row + 1), self.at(row + 1, row), self.at(row + 1, row + 1)]
    }

    /// The Frobenius norm of the strictly upper part of the COMPLEX Schur form, of which only the blocks of size 2 differ
    /// from the real one: [[a, b], [c, d]] has (b - c)² there for real eigenvalues, (a - d)² + (b + c)² for complex ones.
    pub fn strictly_upper_norm(&self) -> f64 {
        let mut parts = Vec::new();
        for (row, block) in self.blocks() {
            let [a, b, c, d] = if block == Block::Single(self.at(row, row)) { [0.0; 4] } else { self.corner(row) };
            let width = match block {
                Block::Single(_) => 1,
                Block::Real(..) => {
                    parts.push(b - c);
                    2
                }
                Block::Conjugate(..) => {
                    parts.extend([a - d, b + c]);
                    2
                }
            };
            for r in row..row + width {
                parts.push(euclidean_norm(&self.entries[r * self.n + row + width..(r + 1) * self.n]));
            }
        }
        euclidean_norm(&parts)
    }

    /// Iterates until a block has come off at the end of the rows below `end`, and returns the new end.
    fn deflate(&mut self, end: usize, part: Part) -> usize {
        let last = end - 1;
        for step in 1..=MAX_STEPS {
            let first = self.start_of_active_block(last);
            if first + 1 >= last {
                return first;
            }
            let range = match part {
                Part::Whole => (0, self.n),
                Part::Eigenvalues => (first, end),
            };
            let shifts = self.shifts(first, last, step);
            self.sweep(first, last, shifts, range);
        }
        let first = self.start_of_active_block(last);
        if let Some(k) = (first + 1..end).min_by(|i, j| self.at(*i, i - 1).abs().total_cmp(&self.at(*j, j - 1).abs())) {
            self.entries[k * self.n + k - 1] = 0.0;
        }
        end
    }

    /// The row from which on no subdiagonal entry is negligible; the one before is set to zero.
    fn start_of_active_block(&mut self, last: usize) -> usize {
        for k in (1..=last).rev() {
            let (below, above) = (self.at(k, k - 1).abs(), self.at(k - 1, k).abs());
            let (here, before) = (self.at(k, k), self.at(k - 1, k - 1));
            let mut size = here.abs() + before.abs();
            if size == 0.0 {
                size += if k >= 2 { self.at(k - 1, k - 2).abs() } else { 0.0 };
                size += if k < last { self.at(k + 1, k).abs() } else { 0.0 };
            }
            let mut negligible = below <= f64::MIN_POSITIVE;
            if !negligible && below <= f64::EPSILON * size {
                let (large, small) = (below.max(above), below.min(above));
                let (a, b) = (here.abs().max((before - here).abs()), here.abs().min((before - here).abs()));
                let sum = a + large;
                negligible = small * (large / sum) <= f64::MIN_POSITIVE.max(f64::EPSILON * (b * (a / sum)));
            }
            if negligible {
                self.entries[k * self.n + k - 1] = 0.0;
                return k;
            }
        }
        0
    }

    /// The two shifts, (real, imaginary): the eigenvalues of the last corner, or of another one where those do not help.
    fn shifts(&self, first: usize, last: usize, step: usize) -> [(f64, f64); 2] {
        let exceptional = |size: f64, corner: f64| [0.75 * size + corner, -0.4375 * size, size, 0.75 * size + corner];
        let [a, b, c, d] = if step % 20 == 10 {
            let next = self.at(first + 2, first + 1).abs();
            exceptional(self.at(first + 1, first).abs() + next, self.at(first, first))
        } else if step.is_multiple_of(20) {
            let next = self.at(last - 1, last - 2).abs();
            exceptional(self.at(last, last - 1).abs() + next, self.at(last, last))
        } else {
            self.corner(last - 1)
        };
        match block_of([a, b, c, d]) {
            Block::Conjugate(real, imaginary) => [(real, imaginary), (real, -imaginary)],
            Block::Real(x, y) => [(if (x - d).abs() <= (y - d).abs() { x } else { y }, 0.0); 2],
            Block::Single(x) => [(x, 0.0); 2],
        }
    }

    /// One double step on the rows first..=last; `range` is what rows and columns are to be transformed.
    fn sweep(&mut self, first: usize, last: usize, shifts: [(f64, f64); 2], range: (usize, usize)) {
        let n = self.n;
        // Two consecutive small subdiagonal entries let the step start further down.
        let mut start = last - 2;
        let mut v = self.first_column(start, shifts);
        while start > first {
            let side = self.at(start, start - 1).abs() * (v[1].abs() + v[2].abs());
            let centre = self.at(start - 1, start - 1).abs() + self.at(start, start).abs();
            if side <= f64::EPSILON * v[0].abs() * (centre + self.at(start + 1, start + 1).abs()) {
                break;
            }
            start -= 1;
            v = self.first_column(start, shifts);
        }
        for k in start..last {
            let height = 3.min(last - k + 1);
            if k > start {
                v = std::array::from_fn(|i| if i < height { self.at(k + i, k - 1) } else { 0.0 });
            }
            let Some((value, factor)) = make_reflection(&mut v) else { continue };
            if k > start {
                self.entries[k * n + k - 1] = value;
                (1..height).for_each(|i| self.entries[(k + i) * n + k - 1] = 0.0);
            } else if k > first {
                self.entries[k * n + k - 1] *= 1.0 - factor;
            }
            let [_, t2, t3] = v.map(|x| x * factor);
            let (top, rest) = self.entries[k * n..].split_at_mut(n);
            let (middle, bottom) = rest.split_at_mut(n);
            let (top, middle) = (&mut top[k..range.1], &mut middle[k..range.1]);
            if height == 3 {
                for ((x, y), z) in top.iter_mut().zip(middle).zip(&mut bottom[k..range.1]) {
                    let sum = *x + v[1] * *y + v[2] * *z;
                    *x -= sum * factor;
                    *y -= sum * t2;
                    *z -= sum * t3;
                }
            } else {
                for (x, y) in top.iter_mut().zip(middle) {
                    let sum = *x + v[1] * *y;
                    *x -= sum * factor;
                    *y -= sum * t2;
                }
            }
            for row in range.0..=(k + 3).min(last) {
                let part = &mut self.entries[row * n + k..row * n + k + height];
                let sum = part.iter().zip(&v).map(|(x, v)| x * v).sum::<f64>() * factor;
                part.iter_mut().zip(&v).for_each(|(x, v)| *x -= sum * v);
            }
        }
    }

    /// The first column of (H - s_1)(H - s_2) for the block that starts at row m, up to scale.
    fn first_column(&self, m: usize, shifts: [(f64, f64); 2]) -> [f64; 3] {
        let [(r1, i1), (r2, i2)] = shifts;
        let (below, here, next) = (self.at(m + 1, m), self.at(m, m), self.at(m + 1, m + 1));
        let size = (here - r2).abs() + i2.abs() + below.abs();
        if size == 0.0 {
            return [0.0; 3];
        }
        let scaled = below / size;
        let v = [
            scaled * self.at(m, m + 1) + (here - r1) * ((here - r2) / size) - i1 * (i2 / size),
            scaled * (here + next - r1 - r2),
            scaled * self.at(m + 2, m + 1),
        ];
        let sum = v[0].abs() + v[1].abs() + v[2].abs();
        if sum == 0.0 { v } else { v.map(|x| x / sum) }
    }
}

/// Turns x into v with v_0 = 1 and returns (r, τ) with (1 - τ v vᵀ) x = r e_0; `None` if x is that already.
fn make_reflection(x: &mut [f64]) -> Option<(f64, f64)> {
    if x[1..].iter().all(|value| *value == 0.0) {
        return None;
    }
    let norm = euclidean_norm(x);
    let value = if x[0] > 0.0 { -norm } else { norm };
    let (first, factor) = (x[0] - value, (value - x[0]) / value);
    x.iter_mut().for_each(|component| *component /= first);
    x[0] = 1.0;
    Some((value, factor))
}

/// Makes column k as it is in the Hessenberg form; the columns before it are so already.
fn reduce_column(entries: &mut [f64], n: usize, k: usize, along: &mut [f64]) {
    let mut v: Vec<f64> = (k + 1..n).map(|row| entries[row * n + k]).collect();
    let Some((value, factor)) = make_reflection(&mut v) else { return };
    // From the left on the columns behind k, from the right on all rows.
    let along = &mut along[..n - k - 1];
    along.fill(0.0);
    for (row, v) in entries.chunks_exact(n).skip(k + 1).zip(&v) {
        add_multiple(along, *v, &row[k + 1..]);
    }
    for (row, v) in entries.chunks_exact_mut(n).skip(k + 1).zip(&v) {
        add_multiple(&mut row[k + 1..], -factor * v, along);
        row[k] = 0.0;
    }
    entries[(k + 1) * n + k] = value;
    for row in entries.chunks_exact_mut(n) {
        let sum = dot(&row[k + 1..], &v);
        add_multiple(&mut row[k + 1..], -factor * sum, &v);
    }
}

/// The eigenvalues of [[a, b], [c, d]], without cancellation (LAPACK's `dlanv2`).
fn block_of([a, b, c, d]: [f64; 4]) -> Block {
    let half = 0.5 * (a - d);
    let size = half.abs().max(b.abs()).max(c.abs());
    if size == 0.0 {
        return Block::Real(a, d);
    }
    let discriminant = (half / size) * (half / size) + (b / size) * (c / size);
    if discriminant < 0.0 {
        return Block::Conjugate(d + half, size * (-discriminant).sqrt());
    }
    let z = half + if half < 0.0 { -size } else { size } * discriminant.sqrt();
    if z == 0.0 { Block::Real(a, d) } else { Block::Real(d + z, d - b / z * c) }
}

/// sqrt(x² + y²) of a real and an imaginary part.
pub(super) fn magnitude((real, imaginary): (f64, f64)) -> f64 {
    math::hypot(real, imaginary)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_two_have_their_eigenvalues() {
        assert_eq!(block_of([1.0, 2.0, -2.0, 1.0]), Block::Conjugate(1.0, 2.0));
        assert_eq!(block_of([2.0, 1.0, 1.0, 2.0]), Block::Real(3.0, 1.0));
        assert_eq!(block_of([0.9, 5.0, 0.0, 0.9]), Block::Real(0.9, 0.9));
        // λ² - (1 + 1e-18) λ + 0 with the small one not lost.
        assert_eq!(block_of([1.0, 1e-9, 0.0, 1e-18]), Block::Real(1.0, 1e-18));
    }

    #[test]
    fn the_hessenberg_form_has_the_trace_and_the_norm_of_the_matrix() {
        let n = 9;
        let matrix = crate::random::Stream::new(1, "test").normals(n * n);
        let mut found = matrix.clone();
        let mut along = vec![0.0; n];
        (0..n - 2).for_each(|k| reduce_column(&mut found, n, k, &mut along));
        let trace = |m: &[f64]| (0..n).map(|i| m[i * n + i]).sum::<f64>();
        assert!((trace(&found) - trace(&matrix)).abs() < 1e-14);
        assert!((euclidean_norm(&found) - euclidean_norm(&matrix)).abs() < 1e-14);
        assert!((2..n).all(|i| (0..i - 1).all(|j| found[i * n + j] == 0.0)));
    }
}
