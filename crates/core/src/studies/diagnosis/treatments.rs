//! What can be done, and what it does to this very network.
use super::course::{Course, Fate, Pace};
use super::cuts::{self, Cut};
use super::subject::{Found, Subject};
use super::units::UnitDiagnosis;
use crate::bptt::{Truncation, log10_global_norm};
use nalgebra::DMatrix;

/// Something that can be done.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Proposal {
    /// 1 is added to the bias of the gate that keeps the state: the forget gate of an LSTM, the update gate of a GRU.
    GateBias,
    /// Every W_hh is multiplied so that its spectral radius is this.
    Rescale(f64),
    /// Every block of W_hh is replaced by the orthogonal matrix that is nearest to it.
    Orthogonal,
    /// The global norm of dL/dθ is clipped.
    Clip,
    /// The gradient is followed over so many steps only.
    Window(usize),
    /// A cell with gates takes the place of this one.
    GatedCell,
}

impl Proposal {
    /// The names of all.
    pub const SLUGS: [&'static str; 6] = ["gate-bias", "rescale", "orthogonal", "clip", "window", "gated-cell"];

    /// Its name in files and addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::GateBias => "gate-bias",
            Self::Rescale(_) => "rescale",
            Self::Orthogonal => "orthogonal",
            Self::Clip => "clip",
            Self::Window(_) => "window",
            Self::GatedCell => "gated-cell",
        }
    }
}

/// What was measured of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// ‖dL/dh_t‖ of the layer that decides, of the changed network.
    Curve(Course),
    /// The global norm of dL/dθ over several sequences, as log10, and what is made of it.
    Norms {
        /// What is proposed for a threshold: the median; of a network that explodes, whose norms are huge themselves, at most
        /// [`USUAL`].
        threshold_log10: f64,
        /// What one update does with and without it, on the sequence that is looked at.
        update: Option<ClippedUpdate>,
        /// First quartile, median, third quartile.
        quartiles_log10: [f64; 3],
        /// The largest.
        largest_log10: f64,
        /// Of how many sequences: [`SEQUENCES`], or 1 where the inputs are given or zero.
        sequences: usize,
    },
    /// What the window leaves out.
    Cut(Cut),
    /// Nothing: it would be another network.
    Unmeasured,
}

/// One update of gradient descent, w ← w - η dL/dw with η = [`RATE`], on one sequence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClippedUpdate {
    /// The loss before it.
    pub before: f64,
    /// The loss after it; not finite where it overflows.
    pub plain: f64,
    /// The loss after it if the gradient is clipped.
    pub clipped: f64,
}

impl ClippedUpdate {
    /// Whether clipping makes it a better one, and one that lowers the loss.
    pub fn helps(&self) -> bool {
        let plain = if self.plain.is_nan() { f64::INFINITY } else { self.plain };
        self.clipped < plain && self.clipped <= self.before
    }
}

/// η of [`ClippedUpdate`].
pub const RATE: f64 = 0.01;

/// log10 of the threshold that is usual where the norms themselves say nothing: 1.
pub const USUAL: f64 = 0.0;

/// A proposal and its effect.
#[derive(Clone, Debug, PartialEq)]
pub struct Treatment {
    /// What is done.
    pub proposal: Proposal,
    /// What it does.
    pub effect: Effect,
}

/// What a changed network does against what it was changed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The gradient keeps its size now.
    Cured,
    /// It is another size at the first state, but no longer changes far from the loss.
    Steadied,
    /// It still vanishes or explodes, but less.
    Better,
    /// Within half a decade it does what it did.
    Same,
    /// It vanishes or explodes more than before.
    Worse,
    /// It explodes where it vanished, or the other way round.
    Turned,
}

impl Treatment {
    /// What it does to the course; `None` for what changes no curve.
    pub fn outcome(&self, before: &Course) -> Option<Outcome> {
        let Effect::Curve(after) = &self.effect else { return None };
        let gain = before.whole_log10.abs() - after.whole_log10.abs();
        Some(match (before.fate, after.fate) {
            (_, Fate::Preserved) => Outcome::Cured,
            (Fate::Vanishing, Fate::Exploding) | (Fate::Exploding, Fate::Vanishing) => match gain < -2.0 * SAME {
                true => Outcome::Worse,
                false => Outcome::Turned,
            },
            _ if gain > 2.0 * SAME && after.pace == Pace::Steady && before.pace != Pace::Steady => Outcome::Steadied,
            _ if gain > 2.0 * SAME => Outcome::Better,
            _ if gain < -2.0 * SAME => Outcome::Worse,
            _ => Outcome::Same,
        })
    }
}

impl Treatment {
    /// How little it helps this network: what does, what changes little, what makes it worse.
    pub(super) fn rank(&self, before: &Course) -> u8 {
        match (self.outcome(before), &self.effect) {
            (Some(Outcome::Worse), _) => 2,
            (_, Effect::Norms { update: Some(update), .. }) if before.fate == Fate::Exploding => match update.helps() {
                true => 0,
                false => 2,
            },
            (_, Effect::Cut(cut)) if cut.is_most() => 2,
            (Some(Outcome::Same | Outcome::Turned), _) => 1,
            _ => 0,
        }
    }
}

/// Half of what counts as the same, in decades.
const SAME: f64 = 0.25;

/// Sequences of random inputs whose gradients' norms give the threshold.
pub const SEQUENCES: usize = 16;

/// Of more units no nearest orthogonal matrix is computed: it costs their cube some times over.
pub(super) const MOST_ORTHOGONAL: usize = 512;

/// The proposals for a network that does this, in the order in which they help most networks.
pub(super) fn proposals(subject: &Subject, course: &Course) -> Vec<Proposal> {
    let cell = subject.network.cell;
    let is_gated = cell.carry_gate().is_some();
    let can_turn = !subject.is_projected() && subject.network.hidden_size <= MOST_ORTHOGONAL;
    let steps = course.steps();
    let mut all = Vec::new();
    let of_matrix = |all: &mut Vec<Proposal>, radius: f64| {
        all.extend((!is_gated).then_some(Proposal::Rescale(radius)));
        all.extend(can_turn.then_some(Proposal::Orthogonal));
    };
    match course.fate {
        Fate::Vanishing => {
            all.extend(is_gated.then_some(Proposal::GateBias));
            of_matrix(&mut all, 1.0);
            all.extend((!is_gated).then_some(Proposal::GatedCell));
            let window = course.reach.filter(|reach| *reach < steps);
            all.extend(window.map(Proposal::Window));
            all.push(Proposal::Clip);
        }
        Fate::Exploding => {
            all.push(Proposal::Clip);
            of_matrix(&mut all, 0.95);
            let window = match course.pace {
                // As far as it grows a hundredfold.
                Pace::Doubles(period) => (period * 100.0 / 15.0) as usize,
                _ => steps / 2,
            };
            all.push(Proposal::Window(window.clamp(1, (steps / 2).max(1))));
        }
        Fate::Preserved => all.push(Proposal::Clip),
    }
    all
}

/// How many passes measuring it takes.
pub(super) fn passes(proposal: Proposal, sequences: usize) -> u64 {
    match proposal {
        Proposal::GateBias | Proposal::Rescale(_) | Proposal::Orthogonal | Proposal::Window(_) => 1,
        // And one update of two kinds, with a pass behind each.
        Proposal::Clip => sequences as u64 + 2,
        Proposal::GatedCell => 0,
    }
}

/// Measures it, a curve in this layer; `None` where it cannot be done. `sequences`: what [`Proposal::Clip`] looks at.
pub(super) fn measure(
    proposal: Proposal,
    layer: usize,
    subject: &Subject,
    found: &Found,
    units: &[UnitDiagnosis],
    sequences: &mut dyn Iterator<Item = Subject>,
) -> Option<Treatment> {
    let curve =
        |changed: Subject| Effect::Curve(Course::new(changed.alone(0).run(Truncation::FULL, false).norms(layer)));
    let n = subject.network.hidden_size;
    let effect = match proposal {
        Proposal::GateBias => curve(subject.with_bias(1.0)),
        Proposal::Rescale(target) => {
            let radius = |place: usize, gate: usize| units[place].blocks[gate].spectral_radius;
            let mut changes = false;
            let changed = subject.with_blocks(|place, gate, rows| {
                let factor = target / radius(place, gate);
                changes |= factor.is_finite();
                factor.is_finite().then(|| rows.iter().map(|w| factor * w).collect())
            });
            changes.then(|| curve(changed))?
        }
        Proposal::Orthogonal => {
            let mut found_all = true;
            let changed = subject.with_blocks(|_, _, rows| {
                let nearest = nearest_orthogonal(&DMatrix::from_row_slice(n, n, rows));
                found_all &= nearest.is_some();
                nearest.map(|q| q.transpose().as_slice().to_vec())
            });
            found_all.then(|| curve(changed))?
        }
        Proposal::Clip => {
            let mut norms: Vec<f64> = sequences
                .map(|subject| log10_global_norm(&subject.run(Truncation::FULL, true).gradient))
                .filter(|norm| !norm.is_nan())
                .collect();
            norms.sort_by(f64::total_cmp);
            let largest_log10 = norms.last().copied().filter(|norm| norm.is_finite())?;
            let quartiles_log10 = [0.25, 0.5, 0.75].map(|q| quantile(&norms, q));
            let explodes = units.iter().any(|unit| unit.course.fate == Fate::Exploding);
            let median = quartiles_log10[1];
            // A single sequence has no other to be held against.
            let threshold_log10 = match (norms.len(), explodes) {
                (1, _) => USUAL,
                (_, true) => median.min(USUAL),
                _ => median,
            };
            let update = update(subject, found, threshold_log10);
            Effect::Norms { threshold_log10, update, quartiles_log10, largest_log10, sequences: norms.len() }
        }
        Proposal::Window(window) => Effect::Cut(cuts::cut(subject, found, window)),
        Proposal::GatedCell => Effect::Unmeasured,
    };
    Some(Treatment { proposal, effect })
}

/// One update of the network on its own sequence, with the gradient as it is and clipped; `None` for a stack.
fn update(subject: &Subject, found: &Found, threshold_log10: f64) -> Option<ClippedUpdate> {
    let norm = log10_global_norm(&found.gradient);
    let loss =
        |scale_log10: f64| Some(subject.moved(&found.gradient, -RATE, scale_log10)?.run(Truncation::FULL, false).loss);
    let clipped = (threshold_log10 - norm).min(0.0);
    Some(ClippedUpdate { before: found.loss, plain: loss(0.0)?, clipped: loss(clipped)? })
}

/// A quantile of sorted values, between two of them in proportion.
fn quantile(sorted: &[f64], q: f64) -> f64 {
    let place = q * (sorted.len() - 1) as f64;
    let (low, share) = (place.floor() as usize, place - place.floor());
    let high = (low + 1).min(sorted.len() - 1);
    if share == 0.0 { sorted[low] } else { sorted[low] + share * (sorted[high] - sorted[low]) }
}

/// The orthogonal matrix Q that is nearest to W, in the Frobenius norm: the factor U of W = U P with P symmetric and positive.
///
/// ```text
/// X_0 = W,   X ← ½ (γ X + (γ X)^-ᵀ),   γ = √(‖X^-1‖ / ‖X‖)     Higham, "Computing the polar decomposition" (1986)
/// ```
///
/// `None` where W has no inverse, and so no single nearest one.
pub(super) fn nearest_orthogonal(matrix: &DMatrix<f64>) -> Option<DMatrix<f64>> {
    let n = matrix.nrows();
    let mut x = matrix.clone();
    for _ in 0..ITERATIONS {
        let inverse = x.clone().try_inverse()?;
        let gamma = (length(&inverse) / length(&x)).sqrt();
        let next = (&x * gamma + inverse.transpose() / gamma) * 0.5;
        let moved = length(&(&next - &x)) / (n as f64).sqrt();
        x = next;
        if moved.is_nan() {
            return None;
        }
        if moved < SETTLED {
            return Some(x);
        }
    }
    None
}

/// Far more than the iteration needs, which doubles the right digits with each.
const ITERATIONS: usize = 40;
/// The iteration has ended when it moves by less.
const SETTLED: f64 = 1e-12;

/// ‖A‖_F.
fn length(matrix: &DMatrix<f64>) -> f64 {
    let largest = matrix.iter().fold(0.0f64, |largest, x| largest.max(x.abs()));
    match largest > 0.0 && largest.is_finite() {
        true => largest * matrix.iter().map(|x| (x / largest) * (x / largest)).sum::<f64>().sqrt(),
        false => largest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_orthogonal_matrix_of_a_stretched_rotation_is_the_rotation() {
        let (c, s) = (0.6, 0.8);
        let rotation = DMatrix::from_row_slice(2, 2, &[c, -s, s, c]);
        let stretched = &rotation * DMatrix::from_row_slice(2, 2, &[1e-6, 0.0, 0.0, 300.0]);
        let nearest = nearest_orthogonal(&stretched).expect("it has an inverse");
        assert!(length(&(nearest - rotation)) < 1e-12);
        assert_eq!(nearest_orthogonal(&DMatrix::from_element(2, 2, 1.0)), None);
    }

    #[test]
    fn quantiles_lie_between_the_values() {
        assert_eq!([0.0, 0.25, 0.5, 1.0].map(|q| quantile(&[1.0, 2.0, 4.0, 8.0], q)), [1.0, 1.75, 3.0, 8.0]);
        assert_eq!(quantile(&[7.0], 0.5), 7.0);
    }
}
