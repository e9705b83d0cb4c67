//! The exercises of chapter 1: what is asked, what is true, and why.
use super::exercise::Exercise;
use crate::schema::guesses;
use vanishing_charts::format;
use vanishing_core::random::Stream;
use vanishing_core::spectral::{SymmetricMatrix, log10_abs_eigenvalues, power};

/// In the order of the page.
pub static ALL: [Exercise; 3] = [
    Exercise {
        slug: "powers-1",
        guess: &guesses::POWERS[0],
        readout: "answer-powers-1",
        truth: || vanishing_core::math::exp(largest(&[0.9, 0.5, -0.3], 50) * vanishing_core::math::LN_10),
        because: |truth| {
            format!(
                "The largest eigenvalue of the multiplied matrix is {}: each step takes a tenth away, and seven of them more than half.",
                format::short(truth)
            )
        },
    },
    Exercise {
        slug: "powers-2",
        guess: &guesses::POWERS[1],
        readout: "answer-powers-2",
        truth: || {
            let entry = |k: u64| turned(&[-1.1, 0.8, 0.5], k);
            let (grows, flips) = (entry(9).abs() > entry(8).abs(), entry(9) * entry(8) < 0.0);
            match (grows, flips) {
                (true, false) => 0.0,
                (true, true) => 1.0,
                _ => 2.0,
            }
        },
        because: |_| {
            let length = |k: u64| format::short(turned(&[-1.1, 0.8, 0.5], k));
            format!(
                "Along v₁ it is {} after 8 steps and {} after 9: the size grows by 1.1, the sign changes.",
                length(8),
                length(9)
            )
        },
    },
    Exercise {
        slug: "powers-3",
        guess: &guesses::POWERS[2],
        readout: "answer-powers-3",
        truth: || {
            let apart = |k: &u64| {
                let sizes = sizes(&[1.05, 0.95], *k);
                sizes.first().zip(sizes.last()).is_some_and(|(first, last)| first - last >= 2.0)
            };
            (1..1000).find(apart).map_or(f64::NAN, |k| k as f64)
        },
        because: |truth| {
            format!(
                "It takes {truth} steps. Each multiplies their ratio by 1.05/0.95 = 1.105: small differences become the whole story."
            )
        },
    },
];

fn matrix(eigenvalues: &[f64]) -> SymmetricMatrix {
    SymmetricMatrix::new(eigenvalues, &mut Stream::new(1, "exercise"))
}

/// log10 of the sizes of the eigenvalues of a power that was multiplied out, from the largest.
fn sizes(eigenvalues: &[f64], k: u64) -> Vec<f64> {
    log10_abs_eigenvalues(&power(&matrix(eigenvalues).matrix, k)).into_iter().map(|(_, size)| size).collect()
}

fn largest(eigenvalues: &[f64], k: u64) -> f64 {
    sizes(eigenvalues, k).first().copied().unwrap_or(f64::NAN)
}

/// v_1ᵀ M^k v_1, multiplied out step by step.
fn turned(eigenvalues: &[f64], k: u64) -> f64 {
    let symmetric = matrix(eigenvalues);
    let start = symmetric.eigenvectors.column(0).into_owned();
    let end = (0..k).fold(start.clone(), |x, _| &symmetric.matrix * x);
    start.dot(&end)
}
