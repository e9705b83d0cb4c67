//! Reports, breakdowns and studies as lists of numbers: what a thread can hand over without copying it twice.
//!
//! Every value is one `f64`. Counts stand before what they count; an optional part begins with 0 or 1.
use vanishing_core::cells;
use vanishing_core::remedies::{self, Alarm, AlarmAction};
use vanishing_core::studies::jacobians::JacobianStudy;
use vanishing_core::studies::recurrence::{BlockStudy, LeadingSpace, RecurrenceStudy};
use vanishing_core::training::{Breakdown, Moment, Place, Report, Spectrum, Test};

/// Numbers on their way.
#[derive(Default)]
pub struct Writer(Vec<f64>);

impl Writer {
    /// The numbers that were written, in their order.
    pub fn finish(self) -> Vec<f64> {
        self.0
    }

    pub fn all(&mut self, values: &[f64]) {
        self.0.extend_from_slice(values);
    }

    pub fn flag(&mut self, value: bool) {
        self.put(f64::from(u8::from(value)));
    }

    /// An update's number; −1 where there is none.
    pub fn step(&mut self, step: Option<u64>) {
        self.put(step.map_or(-1.0, |step| step as f64));
    }

    pub fn put(&mut self, x: f64) {
        self.0.push(x);
    }

    /// The numbers of an optional part, which always has as many.
    pub fn option(&mut self, values: Option<&[f64]>) {
        self.flag(values.is_some());
        self.all(values.unwrap_or(&[]));
    }

    /// A remedy, as its place in the list of all; the empty slug as −1.
    pub fn slug(&mut self, slug: &str) {
        self.put(remedies::ALL.iter().position(|spec| spec.slug == slug).map_or(-1.0, |i| i as f64));
    }
}

/// Numbers that arrived. Every method is `None` when there are none left.
pub struct Reader<'a>(std::slice::Iter<'a, f64>);

impl<'a> Reader<'a> {
    /// From the first of them.
    pub fn new(numbers: &'a [f64]) -> Self {
        Self(numbers.iter())
    }

    pub fn flag(&mut self) -> Option<bool> {
        self.take().map(|x| x != 0.0)
    }

    /// As [`Writer::step`] wrote it.
    pub fn step(&mut self) -> Option<Option<u64>> {
        self.take().map(|x| (x >= 0.0).then_some(x as u64))
    }

    pub fn take(&mut self) -> Option<f64> {
        self.0.next().copied()
    }

    /// A count, or another whole number.
    pub fn whole(&mut self) -> Option<u64> {
        self.take().map(|x| x as u64)
    }

    /// As [`Writer::option`] wrote it.
    pub fn option<const N: usize>(&mut self) -> Option<Option<[f64; N]>> {
        if !self.flag()? {
            return Some(None);
        }
        let mut values = [0.0; N];
        for value in &mut values {
            *value = self.take()?;
        }
        Some(Some(values))
    }

    /// As [`Writer::slug`] wrote it.
    pub fn slug(&mut self) -> Option<&'static str> {
        let index = self.take()?;
        Some(if index < 0.0 { "" } else { remedies::ALL.get(index as usize)?.slug })
    }
}

const ACTIONS: [AlarmAction; 4] = [AlarmAction::Noted, AlarmAction::Skipped, AlarmAction::Halved, AlarmAction::Clipped];

/// What one update found.
pub fn write_report(out: &mut Writer, report: &Report) {
    let fixed = [
        report.step as f64,
        report.loss,
        report.accuracy,
        report.learning_rate,
        report.steps as f64,
        report.update_log10,
        f64::from(u8::from(report.skipped)),
        report.bytes as f64,
        report.recomputed as f64,
    ];
    out.all(&fixed);
    let action = |alarm: &Alarm| ACTIONS.iter().position(|action| *action == alarm.action).unwrap_or(0) as f64;
    out.option(report.alarm.as_ref().map(|alarm| [alarm.log10_norm, action(alarm)]).as_ref().map(|values| &values[..]));
    write_spectrum(out, report.spectrum);
    out.option(report.test.map(|test| [test.loss, test.accuracy]).as_ref().map(|values| &values[..]));
    out.put(report.norms.len() as f64);
    for (slug, norm) in &report.norms {
        out.slug(slug);
        out.put(*norm);
    }
    write_profile(out, &report.profile);
}

fn write_spectrum(out: &mut Writer, spectrum: Option<Spectrum>) {
    out.option(spectrum.map(|spectrum| [spectrum.radius, spectrum.norm]).as_ref().map(|values| &values[..]));
}

fn read_spectrum(from: &mut Reader<'_>) -> Option<Option<Spectrum>> {
    Some(from.option::<2>()?.map(|[radius, norm]| Spectrum { radius, norm }))
}

fn write_profile(out: &mut Writer, profile: &[f32]) {
    out.put(profile.len() as f64);
    out.0.extend(profile.iter().map(|x| f64::from(*x)));
}

fn read_profile(from: &mut Reader<'_>) -> Option<Vec<f32>> {
    (0..from.whole()?).map(|_| from.take().map(|x| x as f32)).collect()
}

/// As [`write_report`] wrote it.
pub fn read_report(from: &mut Reader<'_>) -> Option<Report> {
    let mut report = Report {
        step: from.whole()?,
        loss: from.take()?,
        accuracy: from.take()?,
        learning_rate: from.take()?,
        steps: from.whole()? as usize,
        update_log10: from.take()?,
        skipped: from.take()? != 0.0,
        bytes: from.whole()? as usize,
        recomputed: from.whole()?,
        alarm: None,
        spectrum: None,
        test: None,
        norms: Vec::new(),
        profile: Vec::new(),
    };
    let alarm = from.option::<2>()?;
    report.alarm = alarm.map(|[log10_norm, action]| Alarm {
        log10_norm,
        action: ACTIONS.get(action as usize).copied().unwrap_or(AlarmAction::Noted),
    });
    report.spectrum = read_spectrum(from)?;
    report.test = from.option::<2>()?.map(|[loss, accuracy]| Test { loss, accuracy });
    for _ in 0..from.whole()? {
        report.norms.push((from.slug()?, from.take()?));
    }
    report.profile = read_profile(from)?;
    Some(report)
}

/// Where a run became non-finite, and the updates before it.
pub fn write_breakdown(out: &mut Writer, breakdown: &Breakdown) {
    out.put(breakdown.step as f64);
    let (kind, first, second, name) = match &breakdown.place {
        Place::State { layer, t } => (0.0, *layer, *t, ""),
        Place::Loss => (1.0, 0, 0, ""),
        Place::Gradient(name) => (2.0, 0, 0, name.as_str()),
        Place::Weights(name) => (3.0, 0, 0, name.as_str()),
    };
    out.all(&[kind, first as f64, second as f64, name.len() as f64]);
    out.0.extend(name.bytes().map(f64::from));
    out.put(breakdown.before.len() as f64);
    for moment in &breakdown.before {
        let Moment { step, loss, gradient_log10, after_log10, update_log10, spectrum, profile } = moment;
        out.all(&[*step as f64, *loss, *gradient_log10, *after_log10, *update_log10]);
        write_spectrum(out, *spectrum);
        write_profile(out, profile);
    }
    out.option(breakdown.largest.map(|(step, norm)| [step as f64, norm]).as_ref().map(|values| &values[..]));
}

/// As [`write_breakdown`] wrote it.
pub fn read_breakdown(from: &mut Reader<'_>) -> Option<Breakdown> {
    let step = from.whole()?;
    let (kind, first, second, length) = (from.take()?, from.whole()? as usize, from.whole()? as usize, from.whole()?);
    let bytes: Vec<u8> = (0..length).filter_map(|_| from.take().map(|x| x as u8)).collect();
    let name = String::from_utf8(bytes).ok()?;
    let place = match kind as u8 {
        0 => Place::State { layer: first, t: second },
        1 => Place::Loss,
        2 => Place::Gradient(name),
        _ => Place::Weights(name),
    };
    let mut before = Vec::new();
    for _ in 0..from.whole()? {
        before.push(Moment {
            step: from.whole()?,
            loss: from.take()?,
            gradient_log10: from.take()?,
            after_log10: from.take()?,
            update_log10: from.take()?,
            spectrum: read_spectrum(from)?,
            profile: read_profile(from)?,
        });
    }
    let largest = from.option::<2>()?.map(|[step, norm]| (step as u64, norm));
    Some(Breakdown { step, place, before, largest })
}

/// The spectrum of a recurrent matrix.
pub fn write_recurrence(out: &mut Writer, study: &RecurrenceStudy) {
    out.put(study.blocks.len() as f64);
    for block in &study.blocks {
        // The symbols are those of a cell, which has one of each.
        out.put(block.symbol.chars().next().map_or(0.0, |letter| f64::from(u32::from(letter))));
        out.all(&[block.spectral_radius, block.spectral_norm, block.departure]);
        out.put(block.eigenvalues.len() as f64);
        out.0.extend(block.eigenvalues.iter().flat_map(|(re, im)| [*re, *im]));
    }
    let basis = study.leading.as_ref().map_or(&[][..], |leading| &leading.basis);
    out.put(basis.len() as f64);
    for vector in basis {
        out.put(vector.len() as f64);
        out.all(vector);
    }
}

/// As [`write_recurrence`] wrote it.
pub fn read_recurrence(from: &mut Reader<'_>) -> Option<RecurrenceStudy> {
    let mut study = RecurrenceStudy::default();
    for _ in 0..from.whole()? {
        let letter = char::from_u32(from.whole()? as u32);
        let mut symbols = cells::ALL.iter().flat_map(|cell| cell.blocks).map(|block| block.symbol);
        let symbol = symbols.find(|symbol| symbol.chars().next() == letter).unwrap_or("");
        let [spectral_radius, spectral_norm, departure] = [from.take()?, from.take()?, from.take()?];
        let count = from.whole()?;
        let eigenvalues = (0..count).map(|_| Some((from.take()?, from.take()?))).collect::<Option<_>>()?;
        study.blocks.push(BlockStudy { symbol, eigenvalues, spectral_radius, spectral_norm, departure });
    }
    let mut basis = Vec::new();
    for _ in 0..from.whole()? {
        let count = from.whole()?;
        basis.push((0..count).map(|_| from.take()).collect::<Option<Vec<f64>>>()?);
    }
    study.leading = (!basis.is_empty()).then_some(LeadingSpace { basis });
    Some(study)
}

/// Singular values: one row for each distance, all of the same length.
pub fn write_jacobians(out: &mut Writer, study: &JacobianStudy) {
    let most = study.singular_values_log10.first().map_or(0, Vec::len);
    out.all(&[study.state_size as f64, study.distances.len() as f64, most as f64]);
    for (d, values) in study.distances.iter().zip(&study.singular_values_log10) {
        out.put(*d as f64);
        out.all(values);
    }
}

/// As [`write_jacobians`] wrote it.
pub fn read_jacobians(from: &mut Reader<'_>) -> Option<JacobianStudy> {
    let [state_size, count, most] = [from.whole()? as usize, from.whole()? as usize, from.whole()? as usize];
    let mut study = JacobianStudy { state_size, distances: Vec::new(), singular_values_log10: Vec::new() };
    for _ in 0..count {
        study.distances.push(from.whole()? as usize);
        study.singular_values_log10.push((0..most).map(|_| from.take()).collect::<Option<_>>()?);
    }
    Some(study)
}
