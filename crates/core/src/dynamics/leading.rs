//! The largest singular values of a product of many large factors, of which only products with vectors are asked.
//!
//! ```text
//! P_d = F_1 F_2 ··· F_d,   Y = P_dᵀ Q,   Q <- Q and what P_d Y has beside it   until the singular values of Y settle
//! ```
//!
//! Block Krylov iteration with the values of Rayleigh and Ritz (Golub, Luk and Overton 1981, "A block Lanczos method for
//! computing the singular values and corresponding singular vectors of a matrix"; Musco and Musco 2015). The values of a
//! subspace are never larger than those of the whole, and grow with it. Multiplied out, Y holds what is 1e-16 of its
//! largest only as rounding; so where the values that are asked for lie far apart, the passes keep orthogonal and triangular
//! factors as in [`super::ProductSingularValues`], and Q is not enlarged but replaced,
//!
//! ```text
//! P_dᵀ U = V T,   P_d V = U' S,   U <- U'   until the singular values of T and S agree
//! ```
//!
//! (Stewart 1976, "Simultaneous iteration for computing invariant subspaces of non-Hermitian matrices"), which then needs
//! a pass or two, and each value is right to many digits of itself. What was found for one distance is the start for the next.
use super::frame::Triangle;
use super::jacobi::singular_values;
use super::kernels::{add_multiple, dot, largest_exponent, project_out};
use super::orthogonal::{longest, orthonormalize, rounding};
use super::product::GradedRows;
use crate::math;
use crate::order::order_by;
use crate::random::Stream;
use nalgebra::{DMatrix, SymmetricEigen};

/// Vectors that travel at once, beyond those that are asked for.
const GUARD: usize = 2;

/// The values have settled when a round changes no decimal logarithm by more.
const SETTLED: f64 = 1e-4;

/// After so many rounds the values are taken as they are.
const MOST_ROUNDS: usize = 150;

/// So many blocks of vectors are kept; then only the best are.
const MOST_BLOCKS: usize = 8;

/// Decades between the first and the last value from which on rounding is kept away from the last.
const FAR_APART: f64 = 5.0;

/// Vectors are brought back to the order of 1 when they leave 2^-MODERATE..2^MODERATE.
const MODERATE: i64 = 100;

/// Factors of a product, known by what they do to vectors.
pub trait Factors {
    /// Rows and columns of each.
    fn size(&self) -> usize;

    /// How many there are.
    fn count(&self) -> usize;

    /// out = rows F, for the factor of that index; rows of [`Factors::size`] values.
    fn times(&mut self, index: usize, rows: &[f64], out: &mut [f64]);

    /// out = rows Fᵀ, where F is the factor of that index.
    fn times_transposed(&mut self, index: usize, rows: &[f64], out: &mut [f64]);
}

/// The largest singular values of the products of the first d factors, for some d, a factor at a time.
#[derive(Clone, Debug)]
pub struct LeadingRun<F> {
    factors: F,
    distances: Vec<usize>,
    most: usize,
    /// The vectors on their way, `count` rows.
    moving: Vec<f64>,
    spare: Vec<f64>,
    count: usize,
    way: Way,
    /// The factors of this pass that are done.
    done: usize,
    /// Whether the pass goes from the last factor to the first.
    returning: bool,
    /// Passes to and fro at this distance.
    rounds: usize,
    last: Vec<f64>,
    found: Vec<Vec<f64>>,
}

/// How the values of a distance are found.
#[derive(Clone, Debug)]
enum Way {
    /// In a subspace that grows.
    Growing(Subspace),
    /// In one that is replaced, with every value in its own scale: T of this pass.
    Graded(GradedRows),
}

/// An orthonormal basis Q and Y = PᵀQ, as rows.
#[derive(Clone, Debug, Default)]
struct Subspace {
    near: Vec<f64>,
    far: Vec<f64>,
    /// Powers of two that were taken out of the rows of `far`.
    exponents: Vec<i64>,
    /// What was taken out of the moving rows so far.
    shift: i64,
}

impl<F: Factors> LeadingRun<F> {
    /// At its beginning; `distances` rise, from 1 to at most the number of factors, and `most` values are wanted of each.
    pub fn new(factors: F, distances: Vec<usize>, most: usize) -> Self {
        let n = factors.size();
        let most = most.min(n);
        let count = (most + GUARD).min(n);
        let mut moving = Stream::new(0, "subspace").normals(count * n);
        let count = orthonormalize(&mut moving, n, count, 0.0, &mut Vec::new());
        Self {
            factors,
            distances,
            most,
            spare: vec![0.0; count * n],
            way: Way::Growing(Subspace { near: moving.clone(), ..Subspace::default() }),
            moving,
            count,
            done: 0,
            returning: false,
            rounds: 0,
            last: Vec::new(),
            found: Vec::new(),
        }
    }

    /// Multiplies by one factor more; `false`: all is found.
    pub fn advance(&mut self) -> bool {
        let Some(distance) = self.distances.get(self.found.len()).copied() else { return false };
        let length = self.count * self.factors.size();
        let (from, to) = (&self.moving[..length], &mut self.spare[..length]);
        if self.returning {
            self.factors.times_transposed(distance - 1 - self.done, from, to);
        } else {
            self.factors.times(self.done, from, to);
        }
        std::mem::swap(&mut self.moving, &mut self.spare);
        if self.moving[..length].iter().any(|x| !x.is_finite()) {
            self.found.resize(self.distances.len(), vec![f64::NAN; self.most]);
            return false;
        }
        self.keep_moderate();
        self.done += 1;
        if self.done == distance {
            self.done = 0;
            match self.way {
                Way::Growing(_) => self.end_growing_pass(),
                Way::Graded(_) => self.end_graded_pass(),
            }
        }
        self.found.len() < self.distances.len()
    }

    /// Takes what is too large or too small, and in the graded way all that is triangular, out of the moving rows.
    fn keep_moderate(&mut self) {
        let (n, count) = (self.factors.size(), self.count);
        let rows = &mut self.moving[..count * n];
        let size = rows.chunks_exact(n).filter_map(largest_exponent).max().unwrap_or(0);
        let size = if size.abs() < MODERATE { 0 } else { size };
        if size != 0 {
            rows.iter_mut().for_each(|x| *x = math::scale_by_power_of_two(*x, -size));
        }
        match &mut self.way {
            Way::Growing(subspace) => subspace.shift += size,
            Way::Graded(triangle) => {
                triangle.shift(size);
                let negligible = rounding(n) * longest(rows, n);
                let mut coefficients = Vec::new();
                self.count = orthonormalize(rows, n, count, negligible, &mut coefficients);
                triangle.multiply_from_left(&Triangle::new(&coefficients, count, self.count));
            }
        }
    }

    fn end_growing_pass(&mut self) {
        let (n, most) = (self.factors.size(), self.most);
        let Way::Growing(subspace) = &mut self.way else { return };
        let moved = &mut self.moving[..self.count * n];
        self.returning = !self.returning;
        if !self.returning {
            self.rounds += 1;
            let count = subspace.grow(moved, n);
            if count > 0 {
                self.count = count;
                subspace.shift = 0;
            } else {
                // Nothing is beside it: the values are those of the whole.
                self.found.push(std::mem::take(&mut self.last));
                self.begin_distance();
            }
            return;
        }
        subspace.far.extend_from_slice(moved);
        subspace.exponents.extend(std::iter::repeat_n(subspace.shift, self.count));
        let found = singular_values(&subspace.far, n, &subspace.exponents);
        let mut values: Vec<f64> = found.into_iter().take(most).map(|value| value.log10()).collect();
        values.resize(most, f64::NEG_INFINITY);
        // Also where the last is zero.
        if values.first().zip(values.last()).is_some_and(|(first, last)| first - last > FAR_APART) {
            self.begin_graded();
            return;
        }
        if is_settled(&values, &self.last) || self.rounds >= MOST_ROUNDS {
            self.found.push(values);
            self.begin_distance();
            return;
        }
        self.last = values;
        if subspace.exponents.len() >= MOST_BLOCKS * (most + GUARD) {
            self.restart();
        }
    }

    /// Goes on with the best vectors of the subspace alone.
    fn restart(&mut self) {
        let n = self.factors.size();
        if let Way::Growing(subspace) = &mut self.way {
            let near = subspace.best(n, self.most + GUARD);
            self.count = near.len() / n;
            self.moving[..near.len()].copy_from_slice(&near);
            *subspace = Subspace { near, ..Subspace::default() };
        }
        self.returning = false;
    }

    fn begin_distance(&mut self) {
        self.restart();
        self.rounds = 0;
        self.last.clear();
    }

    fn begin_graded(&mut self) {
        self.begin_distance();
        self.way = Way::Graded(GradedRows::identity(self.count));
    }

    fn end_graded_pass(&mut self) {
        let Way::Graded(triangle) = &mut self.way else { return };
        let mut values = triangle.log10_singular_values(self.count);
        values.resize(self.most, f64::NEG_INFINITY);
        *triangle = GradedRows::identity(self.count);
        let settled = is_settled(&values, &self.last);
        self.rounds += usize::from(self.returning);
        if self.returning && (settled || self.rounds >= MOST_ROUNDS) {
            self.found.push(values.clone());
            self.rounds = 0;
        }
        self.last = values;
        self.returning = !self.returning;
    }

    /// The share that is done, about: the number of passes is not known before.
    pub fn progress(&self) -> f64 {
        let total: usize = self.distances.iter().sum();
        let before: usize = self.distances.iter().take(self.found.len()).sum();
        let here = self.distances.get(self.found.len()).copied().unwrap_or(0);
        let passes = self.rounds as f64 + if self.returning { 0.5 } else { 0.0 };
        (before as f64 + here as f64 * passes / (passes + 2.0)) / (total.max(1) as f64)
    }

    /// log10 of the values for each distance, falling; -∞ for zeros, NaN where a factor was not finite. What is left is done.
    pub fn finish(mut self) -> Vec<Vec<f64>> {
        while self.advance() {}
        self.found
    }
}

/// Whether a round has changed nothing worth mentioning.
fn is_settled(values: &[f64], last: &[f64]) -> bool {
    let change = |(one, other): (&f64, &f64)| if one == other { 0.0 } else { (one - other).abs() };
    values.len() == last.len() && values.iter().zip(last).map(change).all(|change| change <= SETTLED)
}

impl Subspace {
    /// Takes out of the rows what is in the basis, puts what is left to it, and into the first of the rows; how many.
    fn grow(&mut self, rows: &mut [f64], n: usize) -> usize {
        let negligible = rounding(n) * longest(rows, n);
        let mut along = vec![0.0; self.near.len() / n];
        for row in rows.chunks_exact_mut(n) {
            project_out(row, &self.near, &mut along);
            project_out(row, &self.near, &mut along);
        }
        let count = rows.len() / n;
        let count = orthonormalize(rows, n, count, negligible, &mut Vec::new());
        self.near.extend_from_slice(&rows[..count * n]);
        count
    }

    /// Orthonormal combinations of the basis, those with the longest images first.
    fn best(&self, n: usize, most: usize) -> Vec<f64> {
        let count = self.exponents.len();
        let largest = self.exponents.iter().copied().max().unwrap_or(0);
        let scale: Vec<f64> = self.exponents.iter().map(|e| math::scale_by_power_of_two(1.0, e - largest)).collect();
        let row = |i: usize| &self.far[i * n..][..n];
        let gram = DMatrix::from_fn(count, count, |i, j| dot(row(i), row(j)) * scale[i] * scale[j]);
        let found = SymmetricEigen::new(gram);
        let order = order_by(count, &|a, b| found.eigenvalues[b].total_cmp(&found.eigenvalues[a]));
        let mut best = vec![0.0; most.min(count) * n];
        for (target, index) in best.chunks_exact_mut(n).zip(order) {
            for (i, basis) in self.near.chunks_exact(n).take(count).enumerate() {
                add_multiple(target, found.eigenvectors[(i, index)], basis);
            }
        }
        let count = best.len() / n;
        let count = orthonormalize(&mut best, n, count, 0.5, &mut Vec::new());
        best.truncate(count * n);
        best
    }
}

#[cfg(test)]
mod tests {
    use super::super::ProductSingularValues;
    use super::*;

    struct Dense(usize, Vec<Vec<f64>>);

    impl Dense {
        fn multiply(&self, index: usize, rows: &[f64], out: &mut [f64], transposed: bool) {
            let (n, factor) = (self.0, &self.1[index]);
            for (row, out) in rows.chunks_exact(n).zip(out.chunks_exact_mut(n)) {
                for j in 0..n {
                    let at = |i: usize| if transposed { factor[j * n + i] } else { factor[i * n + j] };
                    out[j] = (0..n).map(|i| row[i] * at(i)).sum();
                }
            }
        }
    }

    impl Factors for Dense {
        fn size(&self) -> usize {
            self.0
        }
        fn count(&self) -> usize {
            self.1.len()
        }
        fn times(&mut self, index: usize, rows: &[f64], out: &mut [f64]) {
            self.multiply(index, rows, out, false);
        }
        fn times_transposed(&mut self, index: usize, rows: &[f64], out: &mut [f64]) {
            self.multiply(index, rows, out, true);
        }
    }

    fn random(n: usize, count: usize, gain: f64, seed: u64) -> Dense {
        let mut stream = Stream::new(seed, "test");
        let scale = gain / (n as f64).sqrt();
        Dense(n, (0..count).map(|_| stream.normals(n * n).iter().map(|x| x * scale).collect()).collect())
    }

    /// Against all singular values, each right to many digits.
    fn assert_leading(factors: Dense, distances: &[usize], most: usize, tolerance: f64) {
        let mut product = ProductSingularValues::new(factors.0);
        let mut wanted = Vec::new();
        for (i, factor) in factors.1.iter().enumerate() {
            product.push(factor);
            if distances.contains(&(i + 1)) {
                wanted.push(product.log10_singular_values());
            }
        }
        let found = LeadingRun::new(factors, distances.to_vec(), most).finish();
        assert_eq!(found.len(), wanted.len());
        for ((found, wanted), d) in found.iter().zip(&wanted).zip(distances) {
            for (i, (found, wanted)) in found.iter().zip(wanted).enumerate() {
                assert!(found == wanted || (found - wanted).abs() < tolerance, "{d} {i}: {found} {wanted}");
            }
        }
    }

    #[test]
    fn the_largest_of_random_products_agree_with_those_of_all() {
        for (n, gain) in [(40, 1.0), (100, 1.5), (7, 0.5), (1, 2.0)] {
            assert_leading(random(n, 40, gain, 1), &[1, 2, 3, 10, 25, 40], 10, 3e-4);
        }
    }

    #[test]
    fn values_that_are_all_the_same_settle_at_once_and_zeros_stay_zero() {
        let identity = |n: usize| (0..n * n).map(|k| if k % (n + 1) == 0 { 1.0 } else { 0.0 }).collect::<Vec<f64>>();
        assert_leading(Dense(30, vec![identity(30); 5]), &[1, 5], 8, 1e-12);
        let mut few = identity(30);
        few[4 * 31..].fill(0.0);
        assert_leading(Dense(30, vec![few; 5]), &[1, 5], 8, 1e-12);
        assert_leading(Dense(3, vec![vec![0.0; 9]; 2]), &[1, 2], 2, 1e-12);
    }

    #[test]
    fn far_beyond_the_range_of_numbers() {
        let diagonal = |x: f64, y: f64| {
            let mut factor = vec![0.0; 25 * 25];
            (0..25).for_each(|i| factor[i * 26] = if i == 3 { x } else { y });
            factor
        };
        assert_leading(Dense(25, vec![diagonal(1e100, 1e90); 20]), &[1, 10, 20], 4, 1e-6);
        assert_leading(Dense(25, vec![diagonal(1e-100, 1e-105); 20]), &[1, 20], 4, 1e-6);
    }

    #[test]
    fn what_is_not_finite_makes_everything_behind_it_undefined() {
        let mut factors = random(12, 6, 1.0, 2);
        factors.1[3][5] = f64::NAN;
        let found = LeadingRun::new(factors, vec![1, 3, 4, 6], 3).finish();
        assert!(found[1].iter().all(|x| x.is_finite()));
        assert!(found[2].iter().chain(&found[3]).all(|x| x.is_nan()) && found.len() == 4);
    }

    #[test]
    fn the_share_that_is_done_only_grows() {
        let mut run = LeadingRun::new(random(30, 10, 1.0, 3), vec![1, 2, 5, 10], 5);
        let mut last = 0.0;
        while run.advance() {
            assert!((last..=1.0).contains(&run.progress()), "{last} {}", run.progress());
            last = run.progress();
        }
        assert_eq!(run.progress(), 1.0);
    }
}
