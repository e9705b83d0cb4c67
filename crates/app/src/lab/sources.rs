//! What is shown is made from these sources, and a part of it is made again when one of its sources changed.
use crate::address::Chosen;
use crate::embedding::Embedding;
use crate::history::History;
use crate::opening::{self, Opening};
use crate::page_figures::{self, Follows};
use crate::takeaway::Sheets;
use vanishing_charts::Theme;
use vanishing_charts::figures::{self, FigureSpec};
use vanishing_charts::model::Search;
use vanishing_core::param::Settings;

/// The figure of the singular values that are looked for in the background where the state is large.
pub const SINGULAR_VALUES: &str = figures::jacobian_singular_values::SPEC.slug;

/// What the view is made from. What cannot be compared has the number of its changes here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sources {
    /// `None` before the first refresh.
    pub chosen: Option<Chosen>,
    /// Which controls are hidden or locked.
    pub embedding: Embedding,
    /// `None` before the first refresh.
    pub theme: Option<Theme>,
    /// How far the gradient of the opening has travelled by itself; `None`: it rests.
    pub opening: Option<Opening>,
    /// Changes of the opened network.
    pub opened: u64,
    /// Changes of what is to be seen of the runs, and of the spectrum that is looked for.
    pub runs: (u64, u64),
    /// Changes of what is to be seen of the short runs of the workbench.
    pub tried: u64,
    /// Changes of what is to be seen of the networks that learn a text.
    pub read: u64,
    /// Changes of the singular values that were looked for.
    pub jacobians: u64,
    /// How far that search is, in whole per cent.
    pub search: Search,
    /// The column by which the table of the experiment is sorted, and whether from the largest.
    pub sorted: (&'static str, bool),
    /// Which sheets are open beneath the figures.
    pub sheets: Sheets,
    /// How far the line of the eigenvalues reaches; while something moves it stays.
    pub reach: f64,
    /// No gesture goes on: there is time for what is out of view.
    pub settled: bool,
}

/// What a reader had before a lesson began.
pub struct Shelf {
    /// What was chosen.
    pub chosen: Chosen,
    /// What could be undone.
    pub history: History,
    /// Whether a network of the reader's own was set aside.
    pub aside: bool,
}

/// Which sources changed.
#[derive(Clone, Copy)]
pub struct Changed {
    /// The settings of the page, or the opened network.
    pub settings: bool,
    /// The settings of the page or of a lane, or the opened network.
    pub lanes: bool,
    /// The theme alone.
    pub theme: bool,
    /// What the figure of the opening shows.
    pub opening: bool,
    /// What is shown of the runs and of the experiment.
    pub runs: bool,
    /// What is shown of the short runs of the workbench.
    pub tried: bool,
    /// What is shown of the networks that learn a text.
    pub read: bool,
    /// What the figure of the singular values shows.
    pub jacobians: bool,
    /// What any control stands at, or whether it is shown or locked.
    pub controls: bool,
    /// Any of the sources.
    pub anything: bool,
}

impl Changed {
    /// What changed from one refresh to the next.
    pub fn between(old: &Sources, new: &Sources) -> Self {
        fn settings(sources: &Sources) -> Option<&Settings> {
            sources.chosen.as_ref().map(|chosen| &chosen.settings)
        }
        let opened = old.opened != new.opened;
        let settings = settings(old) != settings(new) || opened || old.reach != new.reach;
        let lanes = old.chosen != new.chosen || opened;
        let opening = old.opening != new.opening || settings;
        Self {
            settings,
            lanes,
            theme: old.theme != new.theme,
            opening,
            runs: lanes || old.runs != new.runs || old.sorted != new.sorted,
            tried: lanes || old.tried != new.tried,
            read: old.read != new.read,
            jacobians: settings || old.jacobians != new.jacobians || old.search != new.search,
            controls: lanes || opening || old.embedding != new.embedding,
            anything: old != new,
        }
    }

    /// Whether a figure's scene is made from what changed.
    pub fn concerns(&self, spec: &FigureSpec) -> bool {
        match spec.slug {
            opening::FIGURE => self.opening,
            SINGULAR_VALUES => self.jacobians,
            slug => match page_figures::find(slug).map(|figure| figure.follows) {
                Some(Follows::Training | Follows::Experiment | Follows::Map) => self.runs,
                Some(Follows::Trials) => self.tried,
                Some(Follows::Reading) => self.read,
                Some(Follows::Settings) | None => self.settings,
            },
        }
    }
}
