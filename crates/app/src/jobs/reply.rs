//! What a worker did, as numbers that cross a thread bit for bit.
use crate::jobs::look::{Look, read_look, write_look};
use crate::jobs::wire::{
    Reader, Writer, read_breakdown, read_jacobians, read_recurrence, read_report, write_breakdown, write_jacobians,
    write_recurrence, write_report,
};
use vanishing_core::studies::jacobians::JacobianStudy;
use vanishing_core::studies::recurrence::RecurrenceStudy;
use vanishing_core::training::experiment::{Cost, Outcome};
use vanishing_core::training::map::{Found, Outcome as MapOutcome};
use vanishing_core::training::{Breakdown, Report, Rescued};

/// What came of an order: each kind answers the order of its kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// What a slice of a lane’s training found.
    Trained {
        /// That of the order.
        generation: u64,
        /// Milliseconds of an update in this slice; NaN if there was none.
        milliseconds: f64,
        /// What the updates found.
        reports: Vec<Report>,
        /// Where it became non-finite.
        breakdown: Option<Breakdown>,
        /// Whether it reached its loss.
        reached: bool,
    },
    /// Of a short run of the workbench.
    Tried {
        /// That of the order.
        generation: u64,
        /// Milliseconds of an update in this slice; NaN if there was none.
        milliseconds: f64,
        /// The number of the first update that is told.
        first: u64,
        /// Of each update its loss, its accuracy, and log10 of its gradient's norm.
        rows: Vec<[f64; 3]>,
        /// Where it became non-finite.
        breakdown: Option<Breakdown>,
    },
    /// Of a network that learns a text.
    Read {
        /// That of the order.
        generation: u64,
        /// The updates that were made.
        updates: u64,
        /// The update at which it became non-finite.
        broke: Option<u64>,
        /// What was seen of it, now and then.
        looks: Vec<Look>,
    },
    /// Of remedies tried on a broken run.
    Rescued {
        /// That of the order.
        generation: u64,
        /// Remedies that are not tried yet.
        left: u64,
        /// Those that are known since the last reply.
        found: Vec<Rescued>,
    },
    /// Of a run of the experiment.
    Ran {
        /// That of the order.
        generation: u64,
        /// The share that is done.
        progress: f64,
        /// What became of it, when it is over, and what it cost.
        outcome: Option<(Outcome, Cost)>,
    },
    /// Of a run of the map.
    Mapped {
        /// That of the order.
        generation: u64,
        /// The share that is done.
        progress: f64,
        /// What came of it, when it is over.
        found: Option<Found>,
    },
    /// Of a recurrent matrix.
    Looked {
        /// That of the order.
        generation: u64,
        /// The share that is done.
        progress: f64,
        /// What was found, when it is over.
        study: Option<RecurrenceStudy>,
    },
    /// How far the singular values are.
    Multiplied {
        /// That of the order.
        generation: u64,
        /// The share that is done.
        progress: f64,
        /// What was found, when it is over.
        study: Option<JacobianStudy>,
    },
}

impl Reply {
    /// As a list of numbers, which crosses a thread without being copied.
    pub fn numbers(&self) -> Vec<f64> {
        let mut out = Writer::default();
        match self {
            Self::Trained { generation, milliseconds, reports, breakdown, reached } => {
                let head =
                    [0.0, *generation as f64, *milliseconds, f64::from(u8::from(*reached)), reports.len() as f64];
                out.all(&head);
                reports.iter().for_each(|report| write_report(&mut out, report));
                out.flag(breakdown.is_some());
                if let Some(breakdown) = breakdown {
                    write_breakdown(&mut out, breakdown);
                }
            }
            Self::Read { generation, updates, broke, looks } => {
                out.all(&[7.0, *generation as f64, *updates as f64]);
                out.step(*broke);
                out.put(looks.len() as f64);
                looks.iter().for_each(|look| write_look(&mut out, look));
            }
            Self::Rescued { generation, left, found } => {
                out.all(&[1.0, *generation as f64, *left as f64, found.len() as f64]);
                for rescued in found {
                    out.slug(rescued.slug);
                    out.step(rescued.broke_down);
                }
            }
            Self::Ran { generation, progress, outcome } => {
                out.all(&[2.0, *generation as f64, *progress]);
                let step = |step: Option<u64>| step.map_or(-1.0, |step| step as f64);
                let numbers = outcome.map(|(o, Cost { bytes, milliseconds })| {
                    let Outcome { seed, broke_down, exploded, gradient_log10, arriving_log10, loss, accuracy } = o;
                    let (seed, broke, exploded) = (seed as f64, step(broke_down), step(exploded));
                    [seed, broke, exploded, gradient_log10, arriving_log10, loss, accuracy, bytes as f64, milliseconds]
                });
                out.option(numbers.as_ref().map(|values| &values[..]));
            }
            Self::Mapped { generation, progress, found } => {
                out.all(&[6.0, *generation as f64, *progress]);
                let numbers = found.map(|found| [found.outcome as u8 as f64, found.gradient_log10, found.accuracy]);
                out.option(numbers.as_ref().map(|values| &values[..]));
            }
            Self::Looked { generation, progress, study } => {
                out.all(&[3.0, *generation as f64, *progress]);
                out.flag(study.is_some());
                if let Some(study) = study {
                    write_recurrence(&mut out, study);
                }
            }
            Self::Multiplied { generation, progress, study } => {
                out.all(&[4.0, *generation as f64, *progress]);
                out.flag(study.is_some());
                if let Some(study) = study {
                    write_jacobians(&mut out, study);
                }
            }
            Self::Tried { generation, milliseconds, first, rows, breakdown } => {
                out.all(&[5.0, *generation as f64, *milliseconds, *first as f64, rows.len() as f64]);
                rows.iter().for_each(|row| out.all(row));
                out.flag(breakdown.is_some());
                if let Some(breakdown) = breakdown {
                    write_breakdown(&mut out, breakdown);
                }
            }
        }
        out.finish()
    }

    /// The inverse of [`Reply::numbers`]; `None` for what is no reply.
    pub fn read(numbers: &[f64]) -> Option<Self> {
        let mut from = Reader::new(numbers);
        let (kind, generation) = (from.take()?, from.whole()?);
        match kind as u8 {
            0 => {
                let (milliseconds, reached) = (from.take()?, from.flag()?);
                let count = from.whole()?;
                let reports = (0..count).map(|_| read_report(&mut from)).collect::<Option<_>>()?;
                let breakdown = if from.flag()? { Some(read_breakdown(&mut from)?) } else { None };
                Some(Self::Trained { generation, milliseconds, reports, breakdown, reached })
            }
            1 => {
                let (left, count) = (from.whole()?, from.whole()?);
                let mut found = Vec::new();
                for _ in 0..count {
                    let slug = from.slug()?;
                    found.push(Rescued { slug, broke_down: from.step()? });
                }
                Some(Self::Rescued { generation, left, found })
            }
            2 => {
                let progress = from.take()?;
                let step = |x: f64| (x >= 0.0).then_some(x as u64);
                let outcome = from.option::<9>()?.map(
                    |[seed, broke, exploded, gradient, arriving, loss, accuracy, bytes, milliseconds]| {
                        let outcome = Outcome {
                            seed: seed as u64,
                            broke_down: step(broke),
                            exploded: step(exploded),
                            gradient_log10: gradient,
                            arriving_log10: arriving,
                            loss,
                            accuracy,
                        };
                        (outcome, Cost { bytes: bytes as usize, milliseconds })
                    },
                );
                Some(Self::Ran { generation, progress, outcome })
            }
            6 => {
                let progress = from.take()?;
                let found = match from.option::<3>()? {
                    None => None,
                    Some([outcome, gradient_log10, accuracy]) => {
                        let outcome = *MapOutcome::ALL.get(outcome as usize)?;
                        Some(Found { outcome, gradient_log10, accuracy })
                    }
                };
                Some(Self::Mapped { generation, progress, found })
            }
            3 => {
                let progress = from.take()?;
                let study = if from.flag()? { Some(read_recurrence(&mut from)?) } else { None };
                Some(Self::Looked { generation, progress, study })
            }
            4 => {
                let progress = from.take()?;
                let study = if from.flag()? { Some(read_jacobians(&mut from)?) } else { None };
                Some(Self::Multiplied { generation, progress, study })
            }
            5 => {
                let (milliseconds, first, count) = (from.take()?, from.whole()?, from.whole()?);
                let row = |from: &mut Reader<'_>| Some([from.take()?, from.take()?, from.take()?]);
                let rows = (0..count).map(|_| row(&mut from)).collect::<Option<_>>()?;
                let breakdown = if from.flag()? { Some(read_breakdown(&mut from)?) } else { None };
                Some(Self::Tried { generation, milliseconds, first, rows, breakdown })
            }
            7 => {
                let (updates, broke, count) = (from.whole()?, from.step()?, from.whole()?);
                let looks = (0..count).map(|_| read_look(&mut from)).collect::<Option<_>>()?;
                Some(Self::Read { generation, updates, broke, looks })
            }
            _ => None,
        }
    }
}
