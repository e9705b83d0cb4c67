//! The same run with each remedy in turn, over several seeds: what a remedy does, as far as runs can show it.
mod asked;
mod evidence;
mod file;
mod run;
mod verdict;

pub use asked::{Asked, Beside, CLEAR, Cost, NamedCost, cost_of};
pub use evidence::{Evidence, NamedOutcome, Row};
pub(super) use file::read_lines;
pub use file::{csv, line, read_csv, setting, settings_of};
pub use run::{EXPLOSION, LEARNT, Outcome, Run, guess, with_remedy};
pub use verdict::Verdict;

#[cfg(test)]
mod tests {
    use super::Outcome;

    /// A run of seed 1, whose first update with an exploding gradient was the third, if any was.
    pub fn outcome(broke_down: Option<u64>, exploded: bool, arriving: f64, loss: f64) -> Outcome {
        Outcome {
            seed: 1,
            broke_down,
            exploded: exploded.then_some(3),
            gradient_log10: arriving,
            arriving_log10: arriving,
            loss: if broke_down.is_some() { f64::INFINITY } else { loss },
            accuracy: 0.5,
        }
    }
}
