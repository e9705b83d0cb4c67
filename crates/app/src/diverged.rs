//! What the page offers for a run that diverged: the same run again, with each remedy that was tried on it.
use crate::effects::{Diverged, Rescuer};
use crate::jobs::Jobs;
use crate::lanes::{LETTERS, WITH, WITHOUT};
use vanishing_charts::format;
use vanishing_charts::laboratory::Laboratory;
use vanishing_core::param::Settings;
use vanishing_core::remedies::{self, RemedySpec};

/// Of the run that is looked at; nothing while none has diverged. `page`: the settings of the page.
pub fn shown(jobs: &Jobs, shown: &Laboratory, page: &Settings) -> Diverged {
    let Some((lane, run, _)) = shown.diverged() else { return Diverged::default() };
    let found = jobs.training().runner(lane).map_or(&[][..], |runner| &runner.rescued);
    let mut rescuers: Vec<Rescuer> = found
        .iter()
        .filter_map(|found| {
            let spec = remedies::find(found.slug)?;
            let words = match found.broke_down {
                None => "stays finite".to_owned(),
                Some(step) => format!("diverges at {}", format::count(step)),
            };
            Some(Rescuer {
                title: spec.title,
                words,
                saves: found.broke_down.is_none(),
                query: query(lane, spec, page),
            })
        })
        .collect();
    rescuers.sort_by_key(|rescuer| !rescuer.saves);
    Diverged { letter: run.letter, rescuers }
}

/// The link that makes the run of a lane again with one more remedy. Lane A has none: there it is made in lane B, with this
/// remedy alone.
fn query(lane: usize, spec: &RemedySpec, page: &Settings) -> String {
    let key = spec.toggle.spec.key;
    match lane {
        WITHOUT => {
            let off = remedies::switched_on(page).filter(|other| other.slug != spec.slug);
            let off: String = off.map(|other| format!("&{}=0", other.toggle.spec.key)).collect();
            format!("b.={off}&{key}=1&lane=b")
        }
        WITH => format!("{key}=1&lane=b"),
        _ => format!("{0}.{key}=1&lane={0}", LETTERS[lane]),
    }
}
