//! The largest |λ| and the largest singular value of a matrix that is too large for all of them.
//!
//! ```text
//! σ_1   from the tridiagonal matrix of AᵀA in its Krylov space          (Lanczos 1950; Golub and Kahan 1965)
//! ρ     from ‖A^k x‖ / ‖A^{k-1} x‖, and from the Hessenberg matrix of A in the Krylov space of what is left of x
//!                                                                       (von Mises 1929; Arnoldi 1951)
//! ```
//!
//! Both are right to many digits where one value or one pair leads. Where very many are about equally large, as those of a random
//! matrix near the edge of its disc, they are right to about a hundredth; where all |λ| are the same, exactly.
use super::kernels::{add_multiple, dot, project_out};
use super::spectrum::eigenvalues;
use crate::math;
use crate::random::Stream;
use nalgebra::DMatrix;

/// Vectors of a Krylov space.
const MOST: usize = 60;
/// Powers of A before its own Krylov space is built; the second half of them gives the growth.
const POWERS: usize = 120;
/// A value has settled when so many more vectors changed it by less than this share.
const SETTLED: f64 = 1e-10;
/// How often that is looked at.
const EVERY: usize = 5;

/// What is found.
#[derive(Clone, Debug, PartialEq)]
pub struct Largest {
    /// ρ = max |λ|.
    pub spectral_radius: f64,
    /// σ_1.
    pub spectral_norm: f64,
    /// λ_1, or the pair that leads; empty where none was found to many digits.
    pub leading: Vec<(f64, f64)>,
}

/// The search, one product of the matrix with a vector after the other.
#[derive(Clone, Debug)]
pub struct LargestRun {
    n: usize,
    stage: Stage,
    vector: Vec<f64>,
    krylov: Krylov,
    /// The products that were made of this stage.
    done: usize,
    /// ln ‖A x‖ of the powers that count.
    growth: f64,
    last: f64,
    norm: f64,
    found: Option<Largest>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    Norm,
    Powers,
    Eigenvalues,
}

/// An orthonormal basis, as rows, and what the matrix is in it.
#[derive(Clone, Debug, Default)]
struct Krylov {
    basis: Vec<f64>,
    /// Column after column: the products with the basis, and the length of what is beside it.
    columns: Vec<Vec<f64>>,
}

impl Krylov {
    fn begin(vector: &[f64]) -> Self {
        Self { basis: vector.to_vec(), columns: Vec::new() }
    }

    /// The newest vector.
    fn newest(&self, n: usize) -> &[f64] {
        &self.basis[self.basis.len() - n..]
    }

    /// Takes the product of the matrix with the newest vector; whether anything of it is new.
    fn take(&mut self, mut product: Vec<f64>) -> bool {
        let n = product.len();
        let mut column = vec![0.0; self.basis.len() / n];
        let before = length(&product);
        // Twice is enough.
        for _ in 0..2 {
            let mut along = vec![0.0; column.len()];
            project_out(&mut product, &self.basis, &mut along);
            column.iter_mut().zip(&along).for_each(|(sum, x)| *sum += x);
        }
        let beside = length(&product);
        column.push(beside);
        self.columns.push(column);
        let is_new = beside > 1e-13 * before && beside.is_finite();
        if is_new {
            self.basis.extend(product.iter().map(|x| x / beside));
        }
        is_new
    }

    /// The matrix in the basis.
    fn projected(&self) -> DMatrix<f64> {
        let m = self.columns.len();
        DMatrix::from_fn(m, m, |row, column| self.columns[column].get(row).copied().unwrap_or(0.0))
    }
}

fn length(x: &[f64]) -> f64 {
    dot(x, x).sqrt()
}

impl LargestRun {
    /// At its beginning, for a matrix of n rows and columns.
    pub fn new(n: usize) -> Self {
        let vector = Stream::new(0, "largest").unit_vector(n);
        Self {
            n,
            stage: Stage::Norm,
            krylov: Krylov::begin(&vector),
            vector,
            done: 0,
            growth: 0.0,
            last: f64::NAN,
            norm: f64::NAN,
            found: None,
        }
    }

    /// Multiplies once more by the matrix, which is the same every time; `false`: all is found.
    pub fn advance(&mut self, matrix: &DMatrix<f64>) -> bool {
        if self.found.is_some() {
            return false;
        }
        match self.stage {
            Stage::Norm => self.advance_norm(matrix),
            Stage::Powers => self.advance_powers(matrix),
            Stage::Eigenvalues => self.advance_eigenvalues(matrix),
        }
        self.found.is_none()
    }

    fn advance_norm(&mut self, matrix: &DMatrix<f64>) {
        let there = times(matrix, self.krylov.newest(self.n));
        let is_new = self.krylov.take(times_transposed(matrix, &there));
        self.done += 1;
        let is_last = !is_new || self.done == MOST.min(self.n);
        if !is_last && !self.done.is_multiple_of(EVERY) {
            return;
        }
        let projected = self.krylov.projected();
        // Symmetric but for rounding.
        let projected = (&projected + projected.transpose()) * 0.5;
        let largest = match projected.iter().all(|x| x.is_finite()) {
            true => crate::spectral::eigenvalues(&projected).into_iter().fold(0.0, f64::max).sqrt(),
            false => f64::NAN,
        };
        if is_last || largest.is_nan() || (largest - self.last).abs() <= SETTLED * largest {
            self.norm = largest;
            self.begin(Stage::Powers);
        } else {
            self.last = largest;
        }
    }

    fn begin(&mut self, stage: Stage) {
        (self.stage, self.done, self.last) = (stage, 0, f64::NAN);
        self.krylov = Krylov::begin(&self.vector);
    }

    fn advance_powers(&mut self, matrix: &DMatrix<f64>) {
        let product = times(matrix, &self.vector);
        let norm = length(&product);
        self.done += 1;
        if norm == 0.0 || !norm.is_finite() {
            let spectral_radius = if norm == 0.0 { 0.0 } else { f64::NAN };
            self.found = Some(Largest { spectral_radius, spectral_norm: self.norm, leading: Vec::new() });
            return;
        }
        self.vector = product.iter().map(|x| x / norm).collect();
        if self.done > POWERS / 2 {
            self.growth += math::ln(norm);
        }
        if self.done == POWERS {
            self.growth /= (POWERS - POWERS / 2) as f64;
            self.begin(Stage::Eigenvalues);
        }
    }

    fn advance_eigenvalues(&mut self, matrix: &DMatrix<f64>) {
        let is_new = self.krylov.take(times(matrix, self.krylov.newest(self.n)));
        self.done += 1;
        let is_last = !is_new || self.done == MOST.min(self.n);
        if !is_last && !self.done.is_multiple_of(EVERY) {
            return;
        }
        let values = eigenvalues(&self.krylov.projected());
        let size = |value: &(f64, f64)| math::hypot(value.0, value.1);
        let largest = values.first().map_or(0.0, size);
        let is_settled = !is_new || (largest - self.last).abs() <= SETTLED * largest;
        self.last = largest;
        if is_last || is_settled {
            let count = if values.first().is_some_and(|value| value.1 != 0.0) { 2 } else { 1 };
            let leading = if is_settled { values.into_iter().take(count).collect() } else { Vec::new() };
            // What has not settled lies inside the disc whose edge the growth finds.
            let spectral_radius = if is_settled { largest } else { largest.max(math::exp(self.growth)) };
            self.found = Some(Largest { spectral_radius, spectral_norm: self.norm, leading });
        }
    }

    /// The share that is done, about.
    pub fn progress(&self) -> f64 {
        let most = MOST.min(self.n).max(1) as f64;
        // A step of the norm is two products.
        let (before, here) = match self.stage {
            _ if self.found.is_some() => return 1.0,
            Stage::Norm => (0.0, 2.0 * self.done as f64),
            Stage::Powers => (2.0 * most, self.done as f64),
            Stage::Eigenvalues => (2.0 * most + POWERS as f64, self.done as f64),
        };
        (before + here) / (3.0 * most + POWERS as f64)
    }

    /// What was found; what is left is done.
    pub fn finish(mut self, matrix: &DMatrix<f64>) -> Largest {
        while self.advance(matrix) {}
        self.found.unwrap_or(Largest { spectral_radius: f64::NAN, spectral_norm: self.norm, leading: Vec::new() })
    }
}

/// The outermost eigenvalues of (W + Wᵀ)/2 for a large W, row by row, by falling size: at most so many, the first of them to many
/// digits.
pub fn leading_symmetric(rows: &[f64], n: usize, most: usize) -> Vec<f64> {
    let times = |x: &[f64]| -> Vec<f64> {
        let mut product = vec![0.0; n];
        for (row, factor) in rows.chunks_exact(n).zip(x) {
            add_multiple(&mut product, *factor, row);
        }
        product.iter().zip(rows.chunks_exact(n)).map(|(back, row)| 0.5 * (back + dot(row, x))).collect()
    };
    let mut krylov = Krylov::begin(&Stream::new(0, "largest").unit_vector(n));
    for _ in 0..(2 * most).min(n) {
        if !krylov.take(times(krylov.newest(n))) {
            break;
        }
    }
    let projected = krylov.projected();
    let mut values = crate::spectral::eigenvalues(&((&projected + projected.transpose()) * 0.5));
    values.sort_by(|a, b| b.abs().total_cmp(&a.abs()));
    values.truncate(most);
    values
}

/// A x.
fn times(matrix: &DMatrix<f64>, x: &[f64]) -> Vec<f64> {
    let n = x.len();
    let mut product = vec![0.0; n];
    for (column, x) in matrix.as_slice().chunks_exact(n.max(1)).zip(x) {
        add_multiple(&mut product, *x, column);
    }
    product
}

/// Aᵀ x.
fn times_transposed(matrix: &DMatrix<f64>, x: &[f64]) -> Vec<f64> {
    matrix.as_slice().chunks_exact(x.len().max(1)).map(|column| dot(column, x)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::spectrum::{spectral_norm, spectral_radius};
    use super::*;
    use crate::spectral::{SymmetricMatrix, haar_orthogonal};

    fn found(matrix: &DMatrix<f64>) -> Largest {
        let mut run = LargestRun::new(matrix.nrows());
        let mut last = 0.0;
        while run.advance(matrix) {
            assert!((last..=1.0).contains(&run.progress()), "{last} {}", run.progress());
            last = run.progress();
        }
        assert_eq!(run.progress(), 1.0);
        run.finish(matrix)
    }

    fn random(n: usize, seed: u64) -> DMatrix<f64> {
        DMatrix::from_vec(n, n, Stream::new(seed, "test").normals(n * n)) / (n as f64).sqrt()
    }

    #[test]
    fn of_a_scaled_orthogonal_matrix_both_are_the_scale() {
        let found = found(&(haar_orthogonal(150, &mut Stream::new(1, "test")) * 0.8));
        assert!((found.spectral_norm - 0.8).abs() < 1e-13 && (found.spectral_radius - 0.8).abs() < 1e-13, "{found:?}");
    }

    #[test]
    fn a_value_or_a_pair_that_leads_is_found_to_many_digits() {
        let chosen: Vec<f64> = (0..120).map(|i| -1.3 + 0.02 * f64::from(i)).collect();
        let real = SymmetricMatrix::new(&chosen, &mut Stream::new(1, "test")).matrix;
        let of_real = found(&real);
        assert!((of_real.spectral_radius - 1.3).abs() < 1e-9 && (of_real.spectral_norm - 1.3).abs() < 1e-9);
        assert!(of_real.leading.len() == 1 && (of_real.leading[0].0 + 1.3).abs() < 1e-9, "{of_real:?}");
        // A rotation by 1.1 that is stretched by 1.4, beside a random rest.
        let mut pair = random(100, 2) * 0.9;
        let (re, im) = (1.4 * 1.1f64.cos(), 1.4 * 1.1f64.sin());
        for (row, column, value) in [(0, 0, re), (0, 1, -im), (1, 0, im), (1, 1, re)] {
            pair[(row, column)] = value;
        }
        for i in 2..100 {
            for j in 0..2 {
                pair[(i, j)] = 0.0;
            }
        }
        let of_pair = found(&pair);
        assert!((of_pair.spectral_radius - 1.4).abs() < 1e-9, "{of_pair:?}");
        assert_eq!(of_pair.leading.len(), 2);
        assert!((of_pair.leading[0].0 - re).abs() < 1e-9 && (of_pair.leading[0].1.abs() - im).abs() < 1e-9);
        assert!((of_pair.spectral_norm / spectral_norm(&pair) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn at_the_edge_of_a_random_disc_both_are_right_to_about_a_hundredth() {
        for (n, seed) in [(150, 1), (200, 2), (300, 3)] {
            let matrix = random(n, seed);
            let found = found(&matrix);
            let (radius, norm) = (spectral_radius(&matrix), spectral_norm(&matrix));
            assert!((found.spectral_radius / radius - 1.0).abs() < 0.02, "{n}: {} {radius}", found.spectral_radius);
            assert!((found.spectral_norm / norm - 1.0).abs() < 1e-3, "{n}: {} {norm}", found.spectral_norm);
        }
    }

    #[test]
    fn a_nilpotent_matrix_has_no_radius_and_one_that_is_not_finite_no_number() {
        let shift = DMatrix::from_fn(80, 80, |i, j| if i + 1 == j { 2.0 } else { 0.0 });
        let found_shift = found(&shift);
        assert_eq!(found_shift.spectral_radius, 0.0);
        assert!((found_shift.spectral_norm - 2.0).abs() < 1e-9);
        let zero = found(&DMatrix::zeros(5, 5));
        assert_eq!((zero.spectral_radius, zero.spectral_norm), (0.0, 0.0));
        let broken = found(&DMatrix::from_element(4, 4, f64::NAN));
        assert!(broken.spectral_radius.is_nan() && broken.spectral_norm.is_nan());
    }

    #[test]
    fn the_outermost_eigenvalues_of_a_symmetric_matrix_come_first() {
        let chosen: Vec<f64> = (0..200).map(|i| 2.0 - 0.017 * f64::from(i)).collect();
        let mut matrix = SymmetricMatrix::new(&chosen, &mut Stream::new(1, "test")).matrix;
        // What the symmetric part does not have changes nothing.
        (matrix[(3, 7)], matrix[(7, 3)]) = (matrix[(3, 7)] + 0.5, matrix[(7, 3)] - 0.5);
        let found = leading_symmetric(matrix.as_slice(), 200, 40);
        assert_eq!(found.len(), 40);
        assert!((found[0] - 2.0).abs() < 1e-6, "{}", found[0]);
        assert!(found.windows(2).all(|pair| pair[0].abs() >= pair[1].abs()));
    }
}
