//! What is seen of a network that learns a text, as numbers that cross a thread.
use crate::jobs::wire::{Reader, Writer};
use vanishing_core::text::{Reach, Reading, TEMPERATURE};

/// Updates between two looks at a network.
pub const LOOK_EVERY: u64 = 50;
/// Characters of a sample.
const SAMPLE: usize = 240;

/// A network as it is after so many updates.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// The updates that were made.
    pub update: u64,
    /// Bits a character on what is held out.
    pub bits: f64,
    /// How it continues the text.
    pub sample: String,
    /// How far back it looks.
    pub reach: Reach,
}

impl Look {
    /// At a network.
    pub fn at(reading: &mut Reading) -> Self {
        Self {
            update: reading.trainer().updates(),
            bits: reading.bits(),
            sample: reading.sample(SAMPLE, TEMPERATURE),
            reach: reading.reach(reading.usual_place()),
        }
    }
}

/// A look.
pub fn write_look(out: &mut Writer, look: &Look) {
    let Look { update, bits, sample, reach } = look;
    let characters = numbers_of(sample);
    out.all(&[*update as f64, *bits, characters.len() as f64]);
    out.all(&characters);
    out.all(&[reach.from as f64, reach.bits, reach.norms.len() as f64]);
    out.all(&reach.norms);
}

/// As [`write_look`] wrote it.
pub fn read_look(from: &mut Reader<'_>) -> Option<Look> {
    let (update, bits, count) = (from.whole()?, from.take()?, from.whole()?);
    let characters = (0..count).map(|_| from.take()).collect::<Option<Vec<f64>>>()?;
    let (place, loss, count) = (from.whole()? as usize, from.take()?, from.whole()?);
    let norms = (0..count).map(|_| from.take()).collect::<Option<_>>()?;
    Some(Look { update, bits, sample: text_of(&characters), reach: Reach { from: place, norms, bits: loss } })
}

/// A text as a number for each character.
pub fn numbers_of(text: &str) -> Vec<f64> {
    text.chars().map(|one| f64::from(u32::from(one))).collect()
}

/// The inverse of [`numbers_of`].
pub fn text_of(numbers: &[f64]) -> String {
    numbers.iter().filter_map(|one| char::from_u32(*one as u32)).collect()
}
