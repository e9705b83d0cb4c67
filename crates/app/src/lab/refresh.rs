//! What is shown, brought up to date in one place.
//!
//! [`Sources`] is everything that the view is made from. It is compared with what it was at the last refresh, and only
//! those parts of the view are made again whose sources changed; the view then says what of them is new to the shell.
use super::Lab;
use super::sources::{Changed, SINGULAR_VALUES, Sources};
use crate::chapters::Chapter;
use crate::controls::Control;
use crate::effects::{Effects, LaneTab, OpenedPanel};
use crate::figure_state::News;
use crate::jobs::{Shown, Wanted, Work};
use crate::moving::Manner;
use crate::opening;
use crate::takeaway::Source;
use crate::view::{Runs, View};
use crate::workbench;
use crate::{evidence, exercises, lanes, model, page_figures, playing, readouts, schema, text_words, training_words};
use vanishing_charts::figures::{self, FigureSpec};
use vanishing_charts::model::Search;
use vanishing_core::param::Notice;
use vanishing_core::training::experiment::Asked;
use vanishing_core::training::matrix;

/// How much of what is out of view is made in a refresh.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unseen {
    /// Something that is seen moves, or a short run is waited for: what is in view comes first.
    Nothing,
    /// One part in each frame.
    One,
    /// Nothing is in view at all: nobody waits for a frame.
    All,
}

impl Lab {
    fn sources(&self) -> Sources {
        let settled = !self.history.is_in_gesture() && self.playing.is_none();
        Sources {
            chosen: Some(self.chosen.clone()),
            embedding: self.embedding.clone(),
            theme: Some(self.theme()),
            opening: self.opening,
            opened: self.opened.revision(),
            runs: (self.jobs.revision(), self.runs),
            tried: self.jobs.tried(),
            read: self.jobs.read(),
            jacobians: self.jacobians_found,
            search: self.model.search(),
            sorted: self.sorted,
            sheets: self.sheets.clone(),
            reach: if settled { model::reach(&self.chosen.settings) } else { self.sources.reach },
            settled,
        }
    }

    /// Brings studies, pictures, readouts and controls up to date, and says what of them is new.
    pub(super) fn refresh(&mut self, effects: &mut Effects) {
        let sources = self.sources();
        let (changed, reach) = (Changed::between(&self.sources, &sources), sources.reach);
        if changed.lanes {
            self.configure_runs();
            self.jobs.try_out(workbench::wanted(&self.chosen), self.model.workbench_mut());
        }
        if changed.settings {
            let mut configs = model::configs_with(&self.chosen.settings, self.opened.shown());
            configs.view.largest_eigenvalue = reach;
            self.model.configure(configs);
            let anew = self.manner == Manner::Pressed;
            self.opened.diagnose(&self.chosen.settings, self.model.network(), anew);
            self.model.set_proposals(self.opened.proposals());
        }
        if changed.opening {
            let config = model::opening(self.shown().get(&schema::OPENING_GAIN));
            let travelled = self.opening.map(|opening| opening.share() * config.sequence_length as f64);
            self.model.open(config, travelled);
        }
        effects.work.extend(self.dispatch());
        self.model.set_search(self.search());

        let sources = self.sources();
        let changed = Changed::between(&self.sources, &sources);
        let settled = sources.settled;
        self.sources = sources;
        if changed.theme {
            self.view.show_theme(self.theme(), effects);
        }
        if changed.lanes {
            self.find_conflicts(effects);
        }
        if let Some(notices) = effects.notices.take() {
            let notices = notices.into_iter().chain(self.standing.iter().cloned()).collect();
            self.view.say(notices, effects);
        }
        let mut unseen = self.unseen();
        self.show_readouts_of_settings(changed.settings, &mut unseen, effects);
        if changed.read {
            *self.model.text_mut() = self.jobs.readings().shown().cloned();
            self.show_readings(effects);
        }
        if changed.tried {
            self.view.show_readouts(self.readouts_of_workbench(), effects);
        }
        if changed.runs {
            self.view.show_readouts(self.readouts_of_runs(), effects);
            self.view.show_runs(self.runs_as_shown(), effects);
        }
        let again = self.again.take();
        if changed.controls || again.is_some() {
            self.show_controls(again.as_deref(), effects);
        }
        let worn = self.theme();
        let all = unseen == Unseen::All;
        let news = |spec: &FigureSpec| News { content: changed.concerns(spec), theme: changed.theme, all, worn };
        let pressed = self.manner == Manner::Pressed && self.playing.is_none();
        if changed.lanes && self.manner != Manner::Reported {
            self.pictures.leave(pressed);
        }
        let mut labels = self.pictures.refresh(&self.model, news, effects);
        self.pictures.set_out();
        if unseen == Unseen::One {
            labels.extend(self.pictures.catch_up(&self.model, worn));
        }
        self.view.show_labels(labels, effects);
        self.view.show_rows(self.pictures.rows(), effects);
        if changed.anything && settled {
            let sheets = self.with_source(|source| self.sheets.all(source));
            self.view.show_sheets(sheets, effects);
        }
        if changed.anything {
            self.view.show_opened(self.opened_panel(), effects);
        }
        self.view.show_stage(self.presenter.stage(&self.chosen.settings), effects);
        self.view.show_playing(&self.plays(), self.wants_frames(), effects);
    }

    /// What the view would be if every part of it were made again now.
    pub fn view_afresh(&self) -> View {
        let mut view = View { notices: self.view.notices.clone(), ..View::default() };
        let effects = &mut Effects::default();
        view.show_theme(self.theme(), effects);
        view.show_readouts(self.readouts_of_settings(), effects);
        view.show_readouts(self.readouts_of_workbench(), effects);
        view.show_readouts(self.readouts_of_runs(), effects);
        view.show_runs(self.runs_as_shown(), effects);
        view.show_readouts(text_words::readouts(&self.jobs, self.model.text()), effects);
        view.show_stretches(text_words::stretches(self.model.text()), effects);
        view.controls = self.controls();
        for spec in figures::ALL {
            let scene = (spec.scene)(&self.model);
            view.show_rows(vec![(spec.slug, scene.rows())], effects);
            view.labels.insert(spec.slug, scene.summary);
        }
        view.show_sheets(self.with_source(|source| self.sheets.all(source)), effects);
        view.show_opened(self.opened_panel(), effects);
        view.show_stage(self.stage(), effects);
        view.show_playing(&self.plays(), self.wants_frames(), effects);
        view
    }

    /// How much of what is out of view is made now.
    fn unseen(&self) -> Unseen {
        match self.pictures.any_seen() {
            _ if !self.sources.settled => Unseen::Nothing,
            false => Unseen::All,
            true if self.in_frame && !self.is_waited_for() && !self.pictures.move_on() => Unseen::One,
            true => Unseen::Nothing,
        }
    }

    /// Whether a short run is on its way that somebody looks at.
    fn is_waited_for(&self) -> bool {
        self.sees(Chapter::Workbench) && self.jobs.follows()
    }

    /// Whether something out of view is still to be made, and there is time for it.
    pub(super) fn has_late(&self) -> bool {
        let is_late = !self.stale.is_empty() || self.pictures.lag();
        is_late && !self.history.is_in_gesture() && self.pictures.any_seen()
    }

    /// Brings the readouts of the chapters up to date. Those of chapters out of view wait for a frame with nothing else to do:
    /// of a large matrix some cost more than a frame.
    fn show_readouts_of_settings(&mut self, changed: bool, unseen: &mut Unseen, effects: &mut Effects) {
        if changed {
            self.stale.extend(readouts::CHAPTERS);
            self.view.show_readouts(exercises::readouts(&self.chosen.settings), effects);
        }
        let is_due = |chapter: &Chapter| *unseen == Unseen::All || self.sees(*chapter);
        let mut due: Vec<Chapter> = self.stale.iter().copied().filter(is_due).collect();
        if *unseen == Unseen::One
            && let Some(late) = self.stale.iter().copied().find(|chapter| !due.contains(chapter))
        {
            due.push(late);
            *unseen = Unseen::Nothing;
        }
        for chapter in due {
            self.stale.remove(&chapter);
            self.view.show_readouts(readouts::of_chapter(chapter, &self.model), effects);
        }
    }

    /// Whether a figure of a chapter is in view.
    fn sees(&self, chapter: Chapter) -> bool {
        page_figures::of(chapter).any(|figure| self.pictures.sees(figure.spec.slug))
    }

    fn show_readings(&mut self, effects: &mut Effects) {
        self.view.show_readouts(text_words::readouts(&self.jobs, self.model.text()), effects);
        self.view.show_stretches(text_words::stretches(self.model.text()), effects);
    }

    fn readouts_of_settings(&self) -> Vec<(&'static str, String)> {
        let mut readouts = readouts::readouts(&self.model);
        readouts.extend(exercises::readouts(&self.chosen.settings));
        readouts
    }

    pub(super) fn readouts_of_workbench(&self) -> Vec<(&'static str, String)> {
        workbench::readouts(&self.model, &self.chosen.settings)
    }

    fn readouts_of_runs(&self) -> Vec<(&'static str, String)> {
        training_words::readouts(&self.jobs, self.lane(), self.model.laboratory(), self.start_words())
    }

    /// What is said of the weights that runs start from, if they are not drawn.
    pub(super) fn start_words(&self) -> String {
        self.opened.start_words(&self.chosen.lane(lanes::WITHOUT))
    }

    /// Brings the lanes in line with the settings.
    fn configure_runs(&mut self) {
        let settings = &self.chosen.settings;
        let stop = (settings.get(&schema::STOP_STEP) as u64, settings.get(&schema::STOP_LOSS));
        let (count, in_workers) = (self.lane_count(), settings.get(&schema::WORKERS));
        let lane = self.lane();
        let (laboratory, workbench) = self.model.reports_mut();
        self.jobs.start_from(self.opened.start(settings), Shown { laboratory, workbench });
        let shown = self.model.laboratory_mut();
        let mut changed = self.jobs.configure(&self.chosen, count, stop, in_workers, shown);
        let radius = match settings.get(&schema::RESCALE) {
            true => Some(settings.get(&schema::SPECTRAL_RADIUS)),
            false => matrix::chosen_radius(settings),
        };
        self.jobs.configure_readings(settings);
        let here = radius.map(|radius| (radius, settings.get(&schema::SEQUENCE_LENGTH) as f64));
        self.jobs.map_mut().look_at(&self.chosen, here, shown);
        let asked = Asked::of(settings.get(&schema::EVIDENCE_ORDER));
        changed |= (shown.selected, shown.asked) != (lane, asked);
        (shown.selected, shown.asked) = (lane, asked);
        self.runs += u64::from(changed);
    }

    /// Finds what cannot be together; a new finding is said, even one that was dismissed.
    fn find_conflicts(&mut self, effects: &mut Effects) {
        let settings = &self.chosen.settings;
        let mut conflicts = schema::conflicts(settings);
        if settings.get(&schema::FAMILY) == "own" && self.opened.shown().is_none() {
            let text = "family: no network is opened, so the eigenvalues are those chosen by hand.";
            conflicts.push(Notice::new("family", text));
        }
        let given = self.opened.shown().map(|given| model::cell_of(given, settings));
        conflicts.extend(self.chosen.lanes.conflicts(settings, self.lane_count(), given));
        if conflicts != self.conflicts {
            self.standing.clone_from(&conflicts);
            self.conflicts = conflicts;
            effects.notices.get_or_insert_default();
        }
    }

    /// Tabs, pipeline and table of the laboratory as they are now.
    fn runs_as_shown(&self) -> Runs {
        let (lane, shown) = (self.lane(), self.model.laboratory());
        let tab = |(i, run): (usize, &vanishing_charts::laboratory::Lane)| LaneTab {
            letter: run.letter,
            name: run.name.clone(),
            state: training_words::state(&self.jobs, i),
            selected: i == lane,
            begun: run.history.updates > 0,
        };
        Runs {
            lanes: shown.lanes.iter().enumerate().map(tab).collect(),
            pipeline: self.pipeline(),
            evidence: evidence::table(shown, self.sorted),
            training: self.jobs.training().is_running(),
            experiment: self.jobs.experiment().bar(),
        }
    }

    /// Makes those controls again that stand otherwise than before; that of the key `again` in any case.
    fn show_controls(&mut self, again: Option<&str>, effects: &mut Effects) {
        let of_page = self.shown();
        let (of_lane, without) = (self.lane_settings(), self.chosen.lane(lanes::WITHOUT));
        let page = schema::all().iter().map(|spec| (*spec, self.page_standing(spec, &of_page)));
        let lane = lanes::all().iter().map(|param| (param.control, self.lane_standing(*param, &of_lane, &without)));
        let wanted: Vec<_> = page.chain(lane).collect();
        for (place, (spec, standing)) in wanted.into_iter().enumerate() {
            let again = again == Some(spec.key);
            let stands = self.view.controls.get(place).is_some_and(|old| old.standing() == standing);
            if !stands || again {
                self.view.show_control(place, Control::new(spec, standing), again, effects);
            }
        }
    }

    /// What plays, by its button.
    fn plays(&self) -> Vec<(crate::view::PlayButton, bool)> {
        let plays = |what: &playing::Playable| self.playing.is_some_and(|now| std::ptr::eq(now.what, what));
        let mut all: Vec<_> = playing::ALL.iter().map(|what| (what.button, plays(what))).collect();
        all.push((opening::BUTTON, self.opening.is_some()));
        all
    }

    /// The orders that are due; while a hand moves something, fewer.
    fn dispatch(&mut self) -> Vec<Work> {
        let held = self.history.is_in_gesture();
        let seen = self.pictures.sees(SINGULAR_VALUES) && !held && self.playing.is_none();
        // The singular values of large Jacobians are looked for while somebody looks, and no hand changes what they are of.
        let jacobians = self.model.jacobians_wanted().filter(|_| seen).cloned();
        let trials = self.sees(Chapter::Workbench);
        let wanted = Wanted { spectrum: self.opened.wants_spectrum(), jacobians: jacobians.as_ref(), trials };
        let (laboratory, workbench) = self.model.reports_mut();
        self.jobs.dispatch(held || self.playing.is_some(), wanted, Shown { laboratory, workbench })
    }

    /// How far the search for singular values is, in whole per cent.
    fn search(&self) -> Search {
        match self.jobs.jacobians(self.model.jacobians_wanted()) {
            Search::Going(progress) => Search::Going((100.0 * progress).floor() / 100.0),
            other => other,
        }
    }

    /// What is said of the opened network, and of what is computed of it.
    pub(super) fn opened_panel(&self) -> OpenedPanel {
        let on_page = self.jobs.on_page().is_some();
        let mut panel = self.opened.panel(&self.chosen.settings, self.jobs.spectrum(), on_page);
        if let (Search::Going(progress), None, true) = (self.model.search(), panel.progress, panel.open) {
            panel.progress = Some(progress);
            let share = (100.0 * progress).round();
            panel.spectrum = format!("The singular values of its Jacobians are being computed: {share} %.");
        }
        panel
    }

    /// Does something with what there is to take away.
    pub(super) fn with_source<T>(&self, take: impl FnOnce(&Source<'_>) -> T) -> T {
        let label = |key: &str| self.control(key).filter(|control| control.shown).map(|control| control.spec.label);
        take(&Source {
            model: &self.model,
            chosen: &self.chosen,
            opened: self.opened.shown(),
            query: self.query(),
            theme: self.theme(),
            width: &|slug| self.pictures.get(slug).and_then(|state| state.width()),
            label: &label,
        })
    }
}
