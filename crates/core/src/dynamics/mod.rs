//! Stand-in until the real one.
#![allow(missing_docs)]
use nalgebra::DMatrix;
pub fn eigenvalues(m: &DMatrix<f64>) -> Vec<(f64, f64)> {
    let mut e: Vec<(f64, f64)> = m.complex_eigenvalues().iter().map(|z| (z.re, z.im)).collect();
    e.sort_by(|a, b| b.0.hypot(b.1).total_cmp(&a.0.hypot(a.1)).then(b.1.total_cmp(&a.1)));
    e
}
pub fn spectral_radius(m: &DMatrix<f64>) -> f64 {
    eigenvalues(m).first().map_or(0.0, |z| z.0.hypot(z.1))
}
pub fn spectral_norm(m: &DMatrix<f64>) -> f64 {
    m.singular_values().max()
}
pub fn departure_from_normality(_: &DMatrix<f64>) -> f64 {
    0.0
}
pub struct ProductSingularValues(DMatrix<f64>);
impl ProductSingularValues {
    pub fn new(n: usize) -> Self {
        Self(DMatrix::identity(n, n))
    }
    pub fn push(&mut self, factor: &[f64]) {
        let n = self.0.nrows();
        self.0 = &self.0 * DMatrix::from_row_slice(n, n, factor);
    }
    pub fn log10_singular_values(&self) -> Vec<f64> {
        self.0.singular_values().iter().map(|x| crate::math::log10(*x)).collect()
    }
}
pub struct LyapunovExponents;
impl LyapunovExponents {
    pub fn new(_: usize) -> Self {
        Self
    }
    pub fn push(&mut self, _: &[f64]) {}
    pub fn exponents(&self) -> Vec<f64> {
        Vec::new()
    }
}
