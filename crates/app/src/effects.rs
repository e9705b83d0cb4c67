//! What the shell is to do after a message: data.
use crate::controls::Control;
use crate::history::{Address, Entry};
use crate::jobs::Work;
use crate::pipeline::PipelineBox;
use crate::presenter::Stage;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use vanishing_charts::Theme;
use vanishing_core::param::Notice;

/// A lane as a button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaneTab {
    /// `A` to `D`, as readers see it.
    pub letter: &'static str,
    /// What sets it apart.
    pub name: String,
    /// In words: `paused at update 40`.
    pub state: String,
    /// Whether its settings are shown.
    pub selected: bool,
    /// Whether it has made an update.
    pub begun: bool,
}

/// A stretch of a text, shaded by the gradient at each of its characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The cell that reads it, by its slug.
    pub cell: &'static str,
    /// Each character, and how dark it is shaded, from 0 to [`Stretch::DARKEST`].
    pub characters: Vec<(char, u8)>,
    /// The character that is to be predicted.
    pub next: String,
    /// The stretch and what is to be seen of it, in words.
    pub label: String,
}

impl Stretch {
    /// The shade of a gradient as large as at the last character. Two steps lighter is a tenth of it.
    pub const DARKEST: u8 = 8;
}

/// Parts of a file that are to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// Which of the files that were offered, from 1.
    pub file: u64,
    /// The parts, in bytes.
    pub ranges: Vec<Range<u64>>,
}

/// A menu of what a file has several of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Menu {
    /// The entries; none where there is nothing to choose.
    pub entries: Vec<String>,
    /// The one that is chosen.
    pub chosen: Option<usize>,
}

/// What the page says of the opened network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OpenedPanel {
    /// The name of its file, or of that of the one that is gone: all that may be remembered of it, until the page is left.
    pub name: String,
    /// That it went when the page was loaded again; empty if none did.
    pub gone: String,
    /// What it is, in a line beside the controls.
    pub strip: String,
    /// What it is, what it is run on, and what else there is to know.
    pub sentences: Vec<String>,
    /// Every tensor: its name, its shape and type, whether it is used.
    pub tensors: Vec<[String; 3]>,
    /// How its spectrum stands, if that takes long.
    pub spectrum: String,
    /// The share of that which is done.
    pub progress: Option<f64>,
    /// Whether there is one.
    pub open: bool,
    /// Whether the page shows its own networks all the same.
    pub aside: bool,
    /// The file that it is from, by its number: it is read again when another network of it is chosen. 0: no file is kept.
    pub file: u64,
    /// The recurrent networks of the file: the entry at a place is opened by the action `own-network:PLACE`.
    pub networks: Menu,
    /// The layers that may read its output for the file's loss: `own-readout:PLACE`.
    pub readouts: Menu,
    /// Whether training starts from it.
    pub trains: bool,
    /// The report on what is shown; `None`: there is none yet.
    pub report: Option<OpenedReport>,
}

/// What is said of the opened network's gradient, and what to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenedReport {
    /// The verdict, the half-life and the reach, in a line.
    pub headline: String,
    /// What was found.
    pub sentences: Vec<String>,
    /// What to do.
    pub advice: Vec<OpenedAdvice>,
    /// Why training cannot start from it; empty if it can.
    pub untrained: String,
}

/// A proposal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenedAdvice {
    /// What to do.
    pub title: String,
    /// Why, and what it does to this network.
    pub text: String,
    /// The action that draws its curve beside the original, or takes it away; empty without a curve.
    pub action: String,
    /// Whether its curve is drawn.
    pub tried: bool,
    /// The link that trains the network with it, and without it beside that; empty where no remedy does it, or nothing can be
    /// trained.
    pub query: String,
}

/// The table of an experiment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EvidenceTable {
    /// Key and title of every column.
    pub columns: Vec<(&'static str, &'static str)>,
    /// The column by which it is sorted, and whether from the largest.
    pub sorted: (&'static str, bool),
    /// The rows: a text for each column.
    pub rows: Vec<Vec<String>>,
}

/// A file for the reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub kind: &'static str,
    /// Its content, in UTF-8.
    pub text: String,
}

/// A table for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableText {
    /// What the table is of, in a sentence.
    pub caption: String,
    /// The heads of the columns.
    pub headings: Vec<String>,
    /// The rows: a text for each column.
    pub rows: Vec<Vec<String>>,
}

/// What stands open beneath a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The slug of the figure that it belongs to.
    pub figure: &'static str,
    /// Its numbers, if they are asked for.
    pub table: Option<TableText>,
    /// The code that makes them, if it is asked for.
    pub code: Option<String>,
    /// How it is put into another page, if that is asked for.
    pub embed: Option<EmbedText>,
}

/// How a figure is put into another page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbedText {
    /// The address of the figure alone, as it stands.
    pub query: String,
    /// What a reader will be able to change, in a sentence.
    pub says: String,
    /// Its controls: the key of each, and what it is called.
    pub controls: Vec<(&'static str, String)>,
}

/// What is to be done. Everything is "what changed": an empty value means nothing to do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effects {
    /// Figures to redraw, by slug, each with [`crate::Lab::draw`]; only visible ones with a size.
    pub redraw: BTreeSet<&'static str>,
    /// Controls to be brought up to date.
    pub controls: Vec<Control>,
    /// Texts of `<output data-readout>`: (name, text).
    pub readouts: Vec<(&'static str, String)>,
    /// Accessible labels of canvases: (slug, sentence).
    pub labels: Vec<(&'static str, String)>,
    /// How many rows with names a figure has, which decide how high it is; 0: its width does: (slug, rows).
    pub rows: Vec<(&'static str, usize)>,
    /// Mouse cursors over figures: (slug, CSS cursor).
    pub cursors: Vec<(&'static str, &'static str)>,
    /// The new address.
    pub address: Option<Address>,
    /// Sentences to be shown; replaces what is shown.
    pub notices: Option<Vec<Notice>>,
    /// A sentence to be read out politely.
    pub announce: Option<String>,
    /// What fills the screen from now on; `Some(None)`: the page again.
    pub stage: Option<Option<Stage>>,
    /// Let the page fill the screen, or give the screen back.
    pub fullscreen: Option<bool>,
    /// Open the lecturer's window.
    pub lecturer: bool,
    /// Open the help, or close it.
    pub help: bool,
    /// The parameter whose control is to have the focus.
    pub focus: Option<&'static str>,
    /// Follow the link of a chapter's presets with that number, from 1.
    pub preset: Option<(String, usize)>,
    /// What stands open beneath figures: each replaces what was there.
    pub sheets: Vec<Sheet>,
    /// A figure to be saved as a PNG picture, by its slug.
    pub picture: Option<&'static str>,
    /// Copy a text to the clipboard; answered with [`crate::Msg::Copied`].
    pub copy_text: Option<String>,
    /// Copy the full link of this query (with `#` and an anchor, or without) to the clipboard and answer with [`crate::Msg::Copied`].
    pub copy_query: Option<String>,
    /// Draw a seed from the browser's random numbers and answer with [`crate::Msg::Seed`].
    pub wants_seed: bool,
    /// Whether animation frames are wanted from now on.
    pub animate: Option<bool>,
    /// What began or ended to play, by the actions of its button (the one that plays, the one that pauses): whether it
    /// plays now.
    pub plays: BTreeMap<(&'static str, &'static str), bool>,
    /// The theme to be worn by the document.
    pub theme: Option<Theme>,
    /// Orders for workers.
    pub work: Vec<Work>,
    /// The lanes, as buttons.
    pub lanes: Option<Vec<LaneTab>>,
    /// The boxes of the pipeline of the lane that is looked at.
    pub pipeline: Option<Vec<PipelineBox>>,
    /// The table of the experiment.
    pub evidence: Option<EvidenceTable>,
    /// Whether the lanes train now.
    pub training: Option<bool>,
    /// The share of an experiment that is done, and whether it goes on.
    pub experiment: Option<(f64, bool)>,
    /// The stretches of the text that is learned, one for each network.
    pub stretches: Option<Vec<Stretch>>,
    /// Parts of a file that are to be read; answered with [`crate::Msg::FileParts`].
    pub read: Option<Parts>,
    /// What the page says of the opened network.
    pub opened: Option<OpenedPanel>,
    /// A file that the reader asked for.
    pub download: Option<Download>,
    /// Whether the key or pointer event was used here, so that the browser's own action is to be prevented.
    pub handled: bool,
    /// Whether the pointer is to be captured by the figure.
    pub capture_pointer: bool,
}

impl Effects {
    /// Adds what a later message asked for.
    pub fn merge(&mut self, later: Effects) {
        let Effects {
            redraw,
            controls,
            readouts,
            labels,
            rows,
            cursors,
            address,
            notices,
            announce,
            copy_query,
            wants_seed,
            animate,
            plays,
            theme,
            work,
            lanes,
            pipeline,
            evidence,
            training,
            experiment,
            stretches,
            read,
            opened,
            download,
            stage,
            fullscreen,
            lecturer,
            help,
            focus,
            preset,
            sheets,
            picture,
            copy_text,
            handled,
            capture_pointer,
        } = later;
        self.redraw.extend(redraw);
        self.controls.extend(controls);
        self.readouts.extend(readouts);
        self.labels.extend(labels);
        self.rows.extend(rows);
        self.cursors.extend(cursors);
        self.address = match (self.address.take(), address) {
            (Some(first), Some(second)) if first.entry == Entry::Push => {
                Some(Address { entry: Entry::Push, query: second.query })
            }
            (first, second) => second.or(first),
        };
        self.notices = notices.or(self.notices.take());
        self.announce = announce.or(self.announce.take());
        self.copy_query = copy_query.or(self.copy_query.take());
        self.wants_seed |= wants_seed;
        self.animate = animate.or(self.animate);
        self.plays.extend(plays);
        self.theme = theme.or(self.theme);
        self.work.extend(work);
        self.lanes = lanes.or(self.lanes.take());
        self.pipeline = pipeline.or(self.pipeline.take());
        self.evidence = evidence.or(self.evidence.take());
        self.training = training.or(self.training);
        self.experiment = experiment.or(self.experiment);
        self.stretches = stretches.or(self.stretches.take());
        self.read = read.or(self.read.take());
        self.opened = opened.or(self.opened.take());
        self.download = download.or(self.download.take());
        self.stage = stage.or(self.stage.take());
        self.fullscreen = fullscreen.or(self.fullscreen);
        self.lecturer |= lecturer;
        self.help |= help;
        self.focus = focus.or(self.focus);
        self.preset = preset.or(self.preset.take());
        self.sheets.extend(sheets);
        self.picture = picture.or(self.picture);
        self.copy_text = copy_text.or(self.copy_text.take());
        self.handled |= handled;
        self.capture_pointer |= capture_pointer;
    }
}
