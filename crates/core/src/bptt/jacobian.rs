//! The Jacobian of one time step, ds_t/ds_{t-1}, of any cell: s = h, or (h, c) for cells with a cell state.
//!
//! ```text
//! row i of J_t = what a gradient e_i at s_t becomes at s_{t-1}:  J_t = ds_t/ds_{t-1},  dL/ds_{t-1} = J_tᵀ dL/ds_t
//! ```
//!
//! All rows at once: the cell's own backward step on a batch of unit vectors, so that a new cell needs nothing more.
use super::normalize::{self, Shape, Sums};
use super::workspace::Workspace;
use crate::cells::{BackwardStep, CellReal};
use crate::kernel;
use crate::network::{Normalization, Weights};

impl<R: CellReal> Workspace<R> {
    /// Numbers in the state of one layer and sequence: hidden_size, twice for cells with a cell state.
    pub fn state_size(&self) -> usize {
        self.network.hidden_size * if self.network.cell.has_cell_state { 2 } else { 1 }
    }

    /// J_t of the first sequence in the last forward pass, 1 <= t <= T: state_size rows and columns, row-major.
    pub fn jacobian(&self, layer: usize, t: usize, weights: &Weights<R>) -> Vec<R> {
        let (size, rows) = (self.network.hidden_size, self.state_size());
        let cell_size = rows - size;
        let (mut hidden_gradient, mut cell_gradient) = (vec![R::ZERO; rows * size], vec![R::ZERO; rows * cell_size]);
        for i in 0..size {
            hidden_gradient[i * size + i] = R::ONE;
        }
        for i in 0..cell_size {
            cell_gradient[(size + i) * cell_size + i] = R::ONE;
        }
        let StepBack { mut through, mut direct, cell_before } =
            self.step_back(layer, t, &hidden_gradient, cell_gradient);
        self.through_layer_normalization(layer, t, weights, &mut through);
        if self.network.cell.has_matrix() {
            let w_hh = self.recurrent(layer, weights);
            kernel::add_product(&through, w_hh, &mut direct, rows, self.network.cell.gates * size, size);
        }
        if cell_size == 0 {
            return direct;
        }
        let both = direct.chunks_exact(size).zip(cell_before.chunks_exact(size));
        both.flat_map(|(h, c)| h.iter().chain(c).copied()).collect()
    }

    /// Rows of gradients at the normalised v_t, to those at v_t: nothing without a normalisation. That over the batch ties the
    /// sequences to each other, so that there is no Jacobian of one.
    fn through_layer_normalization(&self, layer: usize, t: usize, weights: &Weights<R>, through: &mut [R]) {
        let columns = self.network.cell.gates * self.network.hidden_size;
        if self.network.normalization != Some(Normalization::Layer) || !self.network.cell.has_matrix() {
            return;
        }
        let rows = through.len() / columns;
        let shape = Shape { kind: Normalization::Layer, rows, columns, epsilon: normalize::EPSILON };
        let buffers = &self.layers[layer];
        let first = (t - 1) * self.batch_size;
        let normalised = buffers.normalised[1][first * columns..][..columns].repeat(rows);
        let deviations = vec![buffers.inverse_deviation[1][first]; rows];
        let gains = &weights.tensors[self.network.gains(layer)[1]].values;
        let (mut unused, mut sums) = (vec![R::ZERO; columns], Sums::default());
        normalize::backward(shape, through, &normalised, &deviations, gains, &mut unused, &mut sums);
    }

    /// The cell's own backward step from t to t - 1 of the first sequence, on a batch of gradients: rows of hidden_size
    /// values at h_t, and as many at c_t for cells that have one.
    pub(super) fn step_back(
        &self,
        layer: usize,
        t: usize,
        hidden_gradient: &[R],
        cell_gradient: Vec<R>,
    ) -> StepBack<R> {
        let (cell, size, buffers) = (self.network.cell, self.network.hidden_size, &self.layers[layer]);
        let (rows, cell_size) = (hidden_gradient.len() / size, self.state_size() - size);
        let gates = cell.gates * size;
        // The values of the first sequence at one time, once for each row.
        let repeated = |values: &[R], time: usize, width: usize| -> Vec<R> {
            values[time * self.batch_size * width..][..width].repeat(rows)
        };
        let zeros = |width: usize| vec![R::ZERO; rows * width];
        let (mut input, mut direct, mut cell_before) = (zeros(gates), zeros(size), zeros(cell_size));
        let mut recurrent = zeros(if cell.separate { gates } else { 0 });
        let mut cell_gradient = cell_gradient;
        (R::steps(cell).backward)(BackwardStep {
            through_output: &[],
            hidden_size: size,
            constants: self.network.constants,
            hidden_gradient,
            cell_gradient: &mut cell_gradient,
            hidden_before: &repeated(&buffers.hidden, t - 1, size),
            cell_before: &repeated(&buffers.cell, t - 1, cell_size),
            hidden: &repeated(&buffers.hidden, t, size),
            blocks: &repeated(&buffers.blocks, t - 1, gates),
            saved: &repeated(&buffers.saved, t - 1, cell.saved * size),
            input: &mut input,
            recurrent: &mut recurrent,
            direct: &mut direct,
            cell_gradient_before: &mut cell_before,
        });
        StepBack { through: if cell.separate { recurrent } else { input }, direct, cell_before }
    }
}

/// What gradients at s_t become, row by row.
pub(super) struct StepBack<R> {
    /// At v_t = W_hh h_{t-1}, gate after gate: the way through the recurrent matrix.
    pub through: Vec<R>,
    /// At h_{t-1}, beside that way.
    pub direct: Vec<R>,
    /// At c_{t-1}; empty for cells without one.
    pub cell_before: Vec<R>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cells;
    use crate::network::Network;
    use crate::random::Stream;

    const SIZE: usize = 4;

    fn network(cell: &'static cells::CellSpec, normalization: Option<Normalization>) -> (Network, Weights<f64>) {
        let network = Network {
            cell,
            layers: 1,
            input_size: 1,
            hidden_size: SIZE,
            output_size: 1,
            normalization,
            constants: cell.usual_constants(),
        };
        let mut weights = network.zeros::<f64>();
        let mut stream = Stream::new(1, "jacobian");
        weights.tensors.iter_mut().for_each(|tensor| tensor.values = stream.normals(tensor.values.len()));
        (network, weights)
    }

    /// The state s_1 after one step from s_0, and the workspace of that step.
    fn step(network: &Network, weights: &Weights<f64>, start: &[f64]) -> (Vec<f64>, Workspace<f64>) {
        let mut workspace = Workspace::<f64>::new(network, 1, 1, false);
        workspace.inputs_mut()[0] = 0.3;
        workspace.hidden_start_mut(0).copy_from_slice(&start[..SIZE]);
        let cell_start = workspace.cell_start_mut(0);
        cell_start.copy_from_slice(&start[SIZE..][..cell_start.len()]);
        workspace.forward(weights);
        let cell = if network.cell.has_cell_state { &workspace.cell(0)[SIZE..] } else { &[] };
        ([&workspace.hidden(0)[SIZE..], cell].concat(), workspace)
    }

    #[test]
    fn every_cells_jacobian_is_the_slope_of_its_step() {
        let plain_and_normalised = [None, Some(Normalization::Layer)];
        for (cell, kind) in cells::ALL.iter().flat_map(|cell| plain_and_normalised.map(|kind| (*cell, kind))) {
            let (network, weights) = network(cell, kind);
            let start = Stream::new(2, "jacobian").normals(2 * SIZE);
            let (_, workspace) = step(&network, &weights, &start);
            let (found, n) = (workspace.jacobian(0, 1, &weights), workspace.state_size());
            for j in 0..n {
                let moved = |by: f64| {
                    let mut start = start.clone();
                    start[j] += by;
                    step(&network, &weights, &start).0
                };
                for (i, (up, down)) in moved(1e-6).iter().zip(moved(-1e-6)).enumerate() {
                    let slope = (up - down) / 2e-6;
                    assert!((found[i * n + j] - slope).abs() < 1e-7, "{cell:?} {i} {j}: {} {slope}", found[i * n + j]);
                }
            }
        }
    }
}
