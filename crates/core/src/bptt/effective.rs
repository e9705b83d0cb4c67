//! The recurrent matrix of cells that make it from W_hh ([`Effective`]), on the way forward and back.
//!
//! ```text
//! v_t = W h_{t-1} + b_hh,  W = make(W_hh)      dL/dW = Σ_t dL/dv_t h_{t-1}ᵀ,  dL/dW_hh = back(W_hh, dL/dW)
//! ```
//!
//! The passes see W alone; once they are done, the sum goes back through `back`, which is exact. It is computed in f64, whatever the
//! type of the network's numbers, with their common power of two apart.
use super::backward::Gradient;
use super::workspace::Workspace;
use crate::cells::{CellReal, Effective, Recurrence};
use crate::network::{Weights, index};
use crate::real::Real;
use crate::scaled::{add_scaled, largest_magnitude};

/// What was in the gradient of each layer's W_hh before a pass, with its power of two.
pub(super) type Before<R> = Vec<(Vec<R>, i64)>;

fn to_f64<R: Real>(values: &[R], exponent: i64) -> Vec<f64> {
    values.iter().map(|x| x.scale_by_power_of_two(-exponent).to_f64()).collect()
}

fn from_f64<R: Real>(values: &[f64], exponent: i64) -> Vec<R> {
    values.iter().map(|x| R::from_f64(*x).scale_by_power_of_two(exponent)).collect()
}

impl<R: CellReal> Workspace<R> {
    fn effective(&self) -> Option<Effective> {
        match self.network.cell.recurrence {
            Recurrence::Made(effective) => Some(effective),
            Recurrence::Free | Recurrence::Without => None,
        }
    }

    /// Makes the matrices of all layers.
    pub(super) fn make_recurrent(&mut self, weights: &Weights<R>) {
        if self.effective().is_none() {
            return;
        }
        for layer in 0..self.network.layers {
            let w_hh = to_f64(&weights.tensors[self.network.index(layer, index::W_HH)].values, 0);
            let made = self.network.cell.effective(&w_hh, self.network.hidden_size, self.network.constants);
            self.layers[layer].w_hh = from_f64(&made, 0);
        }
    }

    /// The matrix that h_{t-1} meets in a layer, gate after gate; empty for a cell without one.
    pub(super) fn recurrent<'a>(&'a self, layer: usize, weights: &'a Weights<R>) -> &'a [R] {
        match &self.layers[layer].w_hh[..] {
            [] => &weights.tensors[self.network.index(layer, index::W_HH)].values,
            made => made,
        }
    }

    /// Takes what the gradient has of W_hh out of it, so that it can hold dL/dW.
    pub(super) fn set_aside(&self, gradient: &mut Gradient<R>) -> Before<R> {
        if self.effective().is_none() {
            return Vec::new();
        }
        let take = |layer: usize| {
            let tensor = self.network.index(layer, index::W_HH);
            let values = &mut gradient.tensors.tensors[tensor].values;
            let zeros = vec![R::ZERO; values.len()];
            (std::mem::replace(values, zeros), std::mem::take(&mut gradient.exponents[tensor]))
        };
        (0..self.network.layers).map(take).collect()
    }

    /// Makes dL/dW_hh of dL/dW, and adds what was set aside.
    pub(super) fn through_effective(&self, weights: &Weights<R>, gradient: &mut Gradient<R>, before: &Before<R>) {
        let Some(effective) = self.effective() else { return };
        let n = self.network.hidden_size;
        for layer in 0..self.network.layers {
            let tensor = self.network.index(layer, index::W_HH);
            let (values, exponent) = (&mut gradient.tensors.tensors[tensor].values, &mut gradient.exponents[tensor]);
            let shift = largest_magnitude(values).binary_exponent().unwrap_or(0);
            let (free, of_made) = (to_f64(&weights.tensors[tensor].values, 0), to_f64(values, shift));
            let size = (n * n).max(1);
            let blocks = free.chunks_exact(size).zip(of_made.chunks_exact(size));
            let of_free: Vec<f64> = blocks.flat_map(|(free, of_made)| (effective.back)(free, n, of_made)).collect();
            *values = from_f64(&of_free, shift);
            if let Some((part, part_exponent)) = before.get(layer) {
                add_scaled(values, exponent, part, *part_exponent);
            }
        }
    }
}
