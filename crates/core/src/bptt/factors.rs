//! The Jacobians of one layer, taken apart: what they do to vectors costs the recurrent matrix and a few numbers for each
//! unit, where the Jacobian itself would be a matrix for each time step.
//!
//! ```text
//! J_t = Σ_q diag(∂s_t/∂v_q) W_q + the direct ways,   v_q = W_q h_{t-1}
//! ```
//!
//! A cell acts on each unit by itself once v is there. So its own backward step on two vectors, ones at h_t and ones at c_t,
//! gives every slope, and a new cell needs nothing more.
use super::forward::add_product_to;
use super::jacobian::StepBack;
use super::workspace::Workspace;
use crate::dynamics::Factors;
use crate::kernel;
use crate::network::Weights;

/// J_T, J_{T-1}, ..., J_1 of one layer and the first sequence, in this order.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerFactors {
    hidden_size: usize,
    gates: usize,
    has_cell_state: bool,
    w_hh: Vec<f64>,
    w_hh_transposed: Vec<f64>,
    /// For each factor, for h and then for c: the slopes through every gate, through h directly, and through c.
    slopes: Vec<f64>,
    through: Vec<f64>,
    along: Vec<f64>,
}

impl Workspace<f64> {
    /// The Jacobians of a layer in the last forward pass.
    pub fn factors(&self, layer: usize, weights: &Weights<f64>) -> LayerFactors {
        let cell = self.network.cell;
        let mut w_hh = self.recurrent(layer, weights).to_vec();
        // Where there is no matrix, h_{t-1} comes back by the direct ways alone.
        w_hh.resize(cell.gates * self.network.hidden_size * self.network.hidden_size, 0.0);
        let mut slopes = Vec::new();
        for t in (1..=self.steps).rev() {
            slopes.extend(self.slopes(layer, t, false));
            if cell.has_cell_state {
                slopes.extend(self.slopes(layer, t, true));
            }
        }
        LayerFactors::new(self.network.hidden_size, cell.gates, cell.has_cell_state, w_hh, slopes)
    }

    /// The slopes of h_t, or of c_t: through the gates, through h_{t-1}, through c_{t-1}.
    fn slopes(&self, layer: usize, t: usize, of_cell: bool) -> Vec<f64> {
        let size = self.network.hidden_size;
        let ones = |count: usize, yes: bool| vec![if yes { 1.0 } else { 0.0 }; count];
        let cell_gradient = ones(self.state_size() - size, of_cell);
        let StepBack { through, direct, cell_before } = self.step_back(layer, t, &ones(size, !of_cell), cell_gradient);
        [through, direct, cell_before].concat()
    }
}

impl LayerFactors {
    fn new(hidden_size: usize, gates: usize, has_cell_state: bool, w_hh: Vec<f64>, slopes: Vec<f64>) -> Self {
        let mut w_hh_transposed = vec![0.0; w_hh.len()];
        kernel::transpose(&w_hh, gates * hidden_size, hidden_size, &mut w_hh_transposed);
        Self {
            hidden_size,
            gates,
            has_cell_state,
            w_hh,
            w_hh_transposed,
            slopes,
            through: Vec::new(),
            along: Vec::new(),
        }
    }

    /// Slopes of one part of the state at one time.
    fn width(&self) -> usize {
        self.hidden_size * (self.gates + if self.has_cell_state { 2 } else { 1 })
    }

    /// Parts of the state: h, or h and c.
    fn parts(&self) -> usize {
        if self.has_cell_state { 2 } else { 1 }
    }

    /// All of it as numbers, to cross a thread.
    pub fn numbers(&self) -> Vec<f64> {
        let head = [self.hidden_size as f64, self.gates as f64, if self.has_cell_state { 1.0 } else { 0.0 }];
        [&head[..], &self.w_hh, &self.slopes].concat()
    }

    /// The same back; `None` where they are not that.
    pub fn from_numbers(numbers: &[f64]) -> Option<Self> {
        let (head, rest) = numbers.split_at_checked(3)?;
        let (size, gates, has_cell_state) = (head[0] as usize, head[1] as usize, head[2] != 0.0);
        let (w_hh, slopes) = rest.split_at_checked(gates.checked_mul(size)?.checked_mul(size)?)?;
        let made = Self::new(size, gates, has_cell_state, w_hh.to_vec(), slopes.to_vec());
        let whole = made.parts() * made.width();
        (size > 0 && gates > 0 && slopes.len().is_multiple_of(whole)).then_some(made)
    }

    /// Slopes through the gates, through h and through c, of one part of the state.
    fn slopes_of(&self, factor: usize, part: usize) -> (&[f64], &[f64], &[f64]) {
        let width = self.width();
        let all = &self.slopes[(factor * self.parts() + part) * width..][..width];
        let (gates, rest) = all.split_at(self.gates * self.hidden_size);
        let (hidden, cell) = rest.split_at(self.hidden_size);
        (gates, hidden, cell)
    }
}

impl Factors for LayerFactors {
    fn size(&self) -> usize {
        self.hidden_size * self.parts()
    }

    fn count(&self) -> usize {
        self.slopes.len() / (self.parts() * self.width())
    }

    fn times(&mut self, index: usize, rows: &[f64], out: &mut [f64]) {
        let (n, whole, gates) = (self.hidden_size, self.size(), self.gates * self.hidden_size);
        let count = rows.len() / whole;
        let (mut through, mut along) =
            (zeros_in(&mut self.through, count * gates), zeros_in(&mut self.along, count * n));
        out.fill(0.0);
        for part in 0..self.parts() {
            let (of_gates, of_hidden, of_cell) = self.slopes_of(index, part);
            for (row, y) in rows.chunks_exact(whole).enumerate() {
                let y = &y[part * n..][..n];
                for (z, slopes) in through[row * gates..][..gates].chunks_exact_mut(n).zip(of_gates.chunks_exact(n)) {
                    add_product_to(z, slopes, y);
                }
                add_product_to(&mut along[row * n..][..n], of_hidden, y);
                if self.has_cell_state {
                    add_product_to(&mut out[row * whole + n..][..n], of_cell, y);
                }
            }
        }
        kernel::add_product(&through, &self.w_hh, &mut along, count, gates, n);
        for (out, along) in out.chunks_exact_mut(whole).zip(along.chunks_exact(n)) {
            out[..n].copy_from_slice(along);
        }
        (self.through, self.along) = (through, along);
    }

    fn times_transposed(&mut self, index: usize, rows: &[f64], out: &mut [f64]) {
        let (n, whole, gates) = (self.hidden_size, self.size(), self.gates * self.hidden_size);
        let count = rows.len() / whole;
        let (mut through, mut along) = (zeros_in(&mut self.through, count * gates), zeros_in(&mut self.along, 0));
        along.extend(rows.chunks_exact(whole).flat_map(|row| &row[..n]));
        kernel::add_product(&along, &self.w_hh_transposed, &mut through, count, n, gates);
        out.fill(0.0);
        for part in 0..self.parts() {
            let (of_gates, of_hidden, of_cell) = self.slopes_of(index, part);
            for (row, x) in rows.chunks_exact(whole).enumerate() {
                let out = &mut out[row * whole + part * n..][..n];
                for (v, slopes) in through[row * gates..][..gates].chunks_exact(n).zip(of_gates.chunks_exact(n)) {
                    add_product_to(out, slopes, v);
                }
                add_product_to(out, of_hidden, &x[..n]);
                if self.has_cell_state {
                    add_product_to(out, of_cell, &x[n..]);
                }
            }
        }
        (self.through, self.along) = (through, along);
    }
}

/// So many zeros, in the room of a buffer that is given back later.
fn zeros_in(buffer: &mut Vec<f64>, count: usize) -> Vec<f64> {
    let mut taken = std::mem::take(buffer);
    taken.clear();
    taken.resize(count, 0.0);
    taken
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cells;
    use crate::network::Network;
    use crate::random::Stream;

    #[test]
    fn every_cells_factors_are_its_jacobians() {
        const SIZE: usize = 5;
        for cell in cells::ALL {
            let network = Network {
                cell,
                layers: 2,
                input_size: 1,
                hidden_size: SIZE,
                output_size: 1,
                normalization: None,
                constants: cell.usual_constants(),
            };
            let mut weights = network.zeros::<f64>();
            let mut stream = Stream::new(1, "factors");
            weights.tensors.iter_mut().for_each(|tensor| tensor.values = stream.normals(tensor.values.len()));
            let mut workspace = Workspace::<f64>::new(&network, 3, 2, false);
            workspace.inputs_mut().copy_from_slice(&stream.normals(6));
            workspace.forward(&weights);
            let made = workspace.factors(1, &weights);
            let mut factors = LayerFactors::from_numbers(&made.numbers()).unwrap();
            assert_eq!(factors, made);
            let n = workspace.state_size();
            assert_eq!((factors.size(), factors.count()), (n, 3));
            let rows = stream.normals(3 * n);
            let (mut out, mut back) = (vec![f64::NAN; 3 * n], vec![f64::NAN; 3 * n]);
            for index in 0..3 {
                let jacobian = workspace.jacobian(1, 3 - index, &weights);
                factors.times(index, &rows, &mut out);
                factors.times_transposed(index, &rows, &mut back);
                for row in 0..3 {
                    for j in 0..n {
                        let wanted: f64 = (0..n).map(|i| rows[row * n + i] * jacobian[i * n + j]).sum();
                        assert!((out[row * n + j] - wanted).abs() < 1e-12, "{cell:?}");
                        let wanted: f64 = (0..n).map(|i| rows[row * n + i] * jacobian[j * n + i]).sum();
                        assert!((back[row * n + j] - wanted).abs() < 1e-12, "{cell:?}");
                    }
                }
            }
        }
        assert_eq!(LayerFactors::from_numbers(&[]), None);
        assert_eq!(LayerFactors::from_numbers(&[2.0, 1.0, 0.0, 1.0]), None);
    }
}
