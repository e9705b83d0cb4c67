//! Everything that the page shows besides its pictures, as data, and what of it changed.
use crate::controls::Control;
use crate::effects::{Effects, EvidenceTable, LaneTab, OpenedPanel, Sheet, Stretch};
use crate::pipeline::PipelineBox;
use crate::presenter::Stage;
use std::collections::{BTreeMap, BTreeSet};
use vanishing_charts::Theme;
use vanishing_core::param::Notice;

/// The actions of a button that plays and pauses: the one that plays, the one that pauses.
pub type PlayButton = (&'static str, &'static str);

/// What the page shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// The theme that the document wears; `None` before the first look.
    pub theme: Option<Theme>,
    /// All controls in the order of the schema, those of the chosen lane behind those of the page.
    pub controls: Vec<Control>,
    /// Texts of `<output data-readout>`, by name.
    pub readouts: BTreeMap<&'static str, String>,
    /// Accessible labels of canvases, by the slug of their figure.
    pub labels: BTreeMap<&'static str, String>,
    /// How many rows with names each figure has that has any, by its slug.
    pub rows: BTreeMap<&'static str, usize>,
    /// The sentences to the reader.
    pub notices: Vec<Notice>,
    /// What fills the screen; `None`: the page.
    pub stage: Option<Stage>,
    /// The lanes, as buttons.
    pub lanes: Vec<LaneTab>,
    /// The boxes of the pipeline of the lane that is looked at.
    pub pipeline: Vec<PipelineBox>,
    /// The table of the experiment.
    pub evidence: EvidenceTable,
    /// Whether the lanes train.
    pub training: bool,
    /// The share of the experiment that is done, and whether it goes on.
    pub experiment: (f64, bool),
    /// The stretches of the text that is learned, one for each network.
    pub stretches: Vec<Stretch>,
    /// What is said of the opened network.
    pub opened: OpenedPanel,
    /// What stands open beneath figures, by their slugs.
    pub sheets: BTreeMap<&'static str, Sheet>,
    /// The buttons of what plays.
    pub plays: BTreeSet<PlayButton>,
    /// Whether animation frames are wanted.
    pub animate: bool,
}

/// Puts a new value in the place of an old one; the new value, if it is another one.
fn replaced<T: PartialEq + Clone>(old: &mut T, new: T) -> Option<T> {
    (*old != new).then(|| {
        old.clone_from(&new);
        new
    })
}

/// The same in a map.
fn entered<K: Ord, T: PartialEq + Clone>(map: &mut BTreeMap<K, T>, key: K, new: T) -> Option<T> {
    match map.get_mut(&key) {
        Some(old) => replaced(old, new),
        None => {
            map.insert(key, new.clone());
            Some(new)
        }
    }
}

impl View {
    /// Shows another theme.
    pub fn show_theme(&mut self, theme: Theme, effects: &mut Effects) {
        effects.theme = replaced(&mut self.theme, Some(theme)).flatten().or(effects.theme);
    }

    /// Shows a control, at its place in the order of the schema; `again`: even if it is the same, since the page may
    /// show something else that was typed and refused.
    pub fn show_control(&mut self, place: usize, control: Control, again: bool, effects: &mut Effects) {
        let changed = match self.controls.get_mut(place) {
            Some(old) => replaced(old, control.clone()).is_some(),
            None => {
                self.controls.push(control.clone());
                true
            }
        };
        if changed || again {
            effects.controls.push(control);
        }
    }

    /// Shows the texts of readouts; others stay as they are.
    pub fn show_readouts(&mut self, texts: Vec<(&'static str, String)>, effects: &mut Effects) {
        for (name, text) in texts {
            effects.readouts.extend(entered(&mut self.readouts, name, text).map(|text| (name, text)));
        }
    }

    /// Shows the labels of canvases; others stay as they are.
    pub fn show_labels(&mut self, labels: Vec<(&'static str, String)>, effects: &mut Effects) {
        for (slug, label) in labels {
            effects.labels.extend(entered(&mut self.labels, slug, label).map(|label| (slug, label)));
        }
    }

    /// Shows that figures have so many rows with names; others stay as they are.
    pub fn show_rows(&mut self, rows: Vec<(&'static str, usize)>, effects: &mut Effects) {
        for (slug, rows) in rows {
            let before = if rows == 0 { self.rows.remove(slug) } else { self.rows.insert(slug, rows) };
            if before.unwrap_or(0) != rows {
                effects.rows.push((slug, rows));
            }
        }
    }

    /// Says sentences, even if they are the same as before.
    pub fn say(&mut self, notices: Vec<Notice>, effects: &mut Effects) {
        self.notices.clone_from(&notices);
        effects.notices = Some(notices);
    }

    /// Fills the screen with something else, or shows the page again.
    pub fn show_stage(&mut self, stage: Option<Stage>, effects: &mut Effects) {
        effects.stage = replaced(&mut self.stage, stage);
    }

    /// Shows how the runs of the laboratory stand.
    pub fn show_runs(&mut self, runs: Runs, effects: &mut Effects) {
        effects.lanes = replaced(&mut self.lanes, runs.lanes);
        effects.pipeline = replaced(&mut self.pipeline, runs.pipeline);
        effects.evidence = replaced(&mut self.evidence, runs.evidence);
        effects.training = replaced(&mut self.training, runs.training);
        effects.experiment = replaced(&mut self.experiment, runs.experiment);
    }

    /// Shows the text as the networks look back at it.
    pub fn show_stretches(&mut self, stretches: Vec<Stretch>, effects: &mut Effects) {
        effects.stretches = replaced(&mut self.stretches, stretches);
    }

    /// Says something else of the opened network.
    pub fn show_opened(&mut self, panel: OpenedPanel, effects: &mut Effects) {
        effects.opened = replaced(&mut self.opened, panel);
    }

    /// Shows what stands open beneath figures.
    pub fn show_sheets(&mut self, sheets: Vec<Sheet>, effects: &mut Effects) {
        effects.sheets.extend(sheets.into_iter().filter_map(|sheet| entered(&mut self.sheets, sheet.figure, sheet)));
    }

    /// Shows what plays; `animate`: whether frames are wanted.
    pub fn show_playing(&mut self, plays: &[(PlayButton, bool)], animate: bool, effects: &mut Effects) {
        for (button, on) in plays {
            let changed = if *on { self.plays.insert(*button) } else { self.plays.remove(button) };
            if changed {
                effects.plays.insert(*button, *on);
            }
        }
        effects.animate = replaced(&mut self.animate, animate).or(effects.animate);
    }
}

/// How the runs of the laboratory stand; see the fields of [`View`].
pub struct Runs {
    /// A button for each lane, from A.
    pub lanes: Vec<LaneTab>,
    /// The pipeline of the lane that is looked at.
    pub pipeline: Vec<PipelineBox>,
    /// The table of the experiment, as it is sorted.
    pub evidence: EvidenceTable,
    /// Whether the lanes train.
    pub training: bool,
    /// The share of the experiment that is done, and whether it goes on.
    pub experiment: (f64, bool),
}
