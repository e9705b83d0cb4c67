//! Pascanu's regulariser Ω, which pulls W_hh towards keeping the gradient's norm.
//!
//! ```text
//! Ω = Σ_{t=1..T} mean over the batch of (‖g_t J_t‖/‖g_t‖ - 1)²,   g_t = dL/dh_t,   g_t J_t = W_hhᵀ dL/dv_t + direct_t
//! dΩ/dW_hh = Σ_t mean of 2 (r_t - 1) / (‖g_t‖ ‖g_t J_t‖) dL/dv_t (g_t J_t)ᵀ,   r_t = ‖g_t J_t‖/‖g_t‖
//! ```
//!
//! Pascanu, Mikolov and Bengio 2013, section 3.3, equations 9 and 10, with the states h_t in the place of the paper's
//! pre-activations. g_t and h_t are taken as constants (the immediate gradient), as the authors do. A sequence whose g_t is
//! zero or not finite contributes nothing. For cells with gates J_t is the way through h_{t-1}, the cell state's own way
//! is not in it.
use crate::real::Real;

/// One time step of one layer: Ω's part of it; dL/dv_t times the factors of its gradient, row by row, in `scaled`.
///
/// Each slice holds a row for every sequence of the batch: `hidden` g_t, `before` g_t J_t (of hidden_size numbers),
/// `through` dL/dv_t (of `gates` numbers).
pub(super) fn step<R: Real>(
    [hidden, before, through]: [&[R]; 3],
    [batch, size, gates]: [usize; 3],
    strength: f64,
    scaled: &mut Vec<R>,
) -> f64 {
    let norm = |row: &[R]| row.iter().map(|x| x.to_f64() * x.to_f64()).sum::<f64>().sqrt();
    scaled.clear();
    let mut sum = 0.0;
    let rows = hidden.chunks_exact(size).zip(before.chunks_exact(size)).zip(through.chunks_exact(gates));
    for ((hidden, before), through) in rows {
        let (from, to) = (norm(hidden), norm(before));
        let ratio = to / from;
        let usable = ratio.is_finite() && from > 0.0;
        if usable {
            sum += (ratio - 1.0) * (ratio - 1.0) / batch as f64;
        }
        // The powers of two that g_t, g_t J_t and dL/dv_t share cancel.
        let factor = strength * 2.0 * (ratio - 1.0) / (from * to) / batch as f64;
        let factor = if usable && factor.is_finite() { factor } else { 0.0 };
        scaled.extend(through.iter().map(|x| R::from_f64(x.to_f64() * factor)));
    }
    sum
}
