//! A general real recurrent matrix with chosen complex eigenvalues and a chosen departure from normality.
//!
//! ```text
//! W = Q (D + N) Qᵀ,   D = blocks [[re, im], [-im, re]],   N strictly block upper triangular,   ‖N‖_F = departure
//! departure² = ‖W‖_F² - Σ |λ_i|²
//! ```
//!
//! The real Schur form (Golub and Van Loan, "Matrix Computations", theorem 7.4.1), read from right to left; the
//! departure is Henrici's, "Bounds for iterates, inverses, spectral variation and fields of values of non-normal
//! matrices" (1962). Departure 0 is a normal matrix, whose singular values are |λ_i|; a larger one lets ‖W^k‖ grow
//! before it decays although every eigenvalue is below 1. Q is Haar-distributed and N has a random direction.
//!
//! A block with im = 0 is a double real eigenvalue, and N may then stand inside it: the block [[0.9, 5], [0, 0.9]] is the
//! pair (0.9, 0) at departure 5. A single complex pair (n = 2) leaves N no room: there the block itself is made unequal,
//! [[re, b], [-c, re]] with b c = im² and b - c = departure. A 1 by 1 matrix is always normal. The eigenvalues are the
//! chosen ones up to rounding, which a large departure amplifies.
use super::spec::{Ingredient, Recipe, RecurrentSpec};
use crate::math;
use crate::order::order_by;
use crate::random::Stream;
use crate::spectral::{euclidean_norm, haar_orthogonal};
use nalgebra::DMatrix;

/// Registry entry.
pub const SPEC: RecurrentSpec = RecurrentSpec {
    slug: "spectrum",
    title: "general, by its eigenvalues",
    equation: "W = Q (D + N) Qᵀ, D = diag([[re, im], [-im, re]], …), ‖N‖_F = departure",
    source: "real Schur form; Henrici 1962",
    help: "Complex pairs rotate the gradient; the departure from normality lets it grow for a while whatever they are.",
    uses: &[Ingredient::Pairs, Ingredient::Departure],
    distribution: None,
    build,
};

/// The golden ratio's fractional part: multiples of it, modulo 1, fill an interval evenly whatever their number.
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// The ceil(n/2) pairs re ± i·im (im >= 0) of an n by n matrix; in odd n the last stands for the single eigenvalue re.
///
/// They come by falling magnitude; of more than are needed the largest are taken. Fewer are followed by m others inside
/// the smallest chosen magnitude s, evenly spread over the half disc: for j = m..=1, magnitude s √(j/(m + 1)), angle π
/// times the fractional part of j golden ratios. If none is chosen, all are 0.
pub fn complex_spectrum(chosen: &[(f64, f64)], n: usize) -> Vec<(f64, f64)> {
    let needed = n.div_ceil(2);
    let magnitude = |i: usize| math::hypot(chosen[i].0, chosen[i].1);
    let order = order_by(chosen.len(), &|a, b| magnitude(b).total_cmp(&magnitude(a)));
    let smallest = order.iter().take(needed).next_back().map_or(0.0, |i| magnitude(*i));
    let mut pairs: Vec<(f64, f64)> = order.iter().take(needed).map(|i| (chosen[*i].0, chosen[*i].1.abs())).collect();
    let rest = needed - pairs.len();
    pairs.extend((1..=rest).rev().map(|j| {
        let radius = smallest * (j as f64 / (rest as f64 + 1.0)).sqrt();
        let turns = j as f64 * GOLDEN;
        let angle = math::PI * (turns - turns.floor());
        (radius * math::cos(angle), radius * math::sin(angle))
    }));
    pairs
}

fn build(recipe: &Recipe, n: usize, stream: &mut Stream) -> DMatrix<f64> {
    let pairs = complex_spectrum(&recipe.pairs, n);
    let q = haar_orthogonal(n, stream);
    let schur = schur_form(&pairs, n, recipe.departure.max(0.0), stream);
    let transposed = q.transpose();
    q * schur * transposed
}

/// D + N: the blocks of the eigenvalues, and above them what is not normal.
fn schur_form(pairs: &[(f64, f64)], n: usize, departure: f64, stream: &mut Stream) -> DMatrix<f64> {
    let mut schur = DMatrix::zeros(n, n);
    for (block, (re, im)) in pairs.iter().enumerate() {
        let i = 2 * block;
        schur[(i, i)] = *re;
        if i + 1 < n {
            schur[(i + 1, i + 1)] = *re;
            schur[(i, i + 1)] = *im;
            schur[(i + 1, i)] = -im;
        }
    }
    let has_room = |row: usize, column: usize| {
        row / 2 < column / 2 || (row / 2 == column / 2 && row < column && pairs[row / 2].1 == 0.0)
    };
    if n == 2 && !has_room(0, 1) {
        // c = (√(d² + 4 im²) - d)/2, without its cancellation.
        let im = pairs[0].1;
        let lower = 2.0 * im * (im / (departure + math::hypot(departure, 2.0 * im)));
        schur[(0, 1)] = lower + departure;
        schur[(1, 0)] = -lower;
        return schur;
    }
    // Every place above the diagonal has a draw, room or not: the direction changes little when an im becomes 0.
    let mut direction = DMatrix::zeros(n, n);
    for row in 0..n {
        for column in row + 1..n {
            let draw = stream.normal();
            direction[(row, column)] = if has_room(row, column) { draw } else { 0.0 };
        }
    }
    let norm = euclidean_norm(direction.as_slice());
    if norm > 0.0 {
        schur += direction * (departure / norm);
    }
    schur
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(pairs: &[(f64, f64)], departure: f64, n: usize, seed: u64) -> DMatrix<f64> {
        let recipe = Recipe { gain: 1.0, eigenvalues: Vec::new(), pairs: pairs.to_vec(), departure };
        build(&recipe, n, &mut Stream::new(seed, "test"))
    }

    /// All n eigenvalues that the pairs stand for.
    fn eigenvalues(pairs: &[(f64, f64)], n: usize) -> Vec<(f64, f64)> {
        let spectrum = complex_spectrum(pairs, n);
        (0..n)
            .map(|i| {
                let (re, im) = spectrum[i / 2];
                (
                    re,
                    if i % 2 == 1 {
                        -im
                    } else if i + 1 == n {
                        0.0
                    } else {
                        im
                    },
                )
            })
            .collect()
    }

    const CHOSEN: [(f64, f64); 3] = [(0.6, 0.8), (0.95, 0.05), (-0.4, 0.7)];

    #[test]
    fn worked_spectra() {
        let magnitude = |(re, im): (f64, f64)| re.hypot(im);
        assert_eq!(complex_spectrum(&[(0.1, -0.2), (0.9, 0.0)], 3), [(0.9, 0.0), (0.1, 0.2)]);
        assert_eq!(complex_spectrum(&[(0.1, 0.2), (0.9, 0.0)], 1), [(0.9, 0.0)]);
        assert_eq!(complex_spectrum(&[], 2), [(0.0, 0.0)]);
        let filled = complex_spectrum(&[(0.6, 0.8)], 8);
        for (pair, wanted) in filled.iter().zip([1.0, 0.75, 0.5, 0.25]) {
            assert!((magnitude(*pair) * magnitude(*pair) - wanted).abs() < 1e-15);
            assert!(pair.1 > 0.0);
        }
    }

    #[test]
    fn the_eigenvalues_are_the_chosen_ones_for_every_size_seed_and_departure() {
        for n in [1, 2, 3, 5, 6, 9] {
            for (seed, departure) in [(1, 0.0), (2, 0.5), (3, 2.0)] {
                let found = made(&CHOSEN, departure, n, seed).complex_eigenvalues();
                for (re, im) in eigenvalues(&CHOSEN, n) {
                    let nearest = found.iter().map(|z| (z.re - re).hypot(z.im - im)).fold(f64::INFINITY, f64::min);
                    assert!(nearest < 1e-10, "n = {n}, departure {departure}: {re} {im} is off by {nearest}");
                }
            }
        }
    }

    #[test]
    fn henricis_departure_is_the_chosen_one() {
        for n in [2, 3, 4, 8] {
            for pairs in [&CHOSEN[..], &[(0.9, 0.0)]] {
                for departure in [0.0, 0.3, 5.0] {
                    let w = made(pairs, departure, n, 4);
                    let squares: f64 = eigenvalues(pairs, n).iter().map(|(re, im)| re * re + im * im).sum();
                    let found = (w.norm_squared() - squares).max(0.0).sqrt();
                    // The difference of two squares loses half of the digits at departure 0.
                    assert!((found - departure).abs() < 1e-7, "n = {n}: {found} for {departure}");
                }
            }
        }
    }

    #[test]
    fn without_departure_the_matrix_is_normal() {
        let w = made(&CHOSEN, 0.0, 7, 5);
        let error = (&w * w.transpose() - w.transpose() * &w).amax();
        assert!(error < 1e-14, "{error}");
    }

    #[test]
    fn a_double_eigenvalue_below_one_grows_for_a_while() {
        // The norms of the powers of [[0.9, 5], [0, 0.9]].
        let w = made(&[(0.9, 0.0)], 5.0, 2, 6);
        for (k, norm) in [(1, 5.2), (2, 9.1), (5, 16.4), (9, 19.4), (20, 13.5)] {
            let power = (1..k).fold(w.clone(), |power, _| power * &w);
            assert!((power.singular_values().max() - norm).abs() < 0.06, "{k}");
        }
    }

    #[test]
    fn the_departure_is_the_length_of_one_direction() {
        let (none, one, two) = (made(&CHOSEN, 0.0, 6, 7), made(&CHOSEN, 1.0, 6, 7), made(&CHOSEN, 2.0, 6, 7));
        assert!(((&two - &none) - (&one - &none) * 2.0).amax() < 1e-14);
    }
}
